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
 * Test images to choose from, as `offered` in kit/forward.py packs them, and the picture of the one that is chosen.
 * @param {NnbookOffered} data
 * @param {(key: string, values?: Record<string, string | number>) => string} words
 * @param {(label: number) => string} name of a class
 * @param {(at: number) => void} change
 */
nnbook.testImages = ({ sprite, width, height, colour, indices, labels }, words, name, change) => {
  /** With hard edges. @param {number} at @param {number} zoom */
  const picture = (at, zoom) => {
    const style = `width:${width * zoom}px;height:${height * zoom}px`;
    const said = { class: `nnb-pixels ${colour ? "nnb-colour" : "nnb-ink"}`, style, "data-index": indices[at] };
    return nnbook.tile(sprite, { x: at * width, y: 0, width, height }, said);
  };
  const names = indices.map((index, at) => /** @type {[string, string]} */ ([
    String(at),
    `${words("kit.image", { index })}, ${words("kit.true_name", { name: name(labels[at]) })}`,
  ]));
  const face = (/** @type {string} */ value) => [picture(Number(value), width > 28 ? 1 : 2)];
  const { field, set } = nnbook.pictures(words("kit.choose_image"), names, "0", (value) => change(Number(value)), face);
  return {
    field,
    set,
    at: (index) => Math.max(indices.indexOf(Number(index)), 0),
    card: (at, lines) => [picture(at, 3), nnbook.make("p", {}, ...lines.map((line) => nnbook.make("span", {}, line)))],
  };
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
