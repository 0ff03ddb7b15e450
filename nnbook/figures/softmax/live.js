/** Softmax: move one score, or all of them by the same amount, and see every number that follows. */

nnbook.define("softmax", (element) => {
  const { name, scores: given, limit } = nnbook.data(element);
  const words = nnbook.words(element);
  const table = /** @type {HTMLElement} */ (/** @type {Element} */ (element.querySelector("table")).cloneNode(true));
  const rows = /** @type {HTMLTableRowElement[]} */ ([.../** @type {HTMLTableElement} */ (table).tBodies[0].rows]);
  const bars = rows.map((row) => /** @type {Element} */ (row.querySelector("i")));
  const sum = /** @type {HTMLTableElement} */ (table).tFoot?.rows[0].cells[3];
  const reading = nnbook.make("p", { class: "nnb-reading", role: "status" });
  /** @type {number[]} */
  let scores = given.slice();

  const power = (/** @type {number} */ value) => (value < 100 ? nnbook.decimal(value) : nnbook.count(Math.round(value)));
  const draw = () => {
    const shares = nnbook.softmax(scores);
    const winner = nnbook.largest(shares);
    rows.forEach((row, number) => {
      const numbers = [nnbook.signed(scores[number]), power(Math.exp(scores[number])), nnbook.percent(shares[number], 1)];
      numbers.forEach((text, at) => { row.cells[at + 2].textContent = text; });
      row.style.cssText = `--s:${scores[number] / limit};--share:${shares[number]}`;
      bars[number].className = `nnb-${scores[number] < 0 ? "negative" : "positive"}`;
      row.toggleAttribute("data-winner", number === winner);
      sliders[number].value = String(scores[number]);
      sliders[number].setAttribute("aria-valuetext", words("softmax.said", { score: numbers[0], share: numbers[2] }));
    });
    if (sum) sum.textContent = power(scores.reduce((total, score) => total + Math.exp(score), 0));
    buttons.forEach((button, at) => { button.disabled = Math.max(...scores.map((score) => Math.abs(score + [1, -1, 0][at]))) > limit; });
    buttons[2].disabled = String(scores) === String(given);
    reading.textContent = words("softmax.winner", { name: words(`name.${winner}`), share: nnbook.percent(shares[winner], 1) });
  };
  const keep = () => {
    const written = scores.map((score) => Number(score.toFixed(4))).join("_");
    nnbook.state.set(name, buttons[2].disabled ? null : { scores: written });
  };
  /** @param {number} number @param {number} score */
  const move = (number, score) => {
    scores[number] = Math.max(-limit, Math.min(limit, score));
    draw();
  };
  const sliders = rows.map((row, number) => {
    const said = { type: "range", min: -limit, max: limit, step: "any", "aria-label": words("softmax.score_of", { name: words(`name.${number}`) }) };
    const slider = /** @type {HTMLInputElement} */ (nnbook.make("input", said));
    slider.addEventListener("input", () => move(number, Math.round(10 * Number(slider.value)) / 10));
    slider.addEventListener("change", keep);
    slider.addEventListener("keydown", (event) => {
      const step = { ArrowUp: 0.1, ArrowRight: 0.1, ArrowDown: -0.1, ArrowLeft: -0.1, PageUp: 1, PageDown: -1 }[event.key];
      if (!step) return;
      event.preventDefault();
      move(number, scores[number] + step);
      keep();
    });
    bars[number].after(slider);
    return slider;
  });
  const buttons = ["plus", "minus", "reset"].map((key, at) => {
    const button = /** @type {HTMLButtonElement} */ (nnbook.make("button", { type: "button" }, words(`softmax.${key}`)));
    button.addEventListener("click", () => {
      const by = [1, -1, 0][at];
      scores = by ? scores.map((score) => score + by) : given.slice();
      draw();
      if (by) reading.textContent = words("softmax.shifted", { factor: nnbook.decimal(Math.exp(by)) });
      keep();
    });
    return button;
  });
  const open = () => {
    const asked = String((nnbook.state.get(name) || {}).scores).split("_").map(Number);
    scores = asked.length === given.length && asked.every((score) => Math.abs(score) <= limit) ? asked : given.slice();
    draw();
  };
  nnbook.state.watch(open);
  open();
  nnbook.upgrade(element, "live-softmax", nnbook.make("div", { class: "nnb-controls" }, ...buttons), table, reading);
});
