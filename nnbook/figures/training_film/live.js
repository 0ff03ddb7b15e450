/** The film of a training: one slider moves the weight images, the accuracy and the confusion matrix. */

nnbook.define("training-film", (element) => {
  const data = nnbook.data(element);
  const say = nnbook.words(element);
  /** @type {{ step: number, accuracy: number, correct: number, loss: number, counts: number[][] }[]} */
  const stops = data.stops;
  /** @type {string[]} */
  const keys = data.keys;
  const last = stops.length - 1;
  const names = keys.map((key) => say(`class.${key}`));
  const total = stops[0].counts.flat().reduce((sum, count) => sum + count, 0);
  const seconds = 0.6;
  let at = last;
  let timer = 0;

  const stepName = (/** @type {number} */ stop) => {
    const step = stops[stop].step;
    if (step === 0) return say("training_film.start");
    const words = { count: step, epoch: data.epoch ? step / data.epoch : 0 };
    return say(data.epoch && step % data.epoch === 0 ? "training_film.step_epoch" : "training_film.step", words);
  };

  /** The weight images: windows on the static figure's own picture, in which every stop is a row. */
  const sheets = /** @type {HTMLImageElement[]} */ ([...element.querySelectorAll(".nnb-film-strip img")]);
  const alt = nnbook.make("p", { class: "nnb-unseen" });
  const screen = nnbook.make("div", { class: "nnb-screen" });
  for (let first = 0; first < keys.length; first += data.columns) {
    const shown = names.slice(first, first + data.columns);
    const width = shown.length * (data.width + data.gap) - data.gap;
    const words = shown.map((name) => nnbook.make("span", {}, name));
    const pane = nnbook.pane(sheets, { x: first * (data.width + data.gap), y: data.pitch, width, height: data.height });
    screen.append(pane, nnbook.make("div", { class: "nnb-screen-names", "aria-hidden": "true" }, ...words));
  }
  screen.style.cssText = `--tw:${data.width};--gap:${data.gap}`;

  const figures = nnbook.make("p", { class: "nnb-film-now" });

  /** The confusion matrix, whose cells change their numbers. */
  const cells = keys.map((_, actual) =>
    keys.map((_, predicted) => nnbook.make("td", { "data-predicted": keys[predicted], class: actual === predicted ? "nnb-hit" : "" }))
  );
  const recalls = keys.map(() => nnbook.make("td", { class: "nnb-end" }));
  const caption = nnbook.make("caption", { class: "nnb-unseen" });
  const matrix = nnbook.make(
    "table",
    { class: `nnb-table nnb-matrix${keys.some((key) => key.length > 1) ? " nnb-wordy" : ""}` },
    caption,
    nnbook.make("colgroup", {}, nnbook.make("col", { class: "nnb-side" }), nnbook.make("col", { class: "nnb-name" }), nnbook.make("col", { span: keys.length }), nnbook.make("col", { class: "nnb-end" })),
    nnbook.make(
      "thead",
      {},
      nnbook.make("tr", {}, nnbook.make("td", { colspan: 2 }), nnbook.make("th", { scope: "colgroup", colspan: keys.length, class: "nnb-axis" }, say("kit.predicted")), nnbook.make("td")),
      nnbook.make(
        "tr",
        { class: "nnb-names" },
        nnbook.make("td", { colspan: 2 }),
        ...names.map((name) => nnbook.make("th", { scope: "col" }, nnbook.make("span", {}, name))),
        nnbook.make("th", { scope: "col", class: "nnb-end" }, say("kit.recall"))
      )
    ),
    nnbook.make(
      "tbody",
      {},
      ...keys.map((key, actual) => {
        const axis = nnbook.make("th", { scope: "rowgroup", rowspan: keys.length, class: "nnb-axis nnb-side" }, nnbook.make("span", {}, say("kit.true")));
        const head = nnbook.make("th", { scope: "row" }, names[actual]);
        return nnbook.make("tr", { "data-actual": key }, ...(actual ? [] : [axis]), head, ...cells[actual], recalls[actual]);
      })
    )
  );

  const drawMatrix = () => {
    const { counts, correct, accuracy } = stops[at];
    counts.forEach((row, actual) => {
      const all = Math.max(row.reduce((sum, count) => sum + count, 0), 1);
      row.forEach((count, predicted) => {
        const cell = cells[actual][predicted];
        cell.textContent = String(count);
        cell.style.setProperty("--s", Math.sqrt(count / all).toFixed(2));
        if (actual !== predicted) cell.className = count ? "" : "nnb-none";
      });
      recalls[actual].textContent = nnbook.percent(row[actual] / all);
    });
    const values = { correct: nnbook.count(correct), total: nnbook.count(total), share: nnbook.percent(accuracy, 1) };
    caption.textContent = `${stepName(at)}: ${say("training_film.correct", values)}`;
    figures.replaceChildren(
      nnbook.make("b", {}, values.share),
      nnbook.make("span", {}, stepName(at)),
      nnbook.make("span", {}, say("training_film.correct", values))
    );
  };

  /** The curves that the slider runs along, in shares of its length and height. */
  const track = () => {
    const x = (/** @type {number} */ stop) => ((1000 * stop) / last).toFixed(1);
    const highest = Math.max(...stops.map((stop) => stop.loss));
    const line = (/** @type {(stop: any) => number} */ share) =>
      `M${stops.map((stop, number) => `${x(number)} ${(100 * (1 - share(stop))).toFixed(1)}`).join("L")}`;
    const drawing = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    drawing.setAttribute("viewBox", "0 0 1000 100");
    drawing.setAttribute("preserveAspectRatio", "none");
    drawing.setAttribute("aria-hidden", "true");
    const curves = { loss: line((stop) => stop.loss / highest), accuracy: line((stop) => stop.accuracy) };
    for (const [name, shape] of Object.entries(curves)) {
      const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
      path.setAttribute("d", shape);
      path.setAttribute("class", `nnb-${name}`);
      drawing.append(path);
    }
    return drawing;
  };
  const here = nnbook.make("i", { class: "nnb-here" });
  const accuracyName = nnbook.make("span", { class: "nnb-accuracy-name" });
  const lossName = nnbook.make("span", { class: "nnb-loss-name" });
  lossName.style.setProperty("--low", (stops[last].loss / Math.max(...stops.map((stop) => stop.loss))).toFixed(3));
  const range = /** @type {HTMLInputElement} */ (nnbook.make("input", { type: "range", min: 0, max: last, step: 1, "aria-label": say("training_film.track") }));
  const ticks = stops.map((stop, number) => {
    const epochs = data.epoch && stop.step && stop.step % data.epoch === 0;
    const tick = nnbook.make("span", {}, nnbook.count(epochs ? stop.step / data.epoch : stop.step));
    tick.style.setProperty("--at", String(number / last));
    return tick;
  });
  const firstEpoch = data.epoch ? stops.findIndex((stop) => stop.step && stop.step % data.epoch === 0) : -1;
  const units = nnbook.make("div", { class: "nnb-units", "aria-hidden": "true" });
  const unit = (/** @type {string} */ words, /** @type {number} */ from, /** @type {number} */ to) => {
    const span = nnbook.make("span", {}, words);
    span.style.cssText = `--from:${from / last};--to:${to / last}`;
    units.append(span);
  };
  unit(say("training_film.steps"), 0, firstEpoch > 0 ? firstEpoch - 1 : last);
  if (firstEpoch > 0) unit(say("training_film.epochs"), firstEpoch, last);

  const draw = () => {
    const row = at * (data.pitch + data.height) + data.pitch;
    screen.style.setProperty("--row", String(row));
    alt.textContent = `${say("training_film.alt", { names: names.join(", ") })} ${stepName(at)}`;
    drawMatrix();
    const { accuracy, loss } = stops[at];
    here.style.setProperty("--at", String(at / last));
    accuracyName.textContent = `${say("kit.accuracy")} ${nnbook.percent(accuracy, 1)}`;
    lossName.textContent = `${say("training_film.loss")} ${nnbook.decimal(loss)}`;
    range.value = String(at);
    range.setAttribute("aria-valuetext", say("training_film.said", { step: stepName(at), share: nnbook.percent(accuracy, 1), loss: nnbook.decimal(loss) }));
    element.dataset.step = String(stops[at].step);
    button.textContent = say(timer ? "training_film.pause" : nnbook.still() ? "training_film.next" : "training_film.play");
  };
  const aloud = nnbook.aloud();
  const keep = () => nnbook.state.set(data.name, { step: stops[at].step });

  const pause = () => {
    clearInterval(timer);
    timer = 0;
    draw();
    keep();
    aloud.say(range.getAttribute("aria-valuetext") || "");
  };
  const forward = () => {
    at += 1;
    if (at >= last) pause();
    else draw();
  };
  const button = nnbook.make("button", { type: "button", class: "nnb-play" });
  button.addEventListener("click", () => {
    if (timer) return pause();
    if (at === last) at = -1;
    if (nnbook.still()) {
      at += 1;
      return pause();
    }
    timer = setInterval(forward, 1000 * seconds);
    forward();
  });
  range.addEventListener("input", () => {
    clearInterval(timer);
    timer = 0;
    at = Number(range.value);
    draw();
  });
  range.addEventListener("change", keep);
  matchMedia("(prefers-reduced-motion: reduce)").addEventListener("change", () => (timer ? pause() : draw()));

  const open = () => {
    const asked = Number(nnbook.state.get(data.name)?.step ?? stops[last].step);
    const found = stops.findIndex((stop) => stop.step === asked);
    at = found < 0 ? last : found;
    draw();
  };
  const legend = /** @type {HTMLElement} */ (element.querySelector(".nnb-legend")).cloneNode(true);
  const curve = nnbook.make("div", { class: "nnb-curve-box" }, track(), here, accuracyName, lossName);
  const slider = nnbook.make("div", { class: "nnb-track-box" }, curve, range, nnbook.make("div", { class: "nnb-ticks", "aria-hidden": "true" }, ...ticks), units);
  const left = nnbook.make("div", { class: "nnb-film-weights" }, figures, alt, screen, legend);
  const right = nnbook.make("div", { class: "nnb-film-matrix" }, matrix);
  open();
  nnbook.upgrade(element, "training-film", nnbook.make("div", { class: "nnb-controls nnb-film-controls" }, button, slider), nnbook.make("div", { class: "nnb-film-parts" }, left, right), aloud.region);
  nnbook.state.watch(open);
});
