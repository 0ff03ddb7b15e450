/** The probabilities of all classes for one image as bars, in a copy of the table that `kit/shares.py` writes. */

const MOST = 89 ** 2 - 1;

/** Probabilities between 0 and 1; a network gives out neither, and rounding makes none of them. @param {string} text */
nnbook.unpackShares = (text) => nnbook.unpack(text, 2).map((step) => Math.min(Math.max(step, 0.5), MOST - 0.5) / MOST);

/**
 * @param {Element} table
 * @param {number[]} shares
 * @param {number} label the number of the true class
 * @param {number[]} before what they were before something was done to the image
 */
nnbook.fillShares = (table, shares, label, before) => {
  const winner = nnbook.largest(shares);
  table.querySelectorAll("tr").forEach((row, at) => {
    row.toggleAttribute("data-label", at === label);
    row.toggleAttribute("data-winner", at === winner);
    const cell = row.cells[1];
    cell.style.cssText = `--s:${shares[at].toFixed(3)};--was:${before[at].toFixed(3)}`;
    cell.children[0].textContent = nnbook.confidence(shares[at]);
  });
};

/** What belongs to an image of several: that of the first is there, that of the others is loaded with the first of them. @param {{ first: any, later: any }} data @param {number} at */
nnbook.ofImage = async ({ first, later }, at) => (at ? (await nnbook.later(later))[at - 1] : first);
