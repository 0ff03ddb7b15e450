/** Why this mistake: a misread image, and the parts that add up to the difference between the two scores. */

nnbook.define("why-mistake", (element) => {
  const data = nnbook.data(element);
  const say = nnbook.words(element);
  const { width, height, keys } = data;
  const colours = { light: nnbook.colours(data.scale.light), dark: nnbook.colours(data.scale.dark) };
  const name = (/** @type {number} */ number) => say(`class.${keys[number]}`);
  /** @typedef {{ images: Uint8Array[], layer: NnbookLayer | null, rows: ArrayLike<number>[], biases: number[], inputs: number[][], index: number[], actual: number[], predicted: number[], probability: number[] }} Network */
  /** @type {Network[]} */
  const networks = data.networks.map((/** @type {any} */ network) => {
    const layer = network.layer ? nnbook.layer(network.layer) : null;
    const images = nnbook.images(network.images, width * height);
    return { ...network, images, layer, rows: layer ? layer.rows : network.rows, biases: layer ? layer.biases : network.biases };
  });
  let at = 0;
  let image = 0;
  /** @type {number[]} */
  let differences = [];
  /** @type {number[]} */
  let parts = [];

  const canvases = [0, 1, 2].map(() => nnbook.canvas(width, height, "-"));
  const shots = canvases.map((canvas) => nnbook.shot(canvas));
  const plane = nnbook.make("div", { role: "application", "aria-label": say("why_mistake.plane"), class: "nnb-why" }, ...shots.map(({ cell }) => cell));
  const legend = nnbook.make("div", { class: "nnb-legend" });
  const verdict = nnbook.make("p", { class: "nnb-reading nnb-why-verdict" });
  const reading = nnbook.make("p", { class: "nnb-reading" });
  const sum = nnbook.make("p", { class: "nnb-reading nnb-why-sum" });
  const pixels = nnbook.make("div", {}, plane, reading, legend);
  const { region, say: aloud } = nnbook.aloud();

  /** The table of hidden neurons is the static figure's own, its bars filled anew. */
  const table = element.querySelector("table.nnb-flow");
  const neurons = nnbook.make("div", { class: "nnb-why-neurons nnb-activation-flow" });
  const single = nnbook.canvas(width, height, "-");
  const singleShot = nnbook.shot(single);
  if (table) neurons.append(singleShot.cell, table.cloneNode(true));

  const explain = () => {
    const { rows, predicted, actual } = networks[at];
    const winner = rows[predicted[image]];
    const loser = rows[actual[image]];
    differences = Array.from(winner, (weight, input) => weight - loser[input]);
    const inputs = networks[at].layer ? Array.from(networks[at].images[image], (pixel) => pixel / 255) : networks[at].inputs[image];
    parts = differences.map((difference, input) => difference * inputs[input] + 0);
    return inputs;
  };

  /** The sum as it is read; the positive parts take up the rounding of the others. */
  const sumInWords = () => {
    const { rows, biases, predicted, actual, layer, images, inputs } = networks[at];
    const given = layer ? Array.from(images[image], (pixel) => pixel / 255) : inputs[image];
    const score = (/** @type {number} */ number) => nnbook.dot(rows[number], given) + biases[number];
    const bias = biases[predicted[image]] - biases[actual[image]];
    const all = parts.reduce((total, part) => total + part, 0) + bias;
    element.dataset.sum = String(all);
    element.dataset.difference = String(score(predicted[image]) - score(actual[image]));
    const two = (/** @type {number} */ number) => Number(number.toFixed(2));
    const winner = two(score(predicted[image]));
    const loser = two(score(actual[image]));
    const negative = two(parts.reduce((total, part) => total + Math.min(part, 0), 0));
    const numbers = { winner, loser, negative, bias: two(bias), difference: winner - loser, positive: winner - loser - negative - two(bias) };
    const written = Object.fromEntries(Object.entries(numbers).map(([key, number]) => [key, nnbook.signed(number)]));
    return say("why_mistake.sum", { predicted: name(predicted[image]), actual: name(actual[image]), ...written });
  };

  const draw = () => {
    const inputs = explain();
    const { layer, images, index, actual, predicted, probability } = networks[at];
    const names = { actual: name(actual[image]), predicted: name(predicted[image]) };
    const ground = colours[nnbook.ground(element)];
    pixels.hidden = !layer;
    neurons.hidden = Boolean(layer);
    if (layer) {
      const limit = Math.max(...differences.map(Math.abs));
      nnbook.paintInk(canvases[0], images[image]);
      nnbook.paintSigned(canvases[1], differences, limit, ground);
      nnbook.paintSigned(canvases[2], parts, limit, ground);
      nnbook.legend(legend, limit, ground, say("kit.scale_product_words"));
      const under = [say("why_mistake.image"), say("why_mistake.difference", names), say("why_mistake.product", names)];
      shots.forEach(({ note }, shot) => { note.textContent = under[shot]; });
      canvases.forEach((canvas, shot) => canvas.setAttribute("aria-label", under[shot]));
    } else {
      nnbook.paintInk(single, images[image]);
      single.setAttribute("aria-label", say("kit.image", { index: index[image] }));
      const rows = { activation: inputs, weight: differences, part: parts };
      for (const [row, values] of Object.entries(rows)) {
        const body = /** @type {HTMLElement} */ (neurons.querySelector(`[data-row="${row}"]`));
        const limit = Math.max(...values.map(Math.abs));
        const cells = /** @type {NodeListOf<HTMLElement>} */ (body.querySelectorAll("tr + tr > td + td"));
        cells.forEach((cell, neuron) => nnbook.bar(cell, values[neuron], limit, row === "activation" ? "nnb-fires" : ""));
        const head = /** @type {HTMLElement} */ (body.querySelector("th"));
        head.textContent = say(`why_mistake.${row}`, names);
      }
    }
    canvases[0].dataset.index = String(index[image]);
    single.dataset.index = String(index[image]);
    const share = nnbook.confidence(probability[image]);
    verdict.textContent = `${say("kit.true_name", { name: names.actual })} · ${say("kit.predicted_share", { name: names.predicted, share })}`;
    sum.textContent = sumInWords();
    show(null);
  };

  /** @param {NnbookPlace | null} place */
  const show = (place) => {
    if (!place) {
      reading.textContent = "";
      return;
    }
    const pixel = place.row * width + place.column;
    reading.textContent = say("why_mistake.pixel", {
      row: place.row + 1,
      column: place.column + 1,
      brightness: nnbook.decimal(networks[at].images[image][pixel] / 255),
      weight: nnbook.signed(differences[pixel], 3),
      part: nnbook.signed(parts[pixel], 3),
    });
    if (place.settled) aloud(reading.textContent);
  };

  const change = () => {
    draw();
    aloud(`${verdict.textContent}. ${sum.textContent}`);
    nnbook.state.set(data.name, { network: at, image: networks[at].index[image] });
  };
  const galleries = networks.map(({ images, index, actual, predicted }) => {
    const names = index.map((number, place) => {
      const classes = { actual: name(actual[place]), predicted: name(predicted[place]) };
      return `${say("kit.image", { index: number })}: ${say("kit.true_name", { name: classes.actual })}, ${say("why_mistake.predicted", { name: classes.predicted })}`;
    });
    const from = { images, names, indices: index, width, height, columns: Math.min(index.length, 10) };
    return nnbook.imageChoice(say("why_mistake.choose"), from, (place) => {
      image = place;
      change();
    });
  });
  const options = /** @type {[string, string][]} */ (networks.map((_, number) => [String(number), say(`network.${number}`)]));
  const models = nnbook.choices(say("why_mistake.network"), options, "0", (value) => {
    at = Number(value);
    image = 0;
    refresh();
    change();
  });
  const refresh = () => {
    galleries.forEach(({ field, set }, number) => {
      field.hidden = number !== at;
      set(image);
    });
    models.set(String(at));
  };
  const open = () => {
    const state = nnbook.state.get(data.name);
    at = state && networks[Number(state.network)] ? Number(state.network) : 0;
    image = state ? Math.max(networks[at].index.indexOf(Number(state.image)), 0) : 0;
    refresh();
    draw();
  };
  nnbook.pointAtPixels(plane, { width, height }, show);
  nnbook.watchGround(draw);
  nnbook.state.watch(open);
  open();
  const controls = nnbook.make("div", { class: "nnb-controls" }, ...(networks.length > 1 ? [models.field] : []), ...galleries.map(({ field }) => field));
  nnbook.upgrade(element, "live-mistake", controls, verdict, pixels, neurons, sum, region);
});
