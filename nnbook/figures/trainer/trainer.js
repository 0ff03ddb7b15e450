/**
 * A whole training: chance, layers, loss, and the step that makes the loss smaller. Each layer has its way forwards and its
 * way backwards side by side. It does what `nnbook/network` does in NumPy, and `nnbook/page_training.py` repeats it.
 */

/** Random numbers that depend on the seed alone; see `Chance` in Python. @param {number} seed */
nnbook.chance = (seed) => {
  const golden = 0x9e3779b9;
  const mixed = (/** @type {number} */ bits) => {
    bits = Math.imul(bits ^ (bits >>> 16), 0x85ebca6b);
    bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35);
    return (bits ^ (bits >>> 16)) >>> 0;
  };
  let state = mixed(Math.imul(seed, golden));
  const uniform = () => {
    state = (state + golden) | 0;
    return mixed(state) / 2 ** 32;
  };
  return {
    uniform,
    normal: () => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform()),
    /** The numbers below `count` in an order of chance. @param {number} count */
    order: (count) => {
      const drawn = Float64Array.from({ length: count }, uniform);
      return Uint32Array.from(drawn.keys()).sort((a, b) => drawn[a] - drawn[b] || a - b);
    },
  };
};

/** An array of at least this length, the old one if it will do. @param {Float64Array} array @param {number} length */
const roomFor = (array, length) => (array.length < length ? new Float64Array(length) : array);

/**
 * The dense layer: every output is a weighted sum of every input, plus a bias. The weights of an input lie side by side.
 * @param {number} inputs @param {number} outputs @param {NnbookChance} chance @param {number} start of the usual size
 * @returns {NnbookTrainedLayer}
 */
const dense = (inputs, outputs, chance, start) => {
  const parameters = new Float64Array((inputs + 1) * outputs);
  const gradients = new Float64Array(parameters.length);
  const biases = inputs * outputs; // where they begin, behind all weights
  for (let output = 0; output < outputs; output += 1) {
    for (let input = 0; input < inputs; input += 1) {
      parameters[input * outputs + output] = start * Math.sqrt(2 / inputs) * chance.normal();
    }
  }
  /** @type {Float64Array} */
  let x = new Float64Array(0);
  let [y, slopes] = [x, x];
  return {
    inputs,
    outputs,
    parameters,
    gradients,
    forward(given, count) {
      x = given;
      y = roomFor(y, count * outputs);
      const [sums, w] = [y, parameters];
      for (let row = 0; row < count; row += 1) {
        const to = row * outputs;
        for (let output = 0; output < outputs; output += 1) sums[to + output] = w[biases + output];
        for (let input = 0; input < inputs; input += 1) {
          const value = given[row * inputs + input];
          if (value === 0) continue; // four of five pixels are blank, and add nothing
          const from = input * outputs;
          for (let output = 0; output < outputs; output += 1) sums[to + output] += value * w[from + output];
        }
      }
      return y;
    },
    backward(slope, count, further) {
      gradients.fill(0);
      const [seen, g] = [x, gradients];
      for (let row = 0; row < count; row += 1) {
        const to = row * outputs;
        for (let output = 0; output < outputs; output += 1) g[biases + output] += slope[to + output];
        for (let input = 0; input < inputs; input += 1) {
          const value = seen[row * inputs + input];
          if (value === 0) continue;
          const from = input * outputs;
          for (let output = 0; output < outputs; output += 1) g[from + output] += value * slope[to + output];
        }
      }
      if (!further) return slope;
      slopes = roomFor(slopes, count * inputs);
      for (let row = 0; row < count; row += 1) {
        for (let input = 0; input < inputs; input += 1) {
          let sum = 0;
          for (let output = 0; output < outputs; output += 1) sum += slope[row * outputs + output] * parameters[input * outputs + output];
          slopes[row * inputs + input] = sum;
        }
      }
      return slopes;
    },
  };
};

/** How fast each function of `nnbook.activations` grows where it gives out y. @type {Record<string, (y: number) => number>} */
const SLOPES = { relu: (y) => Number(y > 0), sigmoid: (y) => y * (1 - y), tanh: (y) => 1 - y * y };

