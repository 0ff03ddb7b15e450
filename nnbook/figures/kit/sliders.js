/** Numbers that the reader moves with sliders, and what neurons make of their sums. */

/** By name, as in `kit/functions.py`. @type {Record<string, (sum: number) => number>} */
nnbook.activations = {
  step: (sum) => (sum > 0 ? 1 : 0),
  sigmoid: (sum) => (1 + Math.tanh(sum / 2)) / 2,
  relu: (sum) => Math.max(sum, 0),
  tanh: Math.tanh,
};

/**
 * A slider for each of some numbers, called as `word` says.
 * @param {Record<string, [number, number, number, number]>} start by key lowest, highest, step and value, see `kit/sliders.py`
 * @param {(key: string) => [string, string]} word what stands before it, and what a screen reader calls it
 * @param {(settled: boolean) => void} change when the reader moves one, and when it is let go
 */
nnbook.sliders = (start, word, change) => {
  /** @type {Record<string, number>} */
  const values = {};
  const rows = Object.entries(start).map(([key, [min, max, step]]) => {
    const [name, said] = word(key);
    const input = /** @type {HTMLInputElement} */ (nnbook.make("input", { type: "range", min, max, step, "aria-label": said }));
    const shown = nnbook.make("b");
    const digits = Math.max(0, Math.ceil(-Math.log10(step) - 1e-9));
    const show = () => {
      values[key] = Number(input.value);
      shown.textContent = (min < 0 ? nnbook.signed : digits ? nnbook.decimal : nnbook.count)(values[key], digits);
      input.setAttribute("aria-valuetext", shown.textContent);
    };
    for (const kind of ["input", "change"]) {
      input.addEventListener(kind, () => {
        show();
        change(kind === "change");
      });
    }
    return { key, input, show, field: nnbook.make("label", { class: "nnb-slider" }, nnbook.make("span", {}, name), input, shown) };
  });
  return {
    field: nnbook.make("div", { class: "nnb-sliders" }, ...rows.map(({ field }) => field)),
    values,
    /** Put them where an address says; what it can't mean, or does not name, stands as at first. @param {Record<string, string | number>} asked */
    set: (asked) => {
      for (const { key, input, show } of rows) {
        const [min, max, , first] = start[key];
        const number = parseFloat(String(asked[key]));
        input.value = String(number >= min && number <= max ? number : first);
        show();
      }
    },
    /** Those that do not stand as at first, for the address. */
    moved: () => Object.fromEntries(Object.entries(values).filter(([key, value]) => value !== start[key][3])),
  };
};
