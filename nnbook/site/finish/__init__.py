"""The last step before a site is published: it becomes small, and no page may load anything from elsewhere.

Sphinx, its theme and its extensions bring style sheets of 600 KB and scripts for everything that some book may do.
Here all style sheets become one with the rules that this book's pages and scripts can use; each page gets a policy that
names what it may load; files that nothing refers to any more are left out. The work depends on the site alone, so the
same site gives the same bytes.
"""

import hashlib
import os
import re
from collections.abc import Iterable, Sequence
from importlib.metadata import version
from pathlib import Path
from urllib.parse import unquote

from PIL import Image, UnidentifiedImageError

from nnbook.site.errors import BuildError
from nnbook.site.extension.outputs import DATA
from nnbook.site.finish import styles
from nnbook.site.finish.matching import Used
from nnbook.site.finish.pages import Page, finished, read, used_on
from nnbook.site.finish.shorter import told_by

STATIC = "_static"
_NEEDS = re.compile(r"data-nnb-needs=('[^']*')")
_LOADED = {".css", ".js", ".png", ".svg", ".ttf", ".woff", ".woff2"}  # what only pages ask for; texts stay
_WITH_ICON = re.compile(r"""\sclass=["']?([^"'>]*\b(?:icon|fa)-[^"'>]*)""")
_ICON = re.compile(r"(?:icon|fa)-(?!solid|lg|fw|sm|xs)")


def finish(site: Path, cache: Path) -> None:
    """Finish the new `site` in place.

    Args:
        cache: a folder for style sheets that were made before, named by what they were made from.

    Raises:
        BuildError: if a page shows an icon that is not drawn.
    """
    site = site.resolve()
    pages = [read(path) for path in sorted(site.rglob("*.html"))]
    scripts = {path: path.read_text(encoding="utf-8") for path in _files(pages, "scripts")}
    # What is loaded when it is needed is named by scripts, and by figures.
    named = "\n".join([*scripts.values(), *(need for page in pages for need in _NEEDS.findall(page.text))])
    names = {*re.split(r"[\s\"']", named)}
    others = {path: path.read_text(encoding="utf-8") for path in sorted(site.rglob("*.js")) if path not in scripts}
    data = [text for path, text in others.items() if DATA in path.parts]
    styles_later = [path for path in sorted(site.rglob(f"{STATIC}/*.css")) if path.name in names]
    later = [text for path, text in others.items() if not {DATA, STATIC} & {*path.parts} or path.name in named]
    styled = [page for page in pages if page.styles]
    used = used_on(
        styled, [*scripts.values(), *later], data, [path.read_text(encoding="utf-8") for path in styles_later]
    )
    searches = any(site.rglob("wasm*"))
    sheets = {page.path: tuple(_first_twin(site, sheet) for sheet in _files([page], "styles")) for page in pages}
    made = {group: _style(site, group, used, cache) for group in dict.fromkeys(sheets.values()) if group}
    for path in styles_later:
        path.write_bytes(_combined(site, (path,), used, cache, later=True))
    new = [*made.values()]
    _see_that_icons_are_drawn(site, pages, new)
    texts = [path.read_text(encoding="utf-8") for path in [*new, *styles_later]]
    told = told_by([*texts, *(style for page in pages for style in page.own_styles)], used.words | used.given)
    for page in pages:
        style = made.get(sheets[page.path])
        address = Path(os.path.relpath(style, page.path.parent)).as_posix() if style else ""
        page.path.write_text(finished(page, address, told, searches, _size), encoding="utf-8", newline="\n")
    _leave_out(site, {*scripts, *new})


def _files(pages: Sequence[Page], kind: str) -> list[Path]:
    """The files of this site that the `pages` load as "styles" or "scripts", each once, in their order."""
    addresses = [(page.path.parent, address) for page in pages for address in getattr(page, kind)]
    paths = [(folder / unquote(address.partition("?")[0])).resolve() for folder, address in addresses]
    return [path for path in dict.fromkeys(paths) if path.is_file()]


def _first_twin(site: Path, path: Path) -> Path:
    """The same file in the first language that has it, so that all languages share one style sheet."""
    inside = Path(*path.relative_to(site).parts[1:])
    content = path.read_bytes()
    twins = (folder / inside for folder in sorted(site.iterdir()))
    return next((twin for twin in twins if twin.is_file() and twin.read_bytes() == content), path)


def _style(site: Path, sheets: tuple[Path, ...], used: Used, cache: Path) -> Path:
    """Write the style sheet that takes the place of `sheets`, named by its content, and give its path."""
    content = _combined(site, sheets, used, cache)
    path = site / STATIC / f"site.{hashlib.sha256(content).hexdigest()[:16]}.css"
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(content)
    return path


def _combined(site: Path, sheets: tuple[Path, ...], used: Used, cache: Path, later: bool = False) -> bytes:
    """The rules of `sheets` that can apply, as one style sheet."""

    def address(path: Path) -> str:
        return Path(os.path.relpath(path, site / STATIC)).as_posix()

    made_from = hashlib.sha256(f"{version('tinycss2')} {version('rcssmin')}".encode())
    for source in [*sorted(Path(__file__).parent.glob("*.py")), *sheets]:
        made_from.update(source.read_bytes())
    made_from.update(repr([used.facts, [address(sheet) for sheet in sheets], later]).encode())
    known = cache / f"{made_from.hexdigest()}.css"
    if not known.exists():
        cache.mkdir(parents=True, exist_ok=True)
        known.write_text(styles.combine(sheets, used, address, later), encoding="utf-8", newline="\n")
    return known.read_bytes()


def _see_that_icons_are_drawn(site: Path, pages: Sequence[Page], sheets: Iterable[Path]) -> None:
    """A missing icon is a button without a face."""
    drawn = set(re.findall(r"\.(icon-[a-z-]+)\{--", "".join(sheet.read_text(encoding="utf-8") for sheet in sheets)))
    missing = [
        f"{page.path.relative_to(site).as_posix()}: {name}"
        for page in pages
        for name in sorted({*" ".join(_WITH_ICON.findall(page.text)).split()} - drawn)
        if _ICON.match(name)
    ]
    if missing:
        raise BuildError(
            "Every icon of a page must be drawn in nnbook/site/static/shell.css; there is no font of icons.",
            missing,
            "Draw the icon there, or take another one:",
        )


def _size(path: Path) -> tuple[int, int] | None:
    """The width and the height of a picture in pixels."""
    try:
        with Image.open(path) as picture:
            return picture.size
    except (OSError, UnidentifiedImageError):
        return None


def _leave_out(site: Path, kept: set[Path]) -> None:
    """Delete what nothing refers to: style sheets that became one, the theme's pictures and fonts, other scripts."""
    texts = [path.read_text(encoding="utf-8") for path in [*sorted(site.rglob("*.html")), *sorted(kept)]]
    mentioned = "\n".join(texts)
    for path in sorted(site.glob(f"*/{STATIC}/**/*"), reverse=True):
        if path.is_dir():
            if not any(path.iterdir()):
                path.rmdir()
        elif path.suffix in _LOADED and path not in kept and path.name not in mentioned:
            path.unlink()
