/** Parts of several figures: choices with pictures on them, one filter of a sheet, bars that follow their number. */

/**
 * `nnbook.choices` whose options show pictures; their words become their names.
 * @param {string} name
 * @param {[string, string][]} options
 * @param {string} value
 * @param {(value: string) => void} change
 * @param {(value: string) => Node[]} face
 */
nnbook.pictures = (name, options, value, change, face) => {
  const choice = nnbook.choices(name, options, value, change);
  choice.field.classList.add("nnb-faces");
  for (const input of choice.field.querySelectorAll("input")) {
    const span = /** @type {HTMLElement} */ (input.nextElementSibling);
    input.setAttribute("aria-label", span.textContent || "");
    span.title = span.textContent || "";
    span.replaceChildren(...face(input.value));
  }
  return choice;
};

/**
 * One tile of a sheet of pictures, seen through a window; each ground has a sheet of its own.
 * @param {HTMLImageElement[]} sheets
 * @param {{ x: number, y: number, width: number, height: number }} part
 */
nnbook.pane = (sheets, part) => {
  const pane = nnbook.make("span", {
    class: "nnb-pane",
    style: `--w:${part.width};--h:${part.height};--x:${part.x};--y:${part.y}`,
  });
  for (const sheet of sheets) {
    const [width, height] = [sheet.getAttribute("width"), sheet.getAttribute("height")];
    const style = `--all:${width};aspect-ratio:${width}/${height}`;
    // A picture without a height may lie outside of the pane, and what is out of sight never loads. An address that comes
    // before "lazy" is loaded at once, even for the ground that nobody sees.
    const size = { loading: "lazy", width, height };
    pane.append(nnbook.make("img", { ...size, class: `nnb-pixels ${sheet.className}`, alt: "", style, src: sheet.src }));
  }
  return pane;
};

/**
 * Draw a number into a cell of a table of bars: up from the zero line if positive, down if negative.
 * @param {HTMLElement} cell
 * @param {number} value
 * @param {number} limit
 * @param {string} [kind] a class instead of one that tells the sign
 */
nnbook.bar = (cell, value, limit, kind) => {
  cell.className = kind || (value > 0 ? "nnb-up" : value < 0 ? "nnb-down" : "nnb-none");
  cell.dataset.value = String(value);
  cell.style.setProperty("--s", (Math.abs(value) / (limit || 1)).toFixed(3));
  cell.replaceChildren(nnbook.make("span", {}, (kind ? nnbook.decimal : nnbook.signed)(value, 1)));
};

/** Numbers times numbers, added up. @param {ArrayLike<number>} left @param {ArrayLike<number>} right */
nnbook.dot = (left, right) => {
  let sum = 0;
  for (let at = 0; at < left.length; at += 1) sum += left[at] * right[at];
  return sum;
};
