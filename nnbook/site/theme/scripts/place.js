// Keeps the reader's place: while the page takes its final heights, when it is loaded again, and in another language.
const EYE = 0.3; // of the window's height: where one reads
const PLACE = "book-place";
const LEFT = `book-place-left:${location.pathname}`;
const article = document.querySelector("article");
const byId = (id) => document.getElementById(id);

/** Storage may be closed to us (private mode, pages from a folder); links work without it. */
function tried(action) {
  try {
    return action();
  } catch {
    return null;
  }
}

let reader = new AbortController();
/** Keep what `put` brings into view there while figures above it start and what is far away gets its true height (see
    shell.css): until the reader takes the next step, or for some seconds. Gives a signal that says when it is over. */
function hold(put) {
  reader.abort();
  reader = new AbortController();
  const { signal } = reader;
  const grown = new ResizeObserver(put);
  signal.addEventListener("abort", () => grown.disconnect());
  for (const kind of ["wheel", "touchmove", "keydown", "pointerdown"]) {
    addEventListener(kind, () => reader.abort(), { passive: true, signal });
  }
  setTimeout(() => signal.aborted || reader.abort(), 4000);
  put();
  grown.observe(article);
  return signal;
}

function holdNamed(id) {
  const named = byId(id);
  if (named) hold(() => named.scrollIntoView({ behavior: "instant" }));
}
const holdAddress = () => holdNamed(tried(() => decodeURIComponent(location.hash.slice(1))));
addEventListener("hashchange", holdAddress);

// Loaded again, or gone back to, a page shows what it showed. The browser keeps only how far down that was.
const blocks = [...document.querySelectorAll("article section[id] > :not(section)")];
const top = (at) => blocks[at].getBoundingClientRect().top;

function blockInView() {
  const at = blocks.findLastIndex((block, at) => block.getClientRects().length && top(at) <= innerHeight * EYE);
  return scrollY > 0 && at >= 0 ? [at, top(at)] : null;
}

function blockLeft() {
  if (performance.getEntriesByType("navigation")[0]?.type == "navigate") return null;
  const left = tried(() => JSON.parse(sessionStorage.getItem(LEFT)));
  return left && left[0] < blocks.length ? left : null;
}

// Across languages a block may be another one; sections and figures are the same, and a figure's state is in the address.
/** The id of the section or figure that was begun last above the reader's eye; "" at the top of the page. */
function placeInView() {
  const begun = [...document.querySelectorAll("article :is(section, figure)[id]")].filter(
    (place) => place.getBoundingClientRect().top <= innerHeight * EYE && !place.matches("article > section")
  );
  return scrollY > 0 && begun.length ? begun.at(-1).id : "";
}

/** Whether the address holds the state of a figure. */
const holdsState = () => location.hash.includes(":");

/** The place that the reader brings from the other language. Whatever asks for what is stored has to wait for the browser,
    so a page asks only if there can be something for it. */
function placeBrought() {
  if (!holdsState()) return null;
  const [address, place] = tried(() => JSON.parse(sessionStorage.getItem(PLACE))) || [];
  tried(() => sessionStorage.removeItem(PLACE));
  return address === location.href ? place : null;
}

function prepare(event) {
  const link = event.target.closest?.("a[data-book-language]");
  if (!link) return;
  const place = placeInView();
  const state = holdsState(); // the address has no room for a place besides
  link.hash = state ? location.hash : place;
  if (event.type == "click" && state) tried(() => sessionStorage.setItem(PLACE, JSON.stringify([link.href, place])));
  // For the page that chooses a language, index.html above them all.
  if (event.type == "click") tried(() => localStorage.setItem("book-language", link.dataset.bookLanguage));
}
// Also before a link is opened in a new tab.
for (const type of ["click", "auxclick", "contextmenu"]) document.addEventListener(type, prepare);

const place = placeBrought();
if (article && history.scrollRestoration == "auto") { // the live preview keeps the place itself
  addEventListener("pagehide", () => {
    history.scrollRestoration = "auto";
    tried(() => sessionStorage.setItem(LEFT, JSON.stringify(blockInView())));
  });
  const left = blockLeft();
  if (place) {
    holdNamed(place);
  } else if (left) {
    history.scrollRestoration = "manual";
    const over = hold(() => scrollBy({ top: top(left[0]) - left[1], behavior: "instant" }));
    over.addEventListener("abort", () => { history.scrollRestoration = "auto"; });
  } else {
    holdAddress();
  }
}
