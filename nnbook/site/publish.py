"""Join the languages to one site and put it in place, whole or not at all."""

import json
import re
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path
from urllib.parse import unquote

from nnbook.site import search, take_along
from nnbook.site.configuration import LanguageBuild
from nnbook.site.errors import BuildError
from nnbook.site.front import PROVENANCE, missing_page, root_page

_FILE = re.compile(r"""((?:_images|_data)/[^\s"'&<>()\\,?#]+)""")  # as in an address: other signs are %41
# Sphinx's own state; pages, pictures and what pages load are chosen one by one.
_NOT_PUBLISHED = shutil.ignore_patterns(
    ".buildinfo*",
    "objects.inv",
    "*.map",
    "locales",
    "_images",
    "_data",
    "*.html",
    "_sources",
    *search.NOT_PUBLISHED,
    take_along.NOTEBOOKS,
)
_LOADED = {".css", ".js", ".png", ".svg", ".ttf", ".woff", ".woff2"}  # what only pages ask for; texts stay


def join(
    builds: Sequence[LanguageBuild],
    files: Mapping[str, Sequence[Path]],
    github: str,
    pictures: Mapping[str, bytes],
    output: Path,
) -> None:
    """Put the pages of all languages, the page above them and the record in place as the folder `output`.

    Args:
        builds: of each language; what lies there from earlier builds and is no page of the book is left out.
        files: by language code, the files of the whole book; pages link to them.
        github: where on GitHub the notebooks are published, or ""; see `nnbook.site.take_along`.
        pictures: by file name, the icons and the card; none if the book has none.

    Raises:
        BuildError: if `output` holds something else than a site of ours; it is left as it is.
    """
    recover(output)
    if output.exists() and not _is_ours(output):
        raise BuildError(
            "A site must be written to a new or empty folder, or over an older site of the book.",
            [f"{output}: holds other files" if output.is_dir() else f"{output}: is a file"],
            "Choose another folder with --output:",
        )
    new = _beside(output, "new")
    shutil.rmtree(new, ignore_errors=True)
    try:
        for build in builds:
            _copy_language(build.pages, new / build.language, build.book.pages)
            own = files.get(build.language, ())
            take_along.add(new / build.language, build.pages, build.book.pages, own, github)
        _write_around(new, builds, pictures)
        _leave_out(new)
        _swap(new, output)
    finally:
        shutil.rmtree(new, ignore_errors=True)  # nothing is there if all went well


def _write_around(new: Path, builds: Sequence[LanguageBuild], pictures: Mapping[str, bytes]) -> None:
    """Write what belongs to all languages: the search, the pages above them, and the record."""
    first, languages = builds[0], tuple(build.language for build in builds)
    search.write_index({build.language: build.pages for build in builds}, first.book.pages, new / search.FOLDER)
    for name, content in pictures.items():
        (new / name).write_bytes(content)
    root = root_page(languages, first.base_url, pictures, first.shares)
    for name, page in (("index.html", root), ("404.html", missing_page(languages, first.base_url, pictures))):
        (new / name).write_text(page, encoding="utf-8", newline="\n")
    (new / ".nojekyll").touch()  # GitHub Pages would leave out folders that start with an underscore
    record = json.dumps({"languages": languages, **first.record}, ensure_ascii=False, indent=1)
    (new / PROVENANCE).write_text(f"{record}\n", encoding="utf-8", newline="\n")


def recover(output: Path) -> None:
    """Bring back the site of a build that was killed between moving the old one away and putting the new one there."""
    old = _beside(output, "old")
    if old.exists():
        if output.exists():
            shutil.rmtree(old, ignore_errors=True)
        else:
            old.replace(output)


def _copy_language(source: Path, target: Path, names: Sequence[str]) -> None:
    """Copy what belongs to the site: the pages of the book, what is static, what a page shows or loads."""
    shutil.copytree(source, target, ignore=_NOT_PUBLISHED)
    for name in names:
        page = source / f"{name}.html"
        (target / f"{name}.html").parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(page, target / f"{name}.html")
        _copy_files(page, source, target)


def _copy_files(file: Path, source: Path, target: Path) -> None:
    """Copy the pictures and the data that a `file` refers to, and what these refer to in turn."""
    for name in sorted(set(map(unquote, _FILE.findall(file.read_text(encoding="utf-8"))))):
        if not (target / name).exists():
            (target / name).parent.mkdir(exist_ok=True)
            shutil.copyfile(source / name, target / name)
            if name.endswith(".js"):
                _copy_files(source / name, source, target)


def _leave_out(site: Path) -> None:
    """Delete static files that no page, style sheet or script names: Sphinx copies all that its extensions have."""
    static = [path for path in site.glob("*/_static/**/*") if path.is_file() and path.suffix in _LOADED]
    mentioned = "\n".join(path.read_text(encoding="utf-8") for path in sorted(site.rglob("*.html")))
    waiting = {path for path in static if path.name not in mentioned}
    while found := {path for path in static if path not in waiting and path.suffix in (".css", ".js")}:
        static = [path for path in static if path not in found]
        mentioned += "\n".join(path.read_text(encoding="utf-8") for path in sorted(found))
        waiting = {path for path in waiting if path.name not in mentioned}
    for path in waiting:
        path.unlink()
    for folder in sorted(site.glob("*/_static/**/"), reverse=True):
        if not any(folder.iterdir()):
            folder.rmdir()


def _swap(new: Path, output: Path) -> None:
    """Let `new` take the place of `output`; `recover` mends a kill between the two renames."""
    old = _beside(output, "old")
    if output.exists():
        output.replace(old)
    try:
        new.replace(output)
    finally:
        recover(output)


def _beside(output: Path, word: str) -> Path:
    return output.with_name(f".{output.name}.{word}")


def _is_ours(folder: Path) -> bool:
    return folder.is_dir() and ((folder / PROVENANCE).is_file() or not any(folder.iterdir()))
