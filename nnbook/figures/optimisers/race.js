/** The race itself: surfaces and optimisers as in `nnbook/race.py` and `nnbook/network/optimisers.py`. */

const MOMENTUM = 0.9;
const EPSILON = 1e-8;

/** A cubic through the middle two of four neighbours, or its slope, `along` the way from the second to the third. @param {number} along @param {boolean} slope */
const cubic = (along, slope) => {
  const [one, t, square, cube] = slope ? [0, 1, 2 * along, 3 * along ** 2] : [1, along, along ** 2, along ** 3];
  return [-t + 2 * square - cube, 2 * one - 5 * square + 3 * cube, t + 4 * square - 3 * cube, cube - square].map((sum) => sum / 2);
};

/** The loss and its slopes at a place. @param {number[]} formula @returns {NnbookSurface} */
const formula = ([a, b, c, q, constant]) => ([x, y]) => ({
  loss: (a * x * x + 2 * b * x * y + c * y * y) / 2 + (q * y * y * y * y) / 4 + constant,
  slopes: [a * x + b * y, b * x + c * y + q * y * y * y],
});

/** The same for a grid with one row and one column more on each side. @param {NnbookGrid} grid @returns {NnbookSurface} */
const grid = ({ first, step, counts, losses, low }) => {
  const known = nnbook.unpack(losses, 4).map((loss) => loss / 10000 + low);
  return (place) => {
    const cells = place.map((value, axis) => {
      const at = Math.max(0, Math.min(counts[axis] - 1, (value - first[axis]) / step[axis]));
      const cell = Math.min(Math.floor(at), counts[axis] - 2);
      return { cell, weights: cubic(at - cell, false), changes: cubic(at - cell, true).map((change) => change / step[axis]) };
    });
    const [x, y] = cells;
    const sum = (/** @type {number[]} */ across, /** @type {number[]} */ up) => {
      let total = 0;
      for (let row = 0; row < 4; row += 1) {
        const from = (y.cell + row) * (counts[0] + 2) + x.cell;
        for (let column = 0; column < 4; column += 1) total += known[from + column] * across[column] * up[row];
      }
      return total;
    };
    return { loss: sum(x.weights, y.weights), slopes: [sum(x.changes, y.weights), sum(x.weights, y.changes)] };
  };
};

/** By name, how far a parameter moves, against its slope; what an optimiser remembers of it is in `own`. @type {Record<string, (rate: number, slope: number, own: { mean: number, square: number }, steps: number) => number>} */
const runners = {
  sgd: (rate, slope) => rate * slope,
  momentum: (rate, slope, own) => {
    own.mean = MOMENTUM * own.mean + slope;
    return rate * own.mean;
  },
  nesterov: (rate, slope, own) => {
    own.mean = MOMENTUM * own.mean + slope;
    return rate * (slope + MOMENTUM * own.mean);
  },
  rmsprop: (rate, slope, own) => {
    own.square += (1 - 0.9) * (slope * slope - own.square);
    return (rate * slope) / (Math.sqrt(own.square) + EPSILON);
  },
  adam: (rate, slope, own, steps) => {
    own.mean += (1 - 0.9) * (slope - own.mean);
    own.square += (1 - 0.999) * (slope * slope - own.square);
    const [mean, square] = [own.mean / (1 - 0.9 ** steps), own.square / (1 - 0.999 ** steps)];
    return (rate * mean) / (Math.sqrt(square) + EPSILON);
  },
};

/**
 * A whole race on a course: by runner its places, the loss at each, after how many steps it is below the goal for good, and
 * after how many it has left what is known; -1 for never.
 * @param {NnbookCourse} course @param {number[]} start @param {number} factor of all rates @param {number} steps
 */
nnbook.race = ({ surface, low, high, goal, reach, rates }, start, factor, steps) => {
  const at = "formula" in surface ? formula(surface.formula) : grid(surface.grid);
  const known = (/** @type {number[]} */ place) =>
    place.every((value, axis) => Math.abs(value - (low[axis] + high[axis]) / 2) <= (reach * (high[axis] - low[axis])) / 2);
  return Object.fromEntries(Object.entries(rates).map(([runner, rate]) => {
    const own = start.map(() => ({ mean: 0, square: 0 }));
    const path = [start];
    for (let step = 1; step <= steps; step += 1) {
      const here = path[step - 1];
      const { slopes } = at(here);
      path.push(known(here) ? here.map((value, axis) => value - runners[runner](factor * rate, slopes[axis], own[axis], step)) : here);
    }
    const losses = path.map((place) => (known(place) ? at(place).loss : Infinity));
    const above = losses.findLastIndex((loss) => loss > goal);
    return [runner, { path, losses, arrived: above === steps ? -1 : above + 1, away: losses.indexOf(Infinity) }];
  }));
};
