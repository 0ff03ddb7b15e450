/** One neuron: move its inputs, weights and bias, and see the bars, their sum and the output follow. */

nnbook.define("neuron", (element) => {
  const data = nnbook.data(element);
  const words = nnbook.words(element);
  const drawing = /** @type {SVGElement} */ (/** @type {Element} */ (element.querySelector("svg")).cloneNode(true));
  const [texts, bars, lines] = ["text", "rect", "path"].map((tag) => [...drawing.querySelectorAll(tag)]);
  const dot = /** @type {Element} */ (drawing.querySelector("circle"));
  const rows = bars.map((bar) => Number(bar.getAttribute("y")) + 6);
  const { region, say } = nnbook.aloud();
  let activation = data.activation;

  const across = (/** @type {number} */ value) => data.zero + data.unit * value;
  const down = (/** @type {number} */ output) => {
    const [low, high] = data.ranges[activation];
    return data.bottom - ((data.bottom - data.top) * (output - low)) / (high - low);
  };
  /** @param {Element} shape @param {Record<string, string | number>} attributes */
  const put = (shape, attributes) => Object.entries(attributes).forEach(([name, value]) => shape.setAttribute(name, String(value)));

  const draw = () => {
    const { x1, x2, w1, w2, b } = sliders.values;
    const parts = [w1 * x1, w2 * x2, b];
    const sum = Number((parts[0] + parts[1] + b).toFixed(6)); // so that +0.1 and −0.1 are nothing
    const activated = nnbook.activations[activation];
    const output = activated(sum);
    const ends = [parts[0], parts[0] + parts[1], sum, sum];
    [0, ends[0], ends[1], 0].forEach((start, row) => {
      const end = ends[row];
      put(bars[row], { class: end > start ? "nnb-plus" : "nnb-minus", x: across(Math.min(start, end)), width: data.unit * Math.abs(end - start) });
    });
    const below = [...rows.slice(1).map((row) => row - 6), down(output)];
    put(lines[1], { d: ends.map((end, row) => `M${across(end)} ${rows[row] + 6}V${below[row]}`).join("") });
    const sums = Array.from({ length: 121 }, (_, at) => (at - 60) / 10).flatMap((at) => (at ? [at] : [0, 1e-6]));
    put(lines[2], { d: `M${sums.flatMap((at) => [across(at), down(activated(at))]).join(" ")}` });
    put(dot, { cx: across(sum), cy: down(output) });
    const [first, second, bias] = parts.map((part) => nnbook.signed(part));
    const values = { first, second, bias, sum: nnbook.signed(sum), output: nnbook.decimal(output), name: words(`kit.activation_${activation}`) };
    [[w1, x1, first], [w2, x2, second]].forEach(([weight, x, product], row) => {
      const factors = [weight, x].map((factor) => nnbook.decimal(Number(factor), 1));
      /** @type {Element} */ (texts[row].lastElementChild).textContent = ` = ${factors.join(" × ")} = ${product}`;
    });
    /** @type {Element} */ (texts[2].lastElementChild).textContent = ` = ${bias}`;
    texts[3].textContent = words("neuron.sum", values);
    texts[4].textContent = words("neuron.activated", values);
    texts[5].textContent = words("neuron.output", values);
    data.ranges[activation].forEach((/** @type {number} */ end, /** @type {number} */ low) => { texts[7 - low].textContent = nnbook.decimal(end, 0); });
    drawing.setAttribute("aria-label", words("neuron.alt", values));
    Object.assign(element.dataset, { sum, output });
    return `${texts[3].textContent}, ${texts[5].textContent}`;
  };
  /** @param {boolean} settled */
  const change = (settled) => {
    const said = draw();
    if (!settled) return;
    say(said);
    nnbook.state.set(data.name, { ...sliders.moved(), ...(activation === data.activation ? {} : { activation }) });
  };
  const sliders = nnbook.sliders(data.start, (key) => [words(key), words(key)], change);
  const names = Object.keys(data.ranges).map((key) => /** @type {[string, string]} */ ([key, words(`kit.activation_${key}`)]));
  const chooser = nnbook.choices(words("neuron.choose"), names, activation, (key) => {
    activation = key;
    change(true);
  });
  const open = () => {
    const asked = nnbook.state.get(data.name) || {};
    activation = Object.keys(data.ranges).find((key) => key === asked.activation) || data.activation;
    chooser.set(activation);
    sliders.set(asked);
    draw();
  };
  open();
  nnbook.state.watch(open);
  const controls = nnbook.make("div", { class: "nnb-controls" }, sliders.field, chooser.field);
  nnbook.upgrade(element, "live-neuron", nnbook.make("div", { class: "nnb-beside" }, controls, drawing), region);
});
