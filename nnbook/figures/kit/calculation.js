/**
 * A calculation that the reader goes through step by step, from nothing to all of it, with numbers of their own. `draw` is
 * called with the step and the numbers, and gives what a screen reader says of the step.
 * @param {{ name: string, last: number, first: number[], most: number, places: HTMLElement[] }} of its name in the address, the last
 *   step, the numbers at first and the largest that is taken; places that show numbers have their position as `data-given`, and
 *   what they are called as `data-label`
 * @param {(key: string) => string} word to go "back", to go "on", to begin "again", and for the slider, "track"
 * @param {(step: number, numbers: number[]) => string} draw
 * @param {{ read: (asked: Record<string, string>) => void, written: () => Record<string, number> | false }} [more] of the address
 */
nnbook.calculation = ({ name, last, first, most, places }, word, draw, more) => {
  const numbers = first.slice();
  let step = last;
  const slider = /** @type {HTMLInputElement} */ (nnbook.make("input", { type: "range", max: last }));
  const buttons = [() => Math.max(0, step - 1), () => (step < last ? step + 1 : 0)].map((to) => {
    const made = nnbook.make("button", { type: "button" }, word("back"));
    made.addEventListener("click", () => {
      step = to();
      changed();
    });
    return made;
  });
  /** As many digits as are shown. @param {number} number */
  const rounded = (number) => Math.round(100 * number) / 100;
  const fields = places.map((place) => {
    const { given, label } = place.dataset;
    const said = { class: "nnb-given", type: "number", step: 0.1, min: -most, max: most, "data-given": given, "aria-label": label };
    const field = /** @type {HTMLInputElement} */ (nnbook.make("input", said));
    field.addEventListener("input", () => {
      if (!(Math.abs(field.valueAsNumber) <= most)) return;
      numbers[Number(given)] = rounded(field.valueAsNumber);
      show();
    });
    field.addEventListener("change", () => changed());
    place.replaceWith(field);
    return field;
  });
  const show = () => {
    slider.value = String(step);
    buttons[1].textContent = word(step < last ? "on" : "again");
    slider.setAttribute("aria-valuetext", draw(step, numbers));
  };
  const settle = () => {
    for (const field of fields) field.value = String(numbers[Number(field.dataset.given)]);
    show();
  };
  const changed = () => {
    settle();
    const given = numbers.some((number, at) => number !== first[at]) && { given: numbers.join("_") };
    const state = { ...(step < last && { step }), ...more?.written(), ...given };
    nnbook.state.set(name, Object.keys(state).length ? state : null);
  };
  const open = () => {
    const asked = nnbook.state.get(name) || {};
    const { step: to = "", given = "" } = asked;
    const wanted = given.split("_").map((number) => (number ? rounded(Number(number)) : NaN));
    const usable = wanted.length === first.length && wanted.every((number) => Math.abs(number) <= most);
    numbers.splice(0, first.length, ...(usable ? wanted : first));
    step = /^\d+$/.test(to) && Number(to) <= last ? Number(to) : last;
    more?.read(asked);
    settle();
  };
  slider.addEventListener("input", () => {
    step = Number(slider.value);
    show();
  });
  slider.addEventListener("change", changed);
  nnbook.state.watch(open);
  return { controls: [...buttons, nnbook.make("label", { class: "nnb-field" }, word("track"), slider)], open, changed };
};
