/** A line through points: drag it, or the place on the map that stands for it; the other follows. */

nnbook.define("line", (element) => {
  const data = nnbook.data(element);
  const words = nnbook.words(element);
  const panels = /** @type {HTMLElement} */ (/** @type {Element} */ (element.querySelector(".nnb-panels")).cloneNode(true));
  const [points, map] = panels.querySelectorAll("svg.nnb-drawing");
  const [view, plane] = [nnbook.plane(points, data.view), nnbook.plane(map, data.plane)];
  const part = (/** @type {string} */ key) => /** @type {SVGElement} */ (panels.querySelector(`.nnb-${key}`));
  const [here, handles] = [/** @type {Element} */ (map.querySelector(".nnb-drag")), [...part("ends").children]];
  const bowl = nnbook.bowl(data.x, data.y);
  const [rule, told] = ["p", "p"].map((tag) => nnbook.make(tag, { class: "nnb-sum" }));
  const scale = data.view.width / (view.x[1] - view.x[0]);
  const middle = (view.x[0] + view.x[1]) / 2;
  const { region, say } = nnbook.aloud();
  let shown = false; // the line of least squares

  const { put } = nnbook;
  const straight = (/** @type {number[]} */ [slope, intercept]) => view.line(view.x.map((x) => [x, slope * x + intercept]));

  const within = (/** @type {number} */ value, /** @type {number[]} */ [low, high]) => Math.max(low, Math.min(high, value));
  const held = [0.12, 0.88].map((share) => view.x[0] + share * (view.x[1] - view.x[0])); // where the handles were left

  /** The places of both handles: where they were left, but each within its half of what is seen of the line. @param {number} slope @param {number} intercept */
  const ends = (slope, intercept) => {
    const [first, second] = view.y.map((y) => (y - intercept) / slope).sort((one, other) => one - other);
    const low = slope ? Math.max(view.x[0], first) : view.x[0];
    const high = slope ? Math.min(view.x[1], second) : view.x[1];
    const part = (/** @type {number} */ share) => low + share * (high - low);
    return held.map((x, at) => within(x, [part(at ? 0.55 : 0.06), part(at ? 0.94 : 0.45)])).map((x) => [x, slope * x + intercept]);
  };
  const draw = () => {
    const { slope, intercept } = sliders.values;
    const loss = bowl.loss([slope, intercept]);
    /** @type {Record<string, string>} */
    const squares = { over: "", under: "" };
    data.x.forEach((/** @type {number} */ x, /** @type {number} */ at) => {
      const error = slope * x + intercept - data.y[at];
      const side = scale * Math.abs(error);
      const left = view.across(x) - (x < middle ? 0 : side); // towards the middle, so that it is seen whole
      squares[error > 0 ? "over" : "under"] += `M${left} ${view.down(data.y[at] + Math.max(error, 0))}h${side}v${side}h${-side}z`;
    });
    Object.entries(squares).forEach(([key, d]) => put(part(key), { d }));
    ["fit", "grip"].forEach((key) => put(part(key), { d: straight([slope, intercept]) }));
    put(part("best"), { d: shown ? straight(data.best) : "" });
    put(part("lowest"), { d: shown ? nnbook.cross(plane.across(data.best[0]), plane.down(data.best[1])) : "" });
    ends(slope, intercept).forEach(([x, y], at) => put(handles[at], { cx: view.across(x), cy: view.down(y) }));
    put(here, { cx: plane.across(slope), cy: plane.down(intercept) });
    const side = scale * Math.sqrt(loss);
    const [right, bottom] = [data.view.left + data.view.width - 8, data.view.top + data.view.height - 8];
    put(part("mean"), { x: right - side, y: bottom - side, width: side, height: side });
    put(part("mean-word"), { y: Math.max(bottom - side - 6, data.view.top + 14) });
    const values = {
      count: data.x.length, slope: nnbook.decimal(slope), intercept: nnbook.decimal(intercept), plus: nnbook.signed(slope),
      loss: nnbook.decimal(loss, 3), lowest: nnbook.decimal(data.lowest, 3), above: nnbook.decimal(loss - data.lowest, 3),
    };
    part("mean-word").textContent = words("line.mean", values);
    rule.textContent = words("line.rule", values);
    told.textContent = words(loss - data.lowest < 0.0005 ? "line.lowest" : "line.loss", values);
    put(points, { "aria-label": words("line.alt", values) });
    put(map, { "aria-label": words("line.map_alt", values) });
    toggle.setAttribute("aria-pressed", String(shown));
    Object.assign(element.dataset, { loss });
  };
  const change = (/** @type {boolean} */ settled) => {
    draw();
    if (!settled) return;
    say(String(told.textContent));
    nnbook.state.set(data.name, { ...sliders.moved(), ...(shown ? { best: 1 } : {}) });
  };
  const sliders = nnbook.sliders(data.start, (key) => [words(`kit.${key}`), words(`kit.${key}`)], change);
  const toggle = nnbook.make("button", { type: "button" }, words("line.best"));
  toggle.addEventListener("click", () => {
    shown = !shown;
    change(true);
  });
  /** The line through a place, as far as the map reaches. @param {number[]} at @param {number} steep */
  const turn = ([x, y], steep) => {
    const slope = within(steep, plane.x);
    sliders.set({ slope, intercept: within(y - slope * x, plane.y) });
    draw();
  };
  const done = () => change(true);
  nnbook.drag(here, (event) => {
    const [slope, intercept] = plane.place(event);
    turn([0, intercept], slope);
  }, done);
  nnbook.drag(part("grip"), (event) => turn(view.place(event), sliders.values.slope), done);
  handles.forEach((handle, at) => {
    /** @type {number[] | null} the other handle, which stays where it is */
    let pivot = null;
    nnbook.drag(handle, (event) => {
      pivot ??= ends(sliders.values.slope, sliders.values.intercept)[1 - at];
      const [x, y] = view.place(event);
      held[at] = x;
      held[1 - at] = pivot[0];
      if ((x - pivot[0]) * (at - 0.5) > 0) turn(pivot, (y - pivot[1]) / (x - pivot[0]));
    }, () => {
      pivot = null;
      done();
    });
  });
  const open = () => {
    const asked = nnbook.state.get(data.name) || {};
    shown = asked.best === "1";
    sliders.set(asked);
    draw();
  };
  open();
  nnbook.state.watch(open);
  const legend = /** @type {Element} */ (element.querySelector("p.nnb-quiet")).cloneNode(true);
  const hint = nnbook.make("p", { class: "nnb-reading nnb-quiet" }, words("line.drag"));
  nnbook.upgrade(element, "live-line", nnbook.make("div", { class: "nnb-controls" }, sliders.field, toggle), panels, rule, told, legend, hint, region);
});
