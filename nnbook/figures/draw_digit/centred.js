/**
 * Make an image of ink as MNIST's were made: scaled into 20 x 20 pixels, its centre of mass in the middle of 28 x 28.
 * There, the middle is that of the pixel in row and column 14, counted from 0: digits of MNIST come out as they are.
 */

const SIDE = 28;
const BOX = 20;
const MIDDLE = 14.5;

/**
 * How much of each of `count` pixels, laid over the range from `start` to `end`, each pixel of the range covers.
 * @param {number} start
 * @param {number} end
 * @param {number} count
 * @returns {[number, number][][]} for each of the `count` pixels: places in the range and their weights, which add up to 1
 */
const shares = (start, end, count) => {
  const step = (end - start) / count;
  return Array.from({ length: count }, (_, at) => {
    const from = start + at * step;
    const to = from + step;
    /** @type {[number, number][]} */
    const found = [];
    for (let place = Math.floor(from); place < Math.ceil(to - 1e-9); place += 1) {
      found.push([place, (Math.min(place + 1, to) - Math.max(place, from)) / step]);
    }
    return found;
  });
};

/**
 * @param {Float64Array} ink how dark each pixel is, 0 to 255
 * @param {number} width
 * @param {number} height
 * @returns {Uint8Array | null} 28 x 28 pixels, or nothing if there is no ink
 */
nnbook.centred = (ink, width, height) => {
  let [top, left, bottom, right] = [height, width, -1, -1];
  for (let at = 0; at < ink.length; at += 1) {
    if (ink[at] < 1) continue;
    const row = Math.floor(at / width);
    top = Math.min(top, row);
    bottom = row;
    left = Math.min(left, at % width);
    right = Math.max(right, at % width);
  }
  if (bottom < 0) return null;
  const scale = BOX / Math.max(bottom - top + 1, right - left + 1);
  const rows = shares(top, bottom + 1, Math.max(1, Math.round((bottom - top + 1) * scale)));
  const columns = shares(left, right + 1, Math.max(1, Math.round((right - left + 1) * scale)));
  let [mass, down, across] = [0, 0, 0];
  const small = rows.map((tall, row) =>
    columns.map((wide, column) => {
      let sum = 0;
      for (const [y, high] of tall) for (const [x, broad] of wide) sum += ink[y * width + x] * high * broad;
      mass += sum;
      down += sum * (row + 0.5);
      across += sum * (column + 0.5);
      return sum;
    })
  );
  const image = new Uint8Array(SIDE * SIDE);
  const toRow = Math.round(MIDDLE - down / mass);
  const toColumn = Math.round(MIDDLE - across / mass);
  small.forEach((line, row) =>
    line.forEach((value, column) => {
      const [y, x] = [row + toRow, column + toColumn];
      if (y >= 0 && y < SIDE && x >= 0 && x < SIDE) image[y * SIDE + x] = Math.min(255, Math.round(value));
    })
  );
  return image;
};

/**
 * The ink of a photograph or a drawing: what differs from the paper, and the paper is what its edge is made of.
 * @param {Uint8ClampedArray} pixels red, green, blue, opacity
 * @param {number} width
 * @param {number} height
 */
nnbook.inkOf = (pixels, width, height) => {
  const grey = Float64Array.from({ length: width * height }, (_, at) => 0.299 * pixels[4 * at] + 0.587 * pixels[4 * at + 1] + 0.114 * pixels[4 * at + 2]);
  const edge = Array.from(grey.filter((_, at) => at < width || at >= width * (height - 1) || at % width === 0 || at % width === width - 1));
  const paper = edge.sort((a, b) => a - b)[Math.floor(edge.length / 2)];
  const apart = grey.map((value) => Math.abs(value - paper));
  const most = apart.reduce((a, b) => Math.max(a, b), 0);
  if (most < 20) return new Float64Array(grey.length);
  return apart.map((value) => Math.max(0, (value / most - 0.2) / 0.8) * 255);
};
