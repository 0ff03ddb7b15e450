/** The network diagram: point at a neuron, and see its connections, its weight image, or its weights as bars. */

/** @typedef {{ x: number, y: number }} Spot */
/** @typedef {Spot & { layer: number, neuron: number, at: number, short: string, name: string, shape: SVGElement, button: HTMLElement }} Neuron */

nnbook.define("network-diagram", (element) => {
  const data = nnbook.data(element);
  const say = nnbook.words(element);
  const { width, height, layers } = data;
  const drawing = /** @type {SVGSVGElement} */ (/** @type {Element} */ (element.querySelector("svg")).cloneNode(true));
  const size = drawing.viewBox.baseVal;
  const { region, say: aloud } = nnbook.aloud();
  const panel = nnbook.make("div", { class: "nnb-panel nnb-neuron" });
  const field = nnbook.make("div", { role: "application", "aria-label": say("network_diagram.plane") });

  const sheets = Object.entries(data.sheets).map(([kind, src]) => {
    const wide = layers[1].weights.length * (width + data.gap) - data.gap;
    const image = nnbook.make("img", { loading: "lazy", class: `nnb-${kind}`, width: wide, height, src });
    return /** @type {HTMLImageElement} */ (image);
  });

  // Each column of the drawing is one path, with the same shape for each of its neurons; here they are apart.
  /** @type {Neuron[][]} */
  const columns = [...drawing.querySelectorAll(".nnb-neurons")].map((column, layer) => {
    const [first] = /** @type {string} */ (column.getAttribute("d")).split("m");
    /** @type {[number, number][]} */
    const places = data.places[layer];
    const apart = places.map(([neuron, y], at) => {
      const shape = /** @type {SVGElement} */ (column.cloneNode());
      shape.setAttribute("d", first);
      shape.setAttribute("transform", `translate(0 ${y - places[0][1]})`);
      column.before(shape);
      const short = say(`${layer}.${neuron}`);
      const name = say(`name.${layer}`, { name: short, number: short });
      const button = nnbook.make("button", { type: "button", "aria-label": name, "data-target": `${layer},${neuron}` });
      field.append(button);
      return { x: parseFloat(first.slice(1)), y, layer, neuron, at, short, name, shape, button };
    });
    column.remove();
    return apart;
  });
  const neurons = columns.flat();
  for (const column of columns) {
    const step = column[1] ? column[1].y - column[0].y : 40;
    for (const { x, y, button } of column) {
      const [left, top, high] = [x / size.width, y / size.height, step / size.height].map((share) => `${(100 * share).toFixed(3)}%`);
      button.style.cssText = `left:${left};top:${top};height:${high}`;
    }
  }

  const lines = document.createElementNS("http://www.w3.org/2000/svg", "g");
  lines.setAttribute("class", "nnb-lines");
  const quiet = /** @type {Element} */ (drawing.querySelector(".nnb-connections"));
  quiet.after(lines);

  /** @param {Spot} from @param {Spot} to @param {number} weight @param {number} limit @param {string} ends */
  const line = (from, to, weight, limit, ends) => {
    const half = (from.x + to.x) / 2;
    const kind = weight > 0 ? "positive" : weight < 0 ? "negative" : "zero";
    const share = (Math.abs(weight) / (limit || 1)).toFixed(3);
    const path = `M${from.x} ${from.y}C${half} ${from.y} ${half} ${to.y} ${to.x} ${to.y}`;
    return `<path class="nnb-${kind}" data-ends="${ends}" data-weight="${weight}" style="--s:${share}" d="${path}"/>`;
  };

  /** All lines of a neuron: from the layer before, from the dots in it, and to the layer after. @param {Neuron} chosen */
  const connections = (chosen) => {
    const { layer, at } = chosen;
    const [own, after] = [layers[layer], layers[layer + 1]];
    const before = columns[layer - 1] || [];
    const markup = before.map((other) => line(other, chosen, own.weights[at][other.at], own.limit, `${other.neuron},${chosen.neuron}`));
    for (const [share, weight] of (own.others || [])[at] || []) {
      const middle = before.length / 2;
      const [top, bottom] = [before[middle - 1].y, before[middle].y];
      const dots = { x: before[0].x, y: top + (bottom - top) * (0.15 + 0.7 * share) };
      markup.push(line(dots, chosen, weight, own.limit, `…,${chosen.neuron}`));
    }
    for (const other of after ? columns[layer + 1] : []) {
      markup.push(line(chosen, other, after.weights[other.at][at], after.limit, `${chosen.neuron},${other.neuron}`));
    }
    return markup.join("");
  };

  /** @param {Neuron} neuron */
  const picture = ({ at }) => nnbook.pane(sheets, { x: at * (width + data.gap), y: 0, width, height });

  /** @param {string} word @param {Neuron[]} others @param {(other: Neuron) => number} weightOf @param {number} limit */
  const bars = (word, others, weightOf, limit) => {
    const rows = others.map((other) => {
      const weight = weightOf(other);
      const bar = nnbook.make("i", { class: weight > 0 ? "nnb-for" : "nnb-against", style: `--s:${Math.abs(weight) / (limit || 1)}` });
      const name = nnbook.make("span", {}, other.short);
      const row = nnbook.make("li", {}, name, nnbook.make("b", {}, nnbook.signed(weight)), nnbook.make("span", {}, bar));
      if (word === "network_diagram.before" && other.layer === 1) row.prepend(picture(other));
      return row;
    });
    return [nnbook.make("p", {}, say(word)), nnbook.make("ul", {}, ...rows)];
  };

  /** Which of the pixels an input is. @param {number} input */
  const pixel = (input) => {
    const at = Math.floor((input * width * height) / layers[1].count);
    const style = `--w:${width};--h:${height};--row:${Math.floor(at / width)};--column:${at % width}`;
    return nnbook.make("div", { class: "nnb-pixel", style });
  };

  /** @param {string} word @param {Neuron} neuron */
  const told = (word, { layer, at, name }) => {
    const [lowest, highest] = layers[layer].ranges[at].map((/** @type {number} */ end) => nnbook.signed(end));
    return say(word, { neuron: name, count: layers[layer].count, lowest, highest });
  };

  /** @param {Neuron} neuron */
  const weights = (neuron) => {
    const { layer, at } = neuron;
    const [own, after] = [layers[layer], layers[layer + 1]];
    const parts = [nnbook.make("p", { class: "nnb-name" }, neuron.name)];
    if (layer) parts.push(nnbook.make("p", {}, told("network_diagram.range", neuron)));
    else parts.push(pixel(neuron.neuron));
    if (layer === 1) {
      const image = picture(neuron);
      image.setAttribute("role", "img");
      image.setAttribute("aria-label", say(`alt.${neuron.neuron}`));
      const legend = nnbook.make("div");
      legend.innerHTML = say("legend");
      parts.push(image, legend);
    }
    if (layer > 1) parts.push(...bars("network_diagram.before", columns[layer - 1], (other) => own.weights[at][other.at], own.limit));
    if (after) parts.push(...bars("network_diagram.next", columns[layer + 1], (other) => after.weights[other.at][at], after.limit));
    return parts;
  };

  /** @type {Neuron | undefined} what is kept open */
  let pinned;
  /** @param {Neuron | undefined} neuron */
  const show = (neuron) => {
    drawing.classList.toggle("nnb-asked", Boolean(neuron));
    for (const other of neurons) {
      other.shape.classList.toggle("nnb-chosen", other === neuron);
      other.button.setAttribute("aria-pressed", String(other === pinned));
    }
    lines.innerHTML = neuron ? connections(neuron) : "";
    panel.replaceChildren(...(neuron ? weights(neuron) : [nnbook.make("p", { class: "nnb-hint" }, say("network_diagram.point"))]));
  };
  /** The one tab stop is where the reader was last. @param {Neuron} neuron */
  const visit = (neuron) => neurons.forEach((other) => { other.button.tabIndex = other === neuron ? 0 : -1; });
  /** @param {Neuron | undefined} neuron */
  const pin = (neuron) => {
    if (neuron) nnbook.state.set(data.name, { layer: neuron.layer, neuron: neuron.neuron });
    else if (nnbook.state.get(data.name)) nnbook.state.set(data.name, null);
    pinned = neuron;
    show(neuron);
  };

  for (const neuron of neurons) {
    const { layer, at, y, button } = neuron;
    /** The one beside it. @param {Neuron[] | undefined} column */
    const nearest = (column) => column && column.reduce((best, other) => (Math.abs(other.y - y) < Math.abs(best.y - y) ? other : best));
    /** @type {Record<string, Neuron | undefined>} */
    const next = {
      ArrowUp: columns[layer][at - 1],
      ArrowDown: columns[layer][at + 1],
      ArrowLeft: nearest(columns[layer - 1]),
      ArrowRight: nearest(columns[layer + 1]),
    };
    button.onpointerenter = (event) => { if (event.pointerType !== "touch") show(neuron); };
    button.onpointerleave = button.onblur = () => show(pinned);
    button.onfocus = () => {
      visit(neuron);
      show(neuron);
      aloud(told("network_diagram.said", neuron));
    };
    button.onclick = () => {
      button.focus();
      pin(neuron === pinned ? undefined : neuron);
    };
    button.onkeydown = (event) => {
      if (event.key === "Escape") pin(undefined);
      if (!(event.key in next)) return;
      event.preventDefault();
      next[event.key]?.button.focus();
    };
  }

  const open = () => {
    const state = nnbook.state.get(data.name);
    pinned = state ? neurons.find(({ layer, neuron }) => layer === Number(state.layer) && neuron === Number(state.neuron)) : undefined;
    if (pinned) visit(pinned);
    show(pinned);
  };
  visit(columns[1][0]);
  const stage = nnbook.make("div", { class: "nnb-stage" }, drawing, field);
  nnbook.upgrade(element, "live-network", nnbook.make("div", { class: "nnb-beside" }, stage, panel), region);
  nnbook.state.watch(open);
  open();
});
