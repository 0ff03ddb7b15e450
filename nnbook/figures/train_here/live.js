/** Training in the page: the reader chooses a network and how it learns, and watches weights, accuracy and loss. */

nnbook.define("train-here", (element) => {
  const data = nnbook.data(element);
  const words = nnbook.words(element);
  const { train, total, epochs, panels, keys } = data;
  const [height, width] = data.size;
  const size = height * width;
  /** @type {Record<string, Uint8Array>} */
  const colours = Object.fromEntries(Object.entries(data.scale).map(([ground, packed]) => [ground, nnbook.colours(packed)]));
  const examples = { numbers: new Uint8Array(0), labels: new Uint8Array(train), size, scale: 1 / 255, classes: keys.length };
  const held = { numbers: new Float64Array(0), labels: new Uint8Array(total - train) };
  /** @typedef {{ epoch: number, train_loss: number, train_accuracy: number, loss: number, accuracy: number }} Look */
  /** @type {{ looks: Look[], name: string }[]} */
  let kept = [];
  /** @type {Look[]} */
  let looks = [];
  /** @type {NnbookRun | null} At rest none: what is shown is the run that Python has done. */
  let run = null;
  /** @type {HTMLCanvasElement[]} */
  let canvases = [];
  let [loss, right, steps] = [0, 0, 0]; // since the last look

  const parts = /** @type {HTMLElement} */ (/** @type {Element} */ (element.querySelector(".nnb-train-parts")).cloneNode(true));
  const weights = /** @type {HTMLElement} */ (parts.querySelector(".nnb-train-weights"));
  const drawing = /** @type {Element} */ (parts.querySelector(".nnb-train-curves svg"));
  const legend = /** @type {HTMLElement} */ (weights.querySelector(".nnb-legend"));
  const summary = nnbook.make("p", { class: "nnb-sum" }, String(element.querySelector(".nnb-sum")?.textContent));
  const list = nnbook.make("p", { class: "nnb-sum nnb-quiet" });

  const begin = () => {
    const { hidden, ...how } = /** @type {any} */ (trainer.values);
    run = nnbook.training(examples, { hidden: hidden ? [hidden] : [], ...how });
    looks = [];
    [loss, right, steps] = [0, 0, 0];
    canvases = Array.from({ length: hidden || keys.length }, () => nnbook.canvas(width, height, ""));
    const tiles = canvases.map((canvas, at) =>
      nnbook.make("span", { class: "nnb-shot-cell" }, nnbook.shot(canvas).frame, hidden ? "" : nnbook.make("b", {}, words(`class.${keys[at]}`)))
    );
    const kind = hidden > 16 ? "many" : hidden ? "few" : "classes";
    weights.replaceChildren(nnbook.make("div", { class: `nnb-train-sheet nnb-train-${kind}`, role: "img" }, ...tiles), legend);
  };
  const look = (/** @type {NnbookRun} */ { steps: all, stepsPerEpoch, batch, judge }) => {
    const judged = judge(held.numbers, held.labels.length, held.labels);
    const train = { train_loss: loss / steps, train_accuracy: right / (steps * batch) };
    looks.push({ epoch: all / stepsPerEpoch, ...train, loss: judged.loss / held.labels.length, accuracy: judged.right / held.labels.length });
    [loss, right, steps] = [0, 0, 0];
  };
  const broken = () => looks.length > 0 && nnbook.astray(looks[looks.length - 1].loss);
  const ended = () => run !== null && (run.steps >= epochs * run.stepsPerEpoch || broken());
  const step = () => {
    if (!run || ended()) return 0;
    const every = Math.floor(train / data.looks);
    const learnt = run.step();
    loss += learnt.loss;
    right += learnt.right;
    steps += 1;
    const [before, now] = [run.steps - 1, run.steps].map((count) => Math.floor((count * (run?.batch || 0)) / every));
    if (now > before) look(run);
    return ended() ? 0 : 1 / run.stepsPerEpoch;
  };

  const path = (/** @type {"accuracy" | "loss"} */ panel, /** @type {Look[]} */ of, /** @type {string} */ key) =>
    nnbook.curve(panels[panel], of.map(({ epoch }) => epoch / epochs), of.map((one) => one[/** @type {keyof Look} */ (key)]));
  /** The four numbers of the last look, in words. @returns {Record<string, string>} */
  const numbers = () => {
    const now = looks[looks.length - 1];
    const share = (/** @type {"train_accuracy" | "accuracy"} */ key) => [key, now ? nnbook.percent(now[key], 1) : "–"];
    const number = (/** @type {"train_loss" | "loss"} */ key) => [key, now ? nnbook.lossText(now[key], 2) : "–"];
    return Object.fromEntries([share("train_accuracy"), share("accuracy"), number("train_loss"), number("loss")]);
  };
  const drawCurves = () => {
    const values = numbers();
    const names = drawing.querySelectorAll(".nnb-run-name");
    const curves = drawing.querySelectorAll(".nnb-run:not(.nnb-kept)");
    /** @type {const} */ (["accuracy", "loss"]).forEach((panel, at) => {
      [`train_${panel}`, panel].forEach((key, kind) => {
        curves[2 * at + kind].setAttribute("d", path(panel, looks, key));
        names[2 * at + kind].textContent = words(kind ? "train_here.held" : "train_here.train", { value: values[key] });
      });
    });
    return values;
  };
  const drawWeights = (/** @type {NnbookTrainedLayer} */ { parameters, outputs }) => {
    const largest = parameters.subarray(0, size * outputs).reduce((most, weight) => Math.max(most, Math.abs(weight)), 0);
    const power = 10 ** Math.floor(Math.log10(largest || 1));
    const limit = (Math.ceil((10 * largest) / power) / 10) * power || 1; // two digits: a scale that does not tremble
    const ground = nnbook.ground(element);
    const scale = colours[ground];
    canvases.forEach((canvas, neuron) => {
      const own = Float64Array.from({ length: size }, (_, at) => parameters[at * outputs + neuron]);
      nnbook.paintSigned(canvas, own, limit, scale);
    });
    if (legend.dataset.limit === `${limit} ${ground}`) return;
    legend.dataset.limit = `${limit} ${ground}`;
    nnbook.legend(legend, limit, scale, words("kit.scale_words"));
  };
  const show = () => {
    element.dataset.steps = String(run ? run.steps : 0);
    keep.disabled = looks.length === 0 || kept.length > 1;
    forget.hidden = kept.length === 0;
    if (!run) return;
    drawWeights(run.layers[0]);
    const said = { ...drawCurves(), epochs: nnbook.decimal(run.steps / run.stepsPerEpoch, 1), count: run.steps };
    summary.textContent = words(broken() ? "kit.trainer_broken" : looks.length ? "train_here.summary" : run.steps ? "train_here.steps" : "train_here.fresh", said);
    drawing.setAttribute("aria-label", words("train_here.alt", said));
    weights.children[0].setAttribute("aria-label", words("train_here.weights_alt", said));
  };
  const drawKept = () => {
    drawing.querySelectorAll(".nnb-kept").forEach((old) => old.remove());
    kept.forEach((one, at) => {
      for (const panel of /** @type {const} */ (["accuracy", "loss"])) {
        [`train_${panel}`, panel].forEach((key, kind) => {
          const line = document.createElementNS("http://www.w3.org/2000/svg", "path");
          line.setAttribute("class", `nnb-run nnb-kept nnb-${kind ? "held" : "train"} nnb-kept-${"ab"[at]}`);
          line.setAttribute("d", path(panel, one.looks, key));
          drawing.append(line);
        });
      }
    });
    list.replaceChildren(...kept.map(({ name }, at) => nnbook.make("span", { class: `nnb-kept-${"ab"[at]}` }, name)));
    trainer.draw();
  };

  /** The digits, once: the pixels of one picture, and their labels. */
  const load = async () => {
    const { sheet, labels } = await nnbook.later(data.later);
    const image = await nnbook.sprite(`data:image/webp;base64,${sheet}`);
    const canvas = nnbook.canvas(image.width, image.height, "");
    const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d", { willReadFrequently: true }));
    context.drawImage(image, 0, 0);
    const pixels = context.getImageData(0, 0, image.width, image.height).data;
    const numbers = new Uint8Array(total * size);
    for (let at = 0; at < numbers.length; at += 1) {
      const [digit, pixel] = [Math.floor(at / size), at % size];
      const row = Math.floor(digit / data.columns) * height + Math.floor(pixel / width);
      numbers[at] = pixels[4 * (row * image.width + (digit % data.columns) * width + (pixel % width))];
    }
    const truths = Uint8Array.from(nnbook.unpack(labels, 1));
    Object.assign(examples, { numbers: numbers.subarray(0, train * size), labels: truths.subarray(0, train) });
    Object.assign(held, { numbers: Float64Array.from(numbers.subarray(train * size), (value) => value / 255), labels: truths.subarray(train) });
  };
  /** @type {Promise<void> | null} */
  let loading = null;
  const ready = async () => {
    if (!examples.numbers.length) {
      summary.textContent = words("train_here.loading");
      try {
        await (loading ??= load());
      } catch {
        loading = null;
        summary.textContent = words("train_here.failed");
        return false;
      }
    }
    if (!run || run.steps === 0) begin();
    return true;
  };
  const changed = () => {
    const running = trainer.on();
    nnbook.state.set(data.name, trainer.moved());
    begin();
    trainer.play(running);
  };
  const trainer = nnbook.trainer(element, data, words, { changed, ready, begin, ended, step, show, said: () => String(summary.textContent) });
  const keep = trainer.button("keep", () => {
    const name = words("train_here.kept", { letter: "AB"[kept.length], how: trainer.told(), ...numbers() });
    kept.push({ looks: [...looks], name });
    drawKept();
  });
  const forget = trainer.button("forget", () => {
    kept = [];
    drawKept();
  });
  trainer.buttons.append(keep, forget);

  const open = () => {
    const before = JSON.stringify(trainer.values);
    trainer.set(nnbook.state.get(data.name) || {});
    if (JSON.stringify(trainer.values) !== before) {
      begin();
      trainer.play(false);
    }
  };
  trainer.draw();
  open();
  nnbook.state.watch(open);
  nnbook.watchGround(show);
  nnbook.upgrade(element, "live-train-here", ...trainer.parts, parts, summary, list);
});
