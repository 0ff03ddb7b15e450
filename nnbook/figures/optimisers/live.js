/** The race: choose surface, start and rates, let them run, and see who is where. */

const PACE = 60; // milliseconds for a step

nnbook.define("optimisers", (element) => {
  const data = nnbook.data(element);
  const words = nnbook.words(element);
  const copy = (/** @type {string} */ selector) => /** @type {HTMLElement} */ (/** @type {Element} */ (element.querySelector(selector)).cloneNode(true));
  const drawing = copy("svg");
  const list = copy(".nnb-runners");
  const [all, one] = [drawing, list].map((root) => (/** @type {string} */ selector) => [...root.querySelectorAll(selector)]);
  const [ways, heads, lower, axes] = [".nnb-way", ".nnb-head", ".nnb-lower", ":scope > text, :scope > g > text"].map(all);
  const [results, rated, names] = [".nnb-result", ".nnb-rate", "b"].map(one);
  const ring = /** @type {SVGElement} */ (drawing.querySelector(".nnb-start"));
  const standing = nnbook.make("b");
  const goal = nnbook.make("span", { class: "nnb-quiet" });
  const { region, say } = nnbook.aloud();
  const keys = Object.keys(data.courses.ravine.rates);
  let surface = data.surface;
  /** How far the race has gone; null is up to where the first arrives. @type {number | null} */
  let step = null;
  let timer = 0;
  /** @type {ReturnType<Nnbook["race"]>} */
  let race;

  const boxes = keys.map((key, at) => {
    const box = /** @type {HTMLInputElement} */ (nnbook.make("input", { type: "checkbox", checked: true }));
    box.addEventListener("change", () => settle());
    list.children[at].replaceChildren(nnbook.make("label", {}, box, ...list.children[at].childNodes));
    return box;
  });
  const sliders = Object.fromEntries(Object.entries(data.courses).map(([key, { sliders: start }]) => [
    key,
    nnbook.sliders(start, (name) => [words(`optimisers.slider_${name}`), words(`optimisers.slider_${name}`)], (settled) => change(settled)),
  ]));
  const planes = Object.fromEntries(Object.entries(data.courses).map(([key, { plane }]) => [key, nnbook.plane(drawing, plane)]));
  const track = /** @type {HTMLInputElement} */ (nnbook.make("input", { type: "range", min: 0, max: data.limit, step: 1 }));
  const button = (/** @type {() => void} */ act) => {
    const made = nnbook.make("button", { type: "button" });
    made.addEventListener("click", act);
    return made;
  };

  const first = () => {
    const arrived = keys.filter((key, at) => boxes[at].checked && race[key].arrived >= 0);
    return arrived.sort((one, other) => race[one].arrived - race[other].arrived)[0];
  };
  const now = () => step ?? (first() ? race[first()].arrived : data.limit);

  /** The map itself. */
  const unfold = () => {
    const { map, plane, goal: loss } = data.courses[surface];
    lower.forEach((path, at) => path.setAttribute("d", map.regions[at]));
    all(".nnb-goal")[0].setAttribute("d", map.goal);
    planes[surface].show(plane.x, plane.y);
    const real = surface === "real";
    [axes[0].textContent, axes[1].textContent] = real ? [words("optimisers.across"), words("optimisers.up")] : ["w₁", "w₂"];
    goal.textContent = ` ${words("optimisers.goal", { loss: nnbook.decimal(loss, 3) })}`;
    Object.entries(sliders).forEach(([key, { field }]) => { field.hidden = key !== surface; });
    chooser.set(surface);
  };
  const draw = () => {
    const [plane, at] = [planes[surface], now()];
    keys.forEach((key, number) => {
      const { path, losses, arrived, away } = race[key];
      const [x, y] = path[at];
      const gone = away >= 0 && at >= away;
      ways[number].setAttribute("d", plane.line(path.slice(0, at + 1)));
      heads[number].setAttribute("transform", `translate(${plane.across(x).toFixed(1)} ${plane.down(y).toFixed(1)})`);
      for (const drawn of [ways, heads]) drawn[number].toggleAttribute("data-off", !boxes[number].checked);
      results[number].textContent = gone
        ? words("optimisers.away")
        : arrived >= 0 && at >= arrived ? words("optimisers.there", { count: arrived }) : words("optimisers.loss", { loss: nnbook.short(losses[at], 3) });
      const rate = data.courses[surface].rates[key] * sliders[surface].values.rates;
      rated[number].textContent = words("optimisers.rate", { rate: nnbook.decimal(rate, Math.max(0, 1 - Math.floor(Math.log10(rate)))) });
    });
    const leader = first();
    const there = leader && race[leader].arrived <= at;
    standing.textContent = words(there ? "optimisers.first" : "optimisers.nobody", {
      count: there ? race[leader].arrived : at, name: there ? String(names[keys.indexOf(leader)].textContent) : "",
    });
    drawing.setAttribute("aria-label", words("optimisers.alt", { surface: words(`optimisers.surface_${surface}`), standing: standing.textContent }));
    track.value = String(at);
    track.setAttribute("aria-valuetext", words("optimisers.steps", { count: at }));
    counted.textContent = nnbook.count(at);
    play.textContent = words(timer ? "optimisers.pause" : nnbook.still() ? "optimisers.end" : "optimisers.play");
  };
  const settle = () => {
    draw();
    say(String(standing.textContent));
    const off = keys.filter((_, at) => !boxes[at].checked).join(".");
    nnbook.state.set(data.name, {
      ...(surface === data.surface ? {} : { surface }), ...sliders[surface].moved(), ...(step === null ? {} : { step }), ...(off ? { off } : {}),
    });
  };
  const run = () => {
    const { x, y, rates } = sliders[surface].values;
    race = nnbook.race(data.courses[surface], [x, y], rates, data.limit);
    ring.setAttribute("cx", planes[surface].across(x).toFixed(1));
    ring.setAttribute("cy", planes[surface].down(y).toFixed(1));
  };
  const change = (/** @type {boolean} */ settled) => {
    run();
    if (settled) settle();
    else draw();
  };
  const stop = () => {
    clearInterval(timer);
    timer = 0;
  };
  const forward = () => {
    step = Math.min(now() + 1, data.limit);
    if (step < data.limit) return draw();
    stop();
    return settle();
  };
  const play = button(() => {
    if (timer) {
      stop();
      return settle();
    }
    if (nnbook.still()) step = data.limit - 1;
    else if (step === null || step === data.limit) step = 0;
    if (!nnbook.still()) timer = setInterval(forward, PACE);
    return forward();
  });
  const once = button(() => {
    stop();
    step = step === null || step === data.limit ? 0 : step;
    forward();
    settle();
  });
  const reset = button(() => {
    stop();
    boxes.forEach((box) => { box.checked = true; });
    sliders[surface].set({});
    step = 0;
    change(true);
  });
  once.textContent = words("optimisers.once");
  reset.textContent = words("optimisers.reset");
  const counted = nnbook.make("b");
  for (const kind of ["input", "change"]) {
    track.addEventListener(kind, () => {
      stop();
      step = Number(track.value);
      if (kind === "change") settle();
      else draw();
    });
  }
  const chooser = nnbook.select(words("optimisers.choose"), Object.keys(data.courses).map((key) => [key, words(`optimisers.surface_${key}`)]), surface, (key) => {
    stop();
    surface = key;
    step = null;
    unfold();
    change(true);
  });
  /** @param {MouseEvent} event */
  const move = (event) => {
    const [x, y] = planes[surface].place(/** @type {PointerEvent} */ (event));
    sliders[surface].set({ ...sliders[surface].values, x, y });
    change(false);
  };
  nnbook.drag(ring, move, () => settle());
  /** @type {SVGElement} */ (drawing.querySelector("svg")).addEventListener("click", (event) => {
    move(/** @type {MouseEvent} */ (event));
    settle();
  });

  const open = () => {
    stop();
    const asked = nnbook.state.get(data.name) || {};
    surface = Object.keys(data.courses).find((key) => key === asked.surface) || data.surface;
    step = /^\d+$/.test(asked.step) && Number(asked.step) <= data.limit ? Number(asked.step) : null;
    const off = (asked.off || "").split(".");
    boxes.forEach((box, at) => { box.checked = !off.includes(keys[at]); });
    Object.entries(sliders).forEach(([key, { set }]) => set(key === surface ? asked : {}));
    unfold();
    run();
    draw();
  };
  open();
  nnbook.state.watch(open);
  new IntersectionObserver(([{ isIntersecting }]) => {
    if (isIntersecting || !timer) return;
    stop();
    settle();
  }).observe(element);

  const buttons = nnbook.make("div", { class: "nnb-buttons" }, play, once, reset);
  const steps = nnbook.make("label", { class: "nnb-slider" }, nnbook.make("span", {}, words("optimisers.track")), track, counted);
  const fields = Object.values(sliders).map(({ field }) => field);
  const controls = nnbook.make("div", { class: "nnb-controls" }, nnbook.make("div", { class: "nnb-race-choice" }, chooser.field, buttons), nnbook.make("div", { class: "nnb-sliders" }, steps, ...fields));
  const hint = nnbook.make("p", { class: "nnb-reading nnb-quiet" }, words("optimisers.hint"));
  const map = nnbook.make("div", {}, drawing, nnbook.make("p", { class: "nnb-sum" }, standing, goal), hint);
  nnbook.upgrade(element, "live-optimisers", controls, nnbook.make("div", { class: "nnb-race-parts" }, map, list), region);
});
