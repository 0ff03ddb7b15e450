/**
 * What the interactive figures share, as the properties of one global, `nnbook`: reading data and words, building markup,
 * pictures from sprites, the state in the address. Nothing here keeps anything that two requests could fight for.
 */
window.nnbook = window.nnbook || /** @type {Nnbook} */ ({});

/** The printable characters of ASCII without those that markup or JSON write as several. */
const DIGITS = String.fromCharCode(...Array.from({ length: 94 }, (_, at) => 33 + at)).replace(/["&'<\\]/g, "");

/** What has been loaded of data that stands in files of its own, by address. @type {Map<string, unknown>} */
const loaded = new Map();

/** @type {Map<string, Promise<void>>} */
const loading = new Map();

/** Take in what a file of data holds; each such file calls this with its own name. @param {string} name @param {unknown} value */
nnbook.deliver = (name, value) => { loaded.set(name, value); };

/** @param {string} address */
const nameOf = (address) => address.slice(address.lastIndexOf("/") + 1);

/**
 * Load a file of data, of scripts or of styles: once, however many figures need it, and never by fetching, so that it works
 * from a folder, too.
 * @param {string} address
 * @returns {Promise<void>}
 */
const load = (address) => {
  const known = loading.get(address);
  if (known) return known;
  /** @type {Promise<void>} */
  const promise = new Promise((resolve, reject) => {
    const file = address.endsWith(".css")
      ? nnbook.make("link", { rel: "stylesheet", href: address })
      : nnbook.make("script", { src: address });
    file.addEventListener("load", () => resolve());
    file.addEventListener("error", () => {
      file.remove();
      loading.delete(address);
      reject(); // the figure stays as it is; the browser says what is missing
    });
    document.head.append(file);
  });
  loading.set(address, promise);
  return promise;
};

const own = /** @type {HTMLScriptElement | null} */ (document.currentScript);

/** Where a page links to this script, what a figure needs lies beside it; in a notebook it is part of it. @param {HTMLElement} element */
const needed = ({ dataset: { nnbNeeds } }) =>
  own && own.src && nnbNeeds ? nnbNeeds.split(" ").map((name) => new URL(name, own.src).href) : [];

/** Load a file of data and the files that it refers to. @param {string} address @returns {Promise<unknown>} */
const loadWhole = async (address) => {
  await load(address);
  const further = JSON.stringify(loaded.get(nameOf(address))).matchAll(/"nnb-file:([^"]+)"/g);
  return Promise.all([...further].map(([, file]) => loadWhole(file)));
};

/** The elements that have not started yet, and what each will do. @type {Map<HTMLElement, () => unknown>} */
const waiting = new Map();

/** Start an element in a task of its own, once its look and its data are there; if that can't be had, it may try again. @param {HTMLElement} element */
const begin = async (element) => {
  const start = waiting.get(element);
  if (!start) return;
  waiting.delete(element);
  try {
    const { nnbFile } = element.dataset;
    await Promise.all([...needed(element).map(load), nnbFile && loadWhole(nnbFile)]);
  } catch {
    waiting.set(element, start);
    return;
  }
  setTimeout(() => {
    const mine = start() !== false;
    element.dataset.nnbStarted = "1";
    document.dispatchEvent(new Event("nnbook-figure")); // a page looks what in it scrolls
    if (mine && named(element)) element.scrollIntoView({ block: "start" });
  });
};

/** The reader comes near to an element, or asks for it. @param {HTMLElement} element */
const approach = (element) => {
  if (waiting.has(element)) begin(element);
  else if (!element.dataset.nnbStarted) Promise.all(needed(element).map(load)).then(() => begin(element), () => {});
};

/** Whether the address asks for this figure. @param {HTMLElement} element */
const named = (element) => Boolean(element.dataset.nnbName) && nnbook.state.get(String(element.dataset.nnbName)) !== null;

/** @returns {HTMLElement[]} */
const figures = () => [...document.querySelectorAll(/** @type {"div"} */ (".nnb-interactive:not([data-nnb-started])"))];

/** Start figures as they come within some distance of what the reader sees. @param {string} distance */
const watch = (distance) =>
  new IntersectionObserver(
    (entries) => entries.forEach(({ isIntersecting, target }) => isIntersecting && approach(/** @type {HTMLElement} */ (target))),
    { rootMargin: `${distance} 0px` }
  );
// No reader pays for what is never looked at: at first what is in view starts, and from the first step on what is within a screen.
let near = watch("0%");
const look = () => figures().forEach((element) => near.observe(element));
window.addEventListener("scroll", () => {
  near.disconnect();
  near = watch("100%");
  look();
}, { once: true, passive: true });
window.addEventListener("online", look);
const approachNamed = () => figures().filter(named).forEach(approach);
window.addEventListener("popstate", approachNamed);
// The Tab key goes from control to control, past a figure that has none yet.
window.addEventListener("keydown", ({ key }) => { if (key === "Tab") figures().forEach(approach); });
const whenRead = (/** @type {() => void} */ act) => {
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", act);
  else act();
};
/**
 * Define the element `nnb-<tag>`. `start` is called once for each, when the static figure inside has been read and the
 * reader comes near; what it throws leaves the static figure as it is. It gives false if the address speaks of another
 * figure of the same name.
 * @param {string} tag
 * @param {(element: HTMLElement) => unknown} start
 */
nnbook.define = (tag, start) => {
  if (customElements.get(`nnb-${tag}`)) return;
  customElements.define(
    `nnb-${tag}`,
    class extends HTMLElement {
      connectedCallback() {
        if (this.dataset.nnbReady) return;
        this.dataset.nnbReady = "1";
        whenRead(() => {
          waiting.set(this, () => start(this));
          if (named(this)) begin(this);
          else near.observe(this);
        });
      }
    }
  );
};

/** What Python has baked: in a file, or in a notebook in the element. @param {HTMLElement} element @returns {any} */
const baked = ({ dataset: { nnbFile, nnbData, nnbWords } }) =>
  nnbFile ? loaded.get(nameOf(nnbFile)) : { data: JSON.parse(nnbData || "{}"), words: JSON.parse(nnbWords || "{}") };

/** A value with what came from files in its place. @param {unknown} value @returns {any} */
const whole = (value) =>
  JSON.parse(JSON.stringify(value), (_, part) => (part?.startsWith?.("nnb-file:") ? whole(loaded.get(nameOf(part))) : part));

/** The data that Python has baked. @param {HTMLElement} element @returns {any} */
nnbook.data = (element) => whole(baked(element).data);

/** What of the data is loaded now that the figure asks for it, in a notebook it is there. @param {any} value @returns {Promise<any>} */
nnbook.later = async (value) => {
  const [, address] = /^nnb-later:(.*)/.exec(value) || [];
  if (!address) return value;
  await loadWhole(address);
  return whole(loaded.get(nameOf(address)));
};

/**
 * Gives the words of the page's language by key, {placeholders} filled; {count} is a number and chooses among plural forms.
 * @param {HTMLElement} element
 * @returns {(key: string, values?: Record<string, string | number>) => string}
 */
nnbook.words = (element) => {
  /** @type {Record<string, string | Record<string, string>>} */
  const texts = baked(element).words;
  return (key, values = {}) => {
    if (!(key in texts)) throw new Error(`every word must come with the figure; ${key} did not; name it in Python`);
    const [text, count] = [texts[key], Number(values.count)];
    const filled = "count" in values ? { ...values, count: nnbook.count(count) } : values;
    const chosen = typeof text === "string" ? text : text[count] || text[nnbook.form(count)];
    return chosen.replace(/\{(\w+)\}/g, (whole, name) => (name in filled ? String(filled[name]) : whole));
  };
};

/** The value of each digit, by the code of its character. */
const VALUES = new Uint8Array(127);
[...DIGITS].forEach((digit, value) => { VALUES[digit.charCodeAt(0)] = value; });

/**
 * Numbers that Python has packed, each as `width` characters; see `kit/packing.py`.
 * @param {string} text
 * @param {number} width
 */
nnbook.unpack = (text, width) => {
  const numbers = new Array(text.length / width);
  for (let at = 0, from = 0; at < numbers.length; at += 1) {
    let number = 0;
    for (const end = from + width; from < end; from += 1) number = number * DIGITS.length + VALUES[text.charCodeAt(from)];
    numbers[at] = number;
  }
  return numbers;
};

/**
 * A new element. Attributes that are null or false are left out, true is written as empty.
 * @param {string} tag
 * @param {Record<string, string | number | boolean | null | undefined>} [attributes]
 * @param {...(Node | string)} children
 */
nnbook.make = (tag, attributes = {}, ...children) => {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== null && value !== undefined && value !== false) element.setAttribute(name, value === true ? "" : String(value));
  }
  element.append(...children);
  return element;
};

