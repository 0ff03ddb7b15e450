// Remembers the language that the reader chose, for the page that chooses one (index.html above the languages).
document.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-book-language]");
  if (!link) return;
  try {
    localStorage.setItem("book-language", link.dataset.bookLanguage);
  } catch {
    // Storage may be closed to us (private mode, pages from a folder); the link works without it.
  }
});
