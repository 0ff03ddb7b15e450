/** Weight decay: pull the weights towards zero, and see the templates grow pale, and smooth. */

nnbook.define("decay", (element) => {
  const data = nnbook.data(element);
  const words = nnbook.words(element);
  const { width, height } = data;
  /** @type {{ decay: number, accuracy: number, largest: number }[]} */
  const rows = data.rows;
  /** @type {NnbookLayer[]} */
  const layers = data.layers.map(nnbook.layer);
  const colours = { light: nnbook.colours(data.scale.light), dark: nnbook.colours(data.scale.dark) };
  const common = Math.max(...layers.map(({ limit }) => limit));
  let at = 0;
  let shown = 0;
  let scale = "shared";

  const large = nnbook.canvas(width, height, "-");
  const small = layers[0].rows.map(() => nnbook.canvas(width, height, ""));
  small.forEach((canvas) => canvas.style.setProperty("--w", String(width)));
  const legend = nnbook.make("div", { class: "nnb-legend" });
  const reading = nnbook.make("p", { class: "nnb-reading" });
  const { region, say } = nnbook.aloud();

  const draw = () => {
    const ground = colours[nnbook.ground(element)];
    const { accuracy, largest } = rows[at];
    const limit = scale === "own" ? layers[at].limit : common;
    layers[at].rows.forEach((row, number) => nnbook.paintSigned(small[number], row, limit, ground));
    nnbook.paintSigned(large, layers[at].rows[shown], limit, ground);
    nnbook.legend(legend, limit, ground, words("kit.scale_words"));
    const values = { decay: words(`value.${at}`), share: nnbook.percent(accuracy, 1), largest: nnbook.decimal(largest) };
    large.setAttribute("aria-label", words("decay.large", { ...values, name: words(`class.${shown}`) }));
    reading.textContent = words("decay.reading", values);
    track.value = String(at);
    track.setAttribute("aria-valuetext", values.decay);
    ticks.forEach((tick, number) => tick.classList.toggle("nnb-now", number === at));
  };
  const keep = () => {
    draw();
    say(String(reading.textContent));
    nnbook.state.set(data.name, at || shown || scale === "own" ? { decay: rows[at].decay, class: shown, scale } : null);
  };

  const track = /** @type {HTMLInputElement} */ (nnbook.make("input", { type: "range", min: 0, max: rows.length - 1, step: 1, "aria-label": words("decay.track") }));
  track.addEventListener("input", () => {
    at = Number(track.value);
    draw();
  });
  track.addEventListener("change", keep);
  const ticks = rows.map(({ accuracy }, number) =>
    nnbook.make("span", {}, nnbook.make("b", {}, words(`value.${number}`)), nnbook.percent(accuracy, 1))
  );
  const slider = nnbook.make("div", { class: "nnb-decay-track" }, nnbook.make("span", { "aria-hidden": "true" }, words("decay.track")), track, nnbook.make("div", { class: "nnb-decay-ticks", "aria-hidden": "true" }, ...ticks));
  slider.style.setProperty("--stops", String(rows.length));
  const scales = ["shared", "own"].map((key) => /** @type {[string, string]} */ ([key, words(`decay.scale_${key}`)]));
  const scaling = nnbook.choices(words("decay.scale"), scales, scale, (key) => {
    scale = key;
    keep();
  });
  const classes = small.map((_, number) => /** @type {[string, string]} */ ([String(number), words(`class.${number}`)]));
  const chooser = nnbook.pictures(words("decay.choose"), classes, "0", (key) => {
    shown = Number(key);
    keep();
  }, (key) => [small[Number(key)]]);

  const open = () => {
    const asked = nnbook.state.get(data.name) || {};
    at = Math.max(0, rows.findIndex((row) => String(row.decay) === asked.decay));
    shown = Math.max(0, classes.findIndex(([key]) => key === asked.class));
    scale = asked.scale === "own" ? "own" : "shared";
    scaling.set(scale);
    chooser.set(String(shown));
    draw();
  };
  open();
  nnbook.state.watch(open);
  nnbook.watchGround(draw);
  const controls = nnbook.make("div", { class: "nnb-controls" }, slider, scaling.field);
  const pictures = nnbook.make("div", { class: "nnb-decay-pictures nnb-panel" }, nnbook.shot(large).cell, chooser.field);
  nnbook.upgrade(element, "live-decay", controls, pictures, reading, legend, region);
});
