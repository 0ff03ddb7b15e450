/** One image through the whole network: choose it, see all maps, open one of them. */

nnbook.define("through", (element) => {
  const data = nnbook.data(element);
  const words = nnbook.words(element);
  /** @type {NnbookPackedNetwork} */
  const packed = data.network;
  const network = nnbook.convolution(packed);
  const images = nnbook.images(data.pixels, packed.shape.reduce((a, b) => a * b));
  /** @type {Record<string, Uint8Array>} */
  const colours = { light: nnbook.colours(data.scale.light), dark: nnbook.colours(data.scale.dark) };
  const name = (/** @type {number} */ at) => words(`class.${data.keys[at]}`);
  const parts = [.../** @type {Element} */ (element.querySelector(".nnb")).children].map((part) => /** @type {HTMLElement} */ (part.cloneNode(true)));
  const all = (/** @type {string} */ kind) => /** @type {HTMLElement[]} */ (parts.flatMap((part) => [part, ...part.querySelectorAll(kind)]).filter((part) => part.matches(kind)));
  const told = nnbook.make("p", { class: "nnb-sum" });
  const opened = nnbook.openedMap(element, packed, colours, words);
  /** @type {Float32Array[]} */
  let outputs = [];
  /** @type {Record<number, number>} the end of the scale by layer */
  let limits = {};
  let [image, layer, map] = [0, 0, 0];

  const sheets = all(".nnb-map-grid").map((grid) => {
    const at = Number(grid.dataset.layer);
    const start = Math.max(...Object.keys(data.layouts).map(Number).filter((one) => one <= at));
    const [rows, columns, channels] = network.shapes[at].length === 1 ? [1, 1, ...network.shapes[at]] : network.shapes[at];
    const [across, zoom] = data.layouts[start];
    const canvas = nnbook.canvas(1, 1, /** @type {HTMLImageElement} */ (grid.firstElementChild).alt);
    const mark = nnbook.make("i", { class: "nnb-map-mark" });
    grid.replaceChildren(canvas, mark);
    grid.addEventListener("click", (event) => {
      const box = canvas.getBoundingClientRect();
      const [row, column] = [(event.clientY - box.top) / zoom / (rows + 1), (event.clientX - box.left) / zoom / (columns + 1)].map(Math.floor);
      const chosen = row * across + column;
      if (column >= across || chosen >= channels) return;
      [layer, map] = [at, chosen];
      changed();
    });
    const title = /** @type {Element} */ (grid.previousElementSibling).firstChild?.textContent;
    const where = { number: Object.keys(data.layouts).filter((one) => Number(one) <= at).length, stage: String(title) };
    const name = words(network.shapes[at].length === 1 ? "through.stage_dense" : "through.stage_convolution", where);
    return { at, start, shape: [rows, columns, channels], across, zoom, canvas, mark, name };
  });
  const legends = all(".nnb-legend");
  const bars = [...all(".nnb-through-bars")[0].children].map((bar) => /** @type {HTMLElement} */ (bar));

  const calculate = () => {
    outputs = network.forward(images[image]);
    opened.setImage(images[image]);
    limits = Object.fromEntries(Object.keys(data.layouts).map((start) => [start, nnbook.scaleEnd(outputs[Number(start)])]));
    const shares = nnbook.softmax(outputs[outputs.length - 1]);
    const winner = nnbook.largest(shares);
    bars.forEach((bar, at) => {
      bar.toggleAttribute("data-winner", at === winner);
      /** @type {HTMLElement} */ (bar.querySelector("i")).style.setProperty("--s", shares[at].toFixed(4));
      /** @type {HTMLElement} */ (bar.querySelector("span")).textContent = nnbook.confidence(shares[at]);
    });
    const share = nnbook.confidence(shares[winner]);
    const said = [words("kit.true_name", { name: name(data.labels[image]) }), words("kit.predicted_share", { name: name(winner), share })];
    told.textContent = said.join(" · ");
    return told.textContent;
  };
  const draw = () => {
    const ground = colours[nnbook.ground(element)];
    for (const { at, start, shape, across, zoom, canvas, mark } of sheets) {
      nnbook.paintMaps(canvas, outputs[at], shape, across, limits[start], ground);
      canvas.style.cssText = `width:${canvas.width * zoom}px;height:${canvas.height * zoom}px`;
      mark.hidden = at !== layer;
      const [x, y] = [map % across, Math.floor(map / across)].map((place, side) => place * (shape[1 - side] + 1) * zoom);
      mark.style.cssText = `left:${x}px;top:${y}px;width:${shape[1] * zoom}px;height:${shape[0] * zoom}px`;
    }
    Object.keys(limits).map(Number).sort((a, b) => a - b).forEach((start, at) => {
      nnbook.legend(legends[at], limits[start], ground, words("kit.map_scale_words"));
    });
    const { shape: [rows, columns, channels], start } = sheets.find(({ at }) => at === layer) || sheets[0];
    opened.open({ layer, map, values: nnbook.mapOf(outputs[layer], channels, map), size: [rows, columns], limit: limits[start] });
    const numbers = Array.from({ length: channels }, (_, at) => /** @type {[string, string]} */ ([String(at), String(at + 1)]));
    const maps = nnbook.select(words("through.map"), numbers, String(map), (value) => { map = Number(value); changed(); });
    const old = mapField.querySelector("select");
    if (old?.options.length === channels) old.value = String(map);
    else mapField.replaceChildren(maps.field);
    layers.set(String(layer));
  };
  const changed = () => {
    draw();
    nnbook.state.set(data.name, { image: data.indices[image], layer: layer + 1, map: map + 1 });
  };
  const choice = nnbook.testImages(data, words, name, (at) => {
    image = at;
    opened.say(calculate());
    changed();
  });
  const mapField = nnbook.make("div");
  const layers = nnbook.select(words("through.layer"), sheets.map((sheet) => [String(sheet.at), sheet.name]), "0", (value) => {
    [layer, map] = [Number(value), 0];
    changed();
  });
  const open = () => {
    const asked = nnbook.state.get(data.name) || {};
    const sheet = sheets.find(({ at }) => at + 1 === Number(asked.layer)) || sheets[0];
    image = choice.at(asked.image);
    layer = sheet.at;
    map = Number(asked.map) >= 1 && Number(asked.map) <= sheet.shape[2] ? Math.floor(Number(asked.map)) - 1 : 0;
    choice.set(String(image));
    calculate();
    draw();
  };
  const controls = (/** @type {HTMLElement[]} */ ...fields) => nnbook.make("div", { class: "nnb-controls" }, ...fields);
  opened.panel.prepend(controls(layers.field, mapField));
  nnbook.upgrade(element, "live-through", controls(choice.field), told, opened.panel, ...parts.slice(1), opened.region);
  open();
  nnbook.watchGround(draw);
  nnbook.state.watch(open);
});
