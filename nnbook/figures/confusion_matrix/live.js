/**
 * The confusion matrix that answers. The table of the static figure becomes a grid that can be walked; a cell that is
 * pointed at, tapped or walked to shows its images below. Every tile is made anew, from the numbers of its own cell.
 */

/**
 * @typedef {{ key: string, counts: number[], shares?: string[], cells: string[] }} Model
 * @typedef {{ counts: number[], cells: string[] }} Side
 * @typedef {NnbookSheets & { name: string, models: Model[], changes: { right: Side, broken: Side }[] }} Data
 * @typedef {{ model: number, other: number, view: string, cell: number, pinned: boolean }} State
 */

/** Where the rows of the grid are left and entered by keys. @type {Record<string, [number, number]>} */
const STEPS_OF_KEYS = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1], Home: [0, -99], End: [0, 99] };

class Confusion {
  /** @param {HTMLElement} element */
  constructor(element) {
    this.element = element;
    /** @type {Data} */
    this.data = nnbook.data(element);
    this.words = nnbook.words(element);
    this.gallery = nnbook.gallery(this.data, this.words);
    this.classes = this.data.keys.length;
    this.figure = /** @type {HTMLElement} */ (element.querySelector(".nnb"));
    this.table = /** @type {HTMLTableElement} */ (element.querySelector("table"));
    this.legend = /** @type {HTMLElement} */ (element.querySelector("p.nnb-legend"));
    this.caption = /** @type {HTMLElement} */ (element.querySelector("caption"));
    this.cells = /** @type {HTMLElement[]} */ ([...element.querySelectorAll("tbody td:not(.nnb-end)")]);
    this.recalls = /** @type {HTMLElement[]} */ ([...element.querySelectorAll("tbody .nnb-end")]);
    this.precisions = /** @type {HTMLElement[]} */ ([...element.querySelectorAll("tfoot tr:first-child td")]);
    /** @type {State} */
    this.state = this.rest();
    this.build();
    this.listen();
    this.follow();
  }

  /** How the figure stands when nobody has touched it. @returns {State} */
  rest() {
    return { model: 0, other: Math.min(1, this.data.models.length - 1), view: "counts", cell: -1, pinned: false };
  }

  /** The name of a class or of all its images. @param {number} number @param {string} [kind] */
  name(number, kind = "class") {
    return this.words(`${kind}.${this.data.keys[number]}`);
  }

  /** @param {number} model */
  modelName(model) {
    return this.words(`model.${this.data.models[model].key}`);
  }

  /** Controls above the table, the images of the cell below it. */
  build() {
    const several = this.data.models.length > 1;
    const views = [["counts", "confusion_matrix.view_counts"], ["pictures", "confusion_matrix.view_pictures"], ["changes", "confusion_matrix.view_changes"]];
    const shown = /** @type {[string, string][]} */ (views.slice(0, several ? 3 : 2).map(([key, word]) => [key, this.words(word)]));
    const names = /** @type {[string, string][]} */ (this.data.models.map((_, at) => [String(at), this.modelName(at)]));
    this.model = nnbook.select(this.words("confusion_matrix.network"), names, "0", (value) => this.choose({ model: Number(value) }));
    this.other = nnbook.select(this.words("confusion_matrix.compared"), names, "1", (value) => this.choose({ other: Number(value) }));
    this.view = nnbook.choices(this.words("confusion_matrix.view"), shown, "counts", (value) => this.choose({ view: value }));
    const fields = [this.view.field, ...(several ? [this.model.field, this.other.field] : [])];
    this.summary = nnbook.make("p", { class: "nnb-summary" });
    this.figure.prepend(nnbook.make("div", { class: "nnb-controls" }, ...fields), this.summary);
    this.title = nnbook.make("p", { class: "nnb-cell-title", "aria-live": "polite" });
    this.lists = nnbook.make("div");
    const [height, width] = this.data.size;
    const style = `--w:${width};--h:${height}`;
    this.legend.after(nnbook.make("div", { class: `nnb-panel nnb-cell-images nnb-${this.data.kind}-tiles`, style }, this.title, this.lists));
    this.table.setAttribute("style", `${style};--n:${this.classes}`);
    this.table.setAttribute("role", "grid");
    this.cells.forEach((cell, at) => {
      cell.setAttribute("role", "gridcell");
      cell.dataset.predicted = this.data.keys[at % this.classes];
      cell.tabIndex = at === 0 ? 0 : -1;
    });
    this.element.classList.add("nnb-ready");
  }

