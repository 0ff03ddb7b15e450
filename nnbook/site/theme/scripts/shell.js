// What the page around the text does: colours, a drawer on narrow screens, the contents list that follows the reader, copy
// buttons, the way back to the top.
const root = document.documentElement;
const all = (selector) => [...document.querySelectorAll(selector)];
const byId = (id) => document.getElementById(id);
const afterFirstPaint = (work) => requestAnimationFrame(() => setTimeout(work));

// Light, dark or as the system; mode.js, inside the page, has set it before anything was drawn.
const prefersDark = matchMedia("(prefers-color-scheme: dark)");
const switches = all(".book-mode").map((button) => [button, button.getAttribute("aria-label")]);

function show(mode) {
  root.dataset.mode = mode;
  root.dataset.theme = mode != "auto" ? mode : prefersDark.matches ? "dark" : "light";
  for (const [button, label] of switches) {
    button.title = `${label}: ${button.querySelector(`[data-mode=${mode}]`).title}`;
    button.setAttribute("aria-label", button.title);
  }
}

function switchMode() {
  const modes = prefersDark.matches ? ["auto", "light", "dark"] : ["auto", "dark", "light"]; // the first click is seen
  const mode = modes[(modes.indexOf(root.dataset.mode) + 1) % 3];
  try {
    localStorage.setItem("mode", mode);
  } catch {
    // Storage may be closed to us (private mode); the choice then holds for this page.
  }
  show(mode);
}

show(root.dataset.mode);
prefersDark.addEventListener("change", () => show(root.dataset.mode));
for (const [button] of switches) button.addEventListener("click", switchMode);

// The menu: where there is no room beside the text, a dialog borrows the content and the look of the sidebar.
function move(from, to) {
  to.append(...from.childNodes);
  to.classList.add(...from.classList);
  from.className = "";
}

const sidebar = byId("book-sidebar");
const drawer = byId("book-drawer");
document.querySelector(".book-menu").addEventListener("click", () => {
  if (matchMedia("(min-width: 992px)").matches) {
    sidebar.classList.toggle("book-away");
    return;
  }
  list(current());
  if (!drawer.hasChildNodes()) move(sidebar, drawer);
  drawer.showModal();
});
// The browser says a moment later that it was closed; by then it may be open again.
drawer.addEventListener("close", () => drawer.open || move(drawer, sidebar));
drawer.addEventListener("click", (event) => {
  const { left, right, top, bottom } = drawer.getBoundingClientRect();
  const inside = event.clientX >= left && event.clientX <= right && event.clientY >= top && event.clientY <= bottom;
  if (event.target.closest("a") || (event.target == drawer && !inside)) drawer.close();
});

if (/Mac|iPhone|iPad/.test(navigator.platform)) {
  for (const key of all(".book-keys kbd:first-child")) key.textContent = "⌘";
}

// The contents list marks the section that is being read. What lies within a section is listed when the reader chooses the
// section there or opens a drawer, not while the page is scrolled: nothing in the menu moves by itself.
const entries = new Map();
for (const link of all("#book-sections a[href^='#']")) {
  const section = byId(decodeURIComponent(link.hash.slice(1)));
  if (section) entries.set(section.querySelector("h1, h2, h3, h4, h5, h6") || section, link);
}
const headings = [...entries.keys()];
const chief = all("#book-sections > ul > li");

function current() {
  const line = innerHeight * 0.3;
  return entries.get(headings.filter((heading) => heading.getBoundingClientRect().top <= line).pop());
}

function mark() {
  const read = current();
  const within = chief.find((entry) => entry.contains(read));
  const listed = within && !within.classList.contains("open") ? within.querySelector("a") : read;
  for (const link of entries.values()) {
    link.classList.toggle("active", link == listed);
    if (link == listed) link.setAttribute("aria-current", "true");
    else link.removeAttribute("aria-current");
  }
}

/** Show what lies within the section of a link, and nothing of the others. */
function list(link) {
  if (!link) return;
  for (const entry of chief) entry.classList.toggle("open", entry.contains(link));
  mark();
}

if (headings.length) {
  // It reaches up without end: a heading that one step of scrolling carries from below the line to above the window counts.
  const watch = new IntersectionObserver(mark, { rootMargin: "1000000px 0px -70% 0px" });
  for (const heading of headings) watch.observe(heading);
  byId("book-sections").addEventListener("click", ({ target }) => list(target.closest("a")));
}

// The header gets a shadow when the page is scrolled.
const helper = document.querySelector(".book-top-edge");
if (helper) {
  new IntersectionObserver(([{ boundingClientRect }]) => {
    document.body.classList.toggle("scrolled", boundingClientRect.y < 0);
  }).observe(helper);
}

// Code cells can be copied.
function fallback(text) {
  const area = Object.assign(document.createElement("textarea"), { value: text });
  document.body.append(area);
  area.select();
  const done = document.execCommand("copy");
  area.remove();
  if (!done) throw new Error("this browser lets no page copy");
}

async function copy(button, text) {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    fallback(text); // without a secure connection, pages have no other way to the clipboard
  }
  const { copied, copy: label } = document.body.dataset;
  button.classList.add("success");
  button.setAttribute("aria-label", copied);
  button.dataset.tooltip = copied;
  setTimeout(() => {
    button.classList.remove("success");
    button.setAttribute("aria-label", label);
    button.dataset.tooltip = label;
  }, 2000);
}

const copyButton = document.createElement("button");
copyButton.type = "button";
copyButton.className = "book-copy";
copyButton.dataset.tooltip = document.body.dataset.copy;
copyButton.setAttribute("aria-label", document.body.dataset.copy);
copyButton.innerHTML = '<i class="icon icon-copy"></i><i class="icon icon-done"></i>';

function addCopyButton(code) {
  const button = copyButton.cloneNode(true);
  button.addEventListener("click", () => copy(button, code.textContent.replace(/\n$/, "")));
  code.after(button);
}

const addCopyButtons = () => all("div.highlight pre:not(:has(+ .book-copy))").forEach(addCopyButton);
afterFirstPaint(addCopyButtons);

// What scrolls by itself can be scrolled with the keyboard. Whether a box does is asked when it has been laid out: what is
// far from the reader is not, and asking would lay it out. Until then it may.
const scrolls = (box) => box.scrollWidth > box.clientWidth + 1 || box.scrollHeight > box.clientHeight + 1;
const laidOut = (box) => (box.firstElementChild || box).checkVisibility?.({ contentVisibilityAuto: true }) ?? true;
const sized = new ResizeObserver((changes) => {
  const boxes = changes.filter(({ contentRect, target }) => contentRect.width > 0 && laidOut(target)).map(({ target }) => [target, scrolls(target)]);
  for (const [box, wide] of boxes) {
    if (wide) box.tabIndex = 0;
    else if (box != document.activeElement) box.removeAttribute("tabindex");
  }
});
const SCROLLERS = "pre, .cell_output > .output, .book-table, .record-frame, div.math, .nnb-scroll, .nnb-products > li, .nnb-training-film, .nnb-film-weights, .nnb-why-neurons";
const watched = new WeakSet();
const watchScrollers = () => all(SCROLLERS).filter((box) => !watched.has(box)).forEach((box) => {
  watched.add(box);
  box.tabIndex = 0;
  sized.observe(box);
});
afterFirstPaint(watchScrollers);
document.addEventListener("nnbook-figure", watchScrollers);

// The preview (nnbook serve) has put new text into the page.
document.addEventListener("nnbook-text", () => {
  addCopyButtons();
  watchScrollers();
});
