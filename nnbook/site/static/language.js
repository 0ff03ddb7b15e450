// Remembers the language that the reader chose, for the page that chooses one (index.html above the languages), and keeps
// the reader's place.
document.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-book-language]");
  if (!link) return;
  link.hash = location.hash; // the same section, and figures in the state that the reader gave them
  try {
    localStorage.setItem("book-language", link.dataset.bookLanguage);
  } catch {
    // Storage may be closed to us (private mode, pages from a folder); the link works without it.
  }
});