  /** What the reader can do with pointer and keys. */
  listen() {
    const at = (/** @type {Event} */ event) => {
      const cell = /** @type {Element} */ (event.target).closest("[data-predicted]");
      return cell ? this.cells.indexOf(/** @type {HTMLElement} */ (cell)) : -1;
    };
    this.table.addEventListener("pointerover", (event) => {
      if (event.pointerType !== "touch" && at(event) >= 0) this.look(at(event));
    });
    this.table.addEventListener("focusin", (event) => {
      if (at(event) < 0) return;
      this.cells.forEach((cell, number) => { cell.tabIndex = number === at(event) ? 0 : -1; });
      this.look(at(event));
    });
    this.table.addEventListener("click", (event) => {
      if (at(event) >= 0) this.pin(at(event));
    });
    this.element.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && this.state.pinned) {
        event.preventDefault();
        this.pin(this.state.cell);
      } else if (at(event) >= 0) this.walk(event, at(event));
    });
    nnbook.state.watch(() => this.follow());
  }

  /** Keys on a cell. @param {KeyboardEvent} event @param {number} at */
  walk(event, at) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "Enter" || event.key === " ") this.pin(at);
    else if (event.key in STEPS_OF_KEYS) {
      const [down, right] = STEPS_OF_KEYS[event.key];
      const within = (/** @type {number} */ number) => Math.max(0, Math.min(this.classes - 1, number));
      const row = within(Math.floor(at / this.classes) + down);
      this.cells[row * this.classes + within((at % this.classes) + right)].focus();
    } else return;
    event.preventDefault();
  }

  /** Show a cell for as long as nothing is pinned. @param {number} cell */
  look(cell) {
    if (this.state.pinned || this.state.cell === cell) return;
    this.state.cell = cell;
    this.showCell();
  }

  /** Pin a cell, or let it go if it is pinned. @param {number} cell */
  pin(cell) {
    const free = this.state.pinned && this.state.cell === cell;
    this.choose({ cell, pinned: !free });
  }

  /** Change something, and note it in the address. @param {Partial<State>} change */
  choose(change) {
    Object.assign(this.state, change);
    if (this.state.model === this.state.other) {
      const next = (this.state.model + 1) % this.data.models.length;
      if ("other" in change) this.state.model = next;
      else this.state.other = next;
    }
    this.show();
    const { model, other, view, cell, pinned } = this.state;
    /** @type {Record<string, string>} */
    const values = { model: this.data.models[model].key };
    if (view !== "counts") values.view = view;
    if (view === "changes") values.with = this.data.models[other].key;
    if (pinned) {
      values.actual = this.data.keys[Math.floor(cell / this.classes)];
      values.predicted = this.data.keys[cell % this.classes];
    }
    const plain = model === 0 && Object.keys(values).length === 1;
    nnbook.state.set(this.data.name, plain ? null : values);
  }

  /** Whether the address speaks of this figure: several may have one name, each with networks of its own. */
  mine() {
    const values = nnbook.state.get(this.data.name);
    return values !== null && this.data.models.some(({ key }) => key === values.model);
  }

  /** Do what the address says; one that speaks of something else only lets go. */
  follow() {
    const values = nnbook.state.get(this.data.name);
    const number = (/** @type {string | undefined} */ key) => this.data.models.findIndex((model) => model.key === key);
    const state = this.rest();
    if (values && this.mine()) {
      state.model = number(values.model);
      const other = number(values.with);
      state.other = other >= 0 && other !== state.model ? other : (state.model + 1) % this.data.models.length;
      const several = this.data.models.length > 1;
      if (values.view === "pictures" || (values.view === "changes" && several)) state.view = values.view;
      const [row, column] = [values.actual, values.predicted].map((key) => this.data.keys.indexOf(key));
      if (row >= 0 && column >= 0) Object.assign(state, { cell: row * this.classes + column, pinned: true });
    }
    this.state = state;
    this.show();
  }

  /** Draw everything. */
  show() {
    const { model, other, view, cell, pinned } = this.state;
    this.model?.set(String(model));
    this.other?.set(String(other));
    this.view?.set(view);
    const [pictures, changes] = [view === "pictures", view === "changes"];
    if (this.other) this.other.field.hidden = !changes;
    const { classList } = this.table;
    classList.toggle("nnb-matrix", !pictures);
    classList.toggle("nnb-pictures", pictures);
    classList.toggle(`nnb-${this.data.kind}-pictures`, pictures);
    classList.toggle("nnb-changes", changes);
    this.legend.replaceChildren(this.words({ counts: "confusion_matrix.legend", pictures: "kit.pictures_legend" }[view] || "confusion_matrix.changes_legend"));
    if (changes) this.legend.append(nnbook.make("span", { class: "nnb-end" }, this.words("confusion_matrix.changes_shares")));
    const draw = { counts: this.drawCount, pictures: this.drawPicture }[view] || this.drawChange;
    const largest = Math.max(1, ...this.cells.map((_, at) => Math.abs(this.change(at))));
    this.cells.forEach((element, at) => {
      element.setAttribute("aria-selected", String(pinned && at === cell));
      if (pinned) element.tabIndex = at === cell ? 0 : -1;
      draw.call(this, element, at, largest);
    });
    this.figure.querySelector("ol")?.toggleAttribute("hidden", model > 0); // it is about the first network
    this.drawShares();
    this.showCell();
  }

  /** Images in a cell of the model. @param {number} at @param {number} [model] */
  count(at, model = this.state.model) {
    return this.data.models[model].counts[at];
  }

  /** How many more the second network has in a cell than the first. @param {number} at */
  change(at) {
    return this.count(at, this.state.other) - this.count(at);
  }

  /** Whether the cell holds right answers. @param {number} at */
  hit(at) {
    return at % (this.classes + 1) === 0;
  }

  /** Sum of the counts of a row or, with a step of `classes`, a column. @param {number} start @param {number} step @param {number} model */
  sum(start, step, model) {
    let sum = 0;
    for (let at = 0; at < this.classes; at += 1) sum += this.count(start + at * step, model);
    return sum;
  }

  /** A cell as a count. @param {HTMLElement} element @param {number} at */
  drawCount(element, at) {
    const count = this.count(at);
    const whole = this.sum(at - (at % this.classes), 1, this.state.model);
    element.className = this.hit(at) ? "nnb-hit" : count ? "" : "nnb-none";
    element.style.setProperty("--s", String(whole ? Math.sqrt(count / whole).toFixed(2) : 0));
    const { shares } = this.data.models[this.state.model];
    element.replaceChildren(String(shares?.[at] ?? count));
  }

  /** A cell as its most confident image. @param {HTMLElement} element @param {number} at */
  drawPicture(element, at) {
    const [example] = this.examples(at, this.state.model, 1);
    element.className = `${this.hit(at) ? "nnb-hit" : ""}${example ? "" : " nnb-none"}`;
    const words = example ? nnbook.confidence(example.probability) : "–";
    const picture = example ? [this.gallery.tile(example)] : [];
    element.replaceChildren(...picture, nnbook.make("b", {}, words));
  }

  /** A cell as the change of its count: fewer mistakes and more right answers are better. @param {HTMLElement} element @param {number} at @param {number} largest */
  drawChange(element, at, largest) {
    const change = this.change(at);
    const better = change > 0 === this.hit(at);
    element.className = change === 0 ? "nnb-none" : better ? "nnb-better" : "nnb-worse";
    element.style.setProperty("--s", Math.sqrt(Math.abs(change) / largest).toFixed(2));
    element.replaceChildren(nnbook.signed(change, 0));
  }

  /** Recall, precision and accuracy, or how they change. */
  drawShares() {
    const { model, other, view } = this.state;
    const { classes } = this;
    const share = (/** @type {(model: number) => number} */ part, digits = 0) => {
      if (view === "changes") return nnbook.signed(100 * (part(other) - part(model)), 1);
      return Number.isNaN(part(model)) ? "–" : nnbook.percent(part(model), digits);
    };
    this.recalls.forEach((element, row) => {
      element.textContent = share((of) => this.count(row * (classes + 1), of) / this.sum(row * classes, 1, of));
    });
    this.precisions.slice(0, classes).forEach((element, column) => {
      element.textContent = share((of) => this.count(column * (classes + 1), of) / this.sum(column, classes, of));
    });
    const correct = (/** @type {number} */ of) => this.sum(0, classes + 1, of);
    const all = (/** @type {Side} */ { counts }) => counts.reduce((a, b) => a + b);
    const total = all(this.data.models[0]);
    this.precisions[classes].textContent = share((of) => correct(of) / total, 1);
    const accuracy = (/** @type {number} */ of) => nnbook.percent(correct(of) / total, 1);
    this.caption.textContent = this.words("confusion_matrix.caption", {
      accuracy: accuracy(model), correct: nnbook.count(correct(model)), total: nnbook.count(total),
    });
    const summary = /** @type {HTMLElement} */ (this.summary);
    summary.hidden = view !== "changes";
    if (summary.hidden) return;
    const { right, broken } = this.sides();
    summary.textContent = this.words("confusion_matrix.changes", {
      first: this.modelName(model), second: this.modelName(other),
      count: all(right), broken: nnbook.count(all(broken)),
      before: accuracy(model), after: accuracy(other),
    });
  }

  /** What the second network made right and what it broke; baked for each pair once, seen from either end. */
  sides() {
    const { model, other } = this.state;
    const [low, high] = [Math.min(model, other), Math.max(model, other)];
    const before = (low * (2 * this.data.models.length - low - 1)) / 2;
    const { right, broken } = this.data.changes[before + high - low - 1];
    return model < other ? { right, broken } : { right: broken, broken: right };
  }

  /** The images of a cell, for the figure's panel. @param {number} at @param {number} model @param {number} [most] */
  examples(at, model, most) {
    return this.read(this.data.models[model].cells[at], at, most);
  }

  /** @param {string} packed @param {number} at @param {number} [most] */
  read(packed, at, most) {
    return this.gallery.read(packed, Math.floor(at / this.classes), at % this.classes, most);
  }

  /** The images of the chosen cell under the table. */
  showCell() {
    const { cell, pinned, view } = this.state;
    const [title, lists] = [/** @type {HTMLElement} */ (this.title), /** @type {HTMLElement} */ (this.lists)];
    this.cells.forEach((element, at) => element.classList.toggle("nnb-chosen", at === cell));
    if (cell < 0) {
      title.replaceChildren(this.words("confusion_matrix.hint"));
      lists.replaceChildren();
      return;
    }
    const note = pinned ? [nnbook.make("span", { class: "nnb-quiet" }, this.words("confusion_matrix.pinned"))] : [];
    title.replaceChildren(nnbook.make("strong", {}, this.said(cell)), ...note);
    lists.replaceChildren(...(view === "changes" ? this.changed(cell) : [this.list(this.examples(cell, this.state.model))]));
  }

  /** What a cell holds, in one sentence. @param {number} at */
  said(at) {
    const [row, column] = [Math.floor(at / this.classes), at % this.classes];
    const names = { actual: this.name(row), predicted: this.name(column) };
    if (this.state.view === "changes") {
      const values = { before: nnbook.count(this.count(at)), count: this.count(at, this.state.other) };
      if (row === column) return this.words("confusion_matrix.changes_correct", { name: names.actual, ...values });
      return this.words("confusion_matrix.spoken_changes", { ...names, ...values });
    }
    const count = this.count(at);
    const share = nnbook.confidence(count / this.sum(row * this.classes, 1, this.state.model));
    return this.words("confusion_matrix.spoken", { ...names, count, share, plural: this.name(row, "plural") });
  }

  /** Examples in a row. @param {NnbookExample[]} examples @param {boolean} [named] with what was predicted */
  list(examples, named = false) {
    return this.gallery.list(examples, named ? (example) => this.name(example.predicted) : null);
  }

  /** What is newly right and newly wrong in a cell; on the diagonal, in all of its row. @param {number} at @returns {(Node | string)[]} */
  changed(at) {
    const row = Math.floor(at / this.classes);
    const cells = this.hit(at) ? Array.from({ length: this.classes }, (_, column) => row * this.classes + column) : [at];
    const sides = this.sides();
    /** @type {(Node | string)[]} */
    const shown = [];
    let known = 0;
    for (const [side, word] of /** @type {["right" | "broken", string][]} */ ([["right", "confusion_matrix.newly_right"], ["broken", "confusion_matrix.newly_broken"]])) {
      const count = cells.reduce((sum, cell) => sum + sides[side].counts[cell], 0);
      known += side === "right" ? -count : count;
      const examples = cells.flatMap((cell) => this.read(sides[side].cells[cell], cell));
      examples.sort((one, two) => two.probability - one.probability);
      const most = Math.max(...sides[side].cells.map((cell) => this.gallery.count(cell)));
      shown.push(nnbook.make("p", {}, this.words(word, { count })));
      shown.push(this.list(examples.slice(0, most), this.hit(at)));
    }
    const other = this.change(at) - known;
    if (!this.hit(at) && other) shown.push(nnbook.make("p", { class: "nnb-quiet" }, this.words("confusion_matrix.changes_other", { change: nnbook.signed(other, 0) })));
    return shown;
  }
}

nnbook.define("confusion-matrix", (element) => new Confusion(element).mine());
