/** Template times image: choose an image and a class; see where the products come from and how they add up. */

nnbook.define("template-products", (element) => {
  const data = nnbook.data(element);
  const words = nnbook.words(element);
  const { width, height, indices, labels } = data;
  const layer = nnbook.layer(data.layer);
  const images = nnbook.images(data.images, width * height);
  const colours = { light: nnbook.colours(data.scale.light), dark: nnbook.colours(data.scale.dark) };
  const names = layer.rows.map((_, number) => words(`name.${number}`));
  const imageNames = indices.map((/** @type {number} */ index, /** @type {number} */ at) =>
    words("kit.image_choice", { index, name: names[labels[at]] })
  );
  let chosen = 0;
  let shown = Number(data.class);
  /** @type {Float64Array} */
  let scores = nnbook.scores([layer], images[0]);
  /** @type {Float64Array} */
  let products = new Float64Array(width * height);
  /** @type {Float64Array} what has been added up after each pixel */
  let sums = new Float64Array(width * height);

  const canvases = [0, 1, 2].map(() => nnbook.canvas(width, height, "-"));
  const shots = canvases.map((canvas) => nnbook.shot(canvas));
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("viewBox", `0 0 100 ${height}`);
  svg.setAttribute("preserveAspectRatio", "none");
  svg.setAttribute("role", "img");
  const box = nnbook.make("span", { class: "nnb-running" }, svg);
  box.style.setProperty("--h", String(height));
  box.style.setProperty("--w", String(width));
  const ends = [0, 1].map(() => nnbook.make("span", {}));
  const runningNote = nnbook.make("span", { class: "nnb-tile-note" }, words("template_products.running"));
  const running = nnbook.make("span", { class: "nnb-shot-cell" }, box, runningNote);
  box.append(...ends);

  const legend = nnbook.make("div", { class: "nnb-legend" });
  const plane = nnbook.make("div", { role: "application", "aria-label": words("template_products.plane"), class: "nnb-equals" });
  plane.append(...shots.map(({ cell }) => cell), running);
  const reading = nnbook.make("p", { class: "nnb-reading" });
  const { region, say } = nnbook.aloud();

  /** @param {NnbookPlace | null} place */
  const show = (place) => {
    const at = place ? place.row * width + place.column : 0;
    reading.textContent = place
      ? words("template_products.reading", {
          row: place.row + 1,
          column: place.column + 1,
          pixel: nnbook.decimal(images[chosen][at] / 255),
          weight: nnbook.signed(layer.rows[shown][at], 3),
          product: nnbook.signed(products[at], 3),
          sum: nnbook.signed(sums[at]),
        })
      : summary();
    if (place && place.settled) say(String(reading.textContent));
  };
  const summary = () => {
    return words("template_products.summary", {
      name: names[shown],
      ...nnbook.balance(products),
      bias: nnbook.signed(layer.biases[shown]),
      score: nnbook.signed(scores[shown]),
    });
  };

  const multiply = () => {
    scores = nnbook.scores([layer], images[chosen]);
    products = layer.rows[shown].map((weight, at) => (weight * images[chosen][at]) / 255);
    let sum = layer.biases[shown];
    sums = products.map((product) => (sum += product));
  };
  const draw = () => {
    const ground = colours[nnbook.ground(element)];
    nnbook.paintInk(canvases[0], images[chosen]);
    nnbook.paintSigned(canvases[1], layer.rows[shown], layer.limit, ground);
    nnbook.paintSigned(canvases[2], products, layer.limit, ground);
    const name = names[shown];
    const said = [
      imageNames[chosen],
      words("kit.weights_of", { name }),
      words("kit.product_alt", { name, ...nnbook.balance(products) }),
    ];
    canvases.forEach((canvas, at) => canvas.setAttribute("aria-label", said[at]));
    canvases[0].dataset.index = indices[chosen];
    const under = [words("template_products.image"), words("kit.weights_of", { name }), words("template_products.products")];
    shots.forEach(({ note }, at) => { note.textContent = under[at]; });
    nnbook.legend(legend, layer.limit, ground, words("kit.scale_product_words"));
    drawSums();
  };
  const drawSums = () => {
    const start = layer.biases[shown];
    const low = Math.min(0, start, ...sums);
    const high = Math.max(0, start, ...sums);
    const x = (/** @type {number} */ value) => (4 + (92 * (value - low)) / (high - low || 1)).toFixed(2);
    const line = Array.from(sums, (sum, at) => `L${x(sum)} ${((at + 1) / width).toFixed(2)}`).join("");
    svg.innerHTML = `<path class="nnb-zero" d="M${x(0)} 0V${height}"></path><path d="M${x(start)} 0${line}"></path>`;
    svg.setAttribute("aria-label", words("template_products.running_alt", { bias: nnbook.signed(start), score: nnbook.signed(scores[shown]) }));
    [start, scores[shown]].forEach((value, end) => {
      ends[end].textContent = nnbook.signed(value);
      ends[end].style.cssText = Number(x(value)) > 50 ? `right:${100 - Number(x(value))}%` : `left:${x(value)}%`;
    });
  };

  const bars = nnbook.scoreBars(words("template_products.scores"), names, (number) => {
    shown = number;
    refresh(true);
  });
  const chooser = nnbook.imageChoice(words("template_products.choose"), { images, names: imageNames, indices, width, height, columns: data.columns }, (at) => {
    chosen = at;
    refresh(true);
  });
  /** @param {boolean} byReader */
  const refresh = (byReader) => {
    multiply();
    draw();
    const winner = nnbook.largest(scores);
    bars.show(scores, (number) => {
      const said = number === winner ? [words("template_products.winner")] : [];
      return number === labels[chosen] ? [...said, words("template_products.label")] : said;
    });
    bars.set(shown);
    show(null);
    if (!byReader) return chooser.set(chosen);
    say(`${imageNames[chosen]}. ${reading.textContent}`);
    return nnbook.state.set(data.name, { image: indices[chosen], class: shown });
  };
  nnbook.pointAtPixels(plane, { width, height }, show);
  const open = () => {
    const state = nnbook.state.get(data.name);
    chosen = Math.max(0, indices.indexOf(Number(state ? state.image : data.image)));
    shown = Number(state ? state.class : data.class);
    if (!layer.rows[shown]) shown = Number(data.class);
    refresh(false);
  };
  nnbook.watchGround(draw);
  nnbook.state.watch(open);
  open();
  const controls = nnbook.make("div", { class: "nnb-controls" }, chooser.field);
  nnbook.upgrade(element, "live-products", controls, plane, reading, legend, bars.field, region);
});
