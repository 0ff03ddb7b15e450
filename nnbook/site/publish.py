"""Join the languages to one site and put it in place, whole or not at all."""

import json
import re
import shutil
from collections.abc import Mapping, Sequence
from html import escape
from pathlib import Path
from string import Template
from typing import Any

from nnbook.localisation import text as words
from nnbook.site import search, take_along
from nnbook.site.errors import BuildError
from nnbook.site.finish import finish

SITE = Path(__file__).parent
PROVENANCE = "provenance.json"
_FILE = re.compile(r"((?:_images|_data)/[\w.-]+)")
# Sphinx's own state, and files that pages never ask for; pages and pictures are chosen one by one.
_NOT_PUBLISHED = shutil.ignore_patterns(
    ".buildinfo*",
    "objects.inv",
    "*.map",
    "*.LICENSE.txt",
    "locales",
    "fontawesome.js",
    "_images",
    "_data",
    "*.html",
    "_sources",
    *search.NOT_PUBLISHED,
    take_along.NOTEBOOKS,
)


def join(
    pages: Mapping[str, Path],
    names: Sequence[str],
    provenance: Mapping[str, Any],
    output: Path,
    base_url: str,
    work: Path,
    files: Mapping[str, Sequence[Path]],
    github: str,
) -> None:
    """Put the pages of all languages, the page above them and the record in place as the folder `output`.

    Args:
        pages: by language code, the folder in which Sphinx wrote.
        names: the pages of the book, without suffix; others that lie there from earlier builds are left out.
        base_url: the address of the published site, or "".
        work: what is costly to make and has been made before is kept here.
        files: by language code, the files of the whole book; pages link to them.
        github: where on GitHub the notebooks are published, or ""; see `nnbook.site.take_along`.

    Raises:
        BuildError: if `output` holds something else than a site of ours; it is left as it is.
    """
    recover(output)
    if output.exists() and not _is_ours(output):
        raise BuildError(
            "A site must be written to a new or empty folder, or over an older site of the book.",
            [f"{output}: holds other files"],
            "Choose another folder with --output:",
        )
    new = _beside(output, "new")
    shutil.rmtree(new, ignore_errors=True)
    for language, folder in pages.items():
        _copy_language(folder, new / language, names)
        take_along.add(new / language, folder, names, files.get(language, ()), github)
    search.write_index(pages, names, new / search.FOLDER)
    (new / "index.html").write_text(root_page(tuple(pages), base_url), encoding="utf-8", newline="\n")
    (new / ".nojekyll").touch()  # GitHub Pages would leave out folders that start with an underscore
    (new / PROVENANCE).write_text(
        json.dumps(provenance, ensure_ascii=False, indent=1) + "\n", encoding="utf-8", newline="\n"
    )
    finish(new, work / "finish")
    _swap(new, output)


def recover(output: Path) -> None:
    """Bring back the site of a build that was killed between moving the old one away and putting the new one there."""
    old = _beside(output, "old")
    if old.exists():
        if output.exists():
            shutil.rmtree(old)
        else:
            old.replace(output)


def root_page(languages: Sequence[str], base_url: str) -> str:
    """The page above the languages: goes to the reader's, and holds a plain link to each."""
    base = f"{base_url.rstrip('/')}/" if base_url else ""
    alternates = [
        *(f'<link rel="alternate" hreflang="{code}" href="{escape(base)}{code}/index.html">' for code in languages),
        f'<link rel="alternate" hreflang="x-default" href="{escape(base) or "index.html"}">',
    ]
    links = [
        f'<a href="{code}/index.html" lang="{code}" hreflang="{code}">{words("site.language_name", code)}</a>'
        for code in languages
    ]
    return Template((SITE / "templates" / "root.html").read_text(encoding="utf-8")).substitute(
        source=languages[0],
        title=escape(words("site.title", languages[0])),
        description=escape(words("site.description", languages[0])),
        alternates="\n".join(alternates),
        languages=json.dumps(list(languages)),
        links="\n".join(links),
    )


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
    for name in sorted(set(_FILE.findall(file.read_text(encoding="utf-8")))):
        if not (target / name).exists():
            (target / name).parent.mkdir(exist_ok=True)
            shutil.copyfile(source / name, target / name)
            if name.endswith(".js"):
                _copy_files(source / name, source, target)


def _swap(new: Path, output: Path) -> None:
    """Let `new` take the place of `output`; `recover` mends a kill between the two renames."""
    old = _beside(output, "old")
    if output.exists():
        output.replace(old)
    new.replace(output)
    shutil.rmtree(old, ignore_errors=True)


def _beside(output: Path, word: str) -> Path:
    return output.with_name(f".{output.name}.{word}")


def _is_ours(folder: Path) -> bool:
    return (folder / PROVENANCE).is_file() or not any(folder.iterdir())
