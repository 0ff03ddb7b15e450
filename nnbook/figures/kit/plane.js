/** Maps over two numbers, and things on drawings that the reader drags. */

/**
 * A part of a plane on a drawing, see `kit/contours.py`; it may be made to show another part.
 * @param {Element} drawing an SVG element, 336 units wide
 * @param {NnbookPlaneData} data
 * @returns {NnbookPlane}
 */
nnbook.plane = (drawing, { left, top, width, height, x: [...x], y: [...y] }) => {
  const plane = {
    x, y,
    across: (/** @type {number} */ value) => left + (width * (value - x[0])) / (x[1] - x[0]),
    down: (/** @type {number} */ value) => top + (height * (y[1] - value)) / (y[1] - y[0]),
    /** The place that the reader points at, within the map. @param {PointerEvent} event @returns {[number, number]} */
    place: ({ clientX, clientY }) => {
      const box = drawing.getBoundingClientRect();
      const unit = box.width / 336;
      const share = [(clientX - box.left) / unit - left, top + height - (clientY - box.top) / unit].map((at, axis) => at / [width, height][axis]);
      const [across, up] = share.map((at) => Math.max(0, Math.min(1, at)));
      return [x[0] + across * (x[1] - x[0]), y[0] + up * (y[1] - y[0])];
    },
    /** Path data of a line through places. @param {number[][]} places */
    line: (places) => "M" + places.map(([first, second]) => `${plane.across(first).toFixed(1)} ${plane.down(second).toFixed(1)}`).join("L"),
    /** Path data of a dot on each of some places. @param {number[][]} places */
    spots: (places) => places.map((place) => `${plane.line([place])}h.01`).join(""),
    /** Show another part; what does not fit beside an axis is not written there. @param {number[]} toX @param {number[]} toY @param {number[]} [digits] of both axes */
    show: (toX, toY, digits = [1, 1]) => {
      [x[0], x[1], y[0], y[1]] = [...toX, ...toY];
      [...toX, ...toY].forEach((end, at) => {
        const label = drawing.querySelector(`.nnb-end-${at}`);
        if (label) label.textContent = Math.abs(end) < 1e4 ? nnbook.decimal(end, Math.abs(end) < 100 ? digits[at >> 1] : 0) : "";
      });
    },
  };
  return plane;
};

/**
 * The whole map, or twice, four times ... as much of it about its lowest place, so that all places are seen.
 * @param {NnbookPlaneData} data
 * @param {number[]} lowest
 * @param {number[][]} places
 */
nnbook.zoomed = ({ x, y }, lowest, places) => {
  const shares = places.flatMap((place) => [x, y].map((ends, axis) => {
    const away = place[axis] - lowest[axis];
    return away / (ends[away > 0 ? 1 : 0] - lowest[axis]);
  }));
  const times = 2 ** Math.ceil(Math.log2(shares.reduce((most, share) => Math.max(most, share), 1)));
  const [toX, toY] = [x, y].map((ends, axis) => ends.map((end) => lowest[axis] + times * (end - lowest[axis])));
  return { times, x: toX, y: toY };
};

/**
 * Follow the pointer from where it goes down on something until it is let go.
 * @param {Element} target
 * @param {(event: PointerEvent) => void} move
 * @param {() => void} done
 */
nnbook.drag = (target, move, done) => {
  target.addEventListener("pointerdown", (down) => {
    const event = /** @type {PointerEvent} */ (down);
    const follow = (/** @type {Event} */ moved) => move(/** @type {PointerEvent} */ (moved));
    event.preventDefault();
    target.setPointerCapture(event.pointerId);
    target.addEventListener("pointermove", follow);
    target.addEventListener("lostpointercapture", () => {
      target.removeEventListener("pointermove", follow);
      done();
    }, { once: true });
    move(event);
  });
};

/** Path data of a cross. @param {number} x @param {number} y */
nnbook.cross = (x, y) => `M${x - 7} ${y}h14M${x} ${y - 7}v14`;

/** Change attributes of a shape. @param {Element} shape @param {Record<string, string | number>} attributes */
nnbook.put = (shape, attributes) => Object.entries(attributes).forEach(([name, value]) => shape.setAttribute(name, String(value)));

const POWERS = [..."⁰¹²³⁴⁵⁶⁷⁸⁹"];

/** A number of any size: 1.25, but 1.3 × 10⁸ from a hundred thousand on. @param {number} number @param {number} [digits] */
nnbook.short = (number, digits = 2) => {
  if (Math.abs(number) < 1e5) return nnbook.decimal(number, digits);
  const [factor, power] = number.toExponential(1).split("e+");
  const raised = [...power].map((digit) => POWERS[Number(digit)]).join("");
  return `${nnbook.decimal(Number(factor), 1)} × 10${raised}`;
};

/**
 * The mean squared error of lines through points, as in `nnbook/line.py`.
 * @param {number[]} x
 * @param {number[]} y
 */
nnbook.bowl = (x, y) => {
  /** @param {number[]} line @param {number[]} among @param {(error: number, at: number) => number} part */
  const mean = ([slope, intercept], among, part) =>
    among.reduce((sum, at) => sum + part(slope * x[at] + intercept - y[at], at), 0) / among.length;
  const all = x.map((_, at) => at);
  return {
    /** @param {number[]} line */
    loss: (line) => mean(line, all, (error) => error * error),
    /** By slope and intercept, over some of the points. @param {number[]} line @param {number[]} [among] */
    gradient: (line, among = all) => [mean(line, among, (error, at) => 2 * error * x[at]), mean(line, among, (error) => 2 * error)],
  };
};
