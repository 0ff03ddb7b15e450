/** Backprop: go through values and gradients step by step, change what is given, and check gradients by nudging. */

const TERM = /([VD])([a-zL]\d?)/g; // of a formula: the value or the gradient of a key

nnbook.define("backprop", (element) => {
  /** @typedef {Record<string, number>} Numbers */
  /** @type {{ name: string, given: Numbers, forwards: string[][], backwards: string[][], signs: Record<string, string>, limit: number, nudge: number }} */
  const { name, given: first, forwards, backwards, signs, limit, nudge } = nnbook.data(element);
  const words = nnbook.words(element);
  const parts = [.../** @type {Element} */ (element.querySelector(".nnb")).children].map((part) => /** @type {HTMLElement} */ (part.cloneNode(true)));
  const [both, legend, chain] = parts;
  const all = (/** @type {string} */ key) => /** @type {HTMLElement[]} */ ([...both.querySelectorAll(`[data-${key}]`)]);
  const keys = Object.keys(first);
  const steps = forwards.length + backwards.length;
  let given = { ...first };
  let [step, checked] = [steps, false];
  /** @type {{ values: Numbers, gradients: Numbers }} */
  let now;

  /** As in Python: each kind of number from values and gradients. @type {Record<string, (v: Numbers, g: Numbers, ...of: string[]) => number>} */
  const kinds = {
    sum: (v, g, w, x, b) => v[w] * v[x] + v[b],
    sigmoid: (v, g, z) => nnbook.activations.sigmoid(v[z]),
    output: (v, g, v1, h1, v2, h2, c) => v[v1] * v[h1] + v[v2] * v[h2] + v[c],
    loss: (v, g, y, t) => (v[y] - v[t]) ** 2,
    slope: (v, g, y, t) => 2 * (v[y] - v[t]),
    times: (v, g, to, by) => g[to] * v[by],
    added: (v, g, to) => g[to],
    through: (v, g, h) => g[h] * v[h] * (1 - v[h]),
    both: (v, g, z1, w1, z2, w2) => g[z1] * v[w1] + g[z2] * v[w2],
  };
  /** The same as formulas: V stands before the key of a value, D before that of a gradient. @type {Record<string, (...of: string[]) => string>} */
  const formulas = {
    sum: (w, x, b) => `V${w} × V${x} + V${b}`,
    sigmoid: (z) => `σ(V${z})`,
    output: (v1, h1, v2, h2, c) => `V${v1} × V${h1} + V${v2} × V${h2} + V${c}`,
    loss: (y, t) => `(V${y} − V${t})²`,
    slope: (y, t) => `2 × (V${y} − V${t})`,
    times: (to, by) => `D${to} × V${by}`,
    added: (to) => `D${to}`,
    through: (h) => `D${h} × V${h} × (1 − V${h})`,
    both: (z1, w1, z2, w2) => `D${z1} × V${w1} + D${z2} × V${w2}`,
  };
  /** @param {string} [moved] the value that is `by` more than what was given or calculated @param {number} [by] */
  const run = (moved, by = 0) => {
    const more = (/** @type {string} */ key) => (key === moved ? by : 0);
    /** @type {Numbers} */
    const values = Object.fromEntries(keys.map((key) => [key, given[key] + more(key)]));
    /** @type {Numbers} */
    const gradients = {};
    for (const [key, kind, ...of] of forwards) values[key] = kinds[kind](values, gradients, ...of) + more(key);
    for (const [key, kind, ...of] of backwards) gradients[key] = kinds[kind](values, gradients, ...of);
    return { values, gradients };
  };
  const nudged = (/** @type {string} */ key) => (run(key, nudge).values.L - run(key, -nudge).values.L) / (2 * nudge);
  /** What is known after a step: gradients have numbers behind those of the values. @param {string} key */
  const [valueAt, gradientAt] = [forwards, backwards].map((found, back) => (/** @type {string} */ key) =>
    found.findIndex(([made]) => made === key) + 1 + back * forwards.length);
  /** Boxes have room for six characters. @param {number} number */
  const short = (number) => nnbook.decimal(number, Math.abs(number) < 10 ? 3 : 2);
  const value = (/** @type {string} */ key) => (key in first ? nnbook.decimal(now.values[key]) : short(now.values[key]));
  const gradient = (/** @type {string} */ key) => short(now.gradients[key]);
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

  const draw = () => {
    now = run();
    const [key, kind, ...of] = [["", ""], ...forwards, ...backwards][step];
    const back = step > forwards.length;
    const formula = key ? formulas[kind](...of) : "";
    const used = formula.match(TERM) || [];
    /** @param {HTMLElement} place @param {number} at @param {string} text @param {string} [term] */
    const fill = (place, at, text, term = "") => {
      place.textContent = text;
      place.classList.toggle("nnb-later", at > step);
      place.classList.toggle("nnb-used", used.includes(term));
    };
    for (const place of all("value")) {
      const made = String(place.dataset.value);
      fill(place, valueAt(made), value(made), `V${made}`);
    }
    for (const place of all("gradient")) {
      const made = String(place.dataset.gradient);
      const fine = checked && place.tagName === "TD";
      fill(place, gradientAt(made), fine ? nnbook.decimal(now.gradients[made], 5) : gradient(made), `D${made}`);
      place.classList.toggle("nnb-backprop-minus", now.gradients[made] < 0);
      place.classList.toggle("nnb-backprop-plus", now.gradients[made] >= 0);
    }
    for (const place of all("nudge")) {
      const made = String(place.dataset.nudge);
      const found = nudged(made);
      fill(place, gradientAt(made), `${nnbook.decimal(found, 5)} ${Math.abs(found - now.gradients[made]) < 1e-5 ? "✓" : "≠"}`);
    }
    for (const wire of all("wire")) {
      const one = String(wire.dataset.wire);
      const weight = /[wv]/.test(one);
      const plain = weight ? `nnb-backprop-${given[one] < 0 ? "minus" : "plus"}` : "nnb-backprop-plain";
      wire.setAttribute("class", `${plain}${[key, ...of, kind === "slope" && "L"].includes(one) ? " nnb-now" : ""}`);
      if (weight) wire.style.strokeWidth = String(Math.min(6, 1 + 2 * Math.abs(given[one])));
    }
    for (const node of all("node")) node.classList.toggle("nnb-now", node.dataset.node === key);
    for (const row of all("row")) row.classList.toggle("nnb-chosen", row.dataset.row === key);
    both.classList.toggle("nnb-checked", checked);
    chain.classList.toggle("nnb-later", step < steps);
    chain.replaceChildren(...sides("Dw1", "Dy × Vv1 × Vh1 × (1 − Vh1) × Vx"));
    line.replaceChildren(...(key ? sides(`${back ? "D" : "V"}${key}`, formula) : []));
    const named = { step, steps, name: signs[key] || "", of: signs[of[0]] || "", by: signs[of[1]] || "" };
    sentence.textContent = key ? words(`backprop.step_${kind}`, named) : words("backprop.start");
    count.textContent = words(step > forwards.length ? "backprop.back_step" : "backprop.forward_step", { step, steps });
    next.textContent = words(step < steps ? "backprop.next" : "backprop.again");
    slider.value = String(step);
    slider.setAttribute("aria-valuetext", `${count.textContent} ${sentence.textContent}`);
    check.setAttribute("aria-pressed", String(checked));
    proof.textContent = checked ? words("backprop.proof", { nudge: String(nudge) }) : "";
  };
  const keep = () => {
    const changed = keys.some((key) => given[key] !== first[key]);
    const state = {
      ...(step < steps && { step }),
      ...(checked && { check: 1 }),
      ...(changed && { given: keys.map((key) => given[key]).join("_") }),
    };
    nnbook.state.set(name, Object.keys(state).length ? state : null);
  };
  const button = (/** @type {string} */ said, /** @type {() => void} */ act) => {
    const made = nnbook.make("button", { type: "button" }, said);
    made.addEventListener("click", () => {
      act();
      draw();
      keep();
    });
    return made;
  };
  const previous = button(words("backprop.previous"), () => { step = Math.max(0, step - 1); });
  const next = button("", () => { step = step < steps ? step + 1 : 0; });
  const check = button(words("backprop.check"), () => { checked = !checked; });
  const slider = /** @type {HTMLInputElement} */ (nnbook.make("input", { type: "range", max: steps }));
  const [count, sentence, line] = ["b", "span", "span"].map((tag) => nnbook.make(tag));
  const proof = nnbook.make("p", { class: "nnb-reading", role: "status" });
  for (const [at, row] of all("row").entries()) {
    const key = String(row.dataset.row);
    row.append(nnbook.make("td", backwards.some(([made]) => made === key) ? { "data-nudge": key } : {}));
    if (!at) row.parentElement?.previousElementSibling?.firstElementChild?.append(nnbook.make("th", { class: "nnb-nudges" }, words("backprop.nudged")));
  }
  /** @type {Record<string, string>} */
  const kindsOfGiven = { x: "kit.slider_input", w: "kit.slider_weight", v: "kit.slider_weight", b: "kit.slider_bias", c: "kit.slider_bias", t: "backprop.target" };
  const fields = all("given").map((place) => {
    const key = String(place.dataset.given);
    const field = /** @type {HTMLInputElement} */ (
      nnbook.make("input", { type: "number", step: 0.1, min: -limit, max: limit, "data-given": key, "aria-label": words(kindsOfGiven[key[0]], { sign: signs[key] }) })
    );
    field.addEventListener("input", () => {
      const number = Math.round(100 * field.valueAsNumber) / 100;
      if (!(Math.abs(number) <= limit)) return;
      given[key] = number;
      draw();
    });
    field.addEventListener("change", () => {
      refill();
      keep();
    });
    place.replaceWith(field);
    return field;
  });
  const refill = () => fields.forEach((field) => { field.value = String(given[String(field.dataset.given)]); });
  const open = () => {
    const { step: asked = "", check: wanted, given: changed = "" } = nnbook.state.get(name) || {};
    const numbers = changed.split("_").map((number) => (number ? Number(number) : NaN));
    const usable = numbers.length === keys.length && numbers.every((number) => Math.abs(number) <= limit);
    given = usable ? Object.fromEntries(keys.map((key, at) => [key, numbers[at]])) : { ...first };
    step = /^\d+$/.test(asked) && Number(asked) <= steps ? Number(asked) : steps;
    checked = wanted === "1";
    refill();
    draw();
  };
  slider.addEventListener("input", () => {
    step = Number(slider.value);
    draw();
  });
  slider.addEventListener("change", keep);
  open();
  nnbook.state.watch(open);
  const track = nnbook.make("label", { class: "nnb-field" }, words("backprop.track"), slider);
  const controls = nnbook.make("div", { class: "nnb-controls" }, previous, next, track, check);
  const reading = nnbook.make("div", { class: "nnb-reading nnb-backprop-step", role: "status" }, nnbook.make("p", {}, count, " ", sentence), nnbook.make("p", {}, line));
  nnbook.upgrade(element, "live-backprop", controls, reading, both, proof, legend, chain);
});