/** A function of each number by itself. @param {string} name @param {number} size @returns {NnbookTrainedLayer} */
const activation = (name, size) => {
  const [bend, rise] = [nnbook.activations[name], SLOPES[name]];
  /** @type {Float64Array} */
  let y = new Float64Array(0);
  return {
    inputs: size,
    outputs: size,
    parameters: new Float64Array(0),
    gradients: new Float64Array(0),
    forward(x, count) {
      y = roomFor(y, count * size);
      for (let at = 0; at < count * size; at += 1) y[at] = bend(x[at]);
      return y;
    },
    backward(slope, count) {
      for (let at = 0; at < count * size; at += 1) slope[at] *= rise(y[at]);
      return slope;
    },
  };
};

/**
 * The loss, minus the logarithm of the probability of the true class, summed over the rows; and in place of the scores its slope
 * for the mean, (probability - target) / rows.
 * @param {Float64Array} scores @param {ArrayLike<number>} labels @param {number} count @param {number} classes
 */
const crossEntropy = (scores, labels, count, classes) => {
  let loss = 0;
  let right = 0;
  for (let row = 0; row < count; row += 1) {
    const from = row * classes;
    const truth = from + labels[row];
    let best = from;
    for (let at = from; at < from + classes; at += 1) if (scores[at] > scores[best]) best = at;
    if (best === truth) right += 1;
    const top = scores[best];
    let total = 0;
    loss -= scores[truth] - top;
    for (let at = from; at < from + classes; at += 1) total += scores[at] = Math.exp(scores[at] - top);
    loss += Math.log(total);
    for (let at = from; at < from + classes; at += 1) scores[at] = (scores[at] / total - Number(at === truth)) / count;
  }
  return { loss, right };
};

/**
 * A training from its start; with each step it learns from one batch.
 * @param {NnbookExamples} examples
 * @param {NnbookLearning} how
 * @returns {NnbookRun}
 */
nnbook.training = ({ numbers, labels, size, scale, classes }, { hidden, activation: name, rate, batch, momentum, decay, start, seed }) => {
  const total = labels.length;
  const chance = nnbook.chance(seed);
  /** @type {NnbookTrainedLayer[]} */
  const layers = [];
  [...hidden, classes].forEach((neurons, at) => {
    if (at) layers.push(activation(name, hidden[at - 1]));
    layers.push(dense(at ? hidden[at - 1] : size, neurons, chance, start));
  });
  const velocities = layers.map(({ parameters }) => new Float64Array(parameters.length));
  const taken = Math.min(batch, total);
  const rows = new Float64Array(taken * size);
  const truths = new Uint8Array(taken);
  const steps = Math.floor(total / taken);
  /** @type {Uint32Array} */
  let order;
  const forward = (/** @type {Float64Array} */ x, /** @type {number} */ count) => layers.reduce((values, layer) => layer.forward(values, count), x);

  return {
    layers,
    steps: 0,
    batch: taken,
    stepsPerEpoch: steps,
    forward,
    judge(x, count, truth) {
      return crossEntropy(forward(x, count), truth, count, classes);
    },
    step() {
      const place = this.steps % steps;
      if (place === 0) order = chance.order(total);
      for (let row = 0; row < taken; row += 1) {
        const from = order[place * taken + row];
        truths[row] = labels[from];
        for (let at = 0; at < size; at += 1) rows[row * size + at] = numbers[from * size + at] * scale;
      }
      const scores = forward(rows, taken);
      const { loss, right } = crossEntropy(scores, truths, taken, classes);
      layers.reduceRight((slope, layer, at) => layer.backward(slope, taken, at > 0), scores);
      layers.forEach(({ parameters, gradients }, layer) => {
        const velocity = velocities[layer];
        for (let at = 0; at < parameters.length; at += 1) {
          velocity[at] = momentum * velocity[at] + gradients[at] + decay * parameters[at];
          parameters[at] -= rate * velocity[at];
        }
      });
      this.steps += 1;
      return { loss: loss / taken, right };
    },
  };
};
