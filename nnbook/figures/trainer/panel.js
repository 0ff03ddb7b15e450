/** What figures with a training share: the controls, the frames in which it works, and its curves. */

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

const MOST = 1e6; // a loss that is larger comes of steps that are too long

/** Whether a training has gone astray. @param {number} loss */
nnbook.astray = (loss) => !(loss <= MOST);

/** A loss in words. @param {number} loss @param {number} digits */
nnbook.lossText = (loss, digits) => {
  if (nnbook.astray(loss)) return `>${nnbook.count(MOST)}`;
  return loss < 100 ? nnbook.decimal(loss, digits) : nnbook.count(Math.round(loss));
};

/**
 * Work in short slices, a slice a frame, while the element can be seen, so that the page answers at any time.
 * @param {HTMLElement} element
 * @param {() => number} pace how much a second should bring, in what `step` gives
 * @param {() => number} step do a little work and give how much it was; nothing: all is done
 * @param {() => void} show
 */
const playing = (element, pace, step, show) => {
  const slice = 10; // milliseconds of a frame, which has 16
  let wanted = false;
  let seen = true;
  let [request, before, owed, shown] = [0, 0, 0, 0];
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
    on: () => wanted,
    play: (/** @type {boolean} */ on) => {
      wanted = on;
      before = performance.now();
      look();
    },
  };
};

/**
 * A list for each setting, buttons, and the pace.
 * @param {HTMLElement} element
 * @param {NnbookTrainerData} data
 * @param {(key: string, values?: Record<string, string | number>) => string} words
 * @param {NnbookTrainerActs} acts
 */
nnbook.trainer = (element, { choices, first, paces }, words, { changed, ready, begin, ended, step, show, said }) => {
  const values = { ...first };
  let pace = Object.keys(paces)[1];
  const { region, say } = nnbook.aloud();

  /** @param {string} key @param {string | number} value */
  const valueName = (key, value) => {
    if (key === "activation") return words(`kit.activation_${value}`);
    if (key === "data" || key === "start") return words(`kit.trainer_${key}_${choices[key].indexOf(value)}`);
    if (!value && ["hidden", "first", "second"].includes(key)) return words("kit.trainer_none");
    return nnbook.decimal(Number(value), (String(value).split(".")[1] || "").length);
  };
  const lists = Object.entries(choices).map(([key, options]) => {
    const named = options.map((value) => /** @type {[string, string]} */ ([String(value), valueName(key, value)]));
    const pick = (/** @type {string | undefined} */ asked) => { values[key] = options.find((value) => String(value) === asked) ?? first[key]; };
    const { field, set } = nnbook.select(words(`kit.trainer_${key}`), named, String(first[key]), (value) => {
      pick(value);
      changed();
    });
    return { key, field, put: (/** @type {string | undefined} */ asked) => { pick(asked); set(String(values[key])); } };
  });
  const moved = () => Object.fromEntries(Object.entries(values).filter(([key, value]) => value !== first[key]));
  const player = playing(element, () => paces[pace], step, () => draw());

  const draw = () => {
    show();
    run.textContent = words(player.on() ? "kit.trainer_pause" : "kit.trainer_run");
    for (const { key, field } of lists) { // what has no meaning without a hidden layer
      /** @type {HTMLSelectElement} */ (field.querySelector("select")).disabled = ["activation", "second"].includes(key) && !(values.hidden ?? values.first);
    }
    if (!player.on()) say(said());
  };
  /** @param {string} key @param {() => unknown} act */
  const button = (key, act) => {
    const made = /** @type {HTMLButtonElement} */ (nnbook.make("button", { type: "button" }, words(`kit.trainer_${key}`)));
    made.addEventListener("click", act);
    return made;
  };
  const play = (/** @type {boolean} */ on) => {
    player.play(on);
    draw();
  };
  const run = button("run", async () => {
    if (player.on()) return play(false);
    if (!(await ready())) return;
    if (ended()) begin();
    play(true);
  });
  const one = button("step", async () => {
    player.play(false);
    if (!(await ready())) return;
    step();
    draw();
  });
  const again = button("reset", () => {
    player.play(false);
    begin();
    draw();
  });
  const paceChoice = nnbook.choices(words("kit.trainer_pace"), Object.keys(paces).map((key) => [key, words(`kit.trainer_pace_${key}`)]), pace, (key) => { pace = key; });
  const buttons = nnbook.make("div", { class: "nnb-buttons" }, run, one, again);
  return {
    values, moved, draw, play, say, button, buttons,
    on: player.on,
    begins: [run, one],
    /** The settings that are not as at first, in words. */
    told: () => Object.entries(moved()).map(([key, value]) => `${words(`kit.trainer_${key}`)} ${valueName(key, value)}`).join(" · ") || words("kit.trainer_as_first"),
    /** What an address can't mean, or does not name, stands as at first. @param {Record<string, string>} asked */
    set: (asked) => lists.forEach(({ key, put }) => put(asked[key])),
    parts: [
      nnbook.make("div", { class: "nnb-controls" }, nnbook.make("div", { class: "nnb-settings" }, ...lists.map(({ field }) => field))),
      nnbook.make("div", { class: "nnb-controls" }, buttons, paceChoice.field),
      region,
    ],
  };
};
