/** Architecture: point at a place of any layer, and see what of the layers before it and of the image it depends on. */

nnbook.define("architecture", (element) => {
  /** @typedef {{ kind: string, rows: number, columns: number, channels: number, units: number, window: number[] }} Volume */
  /** @typedef {[number, number, number]} Place the number of the layer, row, column */
  /** @type {{ name: string, first: Place, depths: number[], volumes: Volume[] }} */
  const { name, first, depths, volumes } = nnbook.data(element);
  const words = nnbook.words(element);
  const [list, summary, cost] = [.../** @type {Element} */ (element.querySelector(".nnb")).children].map((part) => /** @type {HTMLElement} */ (part.cloneNode(true)));
  const items = [...list.children];
  const marks = items.map((item) => [...item.querySelectorAll(".nnb-arch-field, .nnb-arch-own")]);
  const notes = items.map((item) => /** @type {HTMLElement} */ (item.querySelector(".nnb-arch-sees")));
  const height = items.length - 1;
  let kept = first;

  /** By volume up to the chosen one, first and last row, first and last column of what the value depends on. @param {Place} place */
  const fields = ([at, row, column]) => {
    const seen = [[row, row, column, column]];
    for (let number = at; number > 0; number -= 1) {
      const { kind, window } = volumes[number];
      const last = volumes[number - 1];
      const [top, bottom, left, right] = seen[0];
      const [tall, wide] = window.map((side) => Math.floor(side / 2));
      if (kind === "pool") seen.unshift([2 * top, 2 * bottom + 1, 2 * left, 2 * right + 1]);
      else if (kind === "dense") seen.unshift([0, last.rows - 1, 0, last.columns - 1]);
      else seen.unshift([Math.max(0, top - tall), Math.min(last.rows - 1, bottom + tall), Math.max(0, left - wide), Math.min(last.columns - 1, right + wide)]);
    }
    return seen;
  };
  /** @param {number[]} seen @param {number} depth */
  const prism = ([top, bottom, left, right], depth) => {
    const [tall, wide] = [bottom - top + 1, right - left + 1];
    const back = depth ? `l${depth} ${-depth}h${wide}v${tall}l${-depth} ${depth}m0 ${-tall}l${depth} ${-depth}` : "";
    return `M${left} ${top}h${wide}v${tall}h${-wide}z${back}`;
  };
  const extent = (/** @type {number[]} */ [top, bottom, left, right]) => `${bottom - top + 1}\u00a0×\u00a0${right - left + 1}`;

  /** @param {Place} place @param {boolean} [aloud] */
  const draw = ([at, row, column], aloud) => {
    const seen = fields([at, row, column]);
    volumes.forEach(({ channels, units }, number) => {
      const deep = channels > 1 && volumes.slice(number + 1, at + 1).some(({ kind }) => kind !== "pool");
      marks[number][0].setAttribute("d", number < at ? prism(seen[number], deep ? depths[number] : 0) : "");
      marks[number][1].setAttribute("d", number === at ? prism(seen[number], 0) : "");
      items[number].toggleAttribute("data-chosen", number === at);
      const size = number < at && `${extent(seen[number])}\u00a0×\u00a0${deep ? channels : 1}`;
      notes[number].textContent = !size ? (number === at ? words("architecture.chosen") : "") : units ? words("architecture.all") : words("architecture.sees", { size });
    });
    const { units, rows } = volumes[at];
    const unit = Math.min(units, column * rows + row + 1);
    const values = { layer: at, row: row + 1, column: column + 1, number: unit, size: extent(seen[0]) };
    const kind = !units ? "said" : at < height ? "said_neuron" : "said_score";
    const said = words(`architecture.${kind}`, kind === "said_score" ? { ...values, name: words(`name.${unit - 1}`) } : values);
    summary.textContent = said;
    cost.textContent = words(`cost.${at}`);
    if (aloud) say(said);
    Object.assign(element.dataset, { layer: at, row: row + 1, column: column + 1 });
  };
  const { region, say } = nnbook.aloud();

  const points = volumes.map(({ rows, columns }, at) => {
    if (!at) return null;
    const canvas = nnbook.canvas(columns, rows, "");
    const { frame } = nnbook.shot(canvas);
    const plane = nnbook.make("div", { class: "nnb-arch-plane", role: "application", "aria-label": words("architecture.plane", { title: words(`title.${at}`) }) }, frame);
    items[at].querySelector("div")?.append(plane);
    return nnbook.pointAtPixels(plane, { width: columns, height: rows }, (place) => {
      if (!place) {
        draw(kept);
        return;
      }
      draw([at, place.row, place.column], place.settled);
      if (!place.settled || opening) return;
      kept = [at, place.row, place.column];
      const away = kept.some((value, number) => value !== first[number]);
      nnbook.state.set(name, away ? { layer: at, row: place.row + 1, column: place.column + 1 } : null);
    });
  });
  let opening = true;
  const open = () => {
    const { layer, row, column } = nnbook.state.get(name) || {};
    const asked = /** @type {Place} */ ([Number(layer), Number(row) - 1, Number(column) - 1]);
    const volume = asked[0] > 0 && volumes[asked[0]];
    kept = volume && asked.every(Number.isInteger) && asked[1] in Array(volume.rows).fill(0) && asked[2] in Array(volume.columns).fill(0) ? asked : first;
    opening = true;
    points[kept[0]]?.(kept[1], kept[2]);
    opening = false;
    draw(kept);
  };
  open();
  nnbook.state.watch(open);
  nnbook.upgrade(element, "live-architecture", list, summary, cost, nnbook.make("p", { class: "nnb-sum nnb-quiet" }, words("architecture.point")), region);
});
