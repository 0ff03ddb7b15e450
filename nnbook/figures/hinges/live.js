/** Hinges: choose how many neurons follow the curve. All fits are there already; the slider shows one. */

nnbook.define("hinges", (element) => {
  const { name, units, start, fits } = nnbook.data(element);
  const words = nnbook.words(element);
  const drawing = /** @type {Element} */ (/** @type {Element} */ (element.querySelector("svg")).cloneNode(true));
  const part = (/** @type {string} */ key) => /** @type {Element} */ (drawing.querySelector(`.nnb-hinges-${key}`));
  const slider = /** @type {HTMLInputElement} */ (nnbook.make("input", { type: "range", max: units.length - 1 }));
  const reading = nnbook.make("p", { class: "nnb-reading", role: "status" });

  /** @param {number} at */
  const show = (at) => {
    const { lines, high, low, gap } = fits[at];
    const values = { count: units[at], gap: nnbook.decimal(gap, 3) };
    for (const [key, line] of Object.entries(lines)) part(key).setAttribute("d", line);
    part("high").textContent = nnbook.signed(high, 1);
    part("low").textContent = nnbook.signed(low, 1);
    drawing.setAttribute("aria-label", words("hinges.alt", values));
    reading.textContent = words("hinges.gap", values);
    slider.value = String(at);
    slider.setAttribute("aria-valuetext", nnbook.count(units[at]));
  };
  const open = () => {
    const asked = units.indexOf(Number((nnbook.state.get(name) || {}).units));
    show(asked < 0 ? start : asked);
  };
  slider.addEventListener("input", () => show(Number(slider.value)));
  slider.addEventListener("change", () => nnbook.state.set(name, { units: units[Number(slider.value)] }));
  nnbook.state.watch(open);
  open();
  const field = nnbook.make("label", { class: "nnb-field" }, words("hinges.units"), slider);
  nnbook.upgrade(element, "live-hinges", nnbook.make("div", { class: "nnb-controls" }, field), drawing, reading);
});
