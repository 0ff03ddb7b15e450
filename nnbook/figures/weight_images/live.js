/** Weights you can read: every weight image at once, and the weight and the mean brightness of the pixel pointed at. */

nnbook.define("weight-images", (element) => {
  const data = nnbook.data(element);
  const words = nnbook.words(element);
  const { width, height } = data;
  const { rows, limit } = nnbook.layer(data.layer);
  /** @type {ArrayLike<number>[]} */
  const averages = data.averages ? nnbook.images(data.averages, width * height) : [];
  const common = Float64Array.from({ length: width * height }, (_, at) => averages.reduce((sum, image) => sum + image[at] / averages.length, 0));
  const parted = averages.map((image) => common.map((shared, at) => image[at] - shared));
  const widest = parted.flatMap((image) => [...image]).reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  const colours = { light: nnbook.colours(data.scale.light), dark: nnbook.colours(data.scale.dark) };
  const names = rows.map((_, neuron) => words(`name.${neuron}`));
  let scale = data.start;
  let nearest = 0;
  let apart = false;

  const tiles = rows.map((row, neuron) => {
    const canvas = nnbook.canvas(width, height, words(`alt.${neuron}`));
    const weight = nnbook.shot(canvas);
    const pair = nnbook.make("span", { class: "nnb-twins" }, weight.cell);
    const average = averages.length ? nnbook.shot(nnbook.canvas(width, height, words(`average_alt.${neuron}`))) : null;
    if (average) pair.append(average.cell);
    const tile = nnbook.make("div", { "data-neuron": neuron }, nnbook.make("span", { class: "nnb-tile-name" }, names[neuron]), pair);
    const likeness = nnbook.make("span", { class: "nnb-tile-note" });
    if (average) tile.append(likeness);
    return { tile, canvas, weight, average, row, likeness };
  });

  const hint = words("weights.point");
  const reading = nnbook.make("p", { class: "nnb-reading" }, hint);
  const { region, say } = nnbook.aloud();
  const plane = nnbook.make("div", { role: "application", "aria-label": words("weights.plane"), class: "nnb-tile-field" });
  plane.append(...tiles.map(({ tile }) => tile));

  const extremes = rows.map((row) => ({ lowest: Math.min(...row), highest: Math.max(...row) }));
  const range = (/** @type {number} */ neuron) =>
    `${nnbook.signed(extremes[neuron].lowest)} … ${nnbook.signed(extremes[neuron].highest)}`;

  /** Of its average, or of what sets that apart. @param {number} neuron @param {number} at */
  const mean = (neuron, at) => (apart ? nnbook.signed(parted[neuron][at] / 255) : (averages[neuron][at] / 255).toFixed(2));
  /** @param {NnbookPlace | null} place */
  const show = (place) => {
    const at = place ? place.row * width + place.column : 0;
    const own = place && place.frame && place.frame.closest("[data-neuron]");
    if (own instanceof HTMLElement) nearest = Number(own.dataset.neuron);
    tiles.forEach(({ weight, average, row, tile }, neuron) => {
      weight.note.textContent = place ? nnbook.signed(row[at], 3) : range(neuron);
      weight.note.classList.toggle("nnb-plus", Boolean(place) && row[at] > 0);
      weight.note.classList.toggle("nnb-minus", Boolean(place) && row[at] < 0);
      if (average) average.note.textContent = place ? mean(neuron, at) : words(apart ? "weights.apart" : "weights.average");
      tile.classList.toggle("nnb-nearest", Boolean(place) && neuron === nearest);
    });
    reading.textContent = place ? read(place) : hint;
    if (place && place.settled) {
      say(read(place));
      if (place.frame) keep(place);
    }
  };
  /** @param {NnbookPlace} place */
  const read = ({ row, column }) => {
    const at = row * width + column;
    const values = { name: names[nearest], row: row + 1, column: column + 1, weight: nnbook.signed(rows[nearest][at], 3) };
    if (!averages.length) return words("weights.reading", values);
    return words(apart ? "weights.reading_apart" : "weights.reading_average", { ...values, mean: mean(nearest, at) });
  };

  const legend = nnbook.make("div", { class: "nnb-legend" });
  const draw = () => {
    const ground = nnbook.ground(element);
    tiles.forEach(({ canvas, row }, neuron) => {
      const { lowest, highest } = extremes[neuron];
      canvas.classList.toggle("nnb-ink", scale === "grey");
      const ownLimit = scale === "own" ? Math.max(-lowest, highest) : limit;
      if (scale === "grey") nnbook.paintInk(canvas, row.map((weight) => ((weight - lowest) * 255) / Math.max(highest - lowest, 1e-12)));
      else nnbook.paintSigned(canvas, row, ownLimit, colours[ground]);
    });
    tiles.forEach(({ average, likeness }, neuron) => {
      if (!average) return;
      const picture = /** @type {HTMLCanvasElement} */ (average.frame.firstChild);
      picture.classList.toggle("nnb-ink", !apart);
      picture.setAttribute("aria-label", apart ? words("weights.apart_alt", { name: names[neuron] }) : words(`average_alt.${neuron}`));
      if (apart) nnbook.paintSigned(picture, parted[neuron], widest, colours[ground]);
      else nnbook.paintInk(picture, averages[neuron]);
      likeness.textContent = words("averages.correlation", { value: nnbook.signed(data.correlations[apart ? "apart" : "correlation"][neuron]) });
    });
    if (scale === "shared") nnbook.legend(legend, limit, colours[ground], words("scale.words"));
    else legend.replaceChildren(nnbook.make("span", { class: "nnb-legend-words" }, words(`scale.${scale}_words`)));
  };

  const point = nnbook.pointAtPixels(plane, { width, height }, show);
  /** @param {NnbookPlace | null} place */
  const keep = (place) => {
    /** @type {Record<string, string | number>} */
    const views = apart ? { scale, averages: "apart" } : { scale };
    if (!place) nnbook.state.set(data.name, views);
    else nnbook.state.set(data.name, { ...views, row: place.row + 1, column: place.column + 1, neuron: nearest });
  };
  const options = ["shared", "own", "grey"].map((key) => /** @type {[string, string]} */ ([key, words(`weights.scale_${key}`)]));
  const switcher = nnbook.choices(words("weights.scale"), options, scale, (key) => {
    scale = key;
    draw();
    keep(null);
  });
  const kinds = ["average", "apart"].map((key) => /** @type {[string, string]} */ ([key, words(`weights.averages_${key}`)]));
  const parting = nnbook.choices(words("weights.averages"), kinds, "average", (key) => {
    apart = key === "apart";
    show(null);
    draw();
    keep(null);
  });
  const open = () => {
    const state = nnbook.state.get(data.name);
    if (!state) return;
    apart = averages.length > 0 && state.averages === "apart";
    parting.set(apart ? "apart" : "average");
    show(null);
    scale = options.some(([key]) => key === state.scale) ? state.scale : data.start;
    switcher.set(scale);
    draw();
    if (!(Number(state.row) && Number(state.column))) return;
    nearest = Math.max(0, Math.min(rows.length - 1, Number(state.neuron) || 0));
    point(Number(state.row) - 1, Number(state.column) - 1);
  };
  show(null);
  draw();
  nnbook.upgrade(element, "live-weights", nnbook.make("div", { class: "nnb-controls" }, switcher.field, ...(averages.length ? [parting.field] : [])), plane, reading, legend, region);
  nnbook.watchGround(draw);
  nnbook.state.watch(open);
  open();
});
