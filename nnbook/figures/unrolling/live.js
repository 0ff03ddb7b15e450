/** Column and grid: the rows of an image, of weights and of their products move from the grid into one column, and back. */

const FLIGHT = 6; // so many rows are on their way at the same time
const STEPS = 4; // of the slider for each row

/** @param {number} from @param {number} to @param {number} share */
const between = (from, to, share) => from + (to - from) * share;

nnbook.define("unrolling", (element) => {
  const data = nnbook.data(element);
  const words = nnbook.words(element);
  /** @type {Record<string, number>} places in CSS pixels, as in the drawing that comes with the figure */
  const { width, height, top, cell, pitch, thick, high, wide, tip, middle } = data;
  /** @type {{ tops: number[], columns: number[] }} */
  const { tops, columns } = data;
  const layer = nnbook.layer(data.layer);
  const { limit } = layer;
  const weights = layer.rows[0];
  const image = nnbook.images(data.image, weights.length)[0];
  const products = weights.map((weight, at) => (weight * image[at]) / 255);
  const score = nnbook.signed(nnbook.scores([layer], image)[0]);
  const last = STEPS * height;
  let place = last;
  let goal = last;
  let frame = 0;
  let chosen = -1;
  let said = "";

  const sheets = tops.map(() => nnbook.canvas(width, height, ""));
  const canvas = /** @type {HTMLCanvasElement} */ (nnbook.make("canvas"));
  const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  const [drawing, ends] = /** @type {HTMLTemplateElement} */ (element.querySelector("template")).content.cloneNode(true).childNodes;
  const stage = nnbook.make("div", { class: "nnb-unroll-stage", role: "application", "aria-label": words("unrolling.plane") }, canvas, drawing);
  const equation = /** @type {Element} */ (element.querySelector(".nnb-equation")).cloneNode(true);
  const { region, say } = nnbook.aloud();
  const reading = nnbook.make("p", { class: "nnb-reading" });
  const legend = nnbook.make("div", { class: "nnb-legend" });
  const range = /** @type {HTMLInputElement} */ (nnbook.make("input", { type: "range", max: last, "aria-label": words("unrolling.track") }));
  const button = nnbook.make("button", { type: "button" });

  const rowOf = (/** @type {number} */ at) => Math.floor(at / width);
  /** @param {string} name of a colour of the page */
  const ink = (name) => { context.strokeStyle = getComputedStyle(stage).getPropertyValue(`--nnb-${name}`); };
  /** A row of a picture, turning by a right angle on its way. @param {number} part @param {number} row @param {number} way @param {number} scale */
  const drawRow = (part, row, way, scale) => {
    const [along, across] = [cell, cell].map((size, side) => scale * between(size, side ? thick : pitch, way));
    const [cos, sin] = [way < 1 ? Math.cos((way * Math.PI) / 2) : 0, Math.sin((way * Math.PI) / 2)];
    const x = between(1, columns[part] + thick, way);
    const y = between(tops[part] + row * cell, top + row * width * pitch, way);
    context.setTransform(along * cos, along * sin, -across * sin, across * cos, x * scale, y * scale);
    context.drawImage(sheets[part], 0, row, width, 1, 0, 0, width, 1);
  };
  /** @param {number} at @param {number} way of its row */
  const drawLine = (at, way) => {
    context.beginPath();
    context.moveTo(
      between(cell * width + 3, columns[2] + thick + 1, way),
      between(tops[2] + (rowOf(at) + 0.5) * cell, top + (at + 0.5) * pitch, way)
    );
    context.lineTo(tip, middle);
    context.stroke();
  };
  const draw = () => {
    const scale = 2 * Math.ceil(devicePixelRatio / 2);
    const ways = Array.from({ length: height }, (_, row) => {
      const share = Math.max(0, Math.min(1, ((place / last) * (height - 1 + FLIGHT) - row) / FLIGHT));
      return share * share * (3 - 2 * share);
    });
    canvas.width = wide * scale;
    canvas.height = high * scale;
    context.imageSmoothingEnabled = false;
    context.scale(scale, scale);
    ink("line");
    tops.forEach((from, part) => {
      context.strokeRect(0.5, from - 0.5, cell * width + 1, cell * height + 1);
      context.strokeRect(columns[part] - 0.5, top - 0.5, thick + 1, pitch * weights.length + 1);
    });
    context.lineWidth = 0.7;
    for (const sign of [-1, 1]) {
      ink(sign < 0 ? "negative" : "positive");
      weights.forEach((weight, at) => {
        // every pixel has a line; that of a blank one, which adds nothing, is faint
        context.globalAlpha = Math.max(0, ((weight * sign) / limit) * (0.15 + image[at] / 300));
        if (context.globalAlpha) drawLine(at, ways[rowOf(at)]);
      });
    }
    ways.forEach((way, row) =>
      tops.forEach((_, part) => {
        context.globalAlpha = 0.16;
        if (way) drawRow(part, row, 0, scale);
        context.globalAlpha = 1;
        drawRow(part, row, way, scale);
      })
    );
    context.setTransform(scale, 0, 0, scale, 0, 0);
    if (chosen >= 0) mark(ways[rowOf(chosen)]);
    const count = ways.filter((way) => way === 1).length;
    range.value = String(place);
    said = words("unrolling.said", { count, rows: height, score });
    range.setAttribute("aria-valuetext", said);
    button.textContent = words(goal ? "unrolling.roll" : "unrolling.unroll");
  };
  /** The chosen pixel in all six pictures, and its line. @param {number} way of its row */
  const mark = (way) => {
    for (const [name, size] of /** @type {[string, number][]} */ ([["paper", 3.5], ["accent", 1.5]])) {
      ink(name);
      context.lineWidth = size;
      drawLine(chosen, way);
      tops.forEach((from, part) => {
        context.strokeRect((chosen % width) * cell - 1, from + rowOf(chosen) * cell - 2, cell + 4, cell + 4);
        context.strokeRect(columns[part] - 2, top + chosen * pitch - 2, thick + 4, pitch + 4);
      });
    }
  };
  const paint = () => {
    const ground = nnbook.ground(element);
    const colours = nnbook.colours(data.scale[ground]);
    nnbook.paintInk(sheets[0], image);
    const dye = /** @type {CanvasRenderingContext2D} */ (sheets[0].getContext("2d"));
    dye.globalCompositeOperation = "source-in";
    dye.fillStyle = ground === "dark" ? "#fff" : "#000";
    dye.fillRect(0, 0, width, height);
    nnbook.paintSigned(sheets[1], weights, limit, colours);
    nnbook.paintSigned(sheets[2], products, limit, colours);
    nnbook.legend(legend, limit, colours, words("kit.scale_product_words"));
    draw();
  };

  const tell = () => say(String(reading.textContent));
  const keep = () => {
    const at = goal < last ? goal || "grid" : "column";
    nnbook.state.set(data.name, chosen < 0 ? { at } : { at, pixel: chosen + 1 });
  };
  /** The reader has moved the rows. */
  const settle = () => {
    keep();
    say(said);
  };
  /** @param {number} to */
  const jump = (to) => {
    cancelAnimationFrame(frame);
    place = goal = to;
    draw();
  };
  range.addEventListener("input", () => jump(Number(range.value)));
  range.addEventListener("change", settle);
  button.addEventListener("click", () => {
    cancelAnimationFrame(frame);
    goal = goal ? 0 : last;
    const from = place;
    const time = 300 + (600 * Math.abs(goal - from)) / last;
    const began = performance.now();
    const step = () => {
      const share = nnbook.still() ? 1 : Math.min(1, (performance.now() - began) / time);
      place = between(from, goal, share);
      draw();
      if (share < 1) frame = requestAnimationFrame(step);
      else settle();
    };
    step();
  });

  /** In the column the pixels above and below are the ones before and after. */
  stage.addEventListener("keydown", (event) => {
    const step = { ArrowUp: -1, ArrowDown: 1 }[event.key];
    if (!step || chosen < 0 || goal < last) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    pick(chosen + step * (event.shiftKey ? width : 1));
    tell();
  });
  const point = nnbook.pointAtPixels(stage, data, (pixel) => {
    chosen = pixel ? pixel.row * width + pixel.column : -1;
    reading.textContent = pixel
      ? words("unrolling.reading", {
          number: chosen + 1,
          row: pixel.row + 1,
          column: pixel.column + 1,
          pixel: nnbook.decimal(image[chosen] / 255),
          weight: nnbook.signed(weights[chosen], 3),
          product: nnbook.signed(products[chosen], 3),
        })
      : words("kit.point");
    if (pixel && pixel.settled) tell();
    draw();
  });
  /** @param {number} number */
  const pick = (number) => {
    const at = Math.max(0, Math.min(weights.length - 1, number || 0));
    point(rowOf(at), at % width);
  };
  const touched = (/** @type {PointerEvent} */ event) => {
    const box = stage.getBoundingClientRect();
    const [x, y] = [event.clientX - box.x, event.clientY - box.y].map((value) => (value * wide) / box.width);
    const part = tops.findIndex((from) => y >= from && y < from + cell * height);
    if (x < cell * width && part >= 0) point(Math.floor((y - tops[part]) / cell), Math.floor((x - 1) / cell));
    else if (Math.abs(x - columns[1]) < 60) pick(Math.floor((y - top) / pitch));
    else return;
    if (event.type === "pointermove") return;
    keep();
    tell();
  };
  stage.addEventListener("pointermove", touched);
  stage.addEventListener("pointerdown", touched);

  const open = () => {
    const asked = nnbook.state.get(data.name) || {};
    const { at = String(data.form), pixel } = asked;
    const to = at === "grid" ? 0 : Number(at);
    jump(to >= 0 && to < last ? to : last);
    if (pixel) pick(Number(pixel) - 1);
    else stage.dispatchEvent(new KeyboardEvent("keydown", { key: "Escape" }));
  };
  const track = nnbook.make("div", { class: "nnb-track-box" }, range, ends);
  const controls = nnbook.make("div", { class: "nnb-controls" }, button, track);
  const notes = nnbook.make("div", {}, reading, equation, legend, region);
  reading.textContent = words("kit.point");
  nnbook.upgrade(element, "live-unrolling", nnbook.make("div", { class: "nnb-unroll" }, controls, stage, notes));
  paint();
  open();
  nnbook.watchGround(paint);
  nnbook.state.watch(open);
  addEventListener("resize", draw);
});
