/** Occlusion: move a grey square over an image, and see what the network makes of the rest. */

nnbook.define("occlusion", (element) => {
  const data = nnbook.data(element);
  const words = nnbook.words(element);
  const { keys, rows, columns, step, side, width_in: across, height_in: down, indices, labels } = data;
  const colours = { light: nnbook.colours(data.scale.light), dark: nnbook.colours(data.scale.dark) };
  const name = (/** @type {number} */ number) => words(`class.${keys[number]}`);
  /** One row of probabilities of all classes. @param {number[]} shares @param {number} at */
  const rowOf = (shares, at) => shares.slice(at * keys.length, (at + 1) * keys.length);
  const plain = nnbook.unpackShares(data.plain);

  const image = nnbook.make("span", { class: "nnb-shot" });
  const map = nnbook.canvas(columns, rows, "");
  const [square, here] = ["square", "here"].map((kind) => nnbook.make("span", { class: `nnb-occlusion-${kind}` }));
  const field = nnbook.make("span", { class: "nnb-occlusion-map" }, map);
  const over = nnbook.make("span", { class: "nnb-shot" });
  const notes = [image, over].map(() => nnbook.make("span", { class: "nnb-tile-note" }));
  const shots = [image, over].map((shot, at) => nnbook.make("div", {}, shot, notes[at]));
  const plane = nnbook.make("div", { class: "nnb-large", style: data.style, role: "application", "aria-label": words("occlusion.plane") }, ...shots);
  const parts = [".nnb-legend", ".nnb-shares", ".nnb-shares-words"].map((part) => /** @type {Element} */ (element.querySelector(part)).cloneNode(true));
  const table = /** @type {Element} */ (parts[1]);
  const reading = nnbook.make("p", { class: "nnb-reading" });
  const { region, say } = nnbook.aloud();

  let chosen = 0;
  /** @type {number[]} the probabilities at all places, one after the other */
  let shares = [];
  /** Where the square stands when nobody points. @type {[number, number]} */
  let kept = [0, 0];

  /** How much more probable the true class is, place by place. */
  const changes = () => Array.from({ length: rows * columns }, (_, at) => rowOf(shares, at)[labels[chosen]] - rowOf(plain, chosen)[labels[chosen]]);
  const paint = () => nnbook.paintSigned(map, changes(), 1, colours[nnbook.ground(element)]);

  /** @param {HTMLElement} frame @param {number} row @param {number} column @param {number} size in pixels of the image */
  const put = (frame, row, column, size) => {
    const [top, left] = [row, column].map((at) => at * step + (step - size) / 2);
    frame.style.cssText = `left:${(100 * left) / across}%;top:${(100 * top) / down}%;width:${(100 * size) / across}%;height:${(100 * size) / down}%`;
  };
  /** @param {number} row @param {number} column */
  const draw = (row, column) => {
    put(square, row, column, side);
    put(here, row, column, step);
    const now = rowOf(shares, row * columns + column);
    const before = rowOf(plain, chosen);
    const label = labels[chosen];
    nnbook.fillShares(table, now, label, before);
    reading.textContent = words("occlusion.reading", {
      name: name(label), share: nnbook.confidence(now[label]), before: nnbook.confidence(before[label]), answer: name(nnbook.largest(now)),
    });
  };
  const point = nnbook.pointAtPixels(plane, { width: columns, height: rows }, (place) => {
    if (!shares.length) return;
    if (!place) {
      point(...kept);
      return;
    }
    draw(place.row, place.column);
    if (!place.settled) return;
    kept = [place.row, place.column];
    const third = [(3 * (place.row + 0.5) * step) / down, (3 * (place.column + 0.5) * step) / across].map((part) => Math.min(2, Math.floor(part)));
    say(`${words(`kit.place_${third.join("")}`)}. ${reading.textContent}`);
    nnbook.state.set(data.name, { image: indices[chosen], row: place.row, column: place.column });
  });
  /** The square goes where it changes most, or where the address says. @param {number} at @param {Record<string, string>} [asked] */
  const choose = async (at, asked) => {
    chosen = at;
    images.set(String(at));
    const packed = await nnbook.ofImage(data, at);
    if (chosen !== at) return; // another one has been chosen since
    shares = nnbook.unpackShares(packed);
    const all = changes().map(Math.abs);
    const most = nnbook.largest(all);
    const wanted = [Number(asked?.row), Number(asked?.column)];
    const usable = wanted.every((number, axis) => Number.isInteger(number) && number >= 0 && number < [rows, columns][axis]);
    kept = usable ? [wanted[0], wanted[1]] : [Math.floor(most / columns), most % columns];
    const [clear, faint] = [0, 1].map(() => /** @type {HTMLElement} */ (images.card(at, [])[0]));
    for (const canvas of [clear, faint]) canvas.removeAttribute("style"); // the plane says how large it is
    faint.classList.add("nnb-occlusion-faint");
    image.replaceChildren(clear, square);
    over.replaceChildren(faint, field, here);
    const named = { index: indices[at], name: name(labels[at]) };
    [words("occlusion.image", named), words("occlusion.map", named)].forEach((note, number) => { notes[number].textContent = note; });
    paint();
    point(...kept);
  };
  const images = nnbook.testImages(data, words, name, async (at) => {
    await choose(at);
    say(String(reading.textContent));
    nnbook.state.set(data.name, { image: indices[at] });
  });
  const open = () => {
    const asked = nnbook.state.get(data.name) || {};
    choose(images.at(asked.image), asked);
  };
  nnbook.watchGround(paint);
  nnbook.state.watch(open);
  open();
  nnbook.upgrade(element, "live-occlusion", nnbook.make("div", { class: "nnb-controls" }, images.field), plane, parts[0], reading, parts[1], parts[2], region);
});
