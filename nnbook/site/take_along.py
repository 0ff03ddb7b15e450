"""What readers can take along, beside the pages, and the links to it on every page: made of the files there are."""

import shutil
from collections.abc import Iterator, Sequence
from html import escape
from pathlib import Path

from nnbook.localisation import decimal
from nnbook.localisation import text as words

NOTEBOOKS = "notebooks"  # their folder, in that of each language
SLOT = '<div class="take-along"></div>'  # as in templates/pages/take-along.html
_COLAB = "https://colab.research.google.com/github"


def add(folder: Path, source: Path, names: Sequence[str], files: Sequence[Path], github: str) -> None:
    """Put notebooks and files beside the pages of a language and link to them from each page.

    Args:
        folder: that of the language in the site, named by its code; it has the pages.
        source: where the notebooks are.
        names: the pages of the book, without suffix.
        files: the whole book in other forms.
        github: where on GitHub the notebooks of all languages are, as "OWNER/REPOSITORY/blob/BRANCH", or "". Colab
            opens what is there and nothing else, so without it there is no link to Colab.
    """
    for name in names:
        notebook = source / NOTEBOOKS / f"{name}.ipynb"
        if notebook.exists():
            target = folder / NOTEBOOKS / f"{name}.ipynb"
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(notebook, target)
    copies = [Path(shutil.copyfile(file, folder / file.name)) for file in files]
    for page in folder.rglob("*.html"):
        text = page.read_text(encoding="utf-8")
        if SLOT in text:
            name = page.relative_to(folder).with_suffix("").as_posix()
            links = list(_links(name, folder, copies, github))
            page.write_text(text.replace(SLOT, _list(links, folder.name)), encoding="utf-8", newline="\n")


def _links(name: str, folder: Path, files: Sequence[Path], github: str) -> Iterator[str]:
    """The links on the page `name`: its notebook, then the files of the book."""
    language, up = folder.name, "../" * name.count("/")
    notebook = folder / NOTEBOOKS / f"{name}.ipynb"
    if notebook.exists():
        yield _link(f"{up}{NOTEBOOKS}/{name}.ipynb", "notebook", notebook, language)
        if github:
            address = f"{_COLAB}/{github}/{language}/{name}.ipynb"
            yield f'<a href="{escape(address)}">{escape(words("site.take_colab", language))}</a>'
    for file in files:
        yield _link(f"{up}{file.name}", file.suffix[1:], file, language)


def _link(href: str, kind: str, file: Path, language: str) -> str:
    text = escape(words(f"site.take_{kind}", language))
    return f'<a href="{escape(href)}" download>{text}</a> <small>{_size(file.stat().st_size, language)}</small>'


def _list(links: Sequence[str], language: str) -> str:
    if not links:
        return ""
    label = escape(words("site.take_along", language))
    items = "".join(f"<li>{link}</li>" for link in links)
    return f'<nav class="take-along" aria-label="{label}"><span>{label}</span><ul>{items}</ul></nav>'


def _size(length: int, language: str) -> str:
    return f"{decimal(length / 1e6, language, 1)} MB" if length >= 1e6 else f"{max(1, round(length / 1e3))} KB"
