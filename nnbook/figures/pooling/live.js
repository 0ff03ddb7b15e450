/** Pooling: the reader moves an image by a few pixels and sees what stays of its map, and what of the pooled one. */

nnbook.define("pooling", (element) => {
  const data = nnbook.data(element);
  const words = nnbook.words(element);
  const { width, height, furthest } = data;
  const size = { width: width / 2, height: height / 2 }; // of the pooled map
  const half = data.window.map((/** @type {number} */ side) => Math.floor(side / 2));
  const still = /** @type {HTMLElement} */ (element.querySelector(".nnb"));
  const copy = (/** @type {string} */ kind) => /** @type {HTMLElement} */ (/** @type {Element} */ (still.querySelector(kind)).cloneNode(true));
  const [plane, table, legend] = [".nnb-pooling-field", ".nnb-pooling-table", ".nnb-legend"].map(copy);
  const rows = [...plane.querySelectorAll(".nnb-pooling-row")].map((row) => {
    const [image, map, pooled] = [[width, height], [width, height], [size.width, size.height]].map(([w, h], at) => {
      const canvas = nnbook.canvas(w, h, "-");
      [...row.querySelectorAll("img")][0].replaceWith(canvas);
      canvas.dataset.part = ["image", "map", "pooled"][at];
      return canvas;
    });
    const [name, cells] = [row.querySelector(".nnb-tile-name"), [...row.querySelectorAll("td")]];
    return { image, map, pooled, name, cells, kept: row.querySelector(".nnb-pooling-four > b"), marks: row.querySelector("path") };
  });
  const measures = [...table.querySelectorAll("tbody tr")].map((row) => row.querySelectorAll("td"));
  const reading = nnbook.make("p", { class: "nnb-reading" });
  const { region, say } = nnbook.aloud();
  const now = { right: 1, down: 0, row: data.row, column: data.column };
  /** @typedef {{ map: Float64Array, pooled: Float64Array, winners: number[] }} Made */
  /** As it is, and moved. @type {Made[]} */
  let made = [];

  /** An image moved over nothing. @param {Uint8Array} pixels @param {number} right @param {number} down */
  const moved = (pixels, right, down) =>
    pixels.map((_, at) => {
      const [y, x] = [Math.floor(at / width) - down, (at % width) - right];
      return y >= 0 && x >= 0 && y < height && x < width ? pixels[y * width + x] : 0;
    });
  /** The places of the four values that make a pooled one. @param {number} place */
  const block = (place) => {
    const first = 2 * Math.floor(place / size.width) * width + 2 * (place % size.width);
    return [first, first + 1, first + width, first + width + 1];
  };
  /** @param {Uint8Array} pixels @returns {Made} */
  const make = (pixels) => {
    const map = slides.slide(pixels, half, 1).values.map((value) => Math.max(value, 0));
    const winners = Array.from({ length: size.width * size.height }, (_, place) =>
      block(place).reduce((best, at) => (map[at] > map[best] ? at : best))
    );
    return { map, pooled: Float64Array.from(winners, (at) => map[at]), winners };
  };
  const shift = () => {
    const said = [["right", "left", now.right], ["down", "up", now.down]].filter(([, , by]) => by).map(([more, less, by]) =>
      words(`pooling.${Number(by) > 0 ? more : less}`, { count: Math.abs(Number(by)) })
    );
    return said.join(words("pooling.and")) || words("pooling.still");
  };
  /** How much two maps have in common. @param {Float64Array} before @param {Float64Array} after @param {number} highest */
  const measure = (before, after, highest) => {
    let [lit, kept, both, either] = [0, 0, 0, 0];
    before.forEach((value, at) => {
      both += Math.min(value, after[at]);
      either += Math.max(value, after[at]);
      if (!value || value < data.lit * highest) return;
      lit += 1;
      if (Math.abs(value - after[at]) <= 1e-9 * highest) kept += 1;
    });
    return [words("pooling.kept_of", { kept: nnbook.count(kept), lit: nnbook.count(lit) }), nnbook.percent(either ? both / either : 1)];
  };
  const highest = () => Math.max(...made[0].map);
  const paint = () => {
    const ground = slides.colours[nnbook.ground(element)];
    const pixels = slides.images[slides.chosen.image];
    rows.forEach(({ image, map, pooled }, at) => {
      nnbook.paintInk(image, at ? moved(pixels, now.right, now.down) : pixels);
      nnbook.paintSigned(map, made[at].map, highest(), ground);
      nnbook.paintSigned(pooled, made[at].pooled, highest(), ground);
    });
    nnbook.legend(legend, highest(), ground, words("pooling.scale"));
    slides.draw(element);
  };
  /** The four values where the reader points, before and after. */
  const lit = () => {
    const place = now.row * size.width + now.column;
    const values = made.map(({ map, pooled, winners }, at) => {
      block(place).forEach((one, cell) => {
        rows[at].cells[cell].textContent = nnbook.decimal(map[one]);
        rows[at].cells[cell].toggleAttribute("data-wins", one === winners[place]);
      });
      const written = nnbook.decimal(pooled[place]);
      if (rows[at].kept) /** @type {Element} */ (rows[at].kept).textContent = written;
      return written;
    });
    reading.textContent = words("pooling.reading", { row: now.row + 1, column: now.column + 1, before: values[0], after: values[1], shift: shift() });
    return String(reading.textContent);
  };
  const remake = () => {
    const pixels = slides.images[slides.chosen.image];
    made = [make(pixels), make(moved(pixels, now.right, now.down))];
    const index = data.indices[slides.chosen.image];
    const name = words(`name.${data.labels[slides.chosen.image]}`);
    rows.forEach(({ image, map, pooled, name: title, marks }, at) => {
      const said = { index, name, number: slides.chosen.filter + 1, shift: at ? shift() : words("pooling.still") };
      image.dataset.index = String(index);
      image.setAttribute("aria-label", words("pooling.image_alt", said));
      map.setAttribute("aria-label", words("pooling.map_alt", said));
      pooled.setAttribute("aria-label", words("pooling.pooled_alt", said));
      if (title) title.textContent = said.shift;
      const { winners, map: values } = made[at];
      const squares = winners.filter((one) => highest() && values[one] >= data.lit * highest());
      marks?.setAttribute("d", squares.map((one) => `M${one % width}.12 ${Math.floor(one / width)}.12h.76v.76h-.76z`).join(""));
    });
    /** @type {("map" | "pooled")[]} */ (["map", "pooled"]).forEach((part, at) => {
      measure(made[0][part], made[1][part], highest()).forEach((said, cell) => { measures[at][cell].textContent = said; });
    });
    for (const { button, by } of arrows) button.setAttribute("aria-disabled", String(by.some((step, axis) => step * [now.right, now.down][axis] >= furthest && step)));
    paint();
    point(now.row, now.column);
  };
  const keep = () => nnbook.state.set(data.name, {
    image: data.indices[slides.chosen.image], filter: slides.chosen.filter + 1,
    right: now.right, down: now.down, row: now.row + 1, column: now.column + 1,
  });
  const changed = () => {
    remake();
    say(`${words("pooling.said", { shift: shift(), map: String(measures[0][1].textContent), pooled: String(measures[1][1].textContent) })} ${lit()}`);
    keep();
  };
  const slides = nnbook.slides(data, words, changed);
  /** Not farther than the maps can be compared. @param {number} steps */
  const within = (steps) => Math.max(-furthest, Math.min(furthest, Math.trunc(steps) || 0));
  const arrows = [["left", "←", -1, 0], ["up", "↑", 0, -1], ["back", "•", 0, 0], ["down", "↓", 0, 1], ["right", "→", 1, 0]].map(([key, sign, right, down]) => {
    const by = [Number(right), Number(down)];
    const button = nnbook.make("button", { type: "button", "aria-label": words(`pooling.move_${key}`), title: words(`pooling.move_${key}`) }, String(sign));
    button.addEventListener("click", () => {
      now.right = key === "back" ? 0 : within(now.right + by[0]);
      now.down = key === "back" ? 0 : within(now.down + by[1]);
      changed();
    });
    return { button, by };
  });
  plane.setAttribute("role", "application");
  plane.setAttribute("aria-label", words("pooling.plane"));
  const point = nnbook.pointAtPixels(plane, size, (place) => {
    if (!place) return point(now.row, now.column); // the mark stays where it was
    Object.assign(now, { row: place.row, column: place.column });
    const said = lit();
    if (!place.settled) return undefined;
    say(said);
    return keep();
  });
  const open = () => {
    const asked = nnbook.state.get(data.name) || {};
    slides.open(asked);
    Object.assign(now, {
      right: within(Number(asked.right ?? 1)), down: within(Number(asked.down ?? 0)),
      row: Number(asked.row) >= 1 ? Math.floor(Number(asked.row)) - 1 : data.row,
      column: Number(asked.column) >= 1 ? Math.floor(Number(asked.column)) - 1 : data.column,
    });
    now.row = Math.min(now.row, size.height - 1);
    now.column = Math.min(now.column, size.width - 1);
    remake();
  };
  const pad = nnbook.make("div", { class: "nnb-buttons nnb-pooling-arrows" }, ...arrows.map(({ button }) => button));
  const moves = nnbook.make("fieldset", {}, nnbook.make("legend", {}, words("pooling.move")), pad);
  const controls = nnbook.make("div", { class: "nnb-controls" }, ...slides.fields, moves);
  nnbook.upgrade(element, "live-pooling", controls, plane, reading, legend, table, region);
  nnbook.watchGround(paint);
  nnbook.state.watch(open);
  open();
});
