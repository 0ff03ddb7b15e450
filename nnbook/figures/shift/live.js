/** Shift: move all images to the right, and watch one of them and what each network takes it for. */

/** The number that stands for a probability of 1. */
const STEPS = 89 ** 2 - 1;

nnbook.define("shift", (element) => {
  /** @type {{ name: string, width: number, height: number, images: string, indices: number[], labels: number[], first: number, keys: string[], slider: Record<string, [number, number, number, number]>, shares: number[][], answers: string, chart: { left: number, top: number, width: number, height: number } }} */
  const { name, width, height, images: packed, indices, labels, first, keys, slider, shares, answers, chart } = nnbook.data(element);
  const words = nnbook.words(element);
  const images = nnbook.images(packed, width * height);
  const steps = nnbook.unpack(answers, 2);
  const classes = keys.map((_, number) => words(`name.${number}`));
  const networks = shares.map((_, at) => words(`network.${at}`));
  const farthest = shares[0].length - 1;
  const drawing = /** @type {SVGElement} */ (/** @type {Element} */ (element.querySelector("svg")).cloneNode(true));
  let shown = first;

  /** By network and shift, the probabilities of the classes for the image that is shown. @param {number} network @param {number} by */
  const probabilities = (network, by) => {
    const start = ((network * shares[0].length + by) * images.length + shown) * keys.length;
    return steps.slice(start, start + keys.length).map((step) => step / STEPS);
  };
  const svg = (/** @type {string} */ tag, /** @type {Record<string, string | number>} */ attributes) => {
    const made = document.createElementNS("http://www.w3.org/2000/svg", tag);
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, String(value));
    return made;
  };
  const across = (/** @type {number} */ by) => chart.left + (chart.width * by) / Math.max(1, farthest);
  const marker = svg("path", { class: "nnb-shift-marker" });
  /** @type {SVGElement[][]} */
  const dots = networks.map((_, at) => [...drawing.querySelectorAll(/** @type {"circle"} */ (`.nnb-shift-${at} circle`))]);
  const ends = networks.map((_, at) => /** @type {Element} */ (drawing.querySelector(`.nnb-shift-${at} text + text`)));
  drawing.querySelector(".nnb-rules")?.after(marker);

  const canvas = nnbook.canvas(width, height, " ");
  const picture = nnbook.shot(canvas);
  const blocks = networks.map((network, at) => {
    const said = nnbook.make("span");
    const bars = classes.map((className) => nnbook.make("span", {}, nnbook.make("i"), nnbook.make("b", {}, className)));
    const wordy = classes.some((className) => className.length > 2);
    const list = nnbook.make("div", { class: `nnb-shift-bars${wordy ? " nnb-shift-wordy" : ""}`, "aria-hidden": "true" }, ...bars);
    const head = nnbook.make("p", {}, nnbook.make("b", {}, network), " ", said);
    return { said, bars, field: nnbook.make("div", { class: `nnb-shift-${at}` }, head, list) };
  });
  const { region, say } = nnbook.aloud();

  const draw = () => {
    const { by } = sliders.values;
    const [image, label, index] = [images[shown], labels[shown], indices[shown]];
    marker.setAttribute("d", `M${across(by)} ${chart.top}v${chart.height}`);
    nnbook.paintInk(canvas, image.map((_, at) => (at % width < by ? 0 : image[at - by])));
    canvas.setAttribute("aria-label", words("shift.image", { count: by, index, name: classes[label] }));
    Object.assign(canvas.dataset, { index, label: keys[label], by });
    const lines = networks.map((network, at) => {
      const share = nnbook.percent(shares[at][by], 1);
      ends[at].textContent = share;
      dots[at].forEach((dot, place) => dot.setAttribute("r", place === by ? "5" : "2.5"));
      const row = probabilities(at, by);
      const answer = nnbook.largest(row);
      const right = answer === label;
      const { said, bars, field } = blocks[at];
      said.className = `nnb-shift-${right ? "right" : "wrong"}`;
      said.textContent = `${right ? "✓" : "✗"} ${classes[answer]} ${nnbook.confidence(row[answer])}`;
      Object.assign(field.dataset, { prediction: keys[answer], probability: row[answer].toFixed(4) });
      bars.forEach((bar, number) => {
        bar.style.setProperty("--s", row[number].toFixed(4));
        bar.className = number === label ? "nnb-shift-true" : "";
      });
      const verdict = words(right ? "shift.right" : "shift.wrong");
      return `${network}: ${share}; ${verdict}: ${classes[answer]} ${nnbook.confidence(row[answer])}`;
    });
    say(`${words("shift.moved", { count: by })} ${lines.join(". ")}`);
    choice.set(shown);
    Object.assign(element.dataset, { by, image: index });
  };
  const keep = () => {
    draw();
    const moved = sliders.moved();
    nnbook.state.set(name, shown !== first || "by" in moved ? { by: sliders.values.by, image: indices[shown] } : null);
  };
  const sliders = nnbook.sliders(slider, () => [words("shift.slider"), words("shift.axis")], (settled) => (settled ? keep() : draw()));
  const names = indices.map((index, at) => words("kit.image_choice", { index, name: classes[labels[at]] }));
  const choice = nnbook.imageChoice(words("shift.choose"), { images, names, indices, width, height, columns: images.length }, (at) => {
    shown = at;
    keep();
  });

  /** The shift under the pointer. @param {PointerEvent} event */
  const point = ({ clientX }) => {
    const box = drawing.getBoundingClientRect();
    const x = (336 * (clientX - box.left)) / box.width;
    const by = Math.round(((x - chart.left) / chart.width) * farthest);
    sliders.set({ by: Math.max(0, Math.min(farthest, by)) });
    draw();
  };
  drawing.addEventListener("pointerdown", (event) => {
    if (event.button || event.offsetX > (drawing.getBoundingClientRect().width * (chart.left + chart.width + 16)) / 336) return;
    point(event);
    drawing.setPointerCapture(event.pointerId);
    drawing.addEventListener("pointermove", point);
    drawing.addEventListener("lostpointercapture", () => {
      drawing.removeEventListener("pointermove", point);
      keep();
    }, { once: true });
  });
  const open = () => {
    const asked = nnbook.state.get(name) || {};
    const at = indices.findIndex((index) => String(index) === asked.image);
    shown = at < 0 ? first : at;
    sliders.set(/^\d$/.test(asked.by) ? { by: asked.by } : {});
    draw();
  };
  open();
  nnbook.state.watch(open);
  const watched = nnbook.make("div", { class: "nnb-shift-watched" }, picture.frame, nnbook.make("div", {}, ...blocks.map(({ field }) => field)));
  const controls = nnbook.make("div", { class: "nnb-controls" }, sliders.field, choice.field);
  nnbook.upgrade(element, "live-shift", controls, nnbook.make("div", { class: "nnb-panels" }, drawing, watched), region);
});
