/** Draw a digit: the reader draws, picks or drops one, and the networks answer while the line grows. */

const PAPER = 280;
const PEN = 22;

nnbook.define("draw-digit", (element) => {
  const data = nnbook.data(element);
  const words = nnbook.words(element);
  const { width, height, indices, labels } = data;
  const packed = Array.from({ length: data.networks }, (_, at) => data[`network.${at}`]);
  /** The dense networks as layers; a convolutional one has none here. @type {(NnbookLayer[] | null)[]} */
  const networks = packed.map((network) => (Array.isArray(network) ? network.map(nnbook.layer) : null));
  /** What gives the scores of each. @type {((image: Uint8Array) => ArrayLike<number>)[]} */
  const scoresOf = networks.map((layers, at) => {
    if (layers) return (image) => nnbook.scores(layers, image);
    const network = nnbook.convolution(packed[at]);
    return (image) => network.forward(image)[network.shapes.length - 1];
  });
  const images = nnbook.images(data.images, width * height);
  const colours = { light: nnbook.colours(data.scale.light), dark: nnbook.colours(data.scale.dark) };
  const classes = Array.from({ length: data.columns }, (_, number) => words(`name.${number}`));
  const titles = networks.map((_, at) => words(`network.${at}`));
  const templates = networks.find((layers) => layers?.length === 1);
  /** @type {Uint8Array | null} what the networks see */
  let seen = null;

  const paper = nnbook.canvas(PAPER, PAPER, words("draw_digit.paper"));
  paper.classList.replace("nnb-pixels", "nnb-paper");
  const ink = /** @type {CanvasRenderingContext2D} */ (paper.getContext("2d", { willReadFrequently: true }));
  ink.lineCap = "round";
  ink.lineJoin = "round";
  ink.lineWidth = PEN;

  const verdict = nnbook.make("p", { class: "nnb-reading nnb-verdict" });
  const hint = nnbook.make("p", { class: "nnb-tile-note" }, words("draw_digit.hint"));
  const { region, say } = nnbook.aloud();
  const answers = networks.map((_, at) => {
    const bars = nnbook.scoreBars(titles[at], classes, null);
    const answer = nnbook.make("b", {});
    const share = nnbook.make("span", { class: "nnb-tile-note" });
    const head = nnbook.make("div", { class: "nnb-answer-head" }, nnbook.make("span", {}, titles[at]), answer, share);
    return { bars, answer, share, box: nnbook.make("div", { class: "nnb-answer-of" }, head, bars.field) };
  });
  const shots = [0, 1, 2].map(() => nnbook.shot(nnbook.canvas(width, height, "-")));
  const overlap = nnbook.make("div", { class: "nnb-overlap" }, ...shots.map(({ cell }) => cell));
  const sums = nnbook.make("p", { class: "nnb-tile-note nnb-sums" });

  const answer = () => {
    const known = seen !== null;
    const image = seen || new Uint8Array(width * height);
    const winners = scoresOf.map((scoresFor, at) => {
      const scores = known ? scoresFor(image) : new Float64Array(classes.length);
      const winner = nnbook.largest(scores);
      const probabilities = nnbook.softmax(scores);
      const { box, bars, answer: word, share } = answers[at];
      bars.show(scores, () => []);
      word.textContent = known ? classes[winner] : "?";
      share.textContent = known ? nnbook.confidence(probabilities[winner]) : "–";
      box.dataset.probabilities = probabilities.map((probability) => probability.toFixed(6)).join(" ");
      return winner;
    });
    verdict.classList.toggle("nnb-apart", known && winners.some((winner) => winner !== winners[0]));
    verdict.textContent = known ? judge(winners) : words("draw_digit.hint");
    hint.style.visibility = known ? "" : "hidden"; // not to be said twice
    drawOverlap(image, winners[templates ? networks.indexOf(templates) : 0], known);
  };
  /** @param {number[]} winners */
  const judge = (winners) => {
    if (winners.every((winner) => winner === winners[0])) return words("draw_digit.agree", { name: classes[winners[0]] });
    return words("draw_digit.differ", { answers: winners.map((winner, at) => `${titles[at]} ${classes[winner]}`).join(words("draw_digit.and")) });
  };

  /** @param {Uint8Array} image @param {number} winner @param {boolean} known */
  const drawOverlap = (image, winner, known) => {
    const canvases = shots.map(({ frame }) => /** @type {HTMLCanvasElement} */ (frame.firstChild));
    nnbook.paintInk(canvases[0], image);
    shots[0].note.textContent = words("draw_digit.seen");
    canvases[0].setAttribute("aria-label", words("draw_digit.seen"));
    overlap.classList.toggle("nnb-template", Boolean(templates));
    sums.textContent = "";
    if (!templates) return;
    const { rows, limit } = templates[0];
    const products = rows[winner].map((weight, at) => (weight * image[at]) / 255);
    const ground = colours[nnbook.ground(element)];
    nnbook.paintSigned(canvases[1], known ? rows[winner] : image, limit, ground);
    nnbook.paintSigned(canvases[2], products, limit, ground);
    const name = known ? classes[winner] : "?";
    const values = { name, ...nnbook.balance(products) };
    shots[1].note.textContent = words("kit.weights_of", { name });
    shots[2].note.textContent = words("draw_digit.overlap");
    canvases[1].setAttribute("aria-label", words("kit.weights_of", { name }));
    canvases[2].setAttribute("aria-label", words("kit.product_alt", values));
    if (known) sums.textContent = words("draw_digit.sums", values);
  };

  let waiting = false;
  const soon = () => {
    if (waiting) return;
    waiting = true;
    requestAnimationFrame(() => {
      waiting = false;
      look();
    });
  };
  const look = () => {
    const began = performance.now();
    const pixels = ink.getImageData(0, 0, PAPER, PAPER).data;
    const drawn = new Float64Array(PAPER * PAPER);
    for (let at = 0; at < drawn.length; at += 1) drawn[at] = pixels[4 * at + 3];
    seen = nnbook.centred(drawn, PAPER, PAPER);
    answer();
    element.dataset.milliseconds = (performance.now() - began).toFixed(2);
  };
  const clear = () => {
    ink.clearRect(0, 0, PAPER, PAPER);
    seen = null;
    chooser.set(-1);
  };

  /** @type {{ x: number, y: number } | null} */
  let pen = null;
  let fresh = true;
  let erasing = false;
  const place = (/** @type {PointerEvent} */ event) => {
    const box = paper.getBoundingClientRect();
    return { x: ((event.clientX - box.left) / box.width) * PAPER, y: ((event.clientY - box.top) / box.height) * PAPER };
  };
  const line = (/** @type {PointerEvent} */ event) => {
    if (!pen) return;
    ink.globalCompositeOperation = erasing ? "destination-out" : "source-over";
    ink.beginPath();
    ink.moveTo(pen.x, pen.y);
    const steps = event.getCoalescedEvents ? event.getCoalescedEvents() : [];
    for (const step of [...steps, event]) {
      pen = place(step);
      ink.lineTo(pen.x, pen.y);
    }
    ink.stroke();
    ink.globalCompositeOperation = "source-over";
    soon();
  };
  paper.addEventListener("pointerdown", (event) => {
    if (event.button) return;
    event.preventDefault();
    paper.setPointerCapture(event.pointerId);
    if (fresh && !erasing) clear();
    else chooser.set(-1); // what is left of a test image is none
    fresh = false;
    pen = place(event);
    line(event);
  });
  paper.addEventListener("pointermove", line);
  const lift = () => {
    if (pen) {
      look(); // the end of the line has not been looked at yet
      say(String(verdict.textContent));
    }
    pen = null;
  };
  paper.addEventListener("pointerup", lift);
  paper.addEventListener("pointercancel", lift);

  /** What the networks see is shown on the paper, too. @param {Uint8Array} image */
  const show = (image) => {
    const small = nnbook.canvas(width, height, "");
    nnbook.paintInk(small, image);
    ink.clearRect(0, 0, PAPER, PAPER);
    ink.imageSmoothingEnabled = false;
    ink.drawImage(small, 0, 0, PAPER, PAPER);
    seen = image;
    fresh = true;
    answer();
  };
  const names = indices.map((/** @type {number} */ index, /** @type {number} */ at) =>
    words("kit.image_choice", { index, name: classes[labels[at]] })
  );
  const chooser = nnbook.imageChoice(words("draw_digit.choose"), { images, names, indices, width, height, columns: data.columns }, (at) => {
    show(images[at]);
    say(String(verdict.textContent));
    nnbook.state.set(data.name, { image: indices[at] });
  });

  /** @param {Blob | null | undefined} file */
  const read = async (file) => {
    if (!file) return;
    try {
      const bitmap = await createImageBitmap(file);
      const share = Math.min(1, 400 / Math.max(bitmap.width, bitmap.height));
      const canvas = nnbook.canvas(Math.max(1, Math.round(bitmap.width * share)), Math.max(1, Math.round(bitmap.height * share)), "");
      const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
      context.fillStyle = "#fff";
      context.fillRect(0, 0, canvas.width, canvas.height);
      context.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
      const pixels = context.getImageData(0, 0, canvas.width, canvas.height).data;
      const image = nnbook.centred(nnbook.inkOf(pixels, canvas.width, canvas.height), canvas.width, canvas.height);
      clear();
      if (image) show(image);
      else answer();
      say(String(verdict.textContent));
    } catch {
      verdict.textContent = words("draw_digit.no_image");
      say(words("draw_digit.no_image"));
    }
  };
  const picker = /** @type {HTMLInputElement} */ (nnbook.make("input", { type: "file", accept: "image/*", "aria-label": words("draw_digit.file"), hidden: true }));
  picker.addEventListener("change", () => {
    read(picker.files && picker.files[0]);
    picker.value = "";
  });
  const open = nnbook.make("button", { type: "button" }, words("draw_digit.file"));
  open.addEventListener("click", () => picker.click());
  const wipe = nnbook.make("button", { type: "button" }, words("draw_digit.clear"));
  const rubber = nnbook.make("button", { type: "button", "aria-pressed": "false" }, words("draw_digit.eraser"));
  const erase = (/** @type {boolean} */ on) => {
    erasing = on;
    rubber.setAttribute("aria-pressed", String(on));
  };
  rubber.addEventListener("click", () => erase(!erasing));
  wipe.addEventListener("click", () => {
    clear();
    erase(false);
    fresh = true;
    answer();
    say(words("draw_digit.cleared"));
  });

  const tools = nnbook.make("div", { class: "nnb-controls" }, rubber, wipe, open, picker);
  const desk = nnbook.make("div", { class: "nnb-desk", style: `--networks:${networks.length}` }, nnbook.make("div", { class: "nnb-sheet-of-paper" }, hint, paper, tools));
  desk.append(nnbook.make("div", { class: `nnb-answers${networks.length > 2 ? " nnb-of-three" : ""}` }, verdict, ...answers.map(({ box }) => box)));
  desk.addEventListener("dragover", (event) => event.preventDefault());
  desk.addEventListener("drop", (event) => {
    event.preventDefault();
    read(event.dataTransfer && event.dataTransfer.files[0]);
  });
  const restore = () => {
    const state = nnbook.state.get(data.name);
    const asked = state ? indices.indexOf(Number(state.image)) : -1;
    const at = asked < 0 ? data.rest : asked;
    chooser.set(at);
    show(images[at]);
  };
  const chips = nnbook.make("div", { class: "nnb-controls" }, chooser.field);
  nnbook.upgrade(element, "live-draw", chips, desk, overlap, sums, region);
  nnbook.watchGround(answer);
  nnbook.state.watch(restore);
  restore();
});
