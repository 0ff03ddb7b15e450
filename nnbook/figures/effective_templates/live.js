/** Effective templates: choose an image, and see the template of every class that the neurons which fire make of it. */

nnbook.define("effective-templates", (element) => {
  const data = nnbook.data(element);
  const words = nnbook.words(element);
  const { width, height, indices, labels } = data;
  const [first, second] = data.layers.map(nnbook.layer);
  const images = nnbook.images(data.images, width * height);
  const colours = { light: nnbook.colours(data.scale.light), dark: nnbook.colours(data.scale.dark) };
  const names = second.rows.map((/** @type {unknown} */ _, /** @type {number} */ number) => words(`name.${number}`));
  const imageNames = indices.map((/** @type {number} */ index, /** @type {number} */ at) =>
    words("kit.image_choice", { index, name: names[labels[at]] })
  );
  let chosen = 0;
  let view = "templates";
  let nearest = labels[0];
  /** @type {{ fires: number, templates: Float64Array[], biases: number[], scores: number[] }} */
  let made;

  /** The templates for an image: the weights of the neurons that fire, added up for each class. */
  const make = () => {
    const pixels = images[chosen];
    const hidden = nnbook.scores([first], pixels);
    const firing = [...hidden.keys()].filter((neuron) => hidden[neuron] > 0);
    const biases = second.biases.slice();
    const templates = second.rows.map((/** @type {Float64Array} */ outputs, /** @type {number} */ number) => {
      const template = new Float64Array(pixels.length);
      for (const neuron of firing) {
        biases[number] += outputs[neuron] * first.biases[neuron];
        first.rows[neuron].forEach((/** @type {number} */ weight, /** @type {number} */ at) => { template[at] += outputs[neuron] * weight; });
      }
      return template;
    });
    const scores = templates.map((/** @type {Float64Array} */ template, /** @type {number} */ number) =>
      template.reduce((sum, weight, at) => sum + (weight * pixels[at]) / 255, biases[number])
    );
    made = { fires: firing.length, templates, biases, scores };
  };

  const tiles = names.map((/** @type {string} */ name, /** @type {number} */ number) => {
    const canvas = nnbook.canvas(width, height, "-");
    const shot = nnbook.shot(canvas);
    const title = nnbook.make("span", { class: "nnb-tile-name" }, name);
    return { canvas, shot, tile: nnbook.make("div", { "data-class": number }, title, shot.cell) };
  });
  const plane = nnbook.make("div", { role: "application", "aria-label": words("effective_templates.plane"), class: "nnb-effective" });
  plane.append(...tiles.map((/** @type {{ tile: HTMLElement }} */ { tile }) => tile));
  const facts = nnbook.make("p", { class: "nnb-reading" });
  const reading = nnbook.make("p", { class: "nnb-reading" });
  const legend = nnbook.make("div", { class: "nnb-legend" });
  const { region, say } = nnbook.aloud();

  const draw = () => {
    const ground = colours[nnbook.ground(element)];
    const limit = Math.max(...made.templates.map((template) => template.reduce((most, weight) => Math.max(most, Math.abs(weight)), 0)));
    const winner = nnbook.largest(made.scores);
    tiles.forEach((/** @type {any} */ { canvas, shot, tile }, /** @type {number} */ number) => {
      const template = made.templates[number];
      nnbook.paintSigned(canvas, view === "products" ? template.map((weight, at) => (weight * images[chosen][at]) / 255) : template, limit, ground);
      canvas.setAttribute("aria-label", words("effective_templates.template", { name: names[number], score: nnbook.signed(made.scores[number]) }));
      shot.note.textContent = nnbook.signed(made.scores[number]);
      tile.toggleAttribute("data-winner", number === winner);
    });
    nnbook.legend(legend, limit, ground, words(view === "products" ? "kit.scale_product_words" : "kit.scale_words"));
    facts.textContent = words("effective_templates.fires", { count: made.fires, hidden: first.rows.length });
  };
  /** @param {NnbookPlace | null} place */
  const show = (place) => {
    const own = place && place.frame && place.frame.closest("[data-class]");
    if (own instanceof HTMLElement) nearest = Number(own.dataset.class);
    const [name, bias, score] = [names[nearest], made.biases[nearest], made.scores[nearest]];
    tiles.forEach((/** @type {any} */ { tile }, /** @type {number} */ number) => tile.classList.toggle("nnb-nearest", number === nearest));
    if (place) {
      const at = place.row * width + place.column;
      const [weight, pixel] = [made.templates[nearest][at], images[chosen][at] / 255];
      const values = { row: place.row + 1, column: place.column + 1, weight: nnbook.signed(weight, 3), product: nnbook.signed(weight * pixel, 3) };
      reading.textContent = words("effective_templates.reading", { name, ...values, pixel: nnbook.decimal(pixel) });
    } else {
      const values = { sum: nnbook.signed(score - bias), bias: nnbook.signed(bias), score: nnbook.signed(score) };
      reading.textContent = words("effective_templates.sum", { name, ...values });
    }
    if (place && place.settled) say(String(reading.textContent));
  };
  /** @param {boolean} byReader */
  const refresh = (byReader) => {
    make();
    nearest = nnbook.largest(made.scores);
    draw();
    show(null);
    if (!byReader) return chooser.set(chosen);
    say(`${imageNames[chosen]}. ${facts.textContent} ${reading.textContent}`);
    return nnbook.state.set(data.name, { image: indices[chosen] });
  };
  const choice = { images, names: imageNames, indices, width, height, columns: data.columns };
  const chooser = nnbook.imageChoice(words("effective_templates.choose"), choice, (at) => {
    chosen = at;
    refresh(true);
  });
  const views = ["templates", "products"].map((key) => /** @type {[string, string]} */ ([key, words(`effective_templates.view_${key}`)]));
  const switcher = nnbook.choices(words("effective_templates.view"), views, view, (key) => {
    view = key;
    draw();
  });
  const open = () => {
    const state = nnbook.state.get(data.name);
    chosen = Math.max(0, indices.indexOf(Number(state ? state.image : indices[0])));
    refresh(false);
  };
  nnbook.pointAtPixels(plane, { width, height }, show);
  nnbook.watchGround(draw);
  nnbook.state.watch(open);
  open();
  const controls = nnbook.make("div", { class: "nnb-controls" }, chooser.field, switcher.field);
  nnbook.upgrade(element, "live-effective", controls, facts, plane, reading, legend, region);
});
