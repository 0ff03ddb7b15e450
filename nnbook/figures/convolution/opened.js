/** One map, opened: beside the image, with the number at each place and the part of the image that it looks at. */

const SIDE = { large: 168, small: 112 }; // CSS pixels that a picture may have, on a page and in a narrow column

/**
 * The rows and columns of the image, first and last, that a number of a layer looks at.
 * @param {string[]} layers @param {number} layer @param {number} row @param {number} column @param {number[]} shape of the image
 */
nnbook.fieldOf = (layers, layer, row, column, [height, width]) => {
  let [top, bottom, left, right] = [row, row, column, column];
  for (const words of layers.slice(0, layer + 1).reverse()) {
    const [kind, size] = words.split(" ");
    if (kind === "convolution") {
      const [above, beside] = size.split("x").map((side) => (Number(side) - 1) / 2);
      [top, bottom, left, right] = [top - above, bottom + above, left - beside, right + beside];
    } else if (kind === "pool") [top, bottom, left, right] = [2 * top, 2 * bottom + 1, 2 * left, 2 * right + 1];
    else if (kind === "dense") [top, bottom, left, right] = [0, height, 0, width];
  }
  return { top: Math.max(top, 0), bottom: Math.min(bottom, height - 1), left: Math.max(left, 0), right: Math.min(right, width - 1) };
};

/** Where the colours of a layer's sums end; as in Python. @param {Float32Array} sums */
nnbook.scaleEnd = (sums) => {
  const [most, least] = [sums.reduce((a, b) => Math.max(a, b)), sums.reduce((a, b) => Math.min(a, b))];
  return most > 0 ? most : -least;
};

/** An image of a data set in the page's own pixels. @param {ArrayLike<number>} pixels @param {number[]} shape */
const picture = (pixels, [height, width, channels]) => {
  const canvas = nnbook.canvas(width, height, "");
  if (!channels) {
    nnbook.paintInk(canvas, pixels);
    return canvas;
  }
  const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  const drawn = context.createImageData(width, height);
  drawn.data.fill(255);
  for (let at = 0; at < height * width; at += 1) drawn.data.set([pixels[3 * at], pixels[3 * at + 1], pixels[3 * at + 2]], 4 * at);
  context.putImageData(drawn, 0, 0);
  return canvas;
};

/** A canvas in a frame, enlarged as there is room. @param {HTMLCanvasElement} canvas */
const framed = (canvas) => {
  const { frame } = nnbook.shot(canvas);
  const side = Math.max(canvas.width, canvas.height);
  for (const [name, room] of Object.entries(SIDE)) frame.style.setProperty(`--${name}`, String(Math.max(1, Math.floor(room / side))));
  return frame;
};

/**
 * The place where a map is opened.
 * @param {HTMLElement} element
 * @param {NnbookPackedNetwork} network
 * @param {Record<string, Uint8Array>} colours of signed values by ground
 * @param {(key: string, values?: Record<string, string | number>) => string} words
 */
nnbook.openedMap = (element, { layers, shape }, colours, words) => {
  const size = { width: 1, height: 1 };
  const seen = nnbook.make("i", { class: "nnb-field-of" });
  const [imageCell, mapCell] = ["image", "map"].map(() => nnbook.make("div", { class: "nnb-opened-cell" }));
  const plane = nnbook.make("div", { role: "application", "aria-label": words("kit.map_plane") });
  const reading = nnbook.make("p", { class: "nnb-reading" });
  const aloud = nnbook.aloud();
  const between = nnbook.make("div", { class: "nnb-opened-between" });
  const panel = nnbook.make("div", { class: "nnb-opened" }, nnbook.make("div", { class: "nnb-opened-parts" }, imageCell, between, mapCell), reading);
  /** @type {NnbookOpened} */
  let shown;
  /** @type {[number, number]} where the reader points at nothing */
  let rest = [0, 0];

  /** Where the map's largest number stands, of those that look at nothing outside of the image, if there are some. @returns {[number, number]} */
  const largest = () => {
    const room = (/** @type {number} */ row, /** @type {number} */ column) => {
      const { top, bottom, left, right } = nnbook.fieldOf(layers, shown.layer, row, column, shape);
      return (bottom - top) * (right - left);
    };
    const whole = room(size.height >> 1, size.width >> 1);
    const most = nnbook.largest(Array.from(shown.values, (value, at) => value + (room(Math.floor(at / size.width), at % size.width) < whole ? -1e9 : 0)));
    return [Math.floor(most / size.width), most % size.width];
  };

  /** @param {NnbookPlace | null} place */
  const read = (place) => {
    const [row, column] = place ? [place.row, place.column] : rest;
    if (!place) {
      point(row, column);
      return;
    }
    const { top, bottom, left, right } = nnbook.fieldOf(layers, shown.layer, row, column, shape);
    for (const [name, value] of Object.entries({ top, left, high: bottom - top + 1, wide: right - left + 1 })) seen.style.setProperty(`--${name}`, String(value));
    const value = nnbook.signed(shown.values[row * size.width + column]);
    const where = { map: shown.map + 1, row: row + 1, column: column + 1, value };
    reading.textContent = words("kit.map_reading", { ...where, top: top + 1, bottom: bottom + 1, left: left + 1, right: right + 1 });
    if (place.settled) aloud.say(String(reading.textContent));
  };
  const point = nnbook.pointAtPixels(plane, size, read);

  return {
    panel,
    between,
    region: aloud.region,
    say: aloud.say,
    /** @param {ArrayLike<number>} pixels */
    setImage(pixels) {
      const frame = framed(picture(pixels, shape));
      frame.append(seen);
      imageCell.replaceChildren(frame);
    },
    /** @param {NnbookOpened} opened */
    open(opened) {
      shown = opened;
      [size.height, size.width] = opened.size;
      const canvas = nnbook.canvas(size.width, size.height, "");
      nnbook.paintSigned(canvas, opened.values, opened.limit, colours[nnbook.ground(element)]);
      plane.replaceChildren(framed(canvas));
      mapCell.replaceChildren(plane);
      rest = largest();
      point(...rest);
    },
  };
};

/** Many maps on one canvas, as `tiled` in Python. @param {HTMLCanvasElement} canvas @param {ArrayLike<number>} values (rows, columns, channels) @param {number[]} shape @param {number} across @param {number} limit @param {Uint8Array} colours */
nnbook.paintMaps = (canvas, values, [rows, columns, channels], across, limit, colours) => {
  const [high, wide] = [rows + 1, columns + 1];
  canvas.width = across * wide - 1;
  canvas.height = Math.ceil(channels / across) * high - 1;
  const sheet = new Float32Array(canvas.width * canvas.height);
  for (let at = 0; at < values.length; at += 1) {
    const [map, place] = [at % channels, Math.floor(at / channels)];
    const row = Math.floor(map / across) * high + Math.floor(place / columns);
    sheet[row * canvas.width + (map % across) * wide + (place % columns)] = values[at];
  }
  nnbook.paintSigned(canvas, sheet, limit, colours);
};
