/** The line of a neuron between points of two classes: move it by its numbers, or drag it by one of two handles. */

nnbook.define("boundary", (element) => {
  const data = nnbook.data(element);
  const words = nnbook.words(element);
  const { low, high, side, left, top, points, labels } = data;
  const scale = side / (high - low);
  const middle = (low + high) / 2;
  const drawing = /** @type {SVGElement} */ (/** @type {Element} */ (element.querySelector("svg")).cloneNode(true));
  const line = /** @type {Element} */ (drawing.querySelector(".nnb-line"));
  const half = /** @type {Element} */ (drawing.querySelector("g"));
  const rings = /** @type {Element} */ (drawing.querySelector(".nnb-rings"));
  const rule = nnbook.make("p", { class: "nnb-sum" });
  const result = nnbook.make("b");
  const { region, say } = nnbook.aloud();

  /** The direction of the weights, which the line is at right angles to, and their length; null if both are zero. */
  const normal = () => {
    const { w1, w2 } = sliders.values;
    const length = Math.hypot(w1, w2);
    return length ? { length, x: w1 / length, y: w2 / length } : null;
  };
  const draw = () => {
    const { w1, w2, b } = sliders.values;
    const total = b + (w1 + w2) * middle;
    const way = normal();
    const away = way ? Math.max(-side, Math.min(side, (scale * total) / way.length)) : total > 0 ? side : -side;
    const angle = (Math.atan2(-w1, -w2) * 180) / Math.PI;
    const there = `translate(${side / 2} ${side / 2}) rotate(${angle.toFixed(2)}) translate(0 ${(-away).toFixed(2)})`;
    [half, line].forEach((moved) => moved.setAttribute("transform", there));
    const wrong = points.filter((/** @type {number[]} */ [x, y], /** @type {number} */ at) => Number(b + w1 * x + w2 * y > 0) !== labels[at]);
    const ring = (/** @type {number[]} */ [x, y]) => `M${(left + scale * (x - low) - 5).toFixed(1)} ${(top + scale * (high - y)).toFixed(1)}a5 5 0 1 0 0-.01z`;
    rings.setAttribute("d", wrong.map(ring).join(""));
    const counts = { total: points.length, right: points.length - wrong.length, wrong: wrong.length };
    const said = Object.fromEntries(Object.entries(counts).map(([key, count]) => [key, nnbook.count(count)]));
    const [first, second, bias] = [w1, w2, b].map((value) => nnbook.signed(value));
    rule.textContent = words("boundary.rule", { first, second, bias, name: words("positive") });
    result.textContent = words("boundary.count", said);
    drawing.setAttribute("aria-label", words("boundary.alt", said));
    element.dataset.wrong = String(wrong.length);
  };
  const change = (/** @type {boolean} */ settled) => {
    draw();
    if (!settled) return;
    say(String(result.textContent));
    nnbook.state.set(data.name, sliders.moved());
  };
  const sliders = nnbook.sliders(data.start, (key) => [words(key), words(key)], change);

  /** Where on the points' scale the reader points. @param {PointerEvent} event */
  const place = ({ clientX, clientY }) => {
    const box = drawing.getBoundingClientRect();
    const unit = box.width / 336;
    return { x: low + ((clientX - box.left) / unit - left) / scale, y: high - ((clientY - box.top) / unit - top) / scale };
  };
  /** The line through a place, with this direction of its weights. @param {{ x: number, y: number }} at @param {number} w1 @param {number} w2 */
  const put = ({ x, y }, w1, w2) => {
    sliders.set({ ...sliders.values, w1, w2 });
    sliders.set({ ...sliders.values, b: -(sliders.values.w1 * x + sliders.values.w2 * y) });
    draw();
  };
  line.addEventListener("pointerdown", (event) => {
    const way = normal();
    if (!(event instanceof PointerEvent) || !way) return;
    const { b, w1, w2 } = sliders.values;
    const away = (b + (w1 + w2) * middle) / way.length;
    const pivot = { x: middle - away * way.x, y: middle - away * way.y };
    const turns = event.target === line.lastElementChild;
    event.preventDefault();
    drawing.setPointerCapture(event.pointerId);
    const move = (/** @type {PointerEvent} */ moved) => {
      const at = place(moved);
      const [x, y] = [at.x - pivot.x, at.y - pivot.y];
      const length = Math.hypot(x, y);
      if (turns && length) put(pivot, (way.length * -y) / length, (way.length * x) / length);
      else if (!turns) put(at, w1, w2);
    };
    drawing.addEventListener("pointermove", move);
    drawing.addEventListener("lostpointercapture", () => {
      drawing.removeEventListener("pointermove", move);
      change(true);
    }, { once: true });
  });
  const open = () => {
    sliders.set(nnbook.state.get(data.name) || {});
    draw();
  };
  open();
  nnbook.state.watch(open);
  const hint = nnbook.make("p", { class: "nnb-reading nnb-quiet" }, words("boundary.drag"));
  const controls = nnbook.make("div", { class: "nnb-controls" }, sliders.field);
  const beside = nnbook.make("div", { class: "nnb-beside" }, nnbook.make("div", {}, controls, hint), drawing);
  nnbook.upgrade(element, "live-boundary", beside, rule, nnbook.make("p", { class: "nnb-sum" }, result), region);
});
