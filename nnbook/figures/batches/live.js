/** Descent with 1, 10 and all examples a step: how far each has come when all have seen as many examples. */

nnbook.define("batches", (element) => {
  const data = nnbook.data(element);
  const words = nnbook.words(element);
  const panels = /** @type {HTMLElement} */ (/** @type {Element} */ (element.querySelector(".nnb-panels")).cloneNode(true));
  const [map, small] = panels.querySelectorAll("svg.nnb-drawing");
  const [plane, chart] = [nnbook.plane(map, data.plane), nnbook.plane(small, data.chart)];
  const rows = /** @type {HTMLTableElement} */ (panels.querySelector("table")).tBodies[0].rows;
  const bowl = nnbook.bowl(data.x, data.y);
  const order = nnbook.unpack(data.order, 2);
  const epochs = order.length / data.x.length;
  const { region, say } = nnbook.aloud();
  let shown = "every";
  let shuffled = 0; // by how many epochs the order begins later

  /** All places of the descent with so many examples a step. @param {number} size @param {number} rate */
  const way = (size, rate) => {
    const first = shuffled * data.x.length;
    const shifted = [...order.slice(first), ...order.slice(0, first)];
    const places = [data.first];
    for (let from = 0; from < order.length; from += size) {
      const at = places[places.length - 1];
      const gradient = bowl.gradient(at, shifted.slice(from, from + size));
      places.push(at.map((/** @type {number} */ value, /** @type {number} */ axis) => value - rate * gradient[axis]));
    }
    return places;
  };
  let made = "";
  /** @type {{ places: number[][], above: number[] }[]} */
  let runs = [];
  const draw = () => {
    const { rate, seen } = sliders.values;
    if (made !== `${rate} ${shuffled}`) {
      made = `${rate} ${shuffled}`;
      runs = data.sizes.map((/** @type {number} */ size) => {
        const places = way(size, rate);
        return { places, above: places.map((place) => bowl.loss(place) - data.lowest) };
      });
    }
    const part = nnbook.zoomed(data.plane, data.best, runs.flatMap(({ places }) => places));
    plane.show(part.x, part.y);
    const put = (/** @type {string} */ key, /** @type {number[]} */ [slope, intercept]) => {
      const [x, y] = [plane.across(slope), plane.down(intercept)];
      nnbook.put(/** @type {Element} */ (map.querySelector(key)), key === "circle" ? { cx: x, cy: y } : { d: nnbook.cross(x, y) });
    };
    put("circle", data.first);
    put(".nnb-lowest", data.best);
    runs.forEach(({ places, above }, at) => {
      const size = data.sizes[at];
      const steps = Math.floor(seen / size);
      const left = shown !== "every" && shown !== String(size);
      const curve = above.slice(0, steps + 1).map((value, step) => [step * size, Math.log10(Math.max(value, 1e-12))]);
      const lines = [plane.line(places.slice(0, steps + 1)), chart.line(curve)];
      [map, small].forEach((drawing, number) => nnbook.put(/** @type {Element} */ (drawing.querySelector(`.nnb-run-${at}`)), { d: left ? "" : lines[number] }));
      rows[at].cells[1].textContent = nnbook.count(steps);
      rows[at].cells[2].textContent = nnbook.decimal(above[steps], 4);
    });
    const values = { all: nnbook.count(data.x.length), seen: nnbook.count(seen) };
    nnbook.put(map, { "aria-label": words("batches.alt", values) });
    element.dataset.ends = JSON.stringify(runs.map(({ places }, at) => places[Math.floor(seen / data.sizes[at])]));
  };
  const change = (/** @type {boolean} */ settled) => {
    draw();
    if (!settled) return;
    say([...rows].map((row) => [...row.cells].map((cell) => cell.textContent).join(" ")).join("; "));
    nnbook.state.set(data.name, { ...sliders.moved(), ...(shown === "every" ? {} : { runs: shown }), ...(shuffled ? { shuffle: shuffled } : {}) });
  };
  const sliders = nnbook.sliders(data.start, (key) => {
    const name = words(key === "rate" ? "batches.rate" : "batches.seen");
    return [name, name];
  }, change);
  const sizes = data.sizes.map((/** @type {number} */ size) => /** @type {[string, string]} */ ([String(size), nnbook.count(size)]));
  const chooser = nnbook.choices(words("batches.runs"), [["every", words("batches.every")], ...sizes], shown, (key) => {
    shown = key;
    change(true);
  });
  const again = nnbook.make("button", { type: "button" }, words("batches.shuffle"));
  again.addEventListener("click", () => {
    shuffled = (shuffled + 1) % epochs;
    change(true);
  });
  const open = () => {
    const asked = nnbook.state.get(data.name) || {};
    shown = data.sizes.map(String).includes(asked.runs) ? asked.runs : "every";
    shuffled = Number(asked.shuffle) > 0 && Number(asked.shuffle) < epochs ? Math.floor(Number(asked.shuffle)) : 0;
    chooser.set(shown);
    sliders.set(asked);
    draw();
  };
  open();
  nnbook.state.watch(open);
  const legend = /** @type {Element} */ (element.querySelector("p.nnb-quiet")).cloneNode(true);
  const controls = nnbook.make("div", { class: "nnb-controls" }, sliders.field, chooser.field, again);
  nnbook.upgrade(element, "live-batches", controls, panels, /** @type {Node} */ (legend), region);
});
