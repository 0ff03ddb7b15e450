/** Numbers that Python has packed (see `kit/numbers.py`), and the networks that calculate with them. */

/** @param {string} text four bytes in 5 characters */
const bytes = (text) => new Uint8Array(Uint32Array.from(nnbook.unpack(text, 5)).buffer);

/**
 * A dense layer. Its weights are rows of steps between minus and plus the largest weight of the row.
 * @param {{ inputs: number, limits: number[], weights: string, biases?: number[] }} packed
 * @returns {NnbookLayer}
 */
nnbook.layer = ({ inputs, limits, weights, biases }) => {
  const width = weights.length / limits.length / inputs;
  const steps = nnbook.unpack(weights, width);
  const half = (89 ** width - 1) / 2;
  const rows = limits.map((limit, row) =>
    Float64Array.from({ length: inputs }, (_, at) => ((steps[row * inputs + at] - half) * limit) / half)
  );
  return { rows, biases: biases || limits.map(() => 0), limit: Math.max(...limits) };
};

/**
 * Images of `size` pixels, brightness 0 to 255; runs of blank pixels are written as a zero and their length.
 * @param {string} text
 * @param {number} size
 */
nnbook.images = (text, size) => {
  const packed = bytes(text);
  const images = [];
  let image = new Uint8Array(size);
  for (let at = 0, pixel = 0; at < packed.length; at += 1) {
    if (packed[at]) image[pixel++] = packed[at];
    else pixel += packed[++at];
    if (pixel !== size) continue;
    images.push(image);
    image = new Uint8Array(size);
    pixel = 0;
  }
  return images;
};

/** The colours of a signed scale, from blue over nothing to orange. @param {string} text */
nnbook.colours = (text) => bytes(text);

/**
 * The scores of a network for an image, by weights, biases and, between layers, ReLU.
 * @param {NnbookLayer[]} layers
 * @param {ArrayLike<number>} image brightness 0 to 255
 */
nnbook.scores = (layers, image) => {
  let values = Float64Array.from(image, (pixel) => pixel / 255);
  layers.forEach(({ rows, biases }, depth) => {
    const next = new Float64Array(rows.length);
    rows.forEach((row, unit) => {
      let sum = biases[unit];
      for (let at = 0; at < row.length; at += 1) sum += row[at] * values[at];
      next[unit] = depth < layers.length - 1 ? Math.max(sum, 0) : sum;
    });
    values = next;
  });
  return values;
};

/** The place of the largest, the first if several are. @param {ArrayLike<number>} values */
nnbook.largest = (values) => Array.from(values).reduce((best, value, at, all) => (value > all[best] ? at : best), 0);

/** Probabilities from scores. @param {ArrayLike<number>} scores */
nnbook.softmax = (scores) => {
  const top = Math.max(...Array.from(scores));
  const powers = Array.from(scores, (score) => Math.exp(score - top));
  const sum = powers.reduce((a, b) => a + b, 0);
  return powers.map((power) => power / sum);
};

/** What speaks for and what speaks against, added up and as written. @param {Float64Array} products */
nnbook.balance = (products) => {
  const sum = (/** @type {number} */ sign) => products.reduce((total, product) => total + (product * sign > 0 ? product : 0), 0);
  return { positive: nnbook.signed(sum(1)), negative: nnbook.signed(sum(-1)) };
};
