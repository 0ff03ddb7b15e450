/** Column and grid: the rows of an image, of weights and of their products move from the grid into one column, and back. */

/* All places are in CSS pixels, as in the static drawing that gives the neuron. */
const WIDE = 336;
const TOP = 22;
const SIDE = 112;
const COLUMNS = [140, 163, 186];
const THICK = 12;
const FLIGHT = 6;
const STEPS = 4;

/** @param {number} from @param {number} to @param {number} share */
const between = (from, to, share) => from + (to - from) * share;

nnbook.define("unrolling", (element) => {
  const data = nnbook.data(element);
  const words = nnbook.words(element);
  const { width, height } = data;
  const size = width * height;
  const layer = nnbook.layer(data.layer);
  const image = nnbook.images(data.image, size)[0];
  const products = layer.rows[0].map((weight, at) => (weight * image[at]) / 255);
  const score = nnbook.signed(nnbook.scores([layer], image)[0]);
  const faintToStrong = Array.from(products.keys()).filter((at) => products[at]).sort((a, b) => Math.abs(products[a]) - Math.abs(products[b]));
  const colours = { light: nnbook.colours(data.scale.light), dark: nnbook.colours(data.scale.dark) };

  const cell = Math.max(1, Math.floor(SIDE / Math.max(width, height)));
  const tall = cell * height;
  const pitch = Math.ceil((6 * (tall + 18)) / size) / 2;
  const long = pitch * size;
  const tops = [0, 1, 2].map((part) => TOP + (part * (long - tall)) / 2);
  const last = STEPS * height;
  let place = last;
  let goal = last;
  let frame = 0;
  let chosen = -1;

  const sheets = tops.map(() => nnbook.canvas(width, height, ""));
  const canvas = nnbook.canvas(0, 0, "");
  canvas.classList.remove("nnb-pixels");
  const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("class", "nnb-drawing");
  svg.setAttribute("viewBox", `0 0 ${WIDE} ${TOP + long + 6}`);
  svg.setAttribute("aria-hidden", "true");
  const neuron = /** @type {SVGGElement} */ (/** @type {Element} */ (element.querySelector(".nnb-neuron")).cloneNode(true));
  const tip = /** @type {SVGCircleElement} */ (neuron.querySelector("circle"));
  const middle = TOP + long / 2;
  neuron.setAttribute("transform", `translate(0 ${middle - tip.cy.baseVal.value})`);
  const tipX = tip.cx.baseVal.value - tip.r.baseVal.value;
  const names = [words("sums.pixels"), `× ${words("sums.weights")}`, `= ${words("sums.products")}`];
  const text = (/** @type {number} */ x, /** @type {number} */ y, /** @type {string} */ said, kind = "nnb-quiet") =>
    `<text x="${x}" y="${y}" class="${kind}">${said}</text>`;
  const symbols = ["x", "×", "w", "=", "w x"].map((symbol, at) => text(COLUMNS[0] + THICK / 2 + at * 11.5, TOP - 7, symbol, at % 2 ? "nnb-quiet" : "nnb-symbol"));
  svg.innerHTML = `${names.map((name, part) => text(cell * width / 2, tops[part] - 7, name)).join("")}<g>${symbols.join("")}</g>
    <g class="nnb-ends">${text(COLUMNS[0] - 4, TOP + 8, "1")}${text(COLUMNS[0] - 4, TOP + long, String(size))}</g>`.replace(/\n\s*/, "");
  svg.append(neuron);
  const box = nnbook.make("div", { class: "nnb-unroll-stage", role: "application", "aria-label": words("unrolling.plane") });
  box.append(canvas, svg);

  /** Where the rows are: 0 in the grid, 1 in the column. They leave one after the other. @param {number} row */
  const share = (row) => {
    const part = Math.max(0, Math.min(1, ((place / last) * (height - 1 + FLIGHT) - row) / FLIGHT));
    return part * part * (3 - 2 * part);
  };
  /** A row of a picture, turning by a right angle on its way. @param {number} part @param {number} row @param {number} moved @param {number} scale */
  const drawRow = (part, row, moved, scale) => {
    const turn = (moved * Math.PI) / 2;
    const [across, down] = [moved < 1 ? Math.cos(turn) : 0, Math.sin(turn)].map((value) => value * scale);
    const [along, thick] = [between(cell, pitch, moved), between(cell, THICK, moved)];
    const x = between(0, COLUMNS[part] + THICK, moved) * scale;
    const y = between(tops[part] + row * cell, TOP + row * width * pitch, moved) * scale;
    context.setTransform(along * across, along * down, -thick * down, thick * across, x, y);
    context.drawImage(sheets[part], 0, row, width, 1, 0, 0, width, 1);
  };
  /** @param {number} at @param {number} moved of its row @param {CSSStyleDeclaration} style */
  const drawLine = (at, moved, style) => {
    const y = between(tops[2] + (Math.floor(at / width) + 0.5) * cell, TOP + (at + 0.5) * pitch, moved);
    context.strokeStyle = style.getPropertyValue(products[at] < 0 ? "--nnb-negative" : "--nnb-positive");
    context.beginPath();
    context.moveTo(between(cell * width + 2, COLUMNS[2] + THICK + 1, moved), y);
    context.lineTo(tipX, middle);
    context.stroke();
  };
  /** @param {CSSStyleDeclaration} style */
  const mark = (style) => {
    const [row, column] = [Math.floor(chosen / width), chosen % width];
    const boxes = tops.flatMap((top, part) => [
      [column * cell, top + row * cell, cell, cell],
      [COLUMNS[part], TOP + chosen * pitch, THICK, pitch],
    ]);
    for (const [name, wide, out] of /** @type {[string, number, number][]} */ ([["--nnb-paper", 1.5, 0.75], ["--nnb-accent", 1.5, 2.25]])) {
      context.strokeStyle = style.getPropertyValue(name);
      context.lineWidth = wide;
      boxes.forEach(([x, y, w, h]) => context.strokeRect(x - out, y - out, w + 2 * out, h + 2 * out));
    }
  };
  const draw = () => {
    const style = getComputedStyle(box);
    const scale = 2 * Math.ceil(devicePixelRatio / 2);
    const moved = Array.from({ length: height }, (_, row) => share(row));
    canvas.width = WIDE * scale;
    canvas.height = (TOP + long + 6) * scale;
    context.imageSmoothingEnabled = false;
    context.scale(scale, scale);
    context.strokeStyle = style.getPropertyValue("--nnb-line");
    tops.forEach((top, part) => {
      context.strokeRect(-0.5, top - 0.5, cell * width + 1, tall + 1);
      context.strokeRect(COLUMNS[part] - 0.5, TOP - 0.5, THICK + 1, long + 1);
    });
    context.lineWidth = 0.7;
    faintToStrong.forEach((at) => {
      context.globalAlpha = Math.abs(products[at]) / layer.limit;
      drawLine(at, moved[Math.floor(at / width)], style);
    });
    context.globalAlpha = 1;
    context.lineWidth = 2.5;
    if (chosen >= 0) drawLine(chosen, moved[Math.floor(chosen / width)], style);
    moved.forEach((way, row) =>
      tops.forEach((_, part) => {
        context.globalAlpha = 0.16;
        if (way) drawRow(part, row, 0, scale);
        context.globalAlpha = 1;
        drawRow(part, row, way, scale);
      })
    );
    context.setTransform(scale, 0, 0, scale, 0, 0);
    if (chosen >= 0) mark(style);
  };
  const paint = () => {
    const ground = nnbook.ground(element);
    nnbook.paintInk(sheets[0], image);
    if (ground === "dark") {
      const ink = /** @type {CanvasRenderingContext2D} */ (sheets[0].getContext("2d"));
      ink.globalCompositeOperation = "source-in";
      ink.fillStyle = "#fff";
      ink.fillRect(0, 0, width, height);
    }
    nnbook.paintSigned(sheets[1], layer.rows[0], layer.limit, colours[ground]);
    nnbook.paintSigned(sheets[2], products, layer.limit, colours[ground]);
    nnbook.legend(legend, layer.limit, colours[ground], words("scale.product_words"));
    draw();
  };

  const { region, say } = nnbook.aloud();
  const reading = nnbook.make("p", { class: "nnb-reading" });
  const legend = nnbook.make("div", { class: "nnb-legend" });
  const range = /** @type {HTMLInputElement} */ (nnbook.make("input", { type: "range", max: last, "aria-label": words("unrolling.track") }));
  const button = nnbook.make("button", { type: "button" });
  const show = () => {
    const count = Array.from({ length: height }, (_, row) => share(row)).filter((way) => way === 1).length;
    range.value = String(place);
    range.setAttribute("aria-valuetext", words("unrolling.said", { count, rows: height, score }));
    button.textContent = words(goal ? "unrolling.roll" : "unrolling.unroll");
    draw();
  };
  const keep = () => {
    const at = goal === last ? "column" : goal || "grid";
    nnbook.state.set(data.name, chosen < 0 ? { at } : { at, pixel: chosen + 1 });
  };
  /** The reader has moved the rows. */
  const settle = () => {
    keep();
    say(range.getAttribute("aria-valuetext") || "");
  };
  /** @param {number} to */
  const jump = (to) => {
    cancelAnimationFrame(frame);
    place = goal = to;
    show();
  };
  range.addEventListener("input", () => jump(Number(range.value)));
  range.addEventListener("change", settle);
  button.addEventListener("click", () => {
    cancelAnimationFrame(frame);
    goal = goal ? 0 : last;
    const [from, way] = [place, goal - place];
    const time = 300 + (600 * Math.abs(way)) / last;
    let began = 0;
    const step = (/** @type {number} */ now) => {
      began = began || now;
      const part = nnbook.still() ? 1 : Math.min(1, (now - began) / time);
      place = from + way * part;
      show();
      if (part < 1) frame = requestAnimationFrame(step);
      else settle();
    };
    step(0);
  });

  box.addEventListener("keydown", (event) => {
    const step = { ArrowUp: -1, ArrowDown: 1 }[event.key];
    if (!step || chosen < 0 || goal < last) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    pick(chosen + step * (event.shiftKey ? width : 1));
    say(String(reading.textContent));
  });
  const point = nnbook.pointAtPixels(box, { width, height }, (to) => {
    chosen = to ? to.row * width + to.column : -1;
    reading.textContent = to
      ? words("unrolling.reading", {
          number: chosen + 1,
          row: to.row + 1,
          column: to.column + 1,
          pixel: (image[chosen] / 255).toFixed(2),
          weight: nnbook.signed(layer.rows[0][chosen], 3),
          product: nnbook.signed(products[chosen], 3),
        })
      : words("weights.point");
    if (to && to.settled) say(String(reading.textContent));
    draw();
  });
  const pick = (/** @type {number} */ number) => {
    const at = Math.max(0, Math.min(size - 1, number));
    point(Math.floor(at / width), at % width);
  };
  const touched = (/** @type {PointerEvent} */ event) => {
    const { left, top, width: shown } = box.getBoundingClientRect();
    const [x, y] = [event.clientX - left, event.clientY - top].map((value) => (value * WIDE) / shown);
    const part = tops.findIndex((from) => y >= from && y < from + tall);
    if (x < cell * width && part >= 0) pick(Math.floor((y - tops[part]) / cell) * width + Math.floor(Math.max(0, x) / cell));
    else if (x > COLUMNS[0] - 10 && x < COLUMNS[2] + THICK + 10) pick(Math.floor((y - TOP) / pitch));
    else return;
    if (event.type === "pointermove") return;
    keep();
    say(String(reading.textContent));
  };
  box.addEventListener("pointermove", touched);
  box.addEventListener("pointerdown", touched);

  const open = () => {
    const state = nnbook.state.get(data.name) || {};
    const at = /** @type {Record<string, number>} */ ({ column: last, grid: 0 })[state.at] ?? Number(state.at || last);
    jump(at >= 0 && at <= last ? at : last);
    if (Number(state.pixel)) pick(Number(state.pixel) - 1);
    else box.dispatchEvent(new KeyboardEvent("keydown", { key: "Escape" }));
  };
  const ends = ["grid", "column"].map((end) => nnbook.make("span", {}, words(`unrolling.at_${end}`)));
  const track = nnbook.make("div", { class: "nnb-track-box" }, range, nnbook.make("div", { class: "nnb-unroll-ends", "aria-hidden": "true" }, ...ends));
  const equation = /** @type {Element} */ (element.querySelector(".nnb-equation")).cloneNode(true);
  reading.textContent = words("weights.point");
  nnbook.upgrade(
    element,
    "live-unrolling",
    nnbook.make("div", { class: "nnb-unroll" }, nnbook.make("div", { class: "nnb-controls" }, button, track), box, nnbook.make("div", {}, reading, equation, legend, region))
  );
  paint();
  open();
  nnbook.watchGround(paint);
  nnbook.state.watch(open);
  addEventListener("resize", draw);
});
