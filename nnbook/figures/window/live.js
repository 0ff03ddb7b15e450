/** A window that slides: the reader moves it over an image, and each place of the map comes of the pixels under it. */

nnbook.define("window", (element) => {
  const data = nnbook.data(element);
  const words = nnbook.words(element);
  const { width, height, window: [high, wide] } = data;
  const half = [Math.floor(high / 2), Math.floor(wide / 2)];
  const plane = /** @type {HTMLElement} */ (/** @type {Element} */ (element.querySelector(".nnb-window-field")).cloneNode(true));
  const part = (/** @type {string} */ kind) => /** @type {HTMLElement} */ (plane.querySelector(`.nnb-window-${kind}`));
  /** Canvases instead of a picture. @param {string} kind @param {string} name @param {number} w @param {number} h @param {...HTMLCanvasElement} more */
  const painted = (kind, name, w, h, ...more) => {
    const canvas = nnbook.canvas(w, h, name);
    /** @type {Element} */ (part(kind).querySelector("img")).replaceWith(...more, canvas);
    return canvas;
  };
  const reach = nnbook.canvas(1, 1, ""); // over the pixels on which the middle of the window can stand
  reach.className = "nnb-window-reach";
  const image = painted("image", "-", width + 2 * half[1], height + 2 * half[0], reach);
  const cover = nnbook.canvas(width, height, ""); // over the places of the map that are still to be filled
  const map = painted("map", "-", width, height);
  map.after(cover);
  cover.classList.add("nnb-window-cover");
  const grids = ["pixels", "weights", "products"].map((kind) => {
    return { canvas: painted(kind, "", wide, high), cells: /** @type {HTMLElement[]} */ ([...part(kind).querySelectorAll("td")]) };
  });
  const [imageNote, mapNote] = plane.querySelectorAll(".nnb-window-places .nnb-tile-note");
  const [mapLegend, legend] = /** @type {NodeListOf<HTMLElement>} */ (plane.querySelectorAll(".nnb-legend"));
  const totals = part("total").querySelectorAll("td");
  const places = part("places");
  const { region, say } = nnbook.aloud();
  const rest = { padding: 1, stride: 1, row: data.row, column: data.column };
  const now = { ...rest };
  const size = { width, height }; // of the map
  /** @type {Uint8Array | null} which places have been visited, or null if all are shown */
  let seen = null;
  /** @type {{ size: number[], values: Float64Array, patch: (top: number, left: number) => Float64Array }} */
  let made;
  let highest = 1; // of the map, whatever its sign
  let away = true; // whether the pointer is elsewhere

  const around = () => half.map((zeros) => zeros * now.padding);
  const weights = () => slides.rows[slides.chosen.filter];
  /** The size of the map along one axis, as the formula has it. @param {number} axis */
  const formula = (axis) => {
    const [side, window, padding] = [[height, width][axis], [high, wide][axis], around()[axis]];
    const exact = (side + 2 * padding - window) / now.stride + 1;
    const whole = nnbook.count(Math.floor(exact));
    const result = exact % 1 ? words("window.rounded", { exact: nnbook.decimal(exact, 1), result: whole }) : whole;
    return words("window.formula", { size: side, padding, window, stride: now.stride, result });
  };
  /** The map, as far as it has been filled; what is left is grey, so that nobody takes it for zero. */
  const fill = () => {
    const shown = made.values.map((value, at) => (!seen || seen[at] ? value : 0));
    nnbook.paintSigned(map, shown, highest, slides.colours[nnbook.ground(element)]);
    nnbook.paintInk(cover, shown.map((_, at) => (!seen || seen[at] ? 0 : 36)));
  };
  const paint = () => {
    const ground = slides.colours[nnbook.ground(element)];
    const pixels = slides.images[slides.chosen.image];
    nnbook.paintInk(image, Float64Array.from({ length: image.width * image.height }, (_, at) => {
      const [y, x] = [Math.floor(at / image.width) - half[0], (at % image.width) - half[1]];
      return y >= 0 && x >= 0 && y < height && x < width ? pixels[y * width + x] : 0;
    }));
    fill();
    nnbook.legend(mapLegend, highest, ground, words("window.scale_map"));
    nnbook.legend(legend, slides.limit, ground, words("kit.scale_product_words"));
    slides.draw(element);
    write(1, weights());
    lit();
  };
  /** The numbers of one grid. @param {number} kind @param {Float64Array} values @param {Float64Array} [under] NaN outside of the image */
  const write = (kind, values, under) => {
    const { canvas, cells } = grids[kind];
    if (kind) nnbook.paintSigned(canvas, values, slides.limit, slides.colours[nnbook.ground(element)]);
    else nnbook.paintInk(canvas, values.map((value) => 255 * value));
    cells.forEach((cell, at) => {
      const number = nnbook.decimal(values[at]);
      if (cell.textContent !== number) cell.textContent = number;
      cell.style.setProperty("--s", (Math.abs(values[at]) / (kind ? slides.limit : 1)).toFixed(2));
      if (under) cell.toggleAttribute("data-outside", Number.isNaN(under[at]));
    });
  };
  /** The numbers of the place where the window stands. */
  const lit = () => {
    const under = made.patch(now.row, now.column);
    const pixels = under.map((pixel) => pixel || 0);
    const products = pixels.map((pixel, at) => pixel * weights()[at]);
    write(0, pixels, under);
    write(2, products, under);
    const sum = products.reduce((total, product) => total + product, 0);
    const bias = slides.biases[slides.chosen.filter];
    const value = made.values[now.row * size.width + now.column];
    [sum, bias, value].forEach((number, at) => { totals[at].textContent = nnbook.signed(number); });
    plane.dataset.value = value.toFixed(6);
    if (seen) fill();
    image.setAttribute("aria-label", words("window.image_alt", {
      index: data.indices[slides.chosen.image],
      name: words(`name.${data.labels[slides.chosen.image]}`),
      row: now.row + 1,
      column: now.column + 1,
    }));
    return words("window.reading", {
      row: now.row + 1, column: now.column + 1,
      sum: nnbook.signed(sum), bias: nnbook.signed(bias), value: nnbook.signed(value),
    });
  };
  /** All anew, after another image, filter, padding or stride. */
  const remake = () => {
    made = slides.slide(slides.images[slides.chosen.image], around(), now.stride);
    [size.height, size.width] = made.size;
    highest = Math.max(...made.values.map(Math.abs));
    now.row = Math.min(now.row, size.height - 1);
    now.column = Math.min(now.column, size.width - 1);
    if (seen) seen = new Uint8Array(made.values.length);
    for (const canvas of [map, cover]) [canvas.height, canvas.width] = made.size;
    const [top, left] = half.map((zeros) => (now.padding ? 0 : zeros));
    const style = {
      "--stride": now.stride, "--top": top, "--left": left, "--map-h": size.height, "--map-w": size.width,
      "--dy": Math.floor((image.height - size.height) / 2), "--dx": Math.floor((image.width - size.width) / 2),
    };
    for (const [name, value] of Object.entries(style)) plane.style.setProperty(name, String(value));
    part("map").style.cssText = `--h:${size.height};--w:${size.width}`;
    plane.toggleAttribute("data-bare", !now.padding);
    const number = slides.chosen.filter + 1;
    part("places").querySelectorAll(".nnb-tile-name")[1].textContent = words("window.map", { number });
    const zeros = [...new Set(half)].join(" × ");
    imageNote.textContent = words(now.padding ? "window.size_padded" : "window.size", { rows: height, columns: width, zeros });
    mapNote.textContent = words("window.size", { rows: size.height, columns: size.width });
    const lines = [formula(0), formula(1)];
    part("formula").textContent = lines[0] === lines[1]
      ? words("window.formula_both", { formula: lines[0] })
      : `${words("window.formula_rows", { formula: lines[0] })} ${words("window.formula_columns", { formula: lines[1] })}`;
    map.setAttribute("aria-label", words("window.map_live", {
      number, lowest: nnbook.signed(Math.min(...made.values)), highest: nnbook.signed(Math.max(...made.values)),
    }));
    map.dataset.filter = String(number);
    image.dataset.index = data.indices[slides.chosen.image];
    paint();
    point(now.row, now.column);
  };
  const keep = () => nnbook.state.set(data.name, {
    image: data.indices[slides.chosen.image], filter: slides.chosen.filter + 1, row: now.row + 1, column: now.column + 1,
    ...(now.padding ? {} : { padding: 0 }), ...(now.stride > 1 ? { stride: now.stride } : {}),
  });
  const changed = () => {
    remake();
    say(`${part("formula").textContent} ${lit()}`);
    keep();
  };
  /** As near as it can be to where the window stood. @param {() => void} change */
  const staying = (change) => {
    const [top, left] = [now.row, now.column].map((place, axis) => place * now.stride - around()[axis]);
    change();
    [now.row, now.column] = [top, left].map((place, axis) => Math.max(0, Math.round((place + around()[axis]) / now.stride)));
    changed();
  };
  const slides = nnbook.slides(data, words, changed);
  const padding = nnbook.choices(words("window.padding"), [["1", words("window.padding_zeros")], ["0", words("window.padding_none")]], "1", (key) => staying(() => {
    now.padding = Number(key);
  }));
  const stride = nnbook.choices(words("window.stride"), ["1", "2"].map((key) => [key, nnbook.count(Number(key))]), "1", (key) => staying(() => {
    now.stride = Number(key);
  }));
  const filling = nnbook.make("button", { type: "button" });
  const named = () => { filling.textContent = words(seen ? "window.fill" : "window.empty"); };
  filling.addEventListener("click", () => {
    seen = seen ? null : new Uint8Array(made.values.length);
    named();
    fill();
    point(now.row, now.column);
    say(words(seen ? "window.emptied" : "window.filled"));
  });
  places.setAttribute("role", "application");
  places.setAttribute("aria-label", words("window.plane"));
  const point = nnbook.pointAtPixels(places, size, (place) => {
    if (!place) {
      point(now.row, now.column); // the window stays where it was
      away = true;
      return undefined;
    }
    // A fast hand leaves out places; the window has passed over them, if it was not lifted.
    const steps = Math.max(Math.abs(place.row - now.row), Math.abs(place.column - now.column), 1);
    for (let step = place.settled || !place.frame || away ? steps : 1; seen && step <= steps; step += 1) {
      const [row, column] = [[now.row, place.row], [now.column, place.column]].map(([from, to]) => Math.round(from + ((to - from) * step) / steps));
      seen[row * size.width + column] = 1;
    }
    away = away && !place.frame;
    now.row = place.row;
    now.column = place.column;
    const said = lit();
    if (!place.settled) return undefined;
    say(said);
    return keep();
  });
  const open = () => {
    const asked = nnbook.state.get(data.name) || {};
    slides.open(asked);
    Object.assign(now, rest, { padding: asked.padding === "0" ? 0 : 1, stride: asked.stride === "2" ? 2 : 1 });
    padding.set(String(now.padding));
    stride.set(String(now.stride));
    for (const axis of /** @type {("row" | "column")[]} */ (["row", "column"])) {
      if (Number(asked[axis]) >= 1) now[axis] = Math.floor(Number(asked[axis])) - 1;
    }
    remake();
  };
  named();
  const controls = nnbook.make("div", { class: "nnb-controls" }, ...slides.fields, padding.field, stride.field, filling);
  nnbook.upgrade(element, "live-window", controls, plane, region);
  nnbook.watchGround(paint);
  nnbook.state.watch(open);
  open();
});
