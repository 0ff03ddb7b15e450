/** Fool: choose an image, and by how much it is moved along the gradient of the loss. */

nnbook.define("fool", (element) => {
  const data = nnbook.data(element);
  const words = nnbook.words(element);
  const { keys, step, stops, width_in: width, height_in: height, indices, labels, colour } = data;
  const colours = { light: nnbook.colours(data.scale.light), dark: nnbook.colours(data.scale.dark) };
  const channels = colour ? 3 : 1;
  const name = (/** @type {number} */ number) => words(`class.${keys[number]}`);
  const kinds = ["image", "moved", "change"];
  const canvases = kinds.map(() => nnbook.canvas(width, height, "-"));
  const notes = kinds.map(() => nnbook.make("span", { class: "nnb-tile-note" }));
  const shots = canvases.map((canvas, at) => nnbook.make("div", {}, nnbook.make("span", { class: "nnb-shot" }, canvas), notes[at]));
  const parts = [".nnb-legend", ".nnb-shares", ".nnb-shares-words"].map((part) => /** @type {Element} */ (/** @type {Element} */ (element.querySelector(part)).cloneNode(true)));
  const ends = parts[0].querySelectorAll(":scope > span:nth-child(odd)");
  const reading = nnbook.make("p", { class: "nnb-reading" });
  const { region, say } = nnbook.aloud();

  let chosen = 0;
  /** @type {{ pixels: Uint8Array, signs: number[], shares: number[][] } | null} */
  let shown = null;

  /** @param {HTMLCanvasElement} canvas @param {Uint8Array} pixels */
  const paint = (canvas, pixels) => {
    if (!colour) {
      nnbook.paintInk(canvas, pixels);
      return;
    }
    const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
    const picture = context.createImageData(width, height);
    picture.data.forEach((_, at) => { picture.data[at] = at % 4 < 3 ? pixels[3 * (at >> 2) + (at % 4)] : 255; });
    context.putImageData(picture, 0, 0);
  };
  const draw = () => {
    if (!shown) return;
    const { pixels, signs, shares } = shown;
    const levels = slider.values.levels;
    const moved = pixels.map((pixel, at) => Math.max(0, Math.min(255, pixel + levels * signs[at])));
    const change = Array.from({ length: width * height }, (_, at) => {
      let sum = 0;
      for (let channel = at * channels; channel < (at + 1) * channels; channel += 1) sum += moved[channel] - pixels[channel];
      return sum / channels;
    });
    paint(canvases[0], pixels);
    paint(canvases[1], moved);
    const ground = colours[nnbook.ground(element)];
    nnbook.paintSigned(canvases[2], change, levels, ground);
    ends.forEach((end, at) => { end.textContent = nnbook.signed(at ? levels : -levels, 0); });
    const numbers = { index: indices[chosen], name: name(labels[chosen]), levels };
    kinds.forEach((kind, at) => {
      notes[at].textContent = words(`fool.${kind}`, numbers);
      canvases[at].setAttribute("aria-label", notes[at].textContent || "");
      canvases[at].dataset.index = indices[chosen];
    });
    const now = shares[levels / step];
    const winner = nnbook.largest(now);
    nnbook.fillShares(parts[1], now, labels[chosen], shares[0]);
    reading.textContent = words("fool.reading", {
      levels: nnbook.count(levels), numbers: nnbook.count(data.numbers), answer: name(winner), share: nnbook.confidence(now[winner]),
    });
  };
  const keep = () => {
    say(String(reading.textContent));
    nnbook.state.set(data.name, { image: indices[chosen], levels: slider.values.levels });
  };
  const slider = nnbook.sliders({ levels: [0, step * stops, step, 0] }, () => [words("fool.levels"), words("fool.levels")], (settled) => {
    draw();
    if (settled) keep();
  });
  /** The slider goes to where the answer flips, or where the address says. @param {number} at @param {Record<string, string>} [asked] */
  const choose = async (at, asked) => {
    chosen = at;
    images.set(String(at));
    const packed = await nnbook.ofImage(data, at);
    if (chosen !== at) return; // another one has been chosen since
    const all = nnbook.unpackShares(packed.shares);
    shown = {
      pixels: nnbook.images(packed.pixels, width * height * channels)[0],
      signs: nnbook.unpack(packed.signs, 1).flatMap((four) => [27, 9, 3, 1].map((place) => (Math.floor(four / place) % 3) - 1)),
      shares: Array.from({ length: stops + 1 }, (_, stop) => all.slice(stop * keys.length, (stop + 1) * keys.length)),
    };
    const flip = shown.shares.findIndex((shares) => nnbook.largest(shares) !== labels[at]);
    slider.set({ levels: asked?.levels || step * (flip < 0 ? stops : flip) });
    draw();
  };
  const images = nnbook.testImages(data, words, name, async (at) => {
    await choose(at);
    keep();
  });
  const open = () => {
    const asked = nnbook.state.get(data.name) || {};
    choose(images.at(asked.image), asked);
  };
  nnbook.watchGround(draw);
  nnbook.state.watch(open);
  open();
  const controls = nnbook.make("div", { class: "nnb-controls" }, images.field, slider.field);
  const plane = nnbook.make("div", { class: "nnb-large", style: data.style }, ...shots);
  nnbook.upgrade(element, "live-fool", controls, plane, parts[0], reading, parts[1], parts[2], region);
});
