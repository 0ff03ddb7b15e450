/** All filters of a layer with their maps: choose image, layer and stage, and open a filter with its map. */

const TOUCH = 44; // CSS pixels that a map of the sheet has at least

nnbook.define("feature-maps", (element) => {
  const data = nnbook.data(element);
  const words = nnbook.words(element);
  /** @type {NnbookPackedNetwork} */
  const packed = data.network;
  const network = nnbook.convolution(packed);
  const images = nnbook.images(data.pixels, packed.shape.reduce((a, b) => a * b));
  /** @type {Record<string, Uint8Array>} */
  const colours = { light: nnbook.colours(data.scale.light), dark: nnbook.colours(data.scale.dark) };
  const name = (/** @type {number} */ at) => words(`class.${data.keys[at]}`);
  /** Of each convolution its place, those of its stages, and its filters. */
  const layers = /** @type {Record<string, number>[]} */ (data.stages).map((stages, at) => {
    const [height, width, filters] = packed.layers[stages.convolution].split(" ")[1].split("x").map(Number);
    const { rows, limit } = nnbook.layer(packed.parameters[at]);
    return { stages, height, width, filters, rows, limit, channels: rows[0].length / height / width };
  });
  const opened = nnbook.openedMap(element, packed, colours, words);
  const said = nnbook.make("p", { class: "nnb-sum" });
  const sheet = nnbook.make("div");
  const [ofFilters, ofMaps] = ["", ""].map(() => nnbook.make("div", { class: "nnb-legend" }));
  const note = nnbook.make("p", { class: "nnb-sum nnb-quiet" });
  /** @type {Float32Array[]} */
  let outputs = [];
  let [image, layer, filter] = [0, 0, Number(data.rest)];
  let stage = "convolution";
  /** @type {{ set: (value: string) => void, canvases: HTMLCanvasElement[], of: string }} */
  let tiles = { set: () => {}, canvases: [], of: "" };

  /** The slices of a filter side by side, one for each channel. @param {number} at @param {number} across @param {number} room */
  const slices = (at, across, room) => {
    const { height, width, channels, rows, limit } = layers[layer];
    const canvas = nnbook.canvas(1, 1, "");
    nnbook.paintMaps(canvas, rows[at], [height, width, channels], across, limit, colours[nnbook.ground(element)]);
    const zoom = Math.max(1, Math.floor(room / canvas.width));
    canvas.style.cssText = `width:${canvas.width * zoom}px;height:${canvas.height * zoom}px`;
    return nnbook.make("i", { class: "nnb-map-grid", style: `--w:${width};--h:${height};--z:${zoom}` }, canvas);
  };
  /** The sheet of a layer is made when that layer is chosen, and painted anew for each image and stage. */
  const makeSheet = () => {
    const { filters, channels } = layers[layer];
    const options = Array.from({ length: filters }, (_, at) => /** @type {[string, string]} */ ([String(at), words("feature_maps.filter", { number: at + 1 })]));
    const canvases = options.map(() => nnbook.canvas(1, 1, ""));
    const face = (/** @type {string} */ value) => [
      ...(channels <= 3 ? [slices(Number(value), channels, TOUCH)] : []), canvases[Number(value)], nnbook.make("b", {}, String(Number(value) + 1)),
    ];
    const choice = nnbook.pictures(words("feature_maps.choose"), options, String(filter), (value) => { filter = Number(value); changed(); }, face);
    sheet.replaceChildren(nnbook.make("div", { class: "nnb-controls nnb-feature-tiles" }, choice.field));
    tiles = { set: choice.set, canvases, of: `${layer} ${nnbook.ground(element)}` };
  };

  const draw = () => {
    const { filters, channels, limit: heaviest, stages } = layers[layer];
    const at = stages[stage];
    const [rows, columns] = network.shapes[at];
    const ground = colours[nnbook.ground(element)];
    const limit = nnbook.scaleEnd(outputs[stages.convolution]);
    if (tiles.of !== `${layer} ${nnbook.ground(element)}`) makeSheet();
    tiles.set(String(filter));
    const whole = network.shapes[stages.convolution][0];
    const zoom = Math.round((Math.ceil(TOUCH / whole) * whole) / rows);
    tiles.canvases.forEach((canvas, map) => {
      [canvas.width, canvas.height] = [columns, rows];
      canvas.style.cssText = `width:${columns * zoom}px;height:${rows * zoom}px`;
      nnbook.paintSigned(canvas, nnbook.mapOf(outputs[at], filters, map), limit, ground);
    });
    opened.between.replaceChildren(nnbook.make("b", {}, words("feature_maps.filter", { number: filter + 1 })), slices(filter, channels > 3 ? Math.ceil(Math.sqrt(channels)) : channels, 96), "→");
    opened.open({ layer: at, map: filter, values: nnbook.mapOf(outputs[at], filters, filter), size: [rows, columns], limit });
    nnbook.legend(ofFilters, heaviest, ground, words("feature_maps.weights"));
    nnbook.legend(ofMaps, limit, ground, words("feature_maps.sums"));
    const values = { count: channels, layer };
    note.textContent = layer ? words("feature_maps.slices_deep", values) : channels === 3 ? words("feature_maps.slices") : "";
  };
  const calculate = () => {
    outputs = network.forward(images[image]);
    opened.setImage(images[image]);
    const shares = nnbook.softmax(outputs[outputs.length - 1]);
    const winner = nnbook.largest(shares);
    const share = nnbook.confidence(shares[winner]);
    said.textContent = `${words("kit.true_name", { name: name(data.labels[image]) })} · ${words("kit.predicted_share", { name: name(winner), share })}`;
  };
  const changed = () => {
    draw();
    nnbook.state.set(data.name, { image: data.indices[image], layer: layer + 1, stage, filter: filter + 1 });
  };
  const choice = nnbook.testImages(data, words, name, (at) => {
    image = at;
    calculate();
    changed();
    opened.say(String(said.textContent));
  });
  const layerOptions = layers.map(({ filters, height, width }, at) => /** @type {[string, string]} */ (
    [String(at), words("feature_maps.layer", { number: at + 1, count: filters, size: `${height} × ${width}` })]
  ));
  const ofLayer = nnbook.select(words("feature_maps.choose_layer"), layerOptions, "0", (value) => {
    [layer, filter] = [Number(value), 0];
    makeStages();
    changed();
  });
  const stageField = nnbook.make("div");
  const makeStages = () => {
    const options = Object.keys(layers[layer].stages).map((key) => /** @type {[string, string]} */ ([key, words(`kit.stage_${key}`)]));
    if (!options.some(([key]) => key === stage)) stage = "convolution";
    stageField.replaceChildren(nnbook.choices(words("feature_maps.choose_stage"), options, stage, (value) => { stage = value; changed(); }).field);
  };
  const open = () => {
    const asked = nnbook.state.get(data.name) || {};
    image = choice.at(asked.image);
    layer = layers[Number(asked.layer) - 1] ? Number(asked.layer) - 1 : 0;
    const number = Math.floor(Number(asked.filter));
    filter = number >= 1 && number <= layers[layer].filters ? number - 1 : layer ? 0 : data.rest;
    stage = asked.stage || "convolution";
    makeStages();
    choice.set(String(image));
    ofLayer.set(String(layer));
    calculate();
    draw();
  };
  const controls = (/** @type {HTMLElement[]} */ ...fields) => nnbook.make("div", { class: "nnb-controls" }, ...fields);
  const legends = nnbook.make("div", { class: "nnb-feature-legends" }, ofFilters, ofMaps);
  nnbook.upgrade(element, "live-feature", controls(choice.field), said, controls(ofLayer.field, stageField), opened.panel, sheet, note, legends, opened.region);
  open();
  nnbook.watchGround(draw);
  nnbook.state.watch(open);
});
