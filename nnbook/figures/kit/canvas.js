/** Pictures that the page itself paints, and the one pixel that the reader points at. */

/**
 * The ground that an element stands on. Notebooks say it on their body.
 * @param {Element} element
 * @returns {"light" | "dark"}
 */
nnbook.ground = (element) =>
  document.documentElement.dataset.theme === "dark" || element.closest('[data-jp-theme-light="false"]') ? "dark" : "light";

/** Call back when the page turns light or dark. @param {() => void} listener */
nnbook.watchGround = (listener) => {
  const observer = new MutationObserver(listener);
  for (const place of [document.documentElement, document.body]) {
    observer.observe(place, { attributes: true, attributeFilter: ["data-theme", "data-jp-theme-light"] });
  }
};

/**
 * A canvas for one image, which the style sheet enlarges by a whole number.
 * @param {number} width
 * @param {number} height
 * @param {string} name what a screen reader calls it; nothing for a picture that others describe
 */
nnbook.canvas = (width, height, name) => {
  const said = name ? { role: "img", "aria-label": name } : { "aria-hidden": "true" };
  return /** @type {HTMLCanvasElement} */ (nnbook.make("canvas", { class: "nnb-pixels", width, height, ...said }));
};

/** @param {HTMLCanvasElement} canvas @param {(at: number) => number} colour of a pixel: opacity, blue, green, red as one number */
const paint = (canvas, colour) => {
  const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  const picture = context.createImageData(canvas.width, canvas.height);
  const pixels = new Uint32Array(picture.data.buffer);
  for (let at = 0; at < pixels.length; at += 1) pixels[at] = colour(at);
  context.putImageData(picture, 0, 0);
};

/** Half to the even neighbour, as NumPy rounds. @param {number} value */
const rounded = (value) => {
  const near = Math.round(value);
  return near - value === 0.5 && near % 2 !== 0 ? near - 1 : near;
};

/**
 * Signed values: blue below zero, nothing at zero, orange above.
 * @param {HTMLCanvasElement} canvas
 * @param {ArrayLike<number>} values
 * @param {number} limit the end of the scale
 * @param {Uint8Array} colours
 */
nnbook.paintSigned = (canvas, values, limit, colours) => {
  const scale = new Uint32Array(colours.buffer);
  const levels = (scale.length - 1) / 2;
  paint(canvas, (at) => scale[rounded(Math.max(-1, Math.min(1, values[at] / (limit || 1))) * levels) + levels]);
};

/**
 * Brightness 0 to 255 as ink: black on nothing; the style sheet inverts it on a dark page.
 * @param {HTMLCanvasElement} canvas
 * @param {ArrayLike<number>} values
 */
nnbook.paintInk = (canvas, values) => {
  canvas.classList.add("nnb-ink");
  paint(canvas, (at) => rounded(values[at]) << 24);
};

/**
 * The legend of a signed scale that ends at `limit`.
 * @param {HTMLElement} legend
 * @param {number} limit
 * @param {Uint8Array} colours
 * @param {string} caption
 */
nnbook.legend = (legend, limit, colours, caption) => {
  const strip = nnbook.canvas(colours.length / 4, 1, "");
  const ramp = Float64Array.from({ length: strip.width }, (_, at) => (2 * at) / (strip.width - 1) - 1);
  nnbook.paintSigned(strip, ramp, 1, colours);
  const [low, high] = [-limit, limit].map((end) => nnbook.make("span", {}, nnbook.signed(end)));
  const shown = nnbook.make("span", { class: "nnb-legend-strip" }, strip);
  legend.replaceChildren(low, shown, high, nnbook.make("span", { class: "nnb-legend-words" }, caption));
};

/** A canvas in a frame that can mark one of its pixels. @param {HTMLCanvasElement} canvas @param {string} [under] */
nnbook.shot = (canvas, under) => {
  const frame = nnbook.make("span", { class: "nnb-shot" }, canvas);
  frame.style.setProperty("--w", String(canvas.width));
  frame.style.setProperty("--h", String(canvas.height));
  const note = nnbook.make("span", { class: "nnb-tile-note" }, under || "");
  return { cell: nnbook.make("span", { class: "nnb-shot-cell" }, frame, note), frame, note };
};

/**
 * Let the reader point at a pixel of any canvas inside `plane`: by mouse, finger or pen, or by the arrow keys.
 * @param {HTMLElement} plane
 * @param {{ width: number, height: number }} size of each image, in pixels
 * @param {(place: { row: number, column: number, frame: Element | null, settled: boolean } | null) => void} show settled: by key or touch
 * @returns {(row: number, column: number) => void} to point from a program
 */
nnbook.pointAtPixels = (plane, size, show) => {
  let row = Math.floor(size.height / 2);
  let column = Math.floor(size.width / 2);
  let shown = false;
  plane.classList.add("nnb-plane");
  plane.tabIndex = 0;

  /** @param {number} toRow @param {number} toColumn @param {Element | null} frame @param {boolean} settled */
  const point = (toRow, toColumn, frame, settled) => {
    row = Math.max(0, Math.min(size.height - 1, toRow));
    column = Math.max(0, Math.min(size.width - 1, toColumn));
    shown = true;
    plane.dataset.row = String(row);
    plane.dataset.column = String(column);
    plane.style.setProperty("--row", String(row));
    plane.style.setProperty("--column", String(column));
    show({ row, column, frame, settled });
  };
  const leave = () => {
    shown = false;
    delete plane.dataset.row;
    delete plane.dataset.column;
    show(null);
  };
  const touched = (/** @type {PointerEvent} */ event) => {
    const frame = event.target instanceof Element ? event.target.closest(".nnb-shot") : null;
    const canvas = frame && frame.querySelector("canvas");
    if (!canvas) return;
    const box = canvas.getBoundingClientRect();
    const toRow = Math.floor(((event.clientY - box.top) / box.height) * size.height);
    const toColumn = Math.floor(((event.clientX - box.left) / box.width) * size.width);
    point(toRow, toColumn, frame, event.type === "pointerdown");
  };
  plane.addEventListener("pointermove", touched);
  plane.addEventListener("pointerdown", touched);
  plane.addEventListener("pointerleave", (event) => {
    if (event.pointerType === "mouse" && document.activeElement !== plane) leave();
  });
  plane.addEventListener("keydown", (event) => {
    const step = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] }[event.key];
    if (event.key === "Escape" && shown) leave();
    if (!step) return;
    event.preventDefault();
    const stride = event.shiftKey ? 5 : 1;
    const moved = shown ? stride : 0;
    point(row + moved * step[0], column + moved * step[1], null, true);
  });
  return (toRow, toColumn) => point(toRow, toColumn, null, false);
};

