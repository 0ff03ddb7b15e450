/** A network learns in the page to tell points of the plane apart: maps of what it says, and of what its neurons say. */

nnbook.define("plane", (element) => {
  const data = nnbook.data(element);
  const words = nnbook.words(element);
  const { edge, cells, map, at: left, small, between, epochs, panel } = data;
  const width = 336;
  const most = 120; // own points: all of them stand in the address
  /** @type {Record<string, Uint8Array>} */
  const colours = Object.fromEntries(Object.entries(data.scale).map(([ground, packed]) => [ground, nnbook.colours(packed)]));
  const grid = new Float64Array(2 * cells * cells);
  for (let cell = 0; cell < cells * cells; cell += 1) {
    grid[2 * cell] = edge * ((2 * (cell % cells) + 1) / cells - 1);
    grid[2 * cell + 1] = -edge * ((2 * Math.floor(cell / cells) + 1) / cells - 1);
  }
  /** @typedef {{ x: number, y: number, kind: number }} Point */
  /** @type {Record<string, Point[]>} */
  const sets = Object.fromEntries(
    Object.entries(data.points).map(([key, packed]) => {
      const numbers = nnbook.unpack(packed, 2).map((value) => Math.round(value - 100 * edge) / 100);
      return [key, numbers.flatMap((x, at) => (at % 2 ? [] : [{ x, y: numbers[at + 1], kind: Number(at >= numbers.length / 2) }]))];
    })
  );
  sets.own = [];
  let kind = "0";
  const cross = { x: 0, y: 0, shown: false };
  /** @type {{ epoch: number, loss: number, right: number }[]} */
  let looks = [];
  /** @type {NnbookRun} From the moment when the figure opens. */
  let run;
  /** @type {NnbookExamples & { numbers: Float64Array }} */
  let examples;

  const parts = /** @type {HTMLElement} */ (/** @type {Element} */ (element.querySelector(".nnb-plane-parts")).cloneNode(true));
  const stage = /** @type {HTMLElement} */ (parts.querySelector(".nnb-stage"));
  const [drawing, chart] = parts.querySelectorAll("svg");
  const find = (/** @type {string} */ kind, within = drawing) => /** @type {Element} */ (within.querySelector(kind));
  const summary = /** @type {HTMLElement} */ (parts.querySelector(".nnb-sum"));
  /** Enlarged smoothly: what it shows has no pixels. */
  const mapped = () => /** @type {HTMLCanvasElement} */ (nnbook.make("canvas", { width: cells, height: cells, "aria-hidden": "true" }));
  const large = mapped();
  const crossing = document.createElementNS("http://www.w3.org/2000/svg", "path");
  crossing.setAttribute("class", "nnb-plane-cross");
  find(".nnb-plane-large").append(crossing);

  const hidden = () => (trainer.values.first ? [trainer.values.first, trainer.values.second].map(Number).filter(Boolean) : []);
  const points = () => sets[String(trainer.values.data)];
  const both = () => new Set(points().map((point) => point.kind)).size === 2;
  const place = (/** @type {{ x: number, y: number }} */ { x, y }) => [left + (map / 2) * (1 + x / edge), (map / 2) * (1 - y / edge)];

  /** Where everything lies, as in Python: columns of each layer, and for each line between two neurons its element. */
  const layOut = () => {
    const sizes = hidden();
    const top = data.top + data.row * sizes.length;
    const height = top + map + 20;
    const rows = sizes.map((size) => Array.from({ length: size }, (_, at) => width / 2 + (small + between) * (at - (size - 1) / 2)));
    const columns = [[width / 2 - 60, width / 2 + 60], ...rows, [width / 2]];
    /** @param {HTMLCanvasElement} canvas @param {number} x @param {number} y @param {number} side */
    const put = (canvas, x, y, side) => {
      const span = nnbook.make("span", { class: "nnb-at" }, canvas);
      span.style.cssText = `left:${(100 * x) / width}%;top:${(100 * y) / height}%;width:${(100 * side) / width}%;height:${(100 * side) / height}%`;
      return span;
    };
    const maps = rows.map((row) => row.map(mapped));
    const spans = rows.flatMap((row, layer) => row.map((x, at) => put(maps[layer][at], x - small / 2, data.top + data.row * layer, small)));
    stage.replaceChildren(...spans, put(large, left, top, map), drawing);
    drawing.setAttribute("viewBox", `0 0 ${width} ${height}`);
    find(".nnb-plane-large").setAttribute("transform", `translate(0 ${top})`);
    const outlines = rows.flatMap((row, layer) => row.map((x) => `M${x - small / 2} ${data.top + data.row * layer}h${small}v${small}h-${small}z`));
    find(".nnb-plane-frame").setAttribute("d", outlines.join(""));
    const lines = columns.slice(1).map((row, layer) =>
      row.map((x) =>
        columns[layer].map((from) => {
          const start = layer ? data.top + data.row * (layer - 1) + small : data.inputs + 6;
          const end = data.top + data.row * layer;
          const line = document.createElementNS("http://www.w3.org/2000/svg", "path");
          line.setAttribute("d", `M${from} ${start}C${from} ${(start + end) / 2} ${x} ${(start + end) / 2} ${x} ${end}`);
          return line;
        })
      )
    );
    find(".nnb-plane-edges").replaceChildren(...lines.flat(2));
    return { maps, lines };
  };
  /** @type {ReturnType<typeof layOut>} */
  let layout;
  let laid = "none";

  /** A new run, at its start. */
  const begin = () => {
    const { activation, rate, batch, momentum, seed } = /** @type {any} */ (trainer.values);
    const here = points();
    const numbers = Float64Array.from(here.flatMap(({ x, y }) => [x, y]));
    examples = { numbers, labels: here.map((point) => point.kind), size: 2, scale: 1, classes: 2 };
    run = nnbook.training(examples, { hidden: hidden(), activation, rate, batch, momentum, decay: 0, start: 1, seed });
    looks = [];
    if (String(hidden()) !== laid) layout = layOut(); // else what has the focus keeps it
    laid = String(hidden());
    [0, 1].forEach((own) => {
      const dots = here.filter((point) => point.kind === own).map((point) => `M${place(point).map((value) => value.toFixed(1)).join(" ")}h.01`).join("");
      drawing.querySelectorAll(`.nnb-kind-${own}`).forEach((path) => path.setAttribute("d", dots));
    });
  };
  const judged = () => {
    const { loss, right } = run.judge(examples.numbers, examples.labels.length, examples.labels);
    return { epoch: run.steps / run.stepsPerEpoch, loss: loss / examples.labels.length, right };
  };
  const ended = () => run.steps >= epochs * run.stepsPerEpoch || (looks.length > 0 && nnbook.astray(looks[looks.length - 1].loss));
  /** Learn from one batch, and give what share of an epoch that was. */
  const step = () => {
    if (ended()) return 0;
    run.step();
    if (run.steps % (data.look * run.stepsPerEpoch) === 0) looks.push(judged());
    return ended() ? 0 : 1 / run.stepsPerEpoch;
  };

  const draw = () => {
    const scale = colours[nnbook.ground(element)];
    const all = cells * cells;
    /** @type {Float64Array[]} */
    const outputs = [];
    run.layers.reduce((values, layer) => (outputs[outputs.length] = layer.forward(values, all)), /** @type {Float64Array} */ (grid));
    layout.maps.forEach((maps, layer) => {
      const values = outputs[2 * layer + 1];
      const isRelu = trainer.values.activation === "relu";
      let limit = isRelu ? 0 : 1;
      for (let at = 0; isRelu && at < all * maps.length; at += 1) limit = Math.max(limit, values[at]);
      maps.forEach((canvas, neuron) => {
        const own = Float64Array.from({ length: all }, (_, cell) => values[cell * maps.length + neuron]);
        nnbook.paintSigned(canvas, trainer.values.activation === "sigmoid" ? own.map((value) => 2 * value - 1) : own, limit, scale);
      });
    });
    const scores = outputs[outputs.length - 1];
    nnbook.paintSigned(large, Float64Array.from({ length: all }, (_, cell) => data.pale * Math.tanh((scores[2 * cell + 1] - scores[2 * cell]) / 2)), 1, scale);
    layout.lines.forEach((rows, number) => {
      const { parameters, outputs: count } = run.layers[2 * number];
      const isLast = number === layout.lines.length - 1;
      const weights = rows.map((row, to) => row.map((_, from) => (isLast ? parameters[2 * from + 1] - parameters[2 * from] : parameters[from * count + to])));
      const largest = Math.max(...weights.flat().map(Math.abs)) || 1;
      rows.forEach((row, to) => row.forEach((line, from) => {
        line.setAttribute("class", weights[to][from] > 0 ? "nnb-positive" : "nnb-negative");
        line.style.setProperty("--share", (Math.abs(weights[to][from]) / largest).toFixed(2));
      }));
    });
  };
  const show = () => {
    draw();
    const own = trainer.values.data === "own";
    const now = both() ? judged() : { epoch: 0, loss: NaN, right: 0 };
        const said = { epochs: nnbook.count(Math.floor(now.epoch)), loss: nnbook.lossText(now.loss, 3), right: nnbook.count(now.right), total: nnbook.count(points().length) };
    summary.textContent = words(!both() ? "plane.few" : nnbook.astray(now.loss) ? "kit.trainer_broken" : "plane.summary", said);
    drawing.setAttribute("aria-label", words("plane.alt", said));
    chart.setAttribute("aria-label", words("plane.curve_alt", said));
    find(".nnb-run", chart).setAttribute("d", nnbook.curve(panel, looks.map((look) => look.epoch / epochs), looks.map((look) => look.loss)));
    find(".nnb-run-name", chart).textContent = both() ? said.loss : "–";
    const [across, down] = place(cross);
    crossing.setAttribute("d", own && cross.shown ? `M${across - 9} ${down}h18m-9-9v18` : "");
    trainer.begins.forEach((button) => { button.disabled = !both(); });
    [undo, clear].forEach((button) => { button.disabled = points().length === 0; });
    setting.hidden = hint.hidden = !own;
    stage.classList.toggle("nnb-own", own);
    large.tabIndex = own ? 0 : -1;
    element.dataset.steps = String(run.steps);
  };

  /** Own points in the address: of each its class and two digits to the base 36 for x and for y. */
  const code = (/** @type {number} */ value) => Math.round(((value + edge) / (2 * edge)) * 1295).toString(36).padStart(2, "0");
  const value = (/** @type {string} */ digits) => Math.round(100 * ((parseInt(digits, 36) / 1295) * 2 * edge - edge)) / 100;
  const keep = () => {
    const written = sets.own.map(({ kind: own, x, y }) => own + code(x) + code(y)).join("");
    nnbook.state.set(data.name, { ...trainer.moved(), ...(trainer.values.data === "own" && written ? { points: written } : {}) });
  };
  const read = (/** @type {string | undefined} */ written) =>
    [...(written || "").slice(0, 5 * most).matchAll(/([01])([0-9a-z]{2})([0-9a-z]{2})/g)].map(([, own, x, y]) => ({ kind: Number(own), x: value(x), y: value(y) }));

  /** The points or the settings are others. */
  const changed = () => {
    const running = trainer.on();
    begin();
    trainer.play(running && both());
    keep();
  };
  const setOwn = (/** @type {Point[]} */ own) => {
    sets.own = own;
    changed();
  };
  const add = (/** @type {{ x: number, y: number }} */ { x, y }) => {
    if (sets.own.length >= most || Math.max(Math.abs(x), Math.abs(y)) > edge) return;
    const point = { x: value(code(x)), y: value(code(y)), kind: Number(kind) };
    setOwn([...sets.own, point]);
    trainer.say(words("plane.set", { x: nnbook.decimal(point.x), y: nnbook.decimal(point.y), total: points().length }));
  };
  stage.addEventListener("click", ({ clientX, clientY }) => {
    if (trainer.values.data !== "own") return;
    const box = large.getBoundingClientRect();
    add({ x: edge * ((2 * (clientX - box.left)) / box.width - 1), y: -edge * ((2 * (clientY - box.top)) / box.height - 1) });
  });
  large.addEventListener("keydown", (event) => {
    const way = { ArrowUp: [0, 1], ArrowDown: [0, -1], ArrowLeft: [-1, 0], ArrowRight: [1, 0] }[event.key];
    if (way) {
      const stride = event.shiftKey ? 0.25 : 0.05;
      const [x, y] = [cross.x, cross.y].map((from, axis) => Math.max(-1.15, Math.min(1.15, from + stride * way[axis])));
      Object.assign(cross, { x, y, shown: true });
      show();
      trainer.say(words("plane.here", { x: nnbook.decimal(x), y: nnbook.decimal(y) }));
    } else if (event.key === "Enter" || event.key === " ") {
      cross.shown = true;
      add(cross);
    } else if (event.key === "Backspace" || event.key === "Delete") {
      undo.click();
    } else {
      return;
    }
    event.preventDefault();
  });

  const trainer = nnbook.trainer(element, data, words, { changed, ready: both, begin, ended, step, show, said: () => String(summary.textContent) });
  const undo = trainer.button("undo", () => setOwn(sets.own.slice(0, -1)));
  const clear = trainer.button("clear", () => setOwn([]));
  const kinds = nnbook.choices(words("plane.kind"), ["0", "1"].map((key) => [key, words(`plane.kind_${key}`)]), kind, (key) => { kind = key; });
  const setting = nnbook.make("div", { class: "nnb-controls" }, kinds.field, nnbook.make("div", { class: "nnb-buttons" }, undo, clear));
  const hint = nnbook.make("p", { class: "nnb-reading nnb-quiet" }, words("plane.hint"));
  large.removeAttribute("aria-hidden");
  large.setAttribute("role", "application");
  large.setAttribute("aria-label", words("plane.map"));

  const shownNow = () => JSON.stringify([trainer.values, trainer.values.data === "own" && sets.own]);
  const open = () => {
    const before = shownNow();
    const asked = nnbook.state.get(data.name) || {};
    trainer.set(asked);
    sets.own = read(asked.points);
    if (run && shownNow() === before) return;
    const first = !run && !Object.keys(trainer.moved()).length;
    begin();
    if (first) while (step()); // at rest the run is over, as in Python
    trainer.play(false);
  };
  open();
  nnbook.state.watch(open);
  nnbook.watchGround(draw);
  nnbook.upgrade(element, "live-plane", ...trainer.parts, setting, hint, parts);
});
