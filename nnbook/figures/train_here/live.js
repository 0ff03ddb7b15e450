/** Training in the page: the reader chooses a network and how it learns, and watches weights, accuracy and loss. */

nnbook.define("train-here", (element) => {
  const data = nnbook.data(element);
  const words = nnbook.words(element);
  const { choices, first, train, total, epochs, panels, keys } = data;
  const [height, width] = data.size;
  const size = height * width;
  /** @type {Record<string, Uint8Array>} */
  const colours = Object.fromEntries(Object.entries(data.scale).map(([ground, packed]) => [ground, nnbook.colours(packed)]));
  const examples = { numbers: new Uint8Array(0), labels: new Uint8Array(train), size, scale: 1 / 255, classes: keys.length };
  const held = { numbers: new Float64Array(0), labels: new Uint8Array(total - train) };
  const paces = { slow: 0.1, medium: 1, fast: 1e6 }; // epochs in a second
  /** @typedef {{ epoch: number, train_loss: number, train_accuracy: number, loss: number, accuracy: number }} Look */
  /** @type {{ looks: Look[], name: string }[]} */
  let kept = [];
  /** @type {Look[]} */
  let looks = [];
  /** @type {NnbookRun | null} At rest none: what is shown is the run that Python has done. */
  let run = null;
  /** @type {Promise<void> | null} */
  let loading = null;
  let pace = "medium";
  let [loss, right, steps] = [0, 0, 0]; // since the last look

  const parts = /** @type {HTMLElement} */ (/** @type {Element} */ (element.querySelector(".nnb-train-parts")).cloneNode(true));
  const weights = /** @type {HTMLElement} */ (parts.querySelector(".nnb-train-weights"));
  const drawing = /** @type {Element} */ (parts.querySelector(".nnb-train-curves svg"));
  const legend = /** @type {HTMLElement} */ (weights.querySelector(".nnb-legend"));
  const summary = nnbook.make("p", { class: "nnb-sum" }, String(element.querySelector(".nnb-sum")?.textContent));
  const list = nnbook.make("p", { class: "nnb-sum nnb-quiet" });
  const { region, say } = nnbook.aloud();

  /** @param {string} key @param {string | number} value */
  const valueName = (key, value) => {
    if (key === "activation") return words(`kit.activation_${value}`);
    if (key === "start") return words(`train_here.start_${choices.start.indexOf(value)}`);
    if (key === "hidden") return value ? words("train_here.hidden_some", { count: value }) : words("train_here.hidden_none");
    return nnbook.decimal(Number(value), (String(value).split(".")[1] || "").length);
  };
  const settings = nnbook.settings(choices, first, (key, value) => (value === undefined ? words(`train_here.${key}`) : valueName(key, value)), () => {
    nnbook.state.set(data.name, settings.moved());
    const running = player.on();
    begin();
    if (running) start();
  });

  /** A new run, at its start. */
  const begin = () => {
    player.play(false);
    const { hidden, ...how } = /** @type {any} */ (settings.values);
    run = nnbook.training(examples, { hidden: hidden ? [hidden] : [], ...how });
    looks = [];
    [loss, right, steps] = [0, 0, 0];
    canvases = pictures();
    show();
  };
  /** The weights of each neuron of the first layer as an image. @type {HTMLCanvasElement[]} */
  let canvases = [];
  const pictures = () => {
    const count = Number(settings.values.hidden);
    const made = Array.from({ length: count || keys.length }, () => nnbook.canvas(width, height, ""));
    const tiles = made.map((canvas, at) =>
      nnbook.make("span", { class: "nnb-shot-cell" }, nnbook.shot(canvas).frame, count ? "" : nnbook.make("b", {}, words(`class.${keys[at]}`)))
    );
    const sheet = nnbook.make("div", { class: `nnb-train-sheet nnb-train-${count ? (count > 16 ? "many" : "few") : "classes"}`, role: "img" }, ...tiles);
    weights.replaceChildren(sheet, legend);
    return made;
  };

  const look = () => {
    if (!run) return;
    const judged = run.judge(held.numbers, held.labels.length, held.labels);
    looks.push({
      epoch: run.steps / run.stepsPerEpoch,
      train_loss: loss / steps,
      train_accuracy: right / (steps * run.batch),
      loss: judged.loss / held.labels.length,
      accuracy: judged.right / held.labels.length,
    });
    [loss, right, steps] = [0, 0, 0];
  };
  const ended = () => run !== null && (run.steps >= epochs * run.stepsPerEpoch || (looks.length > 0 && !Number.isFinite(looks[looks.length - 1].loss)));
  /** Learn from one batch, and give what share of an epoch that was. */
  const step = () => {
    if (!run || ended()) return 0;
    const every = Math.floor(train / data.looks);
    const learnt = run.step();
    loss += learnt.loss;
    right += learnt.right;
    steps += 1;
    if (Math.floor((run.steps * run.batch) / every) > Math.floor(((run.steps - 1) * run.batch) / every)) look();
    return ended() ? 0 : 1 / run.stepsPerEpoch;
  };

  const said = (/** @type {Look | undefined} */ now) => {
    const share = (/** @type {number} */ value) => nnbook.percent(value, 1);
    const number = (/** @type {number} */ value) => (Number.isFinite(value) ? nnbook.decimal(value) : "∞");
    return now
      ? { train_accuracy: share(now.train_accuracy), accuracy: share(now.accuracy), train_loss: number(now.train_loss), loss: number(now.loss) }
      : { train_accuracy: "–", accuracy: "–", train_loss: "–", loss: "–" };
  };
  const path = (/** @type {"accuracy" | "loss"} */ panel, /** @type {Look[]} */ of, /** @type {keyof Look} */ key) =>
    nnbook.curve(panels[panel], of.map(({ epoch }) => epoch / epochs), of.map((one) => one[key]));
  const show = () => {
    const values = said(looks[looks.length - 1]);
    const going = player.on();
    element.dataset.steps = String(run ? run.steps : 0);
    buttons[0].textContent = words(going ? "train_here.pause" : "train_here.run");
    buttons[3].disabled = looks.length === 0 || kept.length > 1;
    buttons[4].hidden = kept.length === 0;
    /** @type {HTMLSelectElement} */ (settings.field.activation.querySelector("select")).disabled = !settings.values.hidden;
    list.replaceChildren(...kept.map(({ name }) => nnbook.make("span", {}, name)));
    if (!run) return;
    const names = drawing.querySelectorAll(".nnb-run-name");
    const curves = drawing.querySelectorAll(".nnb-run:not(.nnb-kept)");
    /** @type {const} */ (["accuracy", "loss"]).forEach((panel, at) => {
      [`train_${panel}`, panel].forEach((key, kind) => {
        curves[2 * at + kind].setAttribute("d", path(panel, looks, /** @type {keyof Look} */ (key)));
        names[2 * at + kind].textContent = words(kind ? "train_here.held" : "train_here.train", { value: values[/** @type {keyof values} */ (key)] });
      });
    });
    const { parameters, outputs } = run.layers[0];
    let largest = 0;
    for (let at = 0; at < size * outputs; at += 1) largest = Math.max(largest, Math.abs(parameters[at]));
    const power = 10 ** Math.floor(Math.log10(largest || 1));
    const limit = (Math.ceil((10 * largest) / power) / 10) * power || 1; // two digits: a scale that does not tremble
    const scale = colours[nnbook.ground(element)];
    canvases.forEach((canvas, neuron) => nnbook.paintSigned(canvas, Float64Array.from({ length: size }, (_, at) => parameters[at * outputs + neuron]), limit, scale));
    nnbook.legend(legend, limit, scale, words("kit.scale_words"));
    const now = { epochs: nnbook.decimal(run.steps / run.stepsPerEpoch, 1), ...values };
    const broken = looks.length > 0 && values.loss === "∞";
    const steps = { count: run.steps };
    summary.textContent = words(broken ? "train_here.broken" : looks.length ? "train_here.summary" : run.steps ? "train_here.steps" : "train_here.fresh", { ...now, ...steps });
    drawing.setAttribute("aria-label", words("train_here.alt", now));
    weights.children[0].setAttribute("aria-label", words("train_here.weights_alt", { epochs: now.epochs }));
    if (!going) say(String(summary.textContent));
  };

  /** The digits, once: pixels of one picture that comes with their labels. */
  const load = async () => {
    const { sheet, labels } = await nnbook.later(data.later);
    const image = await nnbook.sprite(`data:image/webp;base64,${sheet}`);
    const canvas = /** @type {HTMLCanvasElement} */ (nnbook.make("canvas", { width: image.width, height: image.height }));
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
  /** What is done with digits waits for them. @param {() => void} act */
  const withDigits = async (act) => {
    const here = settings.values;
    if (!examples.numbers.length) {
      summary.textContent = words("train_here.loading");
      loading ??= load();
      try {
        await loading;
      } catch {
        loading = null;
        summary.textContent = words("train_here.failed");
        return;
      }
    }
    if (!run || ended() || run.steps === 0) begin();
    if (here === settings.values) act();
  };
  const start = () => withDigits(() => { player.play(true); show(); });
  const player = nnbook.playing(element, () => paces[/** @type {keyof paces} */ (pace)], step, show);
  const acts = {
    run: () => (player.on() ? (player.play(false), show()) : start()),
    step: () => withDigits(() => { player.play(false); step(); show(); }),
    reset: () => begin(),
    keep: () => {
      const moved = Object.entries(settings.moved()).map(([key, value]) => `${words(`train_here.${key}`)} ${valueName(key, value)}`);
      const letter = "AB"[kept.length];
      const how = moved.join(", ") || words("train_here.first");
      kept.push({ looks, name: words("train_here.kept", { letter, how, ...said(looks[looks.length - 1]) }) });
      drawKept();
      show();
    },
    forget: () => {
      kept = [];
      drawKept();
      show();
    },
  };
  const drawKept = () => {
    drawing.querySelectorAll(".nnb-kept").forEach((old) => old.remove());
    kept.forEach(({ looks: own }, at) => {
      /** @type {const} */ (["accuracy", "loss"]).forEach((panel) => {
        [`train_${panel}`, panel].forEach((key, kind) => {
          const line = document.createElementNS("http://www.w3.org/2000/svg", "path");
          line.setAttribute("class", `nnb-run nnb-kept nnb-${kind ? "held" : "train"} nnb-kept-${"ab"[at]}`);
          line.setAttribute("d", path(panel, own, /** @type {keyof Look} */ (key)));
          drawing.append(line);
        });
      });
    });
  };
  const buttons = Object.entries(acts).map(([key, act]) => {
    const button = /** @type {HTMLButtonElement} */ (nnbook.make("button", { type: "button" }, words(`train_here.${key}`)));
    button.addEventListener("click", act);
    return button;
  });
  const paceChoice = nnbook.choices(words("train_here.pace"), Object.keys(paces).map((key) => [key, words(`train_here.pace_${key}`)]), pace, (key) => { pace = key; });

  const open = () => {
    const before = JSON.stringify(settings.values);
    settings.set(nnbook.state.get(data.name) || {});
    if (JSON.stringify(settings.values) !== before) begin();
    else show();
  };
  open();
  nnbook.state.watch(open);
  nnbook.watchGround(show);
  const controls = nnbook.make("div", { class: "nnb-controls" }, nnbook.make("div", { class: "nnb-buttons" }, ...buttons), paceChoice.field);
  nnbook.upgrade(element, "live-train-here", nnbook.make("div", { class: "nnb-controls" }, settings.fields), controls, parts, summary, list, region);
});