let fields = 0;

/**
 * A named list to choose from.
 * @param {string} name
 * @param {[string, string][]} options value and words of each
 * @param {string} value the one chosen at first
 * @param {(value: string) => void} change
 * @returns {{ field: HTMLElement, set: (value: string) => void }}
 */
nnbook.select = (name, options, value, change) => {
  const select = /** @type {HTMLSelectElement} */ (
    nnbook.make("select", {}, ...options.map(([key, words]) => nnbook.make("option", { value: key }, words)))
  );
  select.value = value;
  select.addEventListener("change", () => change(select.value));
  const set = (/** @type {string} */ key) => { select.value = key; };
  return { field: nnbook.make("label", { class: "nnb-field" }, name, select), set };
};

/**
 * A named row of choices of which one holds.
 * @param {string} name
 * @param {[string, string][]} options value and words of each
 * @param {string} value the one chosen at first
 * @param {(value: string) => void} change
 * @returns {{ field: HTMLElement, set: (value: string) => void }}
 */
nnbook.choices = (name, options, value, change) => {
  fields += 1;
  const group = `nnb-choice-${fields}`;
  const inputs = options.map(([key]) => {
    const input = /** @type {HTMLInputElement} */ (nnbook.make("input", { type: "radio", name: group, value: key }));
    input.checked = key === value;
    input.addEventListener("change", () => change(key));
    return input;
  });
  const labels = options.map(([, words], at) => nnbook.make("label", {}, inputs[at], nnbook.make("span", {}, words)));
  const set = (/** @type {string} */ key) => inputs.forEach((input) => { input.checked = input.value === key; });
  return { field: nnbook.make("fieldset", {}, nnbook.make("legend", {}, name), nnbook.make("div", { class: "nnb-choices" }, ...labels)), set };
};

