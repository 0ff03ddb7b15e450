/** XOR: try one neuron, or two hidden ones and an output; each is a map of where it says 1, with its sliders. */

nnbook.define("xor", (element) => {
  const data = nnbook.data(element);
  const words = nnbook.words(element);
  const { first, unit, side, points, wanted } = data;
  const { region, say } = nnbook.aloud();
  const rounding = 1e-9; // as in Python
  let view = "one";

  /** @param {number[]} neuron @param {number[]} inputs */
  const sum = ([p, q, b], [x, y]) => p * x + q * y + b - rounding;
  /** @param {number[]} neuron @param {number[]} inputs */
  const fires = (neuron, inputs) => Number(sum(neuron, inputs) > 0);

  /** The part of a convex polygon in which the sum of a neuron is above zero. @param {number[][]} polygon @param {number[]} neuron */
  const sideOf = (polygon, neuron) =>
    polygon.flatMap((end, at) => {
      const start = polygon.at(at - 1) || end;
      const [before, after] = [sum(neuron, start), sum(neuron, end)];
      const share = before / (before - after);
      const crossing = before > 0 === after > 0 ? [] : [end.map((to, axis) => start[axis] + share * (to - start[axis]))];
      return after > 0 ? [...crossing, end] : crossing;
    });
  const [low, high] = [-first / unit, 1 + first / unit];
  const square = [[low, low], [low, high], [high, high], [high, low]];
  /** For each answer of both hidden neurons at which the output says 1, where they give it. @param {number[][]} neurons */
  const both = ([, ...neurons]) =>
    points.filter((/** @type {number[]} */ answers) => fires(neurons[2], answers)).map((/** @type {number[]} */ answers) =>
      answers.reduce((part, answer, at) => {
        const [p, q, b] = neurons[at];
        return sideOf(part, answer ? [p, q, b] : [-p, -q, 2 * rounding - b]);
      }, square)
    );
  /** @param {number[]} point */
  const place = ([x, y]) => [first + unit * x, side - first - unit * y];

  const units = data.starts.map((/** @type {Record<string, [number, number, number, number]>} */ start, /** @type {number} */ number) => {
    const map = /** @type {Element} */ (element.querySelectorAll(".nnb-xor-map")[number].cloneNode(true));
    /** @type {Element} */ (map.querySelector(".nnb-tile-note")).remove();
    const name = words(`name.${number}`);
    const signs = Object.fromEntries(Object.keys(start).map((key, at) => [key, data.signs[number][at]]));
    const sliders = nnbook.sliders(start, (key) => [signs[key], `${name}: ${signs[key]}`], change);
    return { name, map, sliders, box: nnbook.make("div", { class: "nnb-xor-unit" }, map, nnbook.make("div", { class: "nnb-controls" }, sliders.field)) };
  });
  const all = nnbook.make("div", {}, ...units.map((/** @type {{ box: Node }} */ { box }) => box));

  const draw = () => {
    const neurons = units.map((/** @type {{ sliders: NnbookSliders }} */ { sliders }) => Object.values(sliders.values));
    all.className = `nnb-xor-units nnb-${view}`;
    units.forEach((/** @type {any} */ { name, map, box }, /** @type {number} */ number) => {
      box.hidden = (number === 0) !== (view === "one");
      const shapes = number < 3 ? [sideOf(square, neurons[number])] : both(neurons);
      const shaded = shapes.filter((/** @type {number[][]} */ shape) => shape.length).map((/** @type {number[][]} */ shape) => ["M", ...shape.flatMap(place), "z"].join(" "));
      const says = points.map((/** @type {number[]} */ point) =>
        fires(neurons[number], number < 3 ? point : [fires(neurons[1], point), fires(neurons[2], point)])
      );
      const ones = points.filter((/** @type {unknown} */ _, /** @type {number} */ at) => says[at]).map((/** @type {number[]} */ point) => `(${point.join(", ")})`);
      map.querySelector(".nnb-region").setAttribute("d", shaded.join(""));
      map.querySelector("svg").setAttribute("aria-label", words("xor.map", { name, points: ones.join(", ") || words("xor.nowhere") }));
      const result = map.querySelector("b");
      if (!result) return;
      const wrong = points.filter((/** @type {unknown} */ _, /** @type {number} */ at) => says[at] !== wanted[at]).map(place);
      const crosses = wrong.map((/** @type {number[]} */ [x, y]) => `M${x - 11} ${y - 11}l22 22m0-22l-22 22`);
      map.querySelector(".nnb-crosses").setAttribute("d", crosses.join(""));
      result.textContent = words("xor.right", { right: 4 - wrong.length });
    });
  };
  /** @param {boolean} settled */
  function change(settled) {
    draw();
    if (!settled) return;
    say(units[view === "one" ? 0 : 3].map.querySelector("b").textContent);
    const moved = units.map((/** @type {{ sliders: NnbookSliders }} */ { sliders }) => sliders.moved());
    nnbook.state.set(data.name, Object.assign(view === "one" ? {} : { view }, ...moved));
  }
  const views = ["one", "two"].map((key) => /** @type {[string, string]} */ ([key, words(`xor.${key}`)]));
  const chooser = nnbook.choices(words("xor.choose"), views, view, (key) => {
    view = key;
    change(true);
  });
  const open = () => {
    const asked = nnbook.state.get(data.name) || {};
    view = asked.view === "two" ? "two" : "one";
    chooser.set(view);
    units.forEach((/** @type {{ sliders: NnbookSliders }} */ { sliders }) => sliders.set(asked));
    draw();
  };
  open();
  nnbook.state.watch(open);
  const legend = /** @type {Element} */ (element.querySelector(".nnb-sum")).cloneNode(true);
  nnbook.upgrade(element, "live-xor", nnbook.make("div", { class: "nnb-controls" }, chooser.field), all, legend, region);
});
