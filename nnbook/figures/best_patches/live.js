/** Best patches: choose a layer and one of its filters, and see the patches that excite it most, large, in their images. */

/**
 * @typedef {{ size: [number, number], first: [number, number], step: number, across: number, overhang: number,
 *   counts: number[], indices: string, places: string, labels: string, highest: number, values: string,
 *   per: number, sheets: string[], images: string[] }} Layer
 */

const PATCHES = 9;
const STEPS = 89 ** 3 - 1;

nnbook.define("best-patches", (element) => {
  /** @type {{ name: string, keys: string[], kind: string, image: [number, number], weights: { size: [number, number], light: string, dark: string }, layers: Layer[] }} */
  const data = nnbook.data(element);
  const words = nnbook.words(element);
  const layers = data.layers.map((layer) => ({
    ...layer,
    indices: nnbook.unpack(layer.indices, 3),
    places: nnbook.unpack(layer.places, 3),
    labels: nnbook.unpack(layer.labels, 2),
    values: nnbook.unpack(layer.values, 3).map((step) => (step / STEPS) * layer.highest),
  }));
  let [layer, chosen] = [0, 0];

  /** The whole multiple that shows so many pixels in `room` CSS pixels. @param {number} room @param {[number, number]} size */
  const times = (room, size) => Math.max(1, Math.floor(room / Math.max(...size)));

  /** @param {number} label */
  const named = (label) => words(`class.${data.keys[label]}`);

  /** Where filter `number` of the layer has its patches in the packed numbers. @param {number} number */
  const own = (number) => Array.from({ length: layers[layer].counts[number] }, (_, at) => number * PATCHES + at);

  /** All that is known of one patch. @param {number} at */
  const known = (at) => {
    const { first, step, across, places, indices, labels, values } = layers[layer];
    const row = first[0] + step * Math.floor(places[at] / across);
    const column = first[1] + step * (places[at] % across);
    return { index: indices[at], label: labels[at], row, column, value: values[at] };
  };

  /** The canvas of a patch, cut from the sheet of its page. @param {number} at @param {string} name */
  const patch = (at, name) => {
    const { sheets, per, size: [height, width] } = layers[layer];
    const number = Math.floor(at / PATCHES);
    const { index, label, row, column, value } = known(at);
    const part = { x: (at % PATCHES) * width, y: (number % per) * height, width, height };
    return nnbook.tile(sheets[Math.floor(number / per)], part, {
      class: `nnb-pixels nnb-${data.kind}`, "data-index": index, "data-label": data.keys[label], "data-row": row,
      "data-column": column, "data-value": value.toFixed(4), ...(name ? { role: "img", "aria-label": name } : { "aria-hidden": "true" }),
    });
  };

  /** In a frame: not every patch shows where it ends, and ink is inverted on a dark page with what it is framed by. @param {HTMLElement} canvas */
  const framed = (canvas) => nnbook.make("div", { class: "nnb-patches-one" }, canvas);

  /** The weights of a filter of the first layer. @param {number} number @param {number} room */
  const weights = (number, room) => {
    const [height, width] = data.weights.size;
    const shown = nnbook.tile(data.weights[nnbook.ground(element)], { x: 0, y: number * height, width, height }, {
      class: "nnb-pixels nnb-patches-weights", role: "img", "aria-label": words("best_patches.weights", { number: number + 1 }),
    });
    const zoom = times(room, data.weights.size);
    shown.style.cssText = `width:${width * zoom}px;height:${height * zoom}px`;
    return shown;
  };

  /** How many patches come from which class, the most frequent first. @param {number} number */
  const classes = (number) => {
    /** @type {Map<number, number>} */
    const counts = new Map();
    for (const at of own(number)) counts.set(known(at).label, (counts.get(known(at).label) || 0) + 1);
    const ranked = [...counts].sort(([one, ones], [other, others]) => others - ones || one - other);
    return ranked.map(([label, count]) => words("best_patches.times", { name: named(label), times: count })).join(" · ") || words("best_patches.silent");
  };

  /** What a filter shows in the overview. @param {number} number */
  const face = (number) => {
    const { size: [height, width] } = layers[layer];
    const block = nnbook.make("div", { class: "nnb-patches-block", style: `--w:${width};--h:${height}` }, ...own(number).map((at) => framed(patch(at, ""))));
    return [...(layer ? [] : [weights(number, 32)]), block, nnbook.make("b", {}, String(number + 1))];
  };

  /** A patch, and the image that it is from with a frame around it; the frame may reach out of the image. @param {number} at */
  const card = (at) => {
    const { overhang, size: [height, width], images } = layers[layer];
    const { index, label, row, column, value } = known(at);
    const [tall, wide] = data.image;
    const said = { index, name: named(label), row: row + 1, column: column + 1, value: nnbook.decimal(value) };
    const zoom = times(72, [height, width]);
    const large = patch(at, words("best_patches.card", said));
    large.style.cssText = `width:${width * zoom}px;height:${height * zoom}px`;
    const whole = nnbook.tile(images[Math.floor(at / PATCHES)], { x: (at % PATCHES) * wide, y: 0, width: wide, height: tall }, {
      class: `nnb-pixels nnb-${data.kind}`, "aria-hidden": "true", "data-index": index,
    });
    const frame = nnbook.make("i", { style: `--x:${column};--y:${row};--w:${width};--h:${height}` });
    const style = `--w:${wide};--h:${tall};--pad:${overhang};--zoom:${times(64, data.image)}`;
    const names = [nnbook.make("b", {}, named(label)), nnbook.make("span", {}, nnbook.decimal(value))];
    return nnbook.make("li", {}, framed(large), nnbook.make("span", { class: "nnb-patches-whole", style }, framed(whole), frame), ...names);
  };

  const options = layers.map((_, at) => /** @type {[string, string]} */ ([String(at), words("best_patches.layer", { number: at + 1 })]));
  const tabs = nnbook.choices(words("best_patches.layers"), options, "0", (value) => choose(Number(value), 0));
  const controls = nnbook.make("div", { class: "nnb-controls" });
  const summary = nnbook.make("p", { class: "nnb-reading" });
  const overview = nnbook.make("div", { class: "nnb-controls nnb-patches-all" });
  const title = nnbook.make("p", { class: "nnb-patches-title", "aria-live": "polite" });
  const cards = nnbook.make("ol", { class: "nnb-patches-cards" });
  const hint = nnbook.make("p", { class: "nnb-patches-hint" }, words("best_patches.frame"));
  const panel = nnbook.make("div", { class: "nnb-patches-panel" }, title, cards, hint);
  const legend = nnbook.make("div", {});
  const scale = element.querySelector(".nnb-legend")?.cloneNode(true);
  /** @type {{ field: HTMLElement, set: (value: string) => void }} */
  let filters;

  /** The filters of the page on which the chosen one stands. */
  const showPage = () => {
    const { counts, per, size } = layers[layer];
    const start = chosen - (chosen % per);
    const shown = Array.from({ length: Math.min(per, counts.length - start) }, (_, at) => start + at);
    const names = shown.map((number) => /** @type {[string, string]} */ ([String(number), `${words("best_patches.filter", { number: number + 1 })}: ${classes(number)}`]));
    filters = nnbook.pictures(words("best_patches.filters"), names, String(chosen), (value) => choose(layer, Number(value)), (value) => face(Number(value)));
    overview.style.cssText = `--narrow:${times(18, size)};--wide:${times(28, size)}`;
    overview.replaceChildren(filters.field);
    const pages = counts.flatMap((_, number) => {
      const range = { first: number + 1, last: Math.min(number + per, counts.length) };
      return number % per ? [] : [/** @type {[string, string]} */ ([String(number), words("best_patches.range", range)])];
    });
    const page = nnbook.select(words("best_patches.page"), pages, String(start), (value) => choose(layer, Number(value)));
    controls.replaceChildren(tabs.field, ...(pages.length > 1 ? [page.field] : []));
    summary.textContent = words(`summary.${layer}`);
    legend.replaceChildren(...(layer ? [] : scale ? [scale] : []));
  };
  const showFilter = () => {
    const name = words("best_patches.chosen", { number: chosen + 1, layer: layer + 1 });
    title.replaceChildren(nnbook.make("b", {}, name), nnbook.make("span", {}, classes(chosen)));
    cards.replaceChildren(...own(chosen).map(card));
    filters.set(String(chosen));
  };
  /** @param {number} toLayer @param {number} toFilter */
  const show = (toLayer, toFilter) => {
    const { per } = layers[toLayer];
    const turned = toLayer !== layer || Math.floor(toFilter / per) !== Math.floor(chosen / per) || !filters;
    [layer, chosen] = [toLayer, toFilter];
    tabs.set(String(layer));
    if (turned) showPage();
    showFilter();
  };
  /** @param {number} toLayer @param {number} toFilter */
  const choose = (toLayer, toFilter) => {
    show(toLayer, toFilter);
    nnbook.state.set(data.name, { layer: layer + 1, filter: chosen + 1 });
  };
  /** A number of the address as a place among so many. @param {string | undefined} written @param {number} count */
  const read = (written, count) => Math.max(0, Math.min(count, Math.trunc(Number(written)) || 1) - 1);
  const open = () => {
    const state = nnbook.state.get(data.name) || {};
    const toLayer = read(state.layer, layers.length);
    show(toLayer, read(state.filter, layers[toLayer].counts.length));
  };
  nnbook.watchGround(() => { showPage(); });
  nnbook.state.watch(open);
  open();
  nnbook.upgrade(element, "live-patches", controls, summary, overview, legend, panel);
});
