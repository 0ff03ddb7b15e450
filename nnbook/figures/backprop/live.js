/** Backprop: go through values and gradients step by step, change what is given, and check gradients by nudging. */

const TERM = /([VD])([a-zL]\d?)/g; // of a formula: the value or the gradient of a key

nnbook.define("backprop", (element) => {
  /** @typedef {Record<string, number>} Numbers */
  /** @type {{ name: string, given: Numbers, forwards: string[][], backwards: string[][], signs: Record<string, string>, limit: number, nudge: number }} */
  const { name, given: first, forwards, backwards, signs, limit, nudge } = nnbook.data(element);
  const words = nnbook.words(element);
  const parts = [.../** @type {Element} */ (element.querySelector(".nnb")).children].map((part) => /** @type {HTMLElement} */ (part.cloneNode(true)));
  const [both, , , chain] = parts;
  const all = (/** @type {string} */ key) => /** @type {HTMLElement[]} */ ([...both.querySelectorAll(`[data-${key}]`)]);
  const keys = Object.keys(first);
  const last = forwards.length + backwards.length;
  let given = first;
  let checked = false;
  /** @type {{ values: Numbers, gradients: Numbers }} */
  let now;

  /** How a number is made from values and gradients, as in Python, and as a formula. @type {Record<string, [(v: Numbers, g: Numbers, of: string[]) => number, (of: string[]) => string]>} */
  const kinds = {
    sum: [(v, g, [w, x, b]) => v[w] * v[x] + v[b], ([w, x, b]) => `V${w} × V${x} + V${b}`],
    sigmoid: [(v, g, [z]) => nnbook.activations.sigmoid(v[z]), ([z]) => `σ(V${z})`],
    output: [(v, g, [v1, h1, v2, h2, c]) => v[v1] * v[h1] + v[v2] * v[h2] + v[c], ([v1, h1, v2, h2, c]) => `V${v1} × V${h1} + V${v2} × V${h2} + V${c}`],
    loss: [(v, g, [y, t]) => (v[y] - v[t]) ** 2, ([y, t]) => `(V${y} − V${t})²`],
    slope: [(v, g, [y, t]) => 2 * (v[y] - v[t]), ([y, t]) => `2 × (V${y} − V${t})`],
    times: [(v, g, [to, by]) => g[to] * v[by], ([to, by]) => `D${to} × V${by}`],
    added: [(v, g, [to]) => g[to], ([to]) => `D${to}`],
    through: [(v, g, [h]) => g[h] * v[h] * (1 - v[h]), ([h]) => `D${h} × V${h} × (1 − V${h})`],
    both: [(v, g, [z1, w1, z2, w2]) => g[z1] * v[w1] + g[z2] * v[w2], ([z1, w1, z2, w2]) => `D${z1} × V${w1} + D${z2} × V${w2}`],
  };
  /** @param {string} [moved] the value that is `by` more than what was given or calculated @param {number} [by] */
  const run = (moved, by = 0) => {
    const more = (/** @type {string} */ key) => (key === moved ? by : 0);
    /** @type {Numbers} */
    const values = Object.fromEntries(keys.map((key) => [key, given[key] + more(key)]));
    /** @type {Numbers} */
    const gradients = {};
    for (const [key, kind, ...of] of forwards) values[key] = kinds[kind][0](values, gradients, of) + more(key);
    for (const [key, kind, ...of] of backwards) gradients[key] = kinds[kind][0](values, gradients, of);
    return { values, gradients };
  };
  /** Boxes have room for six characters. @param {number} number */
  const short = (number) => nnbook.decimal(number, Math.abs(number) < 10 ? 3 : 2);
  const value = (/** @type {string} */ key) => (key in first ? nnbook.decimal(now.values[key]) : short(now.values[key]));
  const gradient = (/** @type {string} */ key) => short(now.gradients[key]);
  const nudged = (/** @type {string} */ key) => {
    const found = (run(key, nudge).values.L - run(key, -nudge).values.L) / (2 * nudge);
    return `${nnbook.decimal(found, 5)} ${Math.abs(found - now.gradients[key]) < 1e-5 ? "✓" : "≠"}`;
  };
  /** A formula with its symbols, or with their numbers; negative ones behind another sign in brackets. @param {string} formula @param {boolean} inNumbers */
  const written = (formula, inNumbers) =>
    formula.replace(TERM, (_, sort, key, at) => {
      if (!inNumbers) return sort === "V" ? signs[key] : `∂L/∂${signs[key]}`;
      const number = (sort === "V" ? value : gradient)(key);
      return number.startsWith("−") && at && formula[at - 1] !== "(" ? `(${number})` : number;
    });
  /** A number by symbols, in numbers, and its own. @param {string} left @param {string} formula */
  const sides = (left, formula) => {
    const right = new Set([written(formula, false), written(formula, true), written(left, true)]); // some are one number only
    return [written(left, false), ...[...right].flatMap((side) => [" ", nnbook.make("span", {}, `= ${side}`)])];
  };

  const draw = (/** @type {number} */ step, /** @type {number[]} */ numbers) => {
    given = Object.fromEntries(keys.map((key, at) => [key, numbers[at]]));
    now = run();
    const back = step > forwards.length;
    const [key, kind, ...of] = [["", "none"], ...forwards, ...backwards][step];
    const formula = key ? kinds[kind][1](of) : "";
    /** @type {string[]} */
    const used = formula.match(TERM) || [];
    /** @param {string} sort of what is shown @param {string} letter @param {string[][]} made @param {number} before @param {(key: string, place: Element) => string} text */
    const fill = (sort, letter, made, before, text) => {
      for (const place of all(sort)) {
        const shown = String(place.dataset[sort]);
        place.textContent = text(shown, place);
        place.classList.toggle("nnb-later", before + made.findIndex(([one]) => one === shown) >= step);
        place.classList.toggle("nnb-used", used.includes(letter + shown));
        place.classList.toggle("nnb-backprop-minus", letter === "D" && now.gradients[shown] < 0);
      }
    };
    fill("value", "V", forwards, 0, value);
    fill("gradient", "D", backwards, forwards.length, (one, place) => (place.tagName === "TD" ? nnbook.decimal(now.gradients[one], 5) : gradient(one)));
    fill("nudge", "", backwards, forwards.length, nudged);
    for (const wire of all("wire")) {
      const one = String(wire.dataset.wire);
      wire.classList.toggle("nnb-now", [key, ...of, kind === "slope" && "L"].includes(one));
      if (!/[wv]/.test(one)) continue;
      wire.classList.toggle("nnb-backprop-minus", given[one] < 0);
      wire.style.strokeWidth = String(Math.min(6, 1 + 2 * Math.abs(given[one])));
    }
    for (const node of all("node")) node.classList.toggle("nnb-now", node.dataset.node === key);
    for (const row of all("row")) row.classList.toggle("nnb-chosen", row.dataset.row === key);
    chain.classList.toggle("nnb-later", step < last);
    chain.replaceChildren(...sides("Dw1", "Dy × Vv1 × Vh1 × (1 − Vh1) × Vx"));
    line.replaceChildren(...(key ? sides(`${back ? "D" : "V"}${key}`, formula) : []));
    count.textContent = words(back ? "backprop.back_step" : "backprop.forward_step", { step, steps: last });
    sentence.textContent = words(`backprop.step_${kind}`, { name: signs[key], of: signs[of[0]], by: signs[of[1]] });
    check.setAttribute("aria-pressed", String(checked));
    live.classList.toggle("nnb-checked", checked);
    return `${count.textContent} ${sentence.textContent}`;
  };
  const check = nnbook.make("button", { type: "button" }, words("backprop.check"));
  check.addEventListener("click", () => {
    checked = !checked;
    changed();
  });
  const { controls, open, changed } = nnbook.calculation(
    { name, last, first: Object.values(first), most: limit, places: all("given") },
    (key) => words(`kit.step_${key}`),
    draw,
    { read: (asked) => { checked = asked.check === "1"; }, written: () => checked && { check: 1 } }
  );
  const [count, sentence, line] = ["b", "span", "p"].map((tag) => nnbook.make(tag));
  const reading = nnbook.make("div", { class: "nnb-reading nnb-backprop-step", role: "status" }, nnbook.make("p", {}, count, " ", sentence), line);
  const live = nnbook.upgrade(element, "live-backprop", nnbook.make("div", { class: "nnb-controls" }, ...controls, check), reading, ...parts);
  open();
});
