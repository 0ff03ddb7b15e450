/** Forward: go through the calculation step by step, and change what is given. */

const MOST = 99; // of what a reader may give

nnbook.define("forward", (element) => {
  /** @type {{ name: string, sizes: number[], activation: string, given: number[] }} */
  const { name, sizes, activation, given } = nnbook.data(element);
  const words = nnbook.words(element);
  const parts = /** @type {Element[]} */ ([.../** @type {Element} */ (element.querySelector(".nnb")).children].map((part) => part.cloneNode(true)));
  const all = (/** @type {string} */ key) =>
    parts.flatMap((part) => /** @type {HTMLElement[]} */ ([...part.querySelectorAll(`[data-${key}]`)]));
  const [inputs] = sizes;
  let values = given.slice();
  /** What is known after the last step, as it is written. @type {string[]} */
  let known = [];

  const calculate = () => {
    let layer = values.slice(0, inputs);
    let at = inputs;
    known = layer.map((value) => nnbook.decimal(value));
    for (const size of sizes.slice(1)) {
      layer = Array.from({ length: size }, () => {
        const products = layer.map((value) => value * values[at++]);
        const sum = products.reduce((total, product) => total + product, 0) + values[at++];
        const output = nnbook.activations[activation](sum);
        known.push(...[...products, sum].map((value) => nnbook.signed(value, 3)), nnbook.decimal(output, 3));
        return output;
      });
    }
  };
  calculate();
  const steps = known.length - inputs;
  let step = steps;

  const button = (/** @type {() => void} */ act) => {
    const made = nnbook.make("button", { type: "button" });
    made.addEventListener("click", () => {
      act();
      draw();
      keep();
    });
    return made;
  };
  const back = button(() => { step = Math.max(0, step - 1); });
  const next = button(() => { step = step < steps ? step + 1 : 0; });
  const slider = /** @type {HTMLInputElement} */ (nnbook.make("input", { type: "range", max: steps }));
  const reading = nnbook.make("p", { class: "nnb-reading", role: "status" });
  const fields = all("given").map((place) => {
    const { given: at, label } = place.dataset;
    const field = /** @type {HTMLInputElement} */ (
      nnbook.make("input", { type: "number", step: 0.1, min: -MOST, max: MOST, "data-given": at, "aria-label": label })
    );
    field.addEventListener("input", () => {
      const value = field.valueAsNumber;
      if (!(Math.abs(value) <= MOST)) return;
      values[Number(at)] = value;
      draw();
    });
    field.addEventListener("change", () => {
      fill();
      keep();
    });
    place.replaceWith(field);
    return field;
  });
  const fill = () => fields.forEach((field) => { field.value = String(values[Number(field.dataset.given)]); });

  /** The step in words: the row of the table in which something was calculated. @param {Element} row */
  const line = (row) => {
    const cells = [.../** @type {HTMLTableRowElement} */ (row).cells];
    const written = cells.map((cell) => `${(cell.textContent || "").trim()} ${cell.querySelector("input")?.value || ""}`.trim());
    return `${row.closest("table")?.caption?.textContent}: ${written.join(" ")}`;
  };
  const draw = () => {
    calculate();
    const now = inputs + step - 1;
    let said = "";
    for (const place of all("known")) {
      const at = Number(place.dataset.known);
      place.textContent = known[at];
      place.classList.toggle("nnb-later", at > now);
      const row = place.closest("td:last-child")?.parentElement;
      row?.classList.toggle("nnb-chosen", at === now && step > 0);
      if (row && at === now && step) said = line(row);
    }
    for (const wire of all("wire")) {
      const weight = values[Number(wire.dataset.wire)];
      wire.style.strokeWidth = String(Math.min(6, Math.abs(2 * weight)));
      wire.setAttribute("class", `nnb-forward-${weight < 0 ? "minus" : "plus"}${Number(wire.dataset.product) === now ? " nnb-now" : ""}`);
    }
    for (const node of all("node")) node.classList.toggle("nnb-now", step > 0 && [now, now + 1].includes(Number(node.dataset.node)));
    reading.textContent = words("forward.step", { step, steps, line: said });
    back.textContent = words("forward.back");
    next.textContent = words(step < steps ? "forward.next" : "forward.again");
    slider.value = String(step);
    slider.setAttribute("aria-valuetext", String(reading.textContent));
  };
  const keep = () => {
    const changed = values.some((value, at) => value !== given[at]);
    const written = { ...(step < steps && { step }), ...(changed && { given: values.join("_") }) };
    nnbook.state.set(name, Object.keys(written).length ? written : null);
  };
  const open = () => {
    const { step: asked = "", given: changed = "" } = nnbook.state.get(name) || {};
    const wanted = changed.split("_").map(Number);
    values = wanted.length === given.length && wanted.every((value) => Math.abs(value) <= MOST) ? wanted : given.slice();
    step = /^\d+$/.test(asked) && Number(asked) <= steps ? Number(asked) : steps;
    fill();
    draw();
  };
  slider.addEventListener("input", () => {
    step = Number(slider.value);
    draw();
  });
  slider.addEventListener("change", keep);
  nnbook.state.watch(open);
  open();
  const field = nnbook.make("label", { class: "nnb-field" }, words("forward.track"), slider);
  const [drawing, legend, sums] = parts;
  nnbook.upgrade(element, "live-forward", nnbook.make("div", { class: "nnb-controls" }, back, next, field), reading, drawing, legend, sums);
});
