/** Polynomials through points: choose the degree, or other points; all fits are there already. */

nnbook.define("degree", (element) => {
  const data = nnbook.data(element);
  const words = nnbook.words(element);
  const panels = /** @type {HTMLElement} */ (/** @type {Element} */ (element.querySelector(".nnb-panels")).cloneNode(true));
  const [picture, chart] = panels.querySelectorAll("svg.nnb-drawing");
  const [curve, errors] = [nnbook.plane(picture, data.curve), nnbook.plane(chart, data.chart)];
  const part = (/** @type {string} */ key) => /** @type {Element} */ (panels.querySelector(`.nnb-plane-inside .nnb-degree-${key}`));
  const said = nnbook.make("p", { class: "nnb-sum" });
  const { region, say } = nnbook.aloud();
  const last = data.draws[0].fits.length - 1;
  let draw = 0;

  /** The height of a polynomial in the basis of Chebyshev, by Clenshaw's rule. @param {number[]} coefficients @param {number} x */
  const height = (coefficients, x) => {
    let [now, before] = [0, 0];
    for (let at = coefficients.length - 1; at > 0; at -= 1) [now, before] = [coefficients[at] + 2 * x * now - before, now];
    return coefficients[0] + x * now - before;
  };
  const show = () => {
    const degree = Number(slider.value);
    const { points, fits } = data.draws[draw];
    const { coefficients, lowest, highest, train, validation } = fits[degree];
    const places = Array.from({ length: 289 }, (_, at) => at / 144 - 1);
    nnbook.put(part("fit"), { d: curve.line(places.map((x) => [x, height(coefficients, x)])) });
    for (const kind of ["train", "validation"]) {
      nnbook.put(part(kind), { d: curve.spots(points[kind]) });
      const line = fits.map((/** @type {Record<string, number>} */ fit, /** @type {number} */ at) => [at, Math.log10(Math.max(fit[kind], 1e-9))]);
      nnbook.put(part(`error-${kind}`), { d: errors.line(line) });
      nnbook.put(part(`now-${kind}`), { d: errors.spots([line[degree]]) });
    }
    nnbook.put(part("here"), { d: errors.line(data.chart.y.map((/** @type {number} */ end) => [degree, end])) });
    const told = words("degree.errors", { degree: nnbook.count(degree), train: nnbook.decimal(train, 3), validation: nnbook.decimal(validation, 3) });
    const outside = lowest < data.curve.y[0] || highest > data.curve.y[1];
    said.textContent = outside
      ? `${told} ${words("degree.outside", { lowest: nnbook.signed(lowest, 1), highest: nnbook.signed(highest, 1) })}`
      : told;
    nnbook.put(picture, { "aria-label": words("degree.alt_curve", { said: said.textContent }) });
    const errorsOfAll = fits.map((/** @type {{ validation: number }} */ fit) => fit.validation);
    const best = nnbook.count(errorsOfAll.indexOf(Math.min(...errorsOfAll)));
    nnbook.put(chart, { "aria-label": words("degree.alt_chart", { said: said.textContent, best }) });
    nnbook.put(slider, { "aria-valuetext": nnbook.count(degree) });
    counted.textContent = nnbook.count(degree);
  };
  const settle = () => {
    show();
    say(String(said.textContent));
    const degree = Number(slider.value);
    nnbook.state.set(data.name, { ...(degree === data.start ? {} : { degree }), ...(draw ? { draw: draw + 1 } : {}) });
  };
  const slider = /** @type {HTMLInputElement} */ (nnbook.make("input", { type: "range", min: 0, max: last, step: 1, "aria-label": words("degree.degree") }));
  const counted = nnbook.make("b");
  slider.addEventListener("input", show);
  slider.addEventListener("change", settle);
  const others = nnbook.make("button", { type: "button" }, words("degree.others"));
  others.addEventListener("click", () => {
    draw = (draw + 1) % data.draws.length;
    settle();
  });
  chart.addEventListener("click", (event) => {
    slider.value = String(Math.round(errors.place(/** @type {PointerEvent} */ (event))[0]));
    settle();
  });
  const open = () => {
    const asked = nnbook.state.get(data.name) || {};
    slider.value = /^\d+$/.test(asked.degree) && Number(asked.degree) <= last ? asked.degree : data.start;
    draw = data.draws[Number(asked.draw) - 1] ? Number(asked.draw) - 1 : 0;
    show();
  };
  open();
  nnbook.state.watch(open);
  const field = nnbook.make("label", { class: "nnb-slider" }, nnbook.make("span", {}, words("degree.degree")), slider, counted);
  const controls = nnbook.make("div", { class: "nnb-controls" }, nnbook.make("div", { class: "nnb-sliders" }, field), others);
  nnbook.upgrade(element, "live-degree", controls, panels, said, region);
});