/** @type {Map<string, Promise<HTMLImageElement>>} */
const sprites = new Map();

/**
 * The picture at an address, loaded when first asked for and never twice; one that failed is tried again.
 * @param {string} address
 * @returns {Promise<HTMLImageElement>}
 */
nnbook.sprite = (address) => {
  const known = sprites.get(address);
  if (known) return known;
  const image = new Image();
  image.src = address;
  const promise = image.decode().then(() => image);
  promise.catch(() => sprites.delete(address));
  sprites.set(address, promise);
  return promise;
};

/**
 * A canvas with one tile of a sprite, in the picture's own pixels. Everything that it needs is its own from the start, so
 * no later request can put another picture into it.
 * @param {string} address
 * @param {{ x: number, y: number, width: number, height: number }} part
 * @param {Record<string, string | number | boolean | null | undefined>} attributes
 * @returns {HTMLCanvasElement}
 */
nnbook.tile = (address, part, attributes) => {
  const { x, y, width, height } = part;
  const canvas = /** @type {HTMLCanvasElement} */ (nnbook.make("canvas", { width, height, ...attributes }));
  nnbook.sprite(address).then(
    (image) => {
      const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
      context.drawImage(image, x, y, width, height, 0, 0, width, height);
      canvas.dataset.drawn = "1";
    },
    () => { canvas.dataset.failed = "1"; }
  );
  return canvas;
};

/** What the address says, as `#name:key=value,key=value`. */
nnbook.state = {
  /** The values under this name, or null; also if they can't be read. @param {string} name @returns {Record<string, string> | null} */
  get(name) {
    const prefix = `#${name}:`;
    if (!location.hash.startsWith(prefix)) return null;
    const pairs = location.hash.slice(prefix.length).split(",").map((pair) => pair.split("="));
    try {
      return Object.fromEntries(pairs.map(([key, value]) => [key, decodeURIComponent(value || "")]));
    } catch {
      return null; // somebody has cut it off
    }
  },
  /** Write them, as a new step of the browser's history. @param {string} name @param {Record<string, string | number> | null} values */
  set(name, values) {
    const written = values && Object.entries(values).map(([key, value]) => `${key}=${encodeURIComponent(value)}`).join();
    const address = written ? `#${name}:${written}` : location.pathname + location.search;
    if (location.hash !== (written ? address : "")) history.pushState(null, "", address);
  },
  /** Call back when the address has changed, by "back" or by a link. @param {() => void} listener */
  watch(listener) {
    window.addEventListener("popstate", listener);
  },
};

/** Whether the reader wants things to stand still. */
nnbook.still = () => matchMedia("(prefers-reduced-motion: reduce)").matches;

whenRead(() => {
  look();
  approachNamed();
});
