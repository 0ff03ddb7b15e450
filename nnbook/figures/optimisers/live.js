/** The race: choose surface, start and rates, let them run, and see who is where. */

const PACE = 60; // milliseconds for a step

nnbook.define("optimisers", (element) => {
  const data = nnbook.data(element);
  const words = nnbook.words(element);
  const [map, list] = [".nnb-race-map", ".nnb-runners"].map((part) => /** @type {HTMLElement} */ (element.querySelector(part)?.cloneNode(true)));
  const drawing = /** @type {SVGElement} */ (map.querySelector("svg"));
  const [ways, curves, heads, lower, goals, axes] = [".nnb-way", ".nnb-loss", ".nnb-head", ".nnb-lower", ".nnb-goal", ":scope > text, :scope > g > text"].map((part) => [...drawing.querySelectorAll(part)]);
  const [start, here, level] = [".nnb-drag", ".nnb-race-now", ".nnb-goal-word"].map((part) => /** @type {Element} */ (drawing.querySelector(part)));
  const [ground, below] = drawing.querySelectorAll("svg");
  const [results, rated, names] = [".nnb-result", ".nnb-rule > :last-child", "b"].map((part) => [...list.querySelectorAll(part)]);
  const [standing, goal] = /** @type {HTMLElement} */ (map.querySelector(".nnb-sum")).children;
  const { region, say } = nnbook.aloud();
  const keys = Object.keys(data.courses.ravine.rates);
  let surface = data.surface;
  /** How far the race has gone; null until the first arrives, which is where it rests. @type {number | null} */
  let step = null;
  let timer = 0;
  /** @type {ReturnType<Nnbook["race"]>} */
  let race;

  const boxes = keys.map((_, at) => {
    const box = /** @type {HTMLInputElement} */ (nnbook.make("input", { type: "checkbox" }));
    box.addEventListener("change", () => change(true));
    list.children[at].replaceChildren(nnbook.make("label", {}, box, ...list.children[at].childNodes));
    return box;
  });
  const sliders = Object.fromEntries(Object.entries(data.courses).map(([key, { sliders: own }]) => [
    key,
    nnbook.sliders(own, (name) => [words(`optimisers.slider_${name}`), words(`optimisers.slider_${name}`)], (settled) => change(settled)),
  ]));
  const [planes, charts] = ["plane", "chart"].map((part) => Object.fromEntries(Object.entries(data.courses).map(([key, course]) => [key, nnbook.plane(drawing, course[part])])));

  /** Of those that take part. */
  const first = () => {
    const arrived = keys.filter((key, at) => boxes[at].checked && race[key].arrived >= 0);
    return arrived.sort((one, other) => race[one].arrived - race[other].arrived)[0];
  };
  const now = () => step ?? (first() ? race[first()].arrived : data.limit);
  const unfold = () => {
    const { map: paths, plane, goal: loss } = data.courses[surface];
    lower.forEach((path, at) => nnbook.put(path, { d: paths.regions[at] }));
    const chart = charts[surface];
    nnbook.put(goals[0], { d: paths.goal });
    nnbook.put(level, { y: chart.down(Math.log10(loss)) + 4 });
    level.textContent = nnbook.decimal(loss);
    nnbook.put(goals[1], { d: chart.line(chart.x.map((end) => [end, Math.log10(loss)])) });
    planes[surface].show(plane.x, plane.y);
    ["across", "up"].forEach((key, axis) => { axes[axis].textContent = surface === "real" ? words(`optimisers.${key}`) : ["w₁", "w₂"][axis]; });
    goal.textContent = words("optimisers.goal", { loss: nnbook.decimal(loss, 3) });
    Object.entries(sliders).forEach(([key, { field }]) => { field.hidden = key !== surface; });
    chooser.set(surface);
  };
  const draw = () => {
    const { x, y, rates } = sliders[surface].values;
    const [plane, chart] = [planes[surface], charts[surface]];
    race = nnbook.race(data.courses[surface], [x, y], rates, data.limit);
    const at = now();
    nnbook.put(start, { cx: plane.across(x), cy: plane.down(y) });
    keys.forEach((key, number) => {
      const { path, losses, arrived, away } = race[key];
      const rate = data.courses[surface].rates[key] * rates;
      nnbook.put(ways[number], { d: plane.line(path.slice(0, at + 1)) });
      nnbook.put(heads[number], { transform: `translate(${plane.across(path[at][0]).toFixed(1)} ${plane.down(path[at][1]).toFixed(1)})` });
      const known = losses.slice(0, Math.min(chart.x[1] + 1, away < 0 ? Infinity : away));
      nnbook.put(curves[number], { d: chart.line(known.map((loss, at) => [at, Math.log10(Math.max(loss, 1e-9))])) });
      for (const drawn of [ways, curves, heads]) drawn[number].toggleAttribute("data-off", !boxes[number].checked);
      const there = arrived >= 0 && at >= arrived;
      if (away >= 0 && at >= away) results[number].textContent = words("optimisers.away");
      else results[number].textContent = there ? words("optimisers.there", { count: arrived }) : words("optimisers.loss", { loss: nnbook.short(losses[at], 3) });
      rated[number].textContent = words("optimisers.rate", { rate: nnbook.decimal(rate, Math.max(0, 1 - Math.floor(Math.log10(rate)))) });
    });
    nnbook.put(here, { d: chart.line(chart.y.map((end) => [at, end])) });
    const leader = first();
    const there = leader && race[leader].arrived <= at;
    const name = leader && String(names[keys.indexOf(leader)].textContent);
    standing.textContent = there ? words("optimisers.first", { count: race[leader].arrived, name }) : words("optimisers.nobody", { count: at });
    nnbook.put(drawing, { "aria-label": words("optimisers.alt", { surface: words(`optimisers.surface_${surface}`), standing: standing.textContent }) });
    track.value = String(at);
    nnbook.put(track, { "aria-valuetext": nnbook.count(at) });
    counted.textContent = nnbook.count(at);
    play.textContent = words(timer ? "optimisers.pause" : nnbook.still() ? "optimisers.end" : "optimisers.play");
  };
  /** @param {boolean} settled */
  const change = (settled) => {
    draw();
    if (!settled) return;
    say(String(standing.textContent));
    const off = keys.filter((_, at) => !boxes[at].checked).join(".");
    nnbook.state.set(data.name, {
      ...(surface === data.surface ? {} : { surface }), ...sliders[surface].moved(), ...(step === null ? {} : { step }), ...(off ? { off } : {}),
    });
  };
  /** Go to a step and stay there. @param {number | null} to @param {boolean} [settled] */
  const go = (to, settled = true) => {
    clearInterval(timer);
    timer = 0;
    step = to;
    change(settled);
  };
  /** @param {string} key @param {() => void} act */
  const button = (key, act) => {
    const made = nnbook.make("button", { type: "button" }, words(key));
    made.addEventListener("click", act);
    return made;
  };
  /** Where the race goes on: at rest and at its end from the beginning. */
  const from = () => (step === null || step === data.limit ? 0 : step);
  const play = button("optimisers.play", () => {
    if (timer) return go(step);
    if (nnbook.still()) return go(data.limit);
    step = from();
    timer = setInterval(() => {
      const { top, bottom } = element.getBoundingClientRect();
      if (bottom < 0 || top > innerHeight || document.hidden || step === data.limit) return go(step);
      step = from() + 1;
      draw();
    }, PACE);
    draw();
  });
  const once = button("optimisers.once", () => go(from() + 1));
  const reset = button("optimisers.reset", () => {
    boxes.forEach((box) => { box.checked = true; });
    sliders[surface].set({});
    go(0);
  });
  const track = /** @type {HTMLInputElement} */ (nnbook.make("input", { type: "range", min: 0, max: data.limit, step: 1, "aria-label": words("optimisers.track") }));
  const counted = nnbook.make("b");
  for (const kind of ["input", "change"]) track.addEventListener(kind, () => go(Number(track.value), kind === "change"));
  const surfaces = Object.keys(data.courses).map((key) => /** @type {[string, string]} */ ([key, words(`optimisers.surface_${key}`)]));
  const chooser = nnbook.select(words("optimisers.choose"), surfaces, surface, (key) => {
    surface = key;
    unfold();
    go(null);
  });
  /** Start where the reader points. @param {Event} event */
  const begin = (event) => {
    const [x, y] = planes[surface].place(/** @type {PointerEvent} */ (event));
    sliders[surface].set({ ...sliders[surface].values, x, y });
    change(event.type === "click");
  };
  below.addEventListener("click", (event) => go(Math.round(charts[surface].place(/** @type {any} */ (event))[0])));
  nnbook.drag(start, begin, () => change(true));
  ground.addEventListener("click", (event) => { if (event.target !== start) begin(event); });

  const open = () => {
    const asked = nnbook.state.get(data.name) || {};
    const off = (asked.off || "").split(".");
    surface = surfaces.map(([key]) => key).find((key) => key === asked.surface) || data.surface;
    boxes.forEach((box, at) => { box.checked = !off.includes(keys[at]); });
    Object.entries(sliders).forEach(([key, { set }]) => set(key === surface ? asked : {}));
    unfold();
    go(/^\d+$/.test(asked.step) && Number(asked.step) <= data.limit ? Number(asked.step) : null, false);
  };
  open();
  nnbook.state.watch(open);
  const steps = nnbook.make("label", { class: "nnb-slider" }, nnbook.make("span", {}, words("optimisers.track")), track, counted);
  const fields = nnbook.make("div", { class: "nnb-sliders" }, steps, ...Object.values(sliders).map(({ field }) => field));
  const controls = nnbook.make("div", { class: "nnb-controls" }, chooser.field, nnbook.make("div", { class: "nnb-buttons" }, play, once, reset), fields);
  map.append(nnbook.make("p", { class: "nnb-reading nnb-quiet" }, words("optimisers.hint")));
  nnbook.upgrade(element, "live-optimisers", nnbook.make("div", { class: "nnb-race" }, controls, map, list), region);
});
