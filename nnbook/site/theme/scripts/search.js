// The search dialog: opened by the search buttons and by Ctrl+K or Cmd+K. What finds
// sections is loaded with the first query.
const dialog = document.getElementById("book-search");
const BUTTON = ".book-search-open";
const AT_ONCE = 6;
const [input, close, hint, status, list, more, offline] = [
  "input", ".book-search-close", ".book-search-hint", ".book-search-status", "ol", ".book-search-more", ".book-search-offline",
].map((selector) => dialog.querySelector(selector));
const look = new URL("search.css", document.currentScript.src).href;
const index = new URL(dialog.dataset.index, document.baseURI);
let styled = false;
let sections = [];
let asked = "";
let failures = 0;
let waiting;
let working = Promise.resolve();

// How the dialog looks is loaded when it is first opened. Until that is there, it can't be seen (see shell.css), but what
// is typed at once is not lost.
function loadLook() {
  if (styled) return;
  styled = true;
  const link = Object.assign(document.createElement("link"), { rel: "stylesheet", href: look });
  link.addEventListener("error", () => {
    dialog.style.opacity = 1; // it works without, and the next time it may load
    styled = false;
    link.remove();
  });
  document.head.append(link);
}

function open(opener) {
  if (dialog.open) return;
  loadLook();
  offline.hidden = location.protocol !== "file:";
  input.hidden = hint.hidden = !offline.hidden;
  if (asked) hint.hidden = true;
  dialog.opener = opener || [...document.querySelectorAll(BUTTON)].find((button) => button.offsetParent);
  dialog.showModal();
  input.select();
}

dialog.addEventListener("close", () => dialog.opener && dialog.opener.focus({ preventScroll: true }));
close.addEventListener("click", () => dialog.close());
dialog.addEventListener("click", (event) => {
  if (event.target === dialog) dialog.close(); // beside the dialog
  if (event.target.closest("a") && !event.ctrlKey && !event.metaKey && !event.shiftKey) dialog.close();
});
document.addEventListener("click", (event) => {
  const button = event.target.closest(BUTTON);
  if (button) open(button);
});
document.addEventListener("keydown", (event) => {
  const letter = (event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey && event.key.toLowerCase() === "k";
  if (!letter) return; // no letter alone: readers who dictate would press it by chance
  event.preventDefault();
  if (dialog.open) dialog.close();
  else open();
}, true);

// A query is searched for a moment after the last key, and not while the reader is still choosing among characters.
input.addEventListener("input", (event) => {
  if (event.isComposing) return;
  clearTimeout(waiting);
  waiting = setTimeout(ask, 150);
});
input.addEventListener("compositionend", () => {
  clearTimeout(waiting);
  waiting = setTimeout(ask, 0);
});
input.addEventListener("keydown", async (event) => {
  if (event.key !== "Enter" || event.isComposing || event.keyCode === 229) return; // 229: Safari, still composing
  clearTimeout(waiting);
  ask();
  await working;
  const first = list.querySelector("a");
  if (!first) return;
  if (matchMedia("(pointer: coarse)").matches) first.focus(); // the keyboard of a phone makes room for what was found
  else first.click();
});
dialog.addEventListener("keydown", (event) => {
  if (event.isComposing) return;
  if (event.key === "Escape") {
    event.preventDefault(); // a field for searching would first be emptied
    dialog.close();
  }
  if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
  const stops = [input, ...list.querySelectorAll("a"), more].filter((stop) => stop.offsetParent);
  const next = stops[stops.indexOf(document.activeElement) + (event.key === "ArrowDown" ? 1 : -1)];
  event.preventDefault();
  if (next) next.focus();
});
more.addEventListener("click", async () => {
  const shown = list.children.length;
  await show(asked);
  list.children[shown].querySelector("a").focus();
});

function ask() {
  const query = input.value.trim();
  if (query === asked) return;
  asked = query;
  working = working.then(() => search(query)); // one after the other: what finds is not asked twice at a time
}

async function search(query) {
  if (query !== asked) return; // the reader has typed on
  hint.hidden = query !== "";
  if (!query) return clear("");
  try {
    // A browser remembers that a module could not be loaded; under another address it asks for it again.
    const { find } = await import(new URL(failures ? `find.js?${failures}` : "find.js", index));
    const found = await find(query);
    if (query !== asked) return;
    if (list.contains(document.activeElement)) input.focus();
    sections = found.sections;
    list.replaceChildren();
    await show(query);
    if (query === asked) status.textContent = summary(query, found);
  } catch (error) {
    failures++;
    if (query === asked) clear(dialog.dataset.failed);
    asked = "";
    console.warn(error);
  }
}

function clear(words) {
  sections = [];
  list.replaceChildren();
  list.hidden = more.hidden = true;
  status.textContent = words;
}

function summary(query, { sections, corrected, missing }) {
  const fill = (text, name, value) => text.replace(`{${name}}`, () => value);
  const { found, corrected: other, missing: without, nothing } = dialog.dataset;
  if (!sections.length) return fill(nothing, "words", query);
  const [count, forms, { lang }] = [sections.length, JSON.parse(found), document.documentElement];
  const text = typeof forms === "string" ? forms : forms[count] || forms[new Intl.PluralRules(lang).select(count)];
  return [
    corrected && fill(other, "words", corrected),
    missing.length && fill(without, "words", missing.join(" ")),
    fill(text, "count", count),
  ].filter(Boolean).join(lang === "ja" ? "" : " ");
}

async function show(query) {
  const from = list.children.length;
  const loaded = await Promise.all(sections.slice(from, from + AT_ONCE).map((section) => section.load()));
  if (query !== asked) return;
  list.append(...loaded.map(entry));
  list.hidden = !list.children.length;
  more.hidden = list.children.length >= sections.length;
}

function entry({ address, page, title, excerpt, whole }) {
  const link = element("a", element("span", whole ? "" : `${page} › `, "book-search-page"), element("span", title, "book-search-title"));
  link.href = address;
  return element("li", link, element("p", excerpt));
}

// An element with the class `last`, if that is a text, around elements, a text, or pieces of text of which some were found.
function element(name, ...content) {
  const made = document.createElement(name);
  if (content.length > 1 && typeof content[content.length - 1] === "string") made.className = content.pop();
  for (const part of content) {
    if (!Array.isArray(part)) made.append(part);
    else made.append(...part.map(([text, found]) => (found ? element("mark", text) : text)));
  }
  return made;
}
