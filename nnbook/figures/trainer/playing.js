/** What figures with a training share: their settings, their curves, and the frames in which they work. */

/**
 * Path data through `values` at `places`, which are shares of the width; see `kit/curves.py`.
 * @param {NnbookPanel} panel @param {number[]} places @param {number[]} values
 */
nnbook.curve = ({ top, bottom, ends: [low, high], powers, left, right }, places, values) =>
  values
    .map((value, at) => {
      const share = ((powers ? Math.log10(Math.max(value, 1e-9)) : value) - low) / (high - low);
      const y = bottom - (bottom - top) * Math.min(Math.max(Number.isNaN(share) ? 1 : share, 0), 1);
      return `${at ? "L" : "M"}${(left + (right - left) * places[at]).toFixed(1)} ${y.toFixed(1)}`;
    })
    .join("");

/**
 * A list for each setting, called as `word` says, and so are its values.
 * @param {Record<string, (string | number)[]>} choices
 * @param {NnbookValues} first
 * @param {(key: string, value?: string | number) => string} word
 * @param {() => void} change
 */
nnbook.settings = (choices, first, word, change) => {
  const values = { ...first };
  const made = Object.entries(choices).map(([key, options]) => {
    const named = options.map((value) => /** @type {[string, string]} */ ([String(value), word(key, value)]));
    const pick = (/** @type {string | undefined} */ asked) => {
      const found = options.find((value) => String(value) === asked);
      values[key] = found === undefined ? first[key] : found;
    };
    const { field, set } = nnbook.select(word(key), named, String(first[key]), (value) => {
      pick(value);
      change();
    });
    return { key, field, put: (/** @type {string | undefined} */ asked) => { pick(asked); set(String(values[key])); } };
  });
  return {
    fields: nnbook.make("div", { class: "nnb-settings" }, ...made.map(({ field }) => field)),
    field: Object.fromEntries(made.map(({ key, field }) => [key, field])),
    values,
    /** What an address can't mean, or does not name, stands as at first. @param {Record<string, string>} asked */
    set: (asked) => made.forEach(({ key, put }) => put(asked[key])),
    moved: () => Object.fromEntries(Object.entries(values).filter(([key, value]) => value !== first[key])),
  };
};

/**
 * Work in short slices, a slice a frame, while the element can be seen, so that the page answers at any time.
 * @param {HTMLElement} element
 * @param {() => number} pace how much a second should bring, in what `step` gives
 * @param {() => number} step do a little work and give how much it was; nothing: all is done
 * @param {() => void} show
 */
nnbook.playing = (element, pace, step, show) => {
  const slice = 10; // milliseconds of a frame, which has 16
  let wanted = false;
  let seen = true;
  let request = 0;
  let before = 0;
  let owed = 0;
  let shown = 0;
  const frame = (/** @type {number} */ now) => {
    request = 0;
    const end = performance.now() + slice;
    owed = Math.min(owed, 0) + (pace() * Math.min(now - before, 50)) / 1000;
    before = now;
    while (wanted && owed > 0 && performance.now() < end) {
      const done = step();
      if (!done) wanted = false;
      owed -= done;
    }
    if (!wanted || now - shown > (nnbook.still() ? 1000 : 60)) {
      shown = now;
      show();
    }
    look();
  };
  const look = () => {
    const runs = wanted && seen && !document.hidden;
    if (runs && !request) {
      request = requestAnimationFrame(frame);
    } else if (!runs) {
      cancelAnimationFrame(request);
      request = 0;
    }
  };
  new IntersectionObserver((entries) => {
    seen = entries[entries.length - 1].isIntersecting;
    look();
  }).observe(element);
  document.addEventListener("visibilitychange", look);
  return {
    play: (on) => {
      wanted = on;
      before = performance.now();
      look();
    },
    on: () => wanted,
  };
};
