/** Tweak: choose a weight of the first layer, turn it, and see what changes behind it. */

nnbook.define("tweak", (element) => {
  /** @type {{ name: string, inputs: number[], weights: number[][][], names: string[], start: Record<string, [number, number, number, number]>, widest: number, per_unit: number }} */
  const { name, inputs, weights, names, start, widest, per_unit: perUnit } = nnbook.data(element);
  const words = nnbook.words(element);
  const [drawing, said, legend] = [.../** @type {Element} */ (element.querySelector(".nnb")).children].map((part) => /** @type {HTMLElement} */ (part.cloneNode(true)));
  const parts = (/** @type {string} */ selector) => /** @type {SVGElement[]} */ ([...drawing.querySelectorAll(selector)]);
  const [wires, lights, nodes, labels] = ["path", "circle + circle", "[data-node]", ":scope > text:nth-last-of-type(-n+2)"].map(parts);
  const first = weights[0].flat();
  const edges = first.map((_, at) => `${names[at % inputs.length]} → ${names[inputs.length + Math.floor(at / inputs.length)]}`);
  const [lowest, highest, , turnedFirst] = start.w;
  let edge = 0;

  /** The inputs, and what each layer gives out. @param {number} turned what becomes of the chosen weight */
  const activations = (turned) => {
    const layers = [inputs];
    weights.forEach((layer, depth) => {
      const given = layers[depth];
      const weight = (/** @type {number} */ row, /** @type {number} */ at) => (depth === 0 && row * inputs.length + at === edge ? turned : layer[row][at]);
      layers.push(layer.map((one, row) => nnbook.activations.sigmoid(given.reduce((sum, value, at) => sum + weight(row, at) * value, 0))));
    });
    return layers;
  };
  const kind = (/** @type {number} */ change) => (change > 0 ? "plus" : change < 0 ? "minus" : "still");

  const draw = () => {
    const turned = sliders.values.w;
    const [before, after] = [first[edge], turned].map(activations);
    const changes = after.map((layer, depth) => layer.map((value, at) => value - before[depth][at]));
    const all = changes.slice(1).flat();
    let wire = 0;
    weights.forEach((layer, depth) => layer.forEach((row) => row.forEach((weight, source) => {
      const carried = weight * changes[depth][source];
      const width = wire === edge ? 3 : Math.min(widest, 1 + perUnit * Math.abs(carried));
      wires[wire].setAttribute("class", `nnb-tweak-${wire === edge ? "turned" : kind(carried)}${depth ? "" : " nnb-first"}`);
      wires[wire].style.strokeWidth = String(width);
      wire += 1;
    })));
    const [old, now] = [before, after].map((layers) => layers.slice(1).flat().map((value) => nnbook.decimal(value, 3)));
    const written = all.map((change) => nnbook.signed(change, 3));
    nodes.forEach((node, at) => {
      const change = all[at];
      lights[at].setAttribute("class", `nnb-tweak-${kind(change)}`);
      lights[at].style.fillOpacity = String(change ? Math.min(0.6, 0.1 + 1.2 * Math.abs(change)) : 0);
      const [value, was, by] = node.children;
      value.textContent = now[at];
      was.textContent = old[at];
      by.textContent = written[at];
      by.setAttribute("class", `nnb-value nnb-strong nnb-halo nnb-tweak-${kind(change)}`);
    });
    const moved = all.filter(Boolean).length;
    const named = names.slice(inputs.length);
    const values = {
      weight: edges[edge],
      turn: [first[edge], turned].map((value) => nnbook.signed(value)).join(" → "),
      changes: written.map((change, at) => `${named[at]} ${change}`).join(", "),
      moved,
      neurons: all.length,
      still: named.filter((_, at) => !all[at]).join(", "),
    };
    [labels[0].textContent, labels[1].textContent] = [values.weight, values.turn];
    drawing.setAttribute("aria-label", words("tweak.alt", values));
    said.textContent = words(moved ? "tweak.said" : "tweak.rest", values);
    chooser.set(String(edge));
    Object.assign(element.dataset, { edge, weight: turned });
  };
  /** @param {number} weight @param {boolean} settled */
  const turn = (weight, settled) => {
    sliders.set({ w: Math.max(lowest, Math.min(highest, Math.round(10 * weight) / 10)) });
    draw();
    if (settled) nnbook.state.set(name, edge || sliders.values.w !== turnedFirst ? { edge, w: sliders.values.w } : null);
  };
  /** The new one is turned as far as the last one was, so that they can be compared. @param {number} chosen */
  const choose = (chosen) => {
    const by = sliders.values.w - first[edge];
    edge = chosen;
    return first[edge] + by;
  };
  const sliders = nnbook.sliders(start, () => [words("tweak.slider"), words("tweak.slider")], (settled) => turn(sliders.values.w, settled));
  const options = edges.map((words, at) => /** @type {[string, string]} */ ([String(at), words]));
  const chooser = nnbook.select(words("tweak.choose"), options, "0", (value) => turn(choose(Number(value)), true));
  const back = nnbook.make("button", { type: "button" }, words("tweak.back"));
  back.addEventListener("click", () => turn(first[edge], true));

  /** The line of the first layer that is nearest to the pointer, if that is between its ends. @param {PointerEvent} event */
  const nearest = ({ clientX, clientY }) => {
    const box = drawing.getBoundingClientRect();
    const scale = 336 / box.width;
    const [x, y] = [scale * (clientX - box.left), scale * (clientY - box.top)];
    const apart = first.map((_, at) => {
      const line = /** @type {SVGPathElement} */ (wires[at]);
      const [from, to] = [0, line.getTotalLength()].map((length) => line.getPointAtLength(length));
      const share = (x - from.x) / (to.x - from.x);
      return share >= 0 && share <= 1 ? Math.abs(from.y + share * (to.y - from.y) - y) : Infinity;
    });
    const near = apart.indexOf(Math.min(...apart));
    return apart[near] < 24 ? near : -1;
  };
  drawing.addEventListener("pointerdown", (event) => {
    const chosen = nearest(event);
    if (chosen < 0 || event.button) return;
    const begun = choose(chosen);
    turn(begun, false);
    drawing.setPointerCapture(event.pointerId);
    const move = (/** @type {PointerEvent} */ { clientX }) => turn(begun + (clientX - event.clientX) / 30, false);
    drawing.addEventListener("pointermove", move);
    drawing.addEventListener("lostpointercapture", () => {
      drawing.removeEventListener("pointermove", move);
      turn(sliders.values.w, true);
    }, { once: true });
  });
  const open = () => {
    const asked = nnbook.state.get(name) || {};
    edge = first.findIndex((_, at) => String(at) === asked.edge);
    if (edge < 0) edge = 0;
    sliders.set(asked);
    draw();
  };
  open();
  nnbook.state.watch(open);
  said.setAttribute("role", "status");
  const controls = nnbook.make("div", { class: "nnb-controls" }, chooser.field, sliders.field, back);
  const hint = nnbook.make("p", { class: "nnb-sum nnb-quiet nnb-tweak-hint" }, words("tweak.hint"));
  nnbook.upgrade(element, "live-tweak", controls, hint, drawing, said, legend);
});
