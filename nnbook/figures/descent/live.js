/** Gradient descent on the map of the loss of a line: choose where it starts and its rate, step, play, and see it arrive or burst. */

const MOST = 200; // steps

nnbook.define("descent", (element) => {
  const data = nnbook.data(element);
  const words = nnbook.words(element);
  const panels = /** @type {HTMLElement} */ (/** @type {Element} */ (element.querySelector(".nnb-panels")).cloneNode(true));
  const [map, small] = panels.querySelectorAll("svg.nnb-drawing");
  const [plane, chart] = [nnbook.plane(map, data.plane), nnbook.plane(small, data.chart)];
  const bowl = nnbook.bowl(data.x, data.y);
  const handle = /** @type {Element} */ (map.querySelector(".nnb-drag"));
  const [after, slopes, intercepts, told, left] = Array.from({ length: 5 }, () => nnbook.make("p", { class: "nnb-sum" }));
  const { region, say } = nnbook.aloud();
  let count = data.steps;
  let timer = 0;

  const way = () => {
    const { rate, slope, intercept } = sliders.values;
    const places = [[slope, intercept]];
    for (let step = 0; step < count; step += 1) {
      const [at, gradient] = [places[step], bowl.gradient(places[step])];
      places.push(at.map((value, axis) => value - rate * gradient[axis]));
    }
    return places;
  };
  /** @param {Element} drawing @param {NnbookPlane} part @param {number[][]} places @param {string} lowest */
  const trace = (drawing, part, places, lowest) => {
    const paths = { lowest, trail: part.line(places), spots: part.spots(places) };
    Object.entries(paths).forEach(([key, d]) => nnbook.put(/** @type {Element} */ (drawing.querySelector(`.nnb-${key}`)), { d }));
  };
  const draw = () => {
    const { rate } = sliders.values;
    const places = way();
    const losses = places.map((place) => bowl.loss(place));
    const seen = nnbook.zoomed(data.plane, data.best, places);
    plane.show(seen.x, seen.y);
    trace(map, plane, places, nnbook.cross(plane.across(data.best[0]), plane.down(data.best[1])));
    nnbook.put(handle, { cx: plane.across(places[0][0]), cy: plane.down(places[0][1]) });
    const last = places[count];
    const gradient = bowl.gradient(last);
    const next = last.map((value, axis) => value - rate * gradient[axis]);
    nnbook.put(/** @type {Element} */ (map.querySelector(".nnb-next")), { d: plane.line([last, next]) });
    chart.show([0, Math.max(count, data.steps)], [0, Math.max(...losses)], [0, 2]);
    trace(small, chart, losses.map((loss, step) => [step, loss]), chart.line(chart.x.map((x) => [x, data.lowest])));
    const short = (/** @type {number} */ number) => nnbook.short(number);
    const loss = losses[count];
    const values = {
      count, rate: nnbook.decimal(rate), slope: short(last[0]), intercept: short(last[1]), loss: nnbook.short(loss, 3), first: nnbook.short(losses[0], 3),
      lowest: nnbook.decimal(data.lowest, 3), from_slope: short(places[0][0]), from_intercept: short(places[0][1]),
      curvature: nnbook.decimal(data.curvature), limit: nnbook.decimal(2 / data.curvature), times: nnbook.short(seen.times, 0),
    };
    after.textContent = words("descent.after", values);
    [slopes, intercepts].forEach((line, axis) => {
      const [from, by, to] = [last, gradient, next].map((place) => nnbook.short(place[axis], 3));
      line.textContent = words(axis ? "descent.intercept" : "descent.slope", { ...values, from, to, by: gradient[axis] >= 0.0005 ? `+${by}` : by });
    });
    const share = (rate * data.curvature) / 2;
    const course = share < 0.1 ? "creeps" : share < 0.5 ? "calm" : share < 1 ? "swings" : "bursts";
    told.textContent = words(`descent.${course}`, values);
    left.textContent = seen.times > 1 ? words("descent.left", values) : "";
    nnbook.put(map, { "aria-label": words("descent.alt", values) });
    nnbook.put(small, { "aria-label": words("descent.chart_alt", values) });
    play.textContent = words(timer ? "descent.pause" : "descent.play");
    step.disabled = count >= MOST;
    reset.disabled = !count;
    element.dataset.gradient = gradient.join();
    element.dataset.way = JSON.stringify(places);
  };
  const stop = () => {
    clearInterval(timer);
    timer = 0;
  };
  /** @param {boolean} settled */
  const change = (settled) => {
    draw();
    if (!settled) return;
    say(`${after.textContent} ${told.textContent} ${left.textContent}`);
    nnbook.state.set(data.name, { ...sliders.moved(), ...(count === data.steps ? {} : { steps: count }) });
  };
  const sliders = nnbook.sliders(data.start, (key) => {
    const name = key === "rate" ? words("descent.rate") : words(`kit.${key}`);
    return [name, name];
  }, change);
  const [low, high] = data.start.rate;
  const mark = nnbook.make("i", { class: "nnb-descent-limit", "aria-hidden": "true" }, words("descent.limit"));
  mark.style.setProperty("--at", String((2 / data.curvature - low) / (high - low)));
  /** @type {Element} */ (sliders.field.querySelector("label")).append(mark); // the rate's
  /** @param {string} key @param {() => void} act */
  const button = (key, act) => {
    const made = /** @type {HTMLButtonElement} */ (nnbook.make("button", { type: "button" }, words(key)));
    made.addEventListener("click", act);
    return made;
  };
  /** @param {number} to */
  const go = (to) => {
    stop();
    count = to;
    change(true);
  };
  const step = button("descent.step", () => go(count + 1));
  const reset = button("descent.reset", () => go(0));
  const play = button("descent.play", () => {
    if (timer) return go(count);
    if (nnbook.still()) return go(count < data.steps ? data.steps : 0);
    if (count >= data.steps) count = 0;
    timer = setInterval(() => {
      const { top, bottom } = element.getBoundingClientRect();
      if (bottom < 0 || top > innerHeight || document.hidden || count >= data.steps) return go(count);
      count += 1;
      draw();
    }, 300);
    draw();
  });
  /** Start elsewhere. @param {PointerEvent} event */
  const begin = (event) => {
    const [slope, intercept] = plane.place(event).map((value, axis) => {
      const [low, high] = data.start[axis ? "intercept" : "slope"];
      return Math.max(low, Math.min(high, value));
    });
    sliders.set({ ...sliders.values, slope, intercept });
    draw();
  };
  nnbook.drag(handle, begin, () => change(true));
  /** @type {SVGElement} */ (map.querySelector(".nnb-plane-inside")).addEventListener("click", (event) => {
    if (event.target === handle) return;
    begin(/** @type {PointerEvent} */ (event));
    change(true);
  });
  const open = () => {
    const asked = nnbook.state.get(data.name) || {};
    const steps = Number(asked.steps ?? data.steps);
    stop();
    count = Number.isInteger(steps) && steps >= 0 && steps <= MOST ? steps : data.steps;
    sliders.set(asked);
    draw();
  };
  open();
  nnbook.state.watch(open);
  const hint = nnbook.make("p", { class: "nnb-reading nnb-quiet" }, words("descent.drag"));
  const buttons = nnbook.make("div", { class: "nnb-buttons" }, step, play, reset);
  const controls = nnbook.make("div", { class: "nnb-controls" }, sliders.field, buttons);
  /** @type {Element} */ (panels.lastElementChild).replaceChildren(small, after, slopes, intercepts, told, left, hint);
  nnbook.upgrade(element, "live-descent", controls, panels, region);
});
