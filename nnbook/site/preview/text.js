/* The text of a page, changed in place: only what differs is put in, so the rest of the page stays as the reader has it.

   To be made before other scripts run: what is compared is the markup as it was served, not what scripts make of it. */
class NnbookText { // eslint-disable-line no-unused-vars
  /* The children of these are compared one by one; anything else is replaced as a whole. */
  static OPEN = "article, section, div, figure, figcaption, details, aside, ul, ol, li, dl, dd, blockquote";
  /* What scripts look for when the page is loaded, and only then: with one of these, the whole page has to be loaded. */
  static ONCE = `h1, h2, h3, h4, h5, h6, script, .sd-tab-set, .popout,
    .tag_margin, .marginnote, .sidenote, .full-width, .tag_full-width`;

  /* The text of a `page`, which is a document. */
  constructor(page) {
    const article = page.querySelector("article");
    const [whole, text] = [page.documentElement.innerHTML, article ? article.outerHTML : ""];
    this.script = page.querySelector("script[data-version]");
    // Without the digests of files: Sphinx does not have all of them at its first build, and what is new is told anyway.
    this.around = whole.replace(text, () => "").replace(/[?]v=\w+/g, "").split("data-version=")[0];
    this.root = article && NnbookText.record(article);
  }

  /* A node with its markup; with its start tag and its children, if these can be compared. */
  static record(node) {
    if (node.nodeType !== Node.ELEMENT_NODE) return { node, key: node.data };
    if (!node.matches(NnbookText.OPEN)) return { node, key: node.outerHTML };
    return { node, key: node.cloneNode().outerHTML, children: [...node.childNodes].map(NnbookText.record) };
  }

  static alike(one, other) {
    if (one.key !== other.key || one.children?.length !== other.children?.length) return false;
    return !one.children || one.children.every((child, at) => NnbookText.alike(child, other.children[at]));
  }

  /* Where two records differ: the deepest parent that holds all that does, and which of its children have to be replaced. */
  static difference(old, fresh) {
    const [before, after] = [old.children, fresh.children];
    const most = Math.min(before.length, after.length);
    let [start, end] = [0, 0];
    while (start < most && NnbookText.alike(before[start], after[start])) start += 1;
    while (end < most - start && NnbookText.alike(before.at(-1 - end), after.at(-1 - end))) end += 1;
    const [olds, news] = [before, after].map((children) => children.slice(start, children.length - end));
    const [one, other] = [olds[0], news[0]];
    const same = olds.length === 1 && news.length === 1 && one.key === other.key && one.children && other.children;
    return same ? NnbookText.difference(one, other) : { parent: old, start, olds, news };
  }

  /* Make this text, which is in view, the `fresh` one; false, and nothing is done, if the whole page has to be loaded. */
  become(fresh) {
    if (!this.root || !fresh.root || this.around !== fresh.around || this.root.key !== fresh.root.key) return false;
    const { parent, start, olds, news } = NnbookText.difference(this.root, fresh.root);
    const [added, removed] = [news, olds].map((records) => records.map(({ node }) => node));
    const touched = [...added, ...removed].filter((node) => node.nodeType === Node.ELEMENT_NODE);
    if (touched.some((node) => node.matches(NnbookText.ONCE) || node.querySelector(NnbookText.ONCE))) return false;
    const next = parent.children[start + olds.length]?.node ?? null;
    if ([...removed, ...(next ? [next] : [])].some((node) => node.parentNode !== parent.node)) return false; // moved by a script
    for (const node of added) parent.node.insertBefore(node, next);
    for (const node of removed) node.remove();
    parent.children.splice(start, olds.length, ...news);
    return true;
  }
}
