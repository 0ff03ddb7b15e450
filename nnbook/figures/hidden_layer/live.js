/** The hidden layer: choose a class and see which filters it likes, and which it dislikes. */

nnbook.define("hidden-layer", (element) => {
  const data = nnbook.data(element);
  const say = nnbook.words(element);
  const figure = /** @type {HTMLElement} */ (element.querySelector(".nnb"));
  const rows = /** @type {HTMLElement[]} */ ([...figure.querySelectorAll("tr[data-class]")]);
  const sheets = /** @type {HTMLImageElement[]} */ ([...figure.querySelectorAll(".nnb-sheet-cell img")]);
  const keys = rows.map((row) => String(row.dataset.class));
  const panel = nnbook.make("div", { class: "nnb-panel nnb-tastes" });
  const aloud = nnbook.aloud();

  /** @param {string} word @param {string} name @param {number[]} neurons @param {number[]} weights */
  const group = (word, name, neurons, weights) => {
    const items = neurons.map((neuron) => {
      const weight = weights[neuron];
      const part = { x: neuron * (data.width + data.gap), y: 0, width: data.width, height: data.height };
      const length = (Math.abs(weight) / data.limit).toFixed(3);
      return nnbook.make(
        "li",
        { "data-neuron": neuron },
        nnbook.pane(sheets, part),
        nnbook.make("i", { class: weight > 0 ? "nnb-for" : "nnb-against", style: `--s:${length}` }),
        nnbook.make("span", { class: "nnb-unseen" }, `${say("kit.hidden_head")} `),
        nnbook.make("b", {}, String(neuron + 1)),
        nnbook.make("span", {}, ` ${nnbook.signed(weight)}`)
      );
    });
    return nnbook.make("div", {}, nnbook.make("p", {}, say(word, { name })), nnbook.make("ul", {}, ...items));
  };

  /** Show what one class makes of the filters; gives the same in words. @param {string} key */
  const show = (key) => {
    const at = keys.indexOf(key);
    rows.forEach((row, number) => row.classList.toggle("nnb-chosen", number === at));
    /** @type {number[]} */
    const weights = data.weights[at];
    const order = weights.map((_, neuron) => neuron).sort((a, b) => weights[b] - weights[a]);
    const likes = order.filter((neuron) => weights[neuron] > 0);
    const dislikes = order.filter((neuron) => weights[neuron] < 0).reverse();
    const name = say(`class.${key}`);
    panel.replaceChildren(group("hidden_layer.likes", name, likes, weights), group("hidden_layer.dislikes", name, dislikes, weights));
    const first = (/** @type {number[]} */ neurons) =>
      neurons.length ? `${neurons[0] + 1} (${nnbook.signed(weights[neurons[0]])})` : "–";
    return say("hidden_layer.said", { name, likes: first(likes), dislikes: first(dislikes) });
  };

  const names = /** @type {[string, string][]} */ (keys.map((key) => [key, say(`class.${key}`)]));
  const choice = nnbook.choices(say("hidden_layer.choose"), names, keys[0], (key) => {
    aloud.say(show(key));
    nnbook.state.set(data.name, { class: key });
  });
  const open = () => {
    const asked = nnbook.state.get(data.name)?.class || keys[0];
    const key = keys.includes(asked) ? asked : keys[0];
    choice.set(key);
    show(key);
  };
  open();
  figure.prepend(nnbook.make("div", { class: "nnb-controls" }, choice.field), panel, aloud.region);
  nnbook.state.watch(open);
});
