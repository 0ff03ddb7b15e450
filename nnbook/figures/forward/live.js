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
  /** What is known after the last step, as it is written. @type {string[]} */
  let known = [];

  const calculate = (/** @type {number[]} */ values) => {
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
  calculate(given);
  const last = known.length - inputs;
  const reading = nnbook.make("p", { class: "nnb-reading", role: "status" });

  /** The step in words: the row of the table in which something was calculated. @param {Element} row */
  const line = (row) => {
    const cells = [.../** @type {HTMLTableRowElement} */ (row).cells];
    const written = cells.map((cell) => `${(cell.textContent || "").trim()} ${cell.querySelector("input")?.value || ""}`.trim());
    return `${row.closest("table")?.caption?.textContent}: ${written.join(" ")}`;
  };
  const draw = (/** @type {number} */ step, /** @type {number[]} */ values) => {
    calculate(values);
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
    reading.textContent = words("forward.step", { step, steps: last, line: said });
    return String(reading.textContent);
  };
  const of = { name, last, first: given, most: MOST, places: all("given") };
  const { controls, open } = nnbook.calculation(of, (key) => words(`kit.step_${key}`), draw);
  open();
  const [drawing, legend, sums] = parts;
  nnbook.upgrade(element, "live-forward", nnbook.make("div", { class: "nnb-controls" }, ...controls), reading, drawing, legend, sums);
});
