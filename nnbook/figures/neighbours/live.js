/** Neighbours: choose an image, and see which others are near to it in pixels, and in what the last layer is given. */

nnbook.define("neighbours", (element) => {
  const data = nnbook.data(element);
  const words = nnbook.words(element);
  const gallery = nnbook.gallery(data, words);
  const [tiles, probabilities, actual, predicted] = ["tiles", "probabilities", "actual", "predicted"].map((key) => nnbook.unpack(data[key], 2));
  const step = 1 + 2 * data.near;
  /** An image of row `query`: at 0 the one itself, then the nearest in pixels, then in the hidden layer. @param {number} query @param {number} at */
  const example = (query, at) => {
    const place = query * step + at;
    return { tile: tiles[place], probability: probabilities[place] / (89 ** 2 - 1), actual: actual[place], predicted: predicted[place] };
  };
  const indices = nnbook.unpack(data.indices, 4);
  const named = (/** @type {number} */ label) => words(`class.${data.keys[label]}`);
  let chosen = 0;

  /** How a query or a neighbour is called. @param {NnbookExample} one */
  const called = (one) => words("kit.image_choice", { index: indices[one.tile], name: named(one.actual) });
  const style = `--w:${data.size[1]};--h:${data.size[0]}`;
  const number = tiles.length / step;
  const options = Array.from({ length: number }, (_, query) => /** @type {[string, string]} */ ([String(query), called(example(query, 0))]));
  const choice = nnbook.pictures(words("kit.choose_image"), options, "0", (value) => {
    show(Number(value));
    nnbook.state.set(data.name, { image: indices[example(chosen, 0).tile] });
  }, (value) => [gallery.tile(example(Number(value), 0))]);
  const rule = data.pairs ? nnbook.make("p", { class: "nnb-near-rule" }, words("neighbours.rule")) : "";
  const query = nnbook.make("div", { class: "nnb-near-query" });
  const rows = ["pixels", "hidden"].map((kind) => ({ kind, head: nnbook.make("p", {}), list: nnbook.make("ul", {}) }));
  const sides = rows.map(({ kind, head, list }) => nnbook.make("div", { "data-kind": kind }, head, list));
  const view = nnbook.make("div", { class: "nnb-near", style }, query, ...sides);
  const { region, say } = nnbook.aloud();

  /** @param {number} next */
  const show = (next) => {
    chosen = next;
    const own = example(chosen, 0);
    const said = words("kit.predicted_share", { name: named(own.predicted), share: nnbook.confidence(own.probability) });
    query.replaceChildren(gallery.tile(own), nnbook.make("b", {}, named(own.actual)), nnbook.make("span", {}, said));
    rows.forEach(({ kind, head, list }, row) => {
      const near = Array.from({ length: data.near }, (_, at) => example(chosen, 1 + row * data.near + at));
      const same = near.filter((one) => one.actual === own.actual).length;
      head.textContent = words(`neighbours.${kind}`, { count: same, total: data.near });
      list.replaceChildren(...near.map((one) => {
        const alike = one.actual === own.actual;
        const name = alike ? words("neighbours.same", { name: named(one.actual) }) : named(one.actual);
        return nnbook.make("li", { class: alike ? "nnb-near-same" : "nnb-near-other" }, nnbook.make("div", {}, gallery.tile(one)), nnbook.make("span", {}, name));
      }));
    });
    say([called(own), ...rows.map(({ head }) => head.textContent)].join(". "));
  };
  const open = () => {
    const index = Number((nnbook.state.get(data.name) || {}).image);
    const queries = options.map((_, at) => indices[example(at, 0).tile]);
    show(Math.max(0, queries.indexOf(index)));
    choice.set(String(chosen));
  };
  nnbook.state.watch(open);
  open();
  for (const [name, across] of [["--rows", 20], ["--narrow", 10]]) choice.field.style.setProperty(String(name), String(2 * Math.ceil(number / Number(across))));
  const controls = nnbook.make("div", { class: "nnb-controls nnb-near-choice", style }, choice.field);
  nnbook.upgrade(element, "live-near", controls, rule, view, nnbook.make("p", { class: "nnb-reading" }, words("summary")), region);
});
