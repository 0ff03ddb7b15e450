/**
 * Numbers as the language of the page's figures writes them. They are rounded by `toFixed`, as Python rounds, and then
 * written; see `localisation/numbers.py`.
 */

/** In a notebook the page around the figures may speak another language. */
const language = () => document.querySelector(/** @type {"div"} */ (".nnb-interactive"))?.lang || document.documentElement.lang || "en";

/** @type {Map<string, Intl.NumberFormat>} */
const formats = new Map();

/** @param {"decimal" | "percent"} style @param {number} digits @param {boolean} [grouped] thousands set apart */
const format = (style, digits, grouped = false) => {
  const key = `${style}${digits}${grouped}`;
  const known = formats.get(key);
  if (known) return known;
  const made = new Intl.NumberFormat(language(), {
    style, minimumFractionDigits: digits, maximumFractionDigits: digits, useGrouping: grouped && "always", numberingSystem: "latn",
  });
  formats.set(key, made);
  return made;
};

/** @type {Intl.PluralRules | undefined} */
let rules;

/** The plural form of a whole number. @param {number} number */
nnbook.form = (number) => (rules ??= new Intl.PluralRules(language())).select(number);

/** A whole number with its thousands set apart: 1234 -> "1,234". @param {number} number */
nnbook.count = (number) => format("decimal", 0, true).format(number);

/** 0.917 -> "91.7%", in Spanish "91,7 %". @param {number} share @param {number} [digits] */
nnbook.percent = (share, digits = 0) => format("percent", digits).format(Number((100 * share).toFixed(digits)) / 100);

/** A probability that never claims certainty: 0.9996 -> ">99%". @param {number} share */
nnbook.confidence = (share) => {
  if (share >= 0.995 && share < 1) return `>${nnbook.percent(0.99)}`;
  return share > 0 && share < 0.005 ? `<${nnbook.percent(0.01)}` : nnbook.percent(share);
};

/** 1.25 -> "1.25", -0.3 -> "−0.30", 0 -> "0.00". @param {number} number @param {number} [digits] */
nnbook.decimal = (number, digits = 2) => {
  const rounded = Number(number.toFixed(digits));
  return (rounded < 0 ? "−" : "") + format("decimal", digits).format(Math.abs(rounded));
};

/** The same with its sign: 1.25 -> "+1.25", but 0 -> "0.00". @param {number} number @param {number} [digits] */
nnbook.signed = (number, digits = 2) => (Number(number.toFixed(digits)) > 0 ? "+" : "") + nnbook.decimal(number, digits);