/**
 * A region that screen readers read aloud when its text changes.
 * @returns {{ region: HTMLElement, say: (text: string) => void }}
 */
nnbook.aloud = () => {
  const region = nnbook.make("p", { class: "nnb-unseen", role: "status", "aria-live": "polite" });
  return { region, say: (text) => { if (region.textContent !== text) region.textContent = text; } };
};

/**
 * The live figure beside its static one, which stays for print.
 * @param {HTMLElement} element
 * @param {string} kind
 * @param {...(Node | string)} parts
 */
nnbook.upgrade = (element, kind, ...parts) => {
  const live = nnbook.make("div", { class: `nnb nnb-live nnb-${kind}` }, ...parts);
  element.append(live);
  element.classList.add("nnb-upgraded");
  return live;
};

let groups = 0;

/**
 * Images to choose from, in one group of radio buttons: one tab stop, arrow keys walk.
 * @param {string} name
 * @param {{ images: Uint8Array[], names: string[], indices: number[], width: number, height: number, columns: number }} from
 * @param {(at: number) => void} change
 * @returns {{ field: HTMLElement, set: (at: number) => void }}
 */
nnbook.imageChoice = (name, from, change) => {
  groups += 1;
  const group = `nnb-images-${groups}`;
  const inputs = from.images.map((_, at) => {
    const said = { type: "radio", name: group, value: from.indices[at], "aria-label": from.names[at] };
    const input = /** @type {HTMLInputElement} */ (nnbook.make("input", said));
    input.addEventListener("change", () => change(at));
    return input;
  });
  const labels = from.images.map((image, at) => {
    const canvas = nnbook.canvas(from.width, from.height, "");
    nnbook.paintInk(canvas, image);
    canvas.dataset.index = String(from.indices[at]);
    return nnbook.make("label", { title: from.names[at] }, inputs[at], nnbook.make("span", {}, canvas));
  });
  const list = nnbook.make("div", { class: "nnb-image-choice" }, ...labels);
  list.style.setProperty("--columns", String(from.columns));
  const field = nnbook.make("fieldset", {}, nnbook.make("legend", {}, name), list);
  return { field, set: (at) => inputs.forEach((input, other) => { input.checked = other === at; }) };
};

/**
 * The scores of all classes as bars to the right and to the left of zero; with `change`, each is a choice.
 * @param {string} name
 * @param {string[]} names of the classes
 * @param {((number: number) => void) | null} change
 * @returns {NnbookBars}
 */
nnbook.scoreBars = (name, names, change) => {
  groups += 1;
  const group = `nnb-scores-${groups}`;
  const lines = names.map((className, number) => {
    const score = nnbook.make("span", { class: "nnb-number" });
    const bar = nnbook.make("i", {});
    const track = nnbook.make("span", { class: "nnb-track" }, bar);
    const said = nnbook.make("span", { class: "nnb-said" });
    const row = nnbook.make("span", { class: "nnb-row" }, said, nnbook.make("b", {}, className), score, track);
    const input = /** @type {HTMLInputElement} */ (nnbook.make("input", { type: "radio", name: group, value: number }));
    input.addEventListener("change", () => change && change(number));
    const line = change ? nnbook.make("label", {}, input, row) : nnbook.make("div", {}, row);
    line.dataset.class = String(number);
    return { line, score, bar, track, said, input };
  });
  const list = nnbook.make("div", {}, ...lines.map(({ line }) => line));
  const field = change
    ? nnbook.make("fieldset", { class: "nnb-bars" }, nnbook.make("legend", {}, name), list)
    : nnbook.make("div", { class: "nnb-bars", role: "group", "aria-label": name }, list);
  return {
    field,
    set: (number) => lines.forEach(({ input }, other) => { input.checked = other === number; }),
    show: (scores, said) => {
      const low = Math.min(0, ...Array.from(scores));
      const span = Math.max(0, ...Array.from(scores)) - low || 1;
      const winner = nnbook.largest(scores);
      const won = Array.from(scores).some((score) => score !== scores[winner]); // nobody has, among equals
      lines.forEach((line, number) => {
        const score = scores[number];
        line.line.toggleAttribute("data-winner", won && number === winner);
        line.score.textContent = nnbook.signed(score);
        line.said.replaceChildren(...said(number).map((word) => nnbook.make("span", {}, word)));
        line.track.style.setProperty("--zero", `${((-100 * low) / span).toFixed(2)}%`);
        line.bar.className = score < 0 ? "nnb-below" : "nnb-above";
        line.bar.style.cssText = `left:${((100 * (Math.min(score, 0) - low)) / span).toFixed(2)}%;width:${((100 * Math.abs(score)) / span).toFixed(2)}%`;
      });
    },
  };
};
