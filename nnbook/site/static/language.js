// Leads from a page to the same place of the same page in another language: the section that is being read, and figures in
// the state that the reader gave them. Remembers the language, too, for the page that chooses one (index.html above them).
(() => {
const PLACE = "book-place";

/** Storage may be closed to us (private mode, pages from a folder); links work without it. */
function tried(action) {
  try {
    return action();
  } catch {
    return null;
  }
}

/** The id of the section or figure that was begun last above the reader's eye; "" at the top of the page. */
function placeInView() {
  const eye = innerHeight * 0.3;
  const begun = [...document.querySelectorAll("article :is(section, figure)[id]")].filter(
    (place) => place.getBoundingClientRect().top <= eye && !place.matches("article > section")
  );
  return scrollY > 0 && begun.length ? begun.at(-1).id : "";
}

function prepare(event) {
  const link = event.target.closest?.("a[data-book-language]");
  if (!link) return;
  const place = placeInView();
  const state = location.hash.includes(":"); // a figure's state; the address has no room for a place besides
  link.hash = state ? location.hash : place;
  tried(() => sessionStorage.removeItem(PLACE));
  if (event.type == "click" && state && place) tried(() => sessionStorage.setItem(PLACE, place));
  if (event.type == "click") tried(() => localStorage.setItem("book-language", link.dataset.bookLanguage));
}

// Also before a link is opened in a new tab.
for (const type of ["click", "auxclick", "contextmenu"]) document.addEventListener(type, prepare);

const place = tried(() => sessionStorage.getItem(PLACE));
if (place) {
  tried(() => sessionStorage.removeItem(PLACE));
  addEventListener("load", () => document.getElementById(place)?.scrollIntoView({ behavior: "instant" }));
}
})();
