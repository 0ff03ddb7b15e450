/** One image on its way through a two-layer network: choose the image, and the class whose score is added up. */

nnbook.define("activation-flow", (element) => {
  const data = nnbook.data(element);
  const say = nnbook.words(element);
  const figure = /** @type {HTMLElement} */ (element.querySelector(".nnb"));
  const table = /** @type {HTMLElement} */ (figure.querySelector("table"));
  const card = /** @type {HTMLElement} */ (figure.querySelector(".nnb-flow-image"));
  const aloud = nnbook.aloud();
  /** @type {string[]} */
  const keys = data.keys;
  /** @type {number[][]} */
  const weights = data.weights;
  const name = (/** @type {number} */ at) => say(`class.${keys[at]}`);

  /** What the network makes of one of the images. @param {number} image */
  const forward = (image) => {
    /** @type {number[]} */
    const fits = data.fits[image];
    const activations = fits.map((fit) => Math.max(fit, 0));
    const scores = weights.map((row, at) => nnbook.dot(row, activations) + data.biases[at]);
    return { fits, activations, scores, winner: scores.indexOf(Math.max(...scores)) };
  };

  /** A row of bars with its headline; the bars are filled later. @param {string} row */
  const bars = (row) => {
    const head = nnbook.make("th", { scope: "rowgroup", colspan: weights[0].length + 1, class: "nnb-axis" });
    const cells = weights[0].map(() => nnbook.make("td"));
    const line = nnbook.make("tr", {}, nnbook.make("td"), ...cells);
    return { head, cells, body: nnbook.make("tbody", { "data-row": row }, nnbook.make("tr", {}, head), line) };
  };
  const rows = { fit: bars("fit"), fires: bars("fires"), weight: bars("weight"), contribution: bars("contribution") };
  const sum = nnbook.make("p", { class: "nnb-sum" });
  let image = 0;
  let chosen = 0;

  /** @param {number[]} contributions @param {number} score */
  const sumInWords = (contributions, score) => {
    const bias = Number(data.biases[chosen].toFixed(2));
    const rounded = Number(score.toFixed(2));
    const values = { contributions: nnbook.signed(rounded - bias), bias: nnbook.signed(bias), score: nnbook.signed(rounded) };
    return say("activation_flow.sum", { ...values, name: name(chosen) });
  };

  const draw = () => {
    const { fits, activations, scores, winner } = forward(image);
    const contributions = activations.map((activation, neuron) => activation * weights[chosen][neuron] + 0);
    const fitLimit = Math.max(...fits.map(Math.abs));
    const weightLimit = Math.max(...weights.flat().map(Math.abs));
    const largest = Math.max(...contributions.map(Math.abs));
    fits.forEach((fit, neuron) => {
      nnbook.bar(rows.fit.cells[neuron], fit, fitLimit);
      nnbook.bar(rows.fires.cells[neuron], activations[neuron], fitLimit, "nnb-fires");
      nnbook.bar(rows.weight.cells[neuron], weights[chosen][neuron], weightLimit);
      nnbook.bar(rows.contribution.cells[neuron], contributions[neuron], largest);
    });
    rows.weight.head.textContent = say("activation_flow.weight", { name: name(chosen) });
    rows.contribution.head.textContent = say("activation_flow.contribution", { name: name(chosen) });
    sum.textContent = sumInWords(contributions, scores[chosen]);
    const share = nnbook.confidence(nnbook.softmax(scores)[winner]);
    const said = [
      say("kit.true_name", { name: name(data.labels[image]) }),
      say("kit.predicted_share", { name: name(winner), share }),
      say("activation_flow.active", { count: activations.filter((activation) => activation > 0).length, all: fits.length }),
    ];
    card.replaceChildren(...images.card(image, said));
    drawScores(scores);
    return `${said.join(" · ")} · ${sum.textContent}`;
  };

  /** The scores stand on the choices of their classes. @param {number[]} scores */
  const drawScores = (scores) => {
    const largest = Math.max(...scores.map(Math.abs));
    scores.forEach((score, at) => {
      const face = classes.field.querySelectorAll("input + span")[at];
      const bar = /** @type {HTMLElement} */ (face.querySelector("i"));
      bar.className = score > 0 ? "nnb-for" : "nnb-against";
      bar.style.setProperty("--s", (Math.abs(score) / largest).toFixed(3));
      const words = /** @type {HTMLElement} */ (face.lastElementChild);
      words.textContent = nnbook.signed(score, 1);
      const input = /** @type {HTMLElement} */ (face.previousElementSibling);
      input.dataset.score = String(score);
      input.setAttribute("aria-label", say("activation_flow.score_of", { name: name(at), score: nnbook.signed(score) }));
    });
  };

  const change = () => {
    aloud.say(draw());
    nnbook.state.set(data.name, { image: data.indices[image], class: keys[chosen] });
  };
  const images = nnbook.testImages(data, say, name, (at) => {
    image = at;
    chosen = forward(image).winner;
    classes.set(String(chosen));
    change();
  });
  const classes = nnbook.pictures(
    say("activation_flow.choose_class"),
    keys.map((_, at) => [String(at), name(at)]),
    "0",
    (value) => {
      chosen = Number(value);
      change();
    },
    (value) => [nnbook.make("b", {}, name(Number(value))), nnbook.make("i"), nnbook.make("span")]
  );
  classes.field.classList.add("nnb-scored");

  const open = () => {
    const asked = nnbook.state.get(data.name) || {};
    image = images.at(asked.image);
    chosen = keys.includes(asked.class) ? keys.indexOf(asked.class) : forward(image).winner;
    images.set(String(image));
    classes.set(String(chosen));
    draw();
  };
  rows.fit.head.textContent = say("activation_flow.fit");
  rows.fires.head.textContent = say("activation_flow.fires");
  open();
  for (const old of figure.querySelectorAll("tbody, .nnb-sum")) old.remove();
  table.append(rows.fit.body, rows.fires.body, rows.weight.body, rows.contribution.body);
  const scroll = /** @type {HTMLElement} */ (table.parentElement);
  figure.prepend(nnbook.make("div", { class: "nnb-controls" }, images.field));
  scroll.before(nnbook.make("div", { class: "nnb-controls" }, classes.field));
  scroll.after(sum, aloud.region);
  nnbook.state.watch(open);
});
