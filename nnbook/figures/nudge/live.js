/** The loss over one parameter: move the place, shrink the nudge, and see the chord turn into the tangent. */

nnbook.define("nudge", (element) => {
  const data = nnbook.data(element);
  const words = nnbook.words(element);
  const drawing = /** @type {Element} */ (/** @type {Element} */ (element.querySelector("svg")).cloneNode(true));
  const view = nnbook.plane(drawing, data.view);
  const bowl = nnbook.bowl(data.x, data.y);
  const part = (/** @type {string} */ key) => /** @type {Element} */ (drawing.querySelector(`.nnb-nudge-${key}`));
  const handles = [...drawing.querySelectorAll(".nnb-drag")];
  const parameters = ["slope", "intercept"];
  const [there, chorded, touching, down] = ["there", "chord", "tangent", "downhill"].map((key) => nnbook.make("p", { class: `nnb-sum nnb-nudge-${key}` }));
  const { region, say } = nnbook.aloud();
  let axis = parameters.indexOf(data.parameter);

  /** The line through the points with the parameter at a value, the other held. @param {number} value */
  const line = (value) => parameters.map((key, at) => (at === axis ? value : sliders.values[key]));
  const draw = () => {
    const { slope, intercept, width } = sliders.values;
    const at = [slope, intercept][axis];
    const ends = [data.plane.x, data.plane.y][axis];
    const places = Array.from({ length: 81 }, (_, number) => ends[0] + (number / 80) * (ends[1] - ends[0]));
    const curve = places.map((value) => [value, bowl.loss(line(value))]);
    const [loss, nudged, ...sides] = [at, at + width, ...ends].map((value) => bowl.loss(line(value)));
    view.show(ends, [0, 1.1 * Math.max(Math.min(...sides), loss, nudged)]);
    const [chord, tangent] = [(nudged - loss) / width, bowl.gradient(line(at))[axis]];
    /** @type {[string, number[][]][]} */
    const paths = [["curve", curve], ["run", [[at, loss], [at + width, loss], [at + width, nudged]]]];
    /** @type {[string, number][]} */
    const straight = [["chord", chord], ["tangent", tangent]];
    for (const [key, steep] of straight) paths.push([key, ends.map((/** @type {number} */ end) => [end, loss + steep * (end - at)])]);
    paths.forEach(([key, path]) => nnbook.put(part(key), { d: view.line(path) }));
    handles.forEach((handle, number) => nnbook.put(handle, { cx: view.across(at + number * width), cy: view.down([loss, nudged][number]) }));
    const names = parameters.map((key) => words(`kit.${key}`));
    const [value, held] = [at, [slope, intercept][1 - axis]].map((number) => nnbook.decimal(number));
    const digits = 3 + Math.max(0, Math.ceil(-Math.log10(width))); // enough to work the chord out
    const values = {
      value, held, name: names[axis], other: names[1 - axis], width: nnbook.decimal(width), loss: nnbook.decimal(loss, 3),
      before: nnbook.decimal(loss, digits), nudged: nnbook.decimal(nudged, digits), chord: nnbook.signed(chord, 3), tangent: nnbook.signed(tangent, 3),
    };
    const texts = [...drawing.querySelectorAll("text")];
    texts[0].textContent = names[axis];
    there.textContent = words("nudge.there", values);
    chorded.textContent = words("nudge.chord", values);
    touching.textContent = words("nudge.tangent", values);
    const downhill = Math.abs(tangent) < 0.0005 ? "level" : tangent < 0 ? "right" : "left";
    down.textContent = words(`nudge.downhill_${downhill}`, values);
    nnbook.put(drawing, { "aria-label": words("nudge.alt", values) });
    Object.assign(element.dataset, { chord, tangent });
  };
  const change = (/** @type {boolean} */ settled) => {
    draw();
    if (!settled) return;
    say(`${chorded.textContent} ${touching.textContent}`);
    nnbook.state.set(data.name, { ...sliders.moved(), ...(parameters[axis] === data.parameter ? {} : { parameter: parameters[axis] }) });
  };
  const named = (/** @type {string} */ key) => (key === "width" ? words("nudge.width") : words(`kit.${key}`));
  const sliders = nnbook.sliders(data.start, (key) => [named(key), named(key)], change);
  const names = parameters.map((key) => /** @type {[string, string]} */ ([key, words(`kit.${key}`)]));
  const chooser = nnbook.choices(words("nudge.choose"), names, data.parameter, (key) => {
    axis = parameters.indexOf(key);
    change(true);
  });
  handles.forEach((handle, number) => {
    nnbook.drag(handle, (event) => {
      const [x] = view.place(event);
      const key = number ? "width" : parameters[axis];
      const [low, high] = data.start[key];
      const wanted = number ? x - sliders.values[parameters[axis]] : x;
      sliders.set({ ...sliders.values, [key]: Math.max(low, Math.min(high, wanted)) });
      draw();
    }, () => change(true));
  });
  const open = () => {
    const asked = nnbook.state.get(data.name) || {};
    axis = parameters.indexOf(parameters.includes(asked.parameter) ? asked.parameter : data.parameter);
    chooser.set(parameters[axis]);
    sliders.set(asked);
    draw();
  };
  open();
  nnbook.state.watch(open);
  const hint = nnbook.make("p", { class: "nnb-reading nnb-quiet" }, words("nudge.drag"));
  const controls = nnbook.make("div", { class: "nnb-controls" }, chooser.field, sliders.field);
  const beside = nnbook.make("div", { class: "nnb-beside" }, nnbook.make("div", {}, controls, hint), drawing);
  nnbook.upgrade(element, "live-nudge", beside, there, chorded, touching, down, region);
});
