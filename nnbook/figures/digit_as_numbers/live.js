/** A digit as numbers: a lens that the reader moves over the image, and the brightness of the pixels under it. */

nnbook.define("digit-as-numbers", (element) => {
  const data = nnbook.data(element);
  const words = nnbook.words(element);
  const { width, height } = data;
  const [image] = nnbook.images(data.image, width * height);
  const lens = /** @type {HTMLElement} */ (/** @type {Element} */ (element.querySelector(".nnb-lens")).cloneNode(true));
  const plane = /** @type {HTMLElement} */ (lens.querySelector(".nnb-lens-image"));
  const picture = /** @type {HTMLElement} */ (plane.querySelector("img"));
  const [[, ...columns], ...rows] = [...lens.querySelectorAll("tr")].map((row) => [...row.children]);
  const canvas = nnbook.canvas(width, height, picture.getAttribute("alt") || "");
  const reading = nnbook.make("p", { class: "nnb-reading" });
  const { region, say } = nnbook.aloud();
  nnbook.paintInk(canvas, image);
  const { cell, frame } = nnbook.shot(canvas);
  frame.style.cssText += `;width:${picture.getAttribute("width")}px;height:${picture.getAttribute("height")}px`;
  cell.querySelector(".nnb-tile-note")?.remove();
  plane.replaceChildren(cell);
  plane.setAttribute("role", "application");
  plane.setAttribute("aria-label", words("digit_as_numbers.plane"));

  /** Where the lens begins so that a pixel is in its middle, as far as there is room. @param {number} at @param {number} wide @param {number} all */
  const start = (at, wide, all) => Math.max(0, Math.min(all - wide, at - Math.floor(wide / 2)));
  /** @param {{ row: number, column: number }} pixel */
  const show = ({ row, column }) => {
    const [top, left] = [start(row, rows.length, height), start(column, columns.length, width)];
    lens.style.setProperty("--top", String(top));
    lens.style.setProperty("--left", String(left));
    columns.forEach((head, at) => { head.textContent = String(left + at + 1); });
    rows.forEach(([head, ...cells], down) => {
      head.textContent = String(top + down + 1);
      cells.forEach((place, across) => {
        const value = image[(top + down) * width + left + across];
        place.textContent = String(value);
        /** @type {HTMLElement} */ (place).style.setProperty("--v", String(value));
        place.toggleAttribute("data-middle", top + down === row && left + across === column);
      });
    });
    reading.textContent = words("digit_as_numbers.reading", { row: row + 1, column: column + 1, value: image[row * width + column] });
  };
  nnbook.pointAtPixels(plane, { width, height }, (place) => {
    if (!place) return; // the lens stays where it was
    show(place);
    if (!place.settled) return;
    say(String(reading.textContent));
    nnbook.state.set(data.name, { row: place.row + 1, column: place.column + 1 });
  });
  /** A place that the address names, if it is one. @param {string | undefined} written @param {number} all @param {number} rest */
  const asked = (written, all, rest) => {
    const number = Number(written);
    return Number.isInteger(number) && number >= 1 && number <= all ? number - 1 : rest;
  };
  const open = () => {
    const state = nnbook.state.get(data.name) || {};
    show({ row: asked(state.row, height, data.row), column: asked(state.column, width, data.column) });
  };
  nnbook.upgrade(element, "live-digit", lens, reading, region);
  nnbook.state.watch(open);
  open();
});
