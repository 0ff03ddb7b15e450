/** Flow: choose an image, and see what the network makes of it on the way to its probabilities. */

nnbook.define("flow", (element) => {
  const data = nnbook.data(element);
  const words = nnbook.words(element);
  const name = (/** @type {number} */ at) => words(`class.${data.keys[at]}`);
  const parts = element.querySelectorAll(".nnb > *");
  const { region, say } = nnbook.aloud();

  /** @param {Element} place with a bar and a number @param {number} value @param {number} limit @param {string} written */
  const fill = (place, value, limit, written) => {
    const bar = /** @type {HTMLElement} */ (place.querySelector("i"));
    bar.toggleAttribute("data-minus", value < 0);
    bar.style.setProperty("--s", (Math.abs(value) / limit).toFixed(3));
    /** @type {Element} */ (place.querySelector("span")).textContent = written;
  };
  /** @param {number} image @param {boolean} byReader */
  const show = (image, byReader) => {
    const scores = data.scores[image];
    const shares = nnbook.softmax(scores);
    const winner = nnbook.largest(scores);
    live.querySelectorAll(".nnb-fired li").forEach((item, at) => {
      const value = data.activations[image][at];
      fill(item, value, data.limits[at], nnbook.decimal(value));
    });
    live.querySelectorAll("tbody tr").forEach((row, at) => {
      row.toggleAttribute("data-label", at === data.labels[image]);
      row.toggleAttribute("data-winner", at === winner);
      fill(row.children[1], scores[at], data.limit, nnbook.signed(scores[at]));
      fill(row.children[2], shares[at], 1, nnbook.confidence(shares[at]));
    });
    const share = nnbook.confidence(shares[winner]);
    const said = [words("kit.true_name", { name: name(data.labels[image]) }), words("kit.predicted_share", { name: name(winner), share })];
    /** @type {Element} */ (live.querySelector(".nnb-flow-image")).replaceChildren(...images.card(image, said));
    images.set(String(image));
    if (!byReader) return;
    say(said.join(" · "));
    nnbook.state.set(data.name, { image: data.indices[image] });
  };
  const images = nnbook.testImages(data, words, name, (image) => show(image, true));
  const copies = [...parts].map((part) => part.cloneNode(true));
  const live = nnbook.upgrade(element, "live-flow", nnbook.make("div", { class: "nnb-controls" }, images.field), ...copies, region);
  const open = () => show(images.at(nnbook.state.get(data.name)?.image), false);
  nnbook.state.watch(open);
  open();
});
