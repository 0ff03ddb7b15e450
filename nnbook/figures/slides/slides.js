/** Filters that slide over grey images: what `kit/windows.py` has packed, the choices of both, and the maps. */

/**
 * @param {any} data
 * @param {(key: string, values?: Record<string, string | number>) => string} words
 * @param {() => void} change when the reader has chosen another image or filter
 */
nnbook.slides = (data, words, change) => {
  const { width, height, indices, labels, window: [high, wide] } = data;
  const { rows, biases, limit } = nnbook.layer(data.layer);
  const images = nnbook.images(data.images, width * height);
  const colours = { light: nnbook.colours(data.scale.light), dark: nnbook.colours(data.scale.dark) };
  const names = indices.map((/** @type {number} */ index, /** @type {number} */ at) =>
    words("kit.image_choice", { index, name: words(`name.${labels[at]}`) })
  );
  const chosen = { image: 0, filter: 0 };
  const from = { images, names, indices, width, height, columns: Math.min(indices.length, 10) };
  const image = nnbook.imageChoice(words("kit.choose_image"), from, (at) => {
    chosen.image = at;
    change();
  });
  /** @type {HTMLCanvasElement[]} */
  const faces = [];
  const options = rows.map((_, at) => /** @type {[string, string]} */ ([String(at), words("kit.filter", { number: at + 1 })]));
  const filter = nnbook.pictures(words("kit.choose_filter"), options, "0", (value) => {
    chosen.filter = Number(value);
    change();
  }, (value) => {
    const face = nnbook.canvas(wide, high, "");
    const zoom = Math.max(1, Math.floor(30 / Math.max(high, wide)));
    face.style.cssText = `width:${wide * zoom}px;height:${high * zoom}px`;
    faces[Number(value)] = face;
    return [face];
  });
  filter.field.classList.add("nnb-slides");
  /** @param {Element} element */
  const draw = (element) => faces.forEach((face, at) => nnbook.paintSigned(face, rows[at], limit, colours[nnbook.ground(element)]));
  return {
    images, rows, biases, limit, colours, names, chosen, draw,
    fields: [image.field, filter.field],
    /** Show what an address asks for, or what stood there at first. @param {Record<string, string>} asked */
    open: (asked) => {
      const at = indices.indexOf(Number(asked.image ?? data.image));
      const number = Number(asked.filter ?? data.filter) - 1;
      chosen.image = at < 0 ? indices.indexOf(data.image) : at;
      chosen.filter = rows[number] ? number : data.filter - 1;
      image.set(chosen.image);
      filter.set(String(chosen.filter));
    },
    /** The map of an image, and the pixels under the window at a place. @param {ArrayLike<number>} pixels 0 to 255 @param {number[]} padding @param {number} stride */
    slide: (pixels, padding, stride) => {
      const [row, bias] = [rows[chosen.filter], biases[chosen.filter]];
      const size = [height, width].map((side, axis) => Math.floor((side + 2 * padding[axis] - data.window[axis]) / stride) + 1);
      /** Of brightness 0 to 1, NaN outside of the image. @param {number} top @param {number} left */
      const patch = (top, left) =>
        Float64Array.from(row, (_, at) => {
          const y = top * stride - padding[0] + Math.floor(at / wide);
          const x = left * stride - padding[1] + (at % wide);
          return y < 0 || x < 0 || y >= height || x >= width ? NaN : pixels[y * width + x] / 255;
        });
      const values = Float64Array.from({ length: size[0] * size[1] }, (_, at) =>
        patch(Math.floor(at / size[1]), at % size[1]).reduce((sum, pixel, place) => sum + (pixel || 0) * row[place], bias)
      );
      return { size, values, patch };
    },
  };
};
