/** Images of a data set with what a network says of each, cut from sheets that Python has packed; see `kit/sprites.py`. */

/** Characters of a probability, and the number that stands for 1. */
const WIDTH = 2;
const STEPS = 89 ** WIDTH - 1;

/** Characters of the index in the data set. */
const INDEX_WIDTH = 4;

/**
 * Reads the examples of a figure and makes their pictures; every one is made anew, from its own numbers.
 * @param {NnbookSheets} data
 * @param {(key: string, values?: Record<string, string | number>) => string} words
 */
nnbook.gallery = (data, words) => {
  const { starts, sheets, columns, indices, keys, size: [height, width], kind } = data;
  const step = data.width + WIDTH;

  /** How many examples are packed. @param {string} packed */
  const count = (packed) => packed.length / step;

  /** @param {string} packed @param {number} actual @param {number} predicted @param {number} [most] */
  const read = (packed, actual, predicted, most) =>
    Array.from({ length: Math.min(count(packed), most || Infinity) }, (_, place) => {
      const text = packed.slice(place * step, (place + 1) * step);
      const [tile] = nnbook.unpack(text.slice(0, data.width), data.width);
      return { tile, probability: nnbook.unpack(text.slice(data.width), WIDTH)[0] / STEPS, actual, predicted };
    });

  /** A canvas with the picture of an example and all that is known of it. @param {NnbookExample} example */
  const tile = (example) => {
    let sheet = starts.length - 1;
    while (starts[sheet] > example.tile) sheet -= 1;
    const place = example.tile - starts[sheet];
    const [index] = nnbook.unpack(indices.slice(example.tile * INDEX_WIDTH, (example.tile + 1) * INDEX_WIDTH), INDEX_WIDTH);
    const across = Math.min(columns, (starts[sheet + 1] ?? indices.length / INDEX_WIDTH) - starts[sheet]);
    const part = { x: (place % across) * width, y: Math.floor(place / across) * height, width, height };
    return nnbook.tile(sheets[sheet], part, {
      class: `nnb-pixels nnb-${kind}`, role: "img", "aria-label": words("kit.image", { index }), "data-index": index,
      "data-label": keys[example.actual], "data-prediction": keys[example.predicted],
      "data-probability": example.probability.toFixed(4),
    });
  };

  /** Examples in a row, each with its probability and, if wanted, a name. @param {NnbookExample[]} examples @param {((example: NnbookExample) => string) | null} name */
  const list = (examples, name) => {
    const items = examples.map((example) => {
      const said = [...(name ? [name(example)] : []), nnbook.confidence(example.probability)];
      return nnbook.make("li", {}, tile(example), ...said.map((word) => nnbook.make("span", {}, word)));
    });
    return items.length ? nnbook.make("ul", { class: "nnb-examples" }, ...items) : "";
  };
  return { count, read, tile, list };
};
