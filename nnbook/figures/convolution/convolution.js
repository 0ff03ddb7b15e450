/**
 * The forward pass of a convolutional network, for one image. Maps lie as they do in NumPy, (rows, columns, channels), and
 * of a layer's weights those that a number is multiplied with lie side by side, so that the innermost loop runs through
 * all filters. Blank pixels and what ReLU has cut off add nothing and are left out: more than half of the work.
 */

/** @typedef {{ shape: number[], forward: (x: Float32Array) => Float32Array }} Layer */

/** Weights (outputs, inputs) as (inputs, outputs). @param {NnbookLayer} layer */
const turned = ({ rows }) => {
  const inputs = rows[0].length;
  const weights = new Float32Array(inputs * rows.length);
  rows.forEach((row, output) => row.forEach((weight, input) => { weights[input * rows.length + output] = weight; }));
  return weights;
};

/** @param {number[]} shape of the input @param {NnbookLayer} packed @param {number[]} size of the window @returns {Layer} */
const convolution = ([rows, columns, channels], packed, [height, width]) => {
  const [weights, filters] = [turned(packed), packed.rows.length];
  const [above, left] = [(height - 1) / 2, (width - 1) / 2];
  return {
    shape: [rows, columns, filters],
    forward(x) {
      const y = new Float32Array(rows * columns * filters);
      for (let row = 0; row < rows; row += 1) {
        for (let column = 0; column < columns; column += 1) {
          const to = (row * columns + column) * filters;
          for (let f = 0; f < filters; f += 1) y[to + f] = packed.biases[f];
          for (let i = Math.max(0, above - row); i < Math.min(height, rows + above - row); i += 1) {
            for (let j = Math.max(0, left - column); j < Math.min(width, columns + left - column); j += 1) {
              const from = ((row + i - above) * columns + column + j - left) * channels;
              let at = (i * width + j) * channels * filters;
              for (let channel = 0; channel < channels; channel += 1, at += filters) {
                const value = x[from + channel];
                if (value === 0) continue;
                for (let f = 0; f < filters; f += 1) y[to + f] += value * weights[at + f];
              }
            }
          }
        }
      }
      return y;
    },
  };
};

/** @param {NnbookLayer} packed @returns {Layer} */
const dense = (packed) => {
  const [weights, outputs] = [turned(packed), packed.rows.length];
  return {
    shape: [outputs],
    forward(x) {
      const y = Float32Array.from(packed.biases);
      x.forEach((value, input) => {
        if (value === 0) return;
        for (let output = 0; output < outputs; output += 1) y[output] += value * weights[input * outputs + output];
      });
      return y;
    },
  };
};

/** The largest of each 2 x 2. @param {number[]} shape @returns {Layer} */
const pool = ([rows, columns, channels]) => ({
  shape: [rows / 2, columns / 2, channels],
  forward(x) {
    const y = new Float32Array(x.length / 4);
    const line = columns * channels;
    for (let to = 0, row = 0; row < rows; row += 2) {
      for (let column = 0; column < columns; column += 2) {
        for (let at = (row * columns + column) * channels, end = at + channels; at < end; at += 1, to += 1) {
          y[to] = Math.max(x[at], x[at + channels], x[at + line], x[at + line + channels]);
        }
      }
    }
    return y;
  },
});

/**
 * A network as `packed_network` in kit/convolutional.py packs it.
 * @param {NnbookPackedNetwork} data
 * @returns {NnbookConvolutional}
 */
nnbook.convolution = ({ layers, shape, parameters }) => {
  let given = shape;
  let used = 0;
  const next = () => nnbook.layer(parameters[used++]);
  const made = layers.map((words) => {
    const [kind, size] = words.split(" ");
    /** @type {Layer} */
    let layer;
    if (kind === "convolution") layer = convolution([...given, 1], next(), size.split("x").map(Number));
    else if (kind === "dense") layer = dense(next());
    else if (kind === "pool") layer = pool(given);
    else if (kind === "dropout") layer = { shape: given, forward: (x) => x }; // it is for trainings alone
    else layer = { shape: given, forward: (x) => x.map(nnbook.activations[kind]) };
    given = layer.shape;
    return layer;
  });
  return {
    shapes: made.map((layer) => layer.shape),
    forward(pixels) {
      /** @type {Float32Array} */
      let values = Float32Array.from(pixels, (pixel) => pixel / 255);
      return made.map(({ forward }) => (values = forward(values)));
    },
  };
};

/** One of the maps of a layer. @param {ArrayLike<number>} values (rows, columns, channels) @param {number} channels @param {number} channel */
nnbook.mapOf = (values, channels, channel) =>
  Float32Array.from({ length: values.length / channels }, (_, at) => values[at * channels + channel]);
