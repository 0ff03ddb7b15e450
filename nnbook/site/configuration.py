"""What Sphinx is told about one language of the book: `_config.yml`, and what follows from the language."""

import hashlib
import os
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from nnbook.localisation import files as catalogues
from nnbook.localisation import text as words
from nnbook.site import assets, sources
from nnbook.site.assets import OURS, THEME
from nnbook.site.book import CONFIG, TOC, Book
from nnbook.site.errors import BuildError

SITE = Path(__file__).parent
PACKAGE = SITE.parent
# jupyter-book loads them: one asks another host for its script; the others do what our theme and extension/folded.py
# do.
_LEFT_OUT = {"sphinx_thebe", "sphinx_togglebutton"}
_OF_OTHER_THEMES = {"sphinx_book_theme", "sphinx_copybutton"}
_PART_OF_CELL = "{type}"  # where myst-nb says what is hidden: source, output(s) or content


@dataclass(frozen=True)
class LanguageBuild:
    """One language to set; it travels to another process.

    Attributes:
        languages: the codes that pages link to.
        cells: the folder of the cells' outputs.
        work: where Sphinx keeps its own state and the pages, kept from build to build.
        record: what pages quote of the provenance.
        base_url: the address of the published site, or "" if it is not known.
        pictured: whether the site has an icon and a card of its own.
        shares: by language and page, how much of it is translated; what is not there is whole.
    """

    book: Book
    language: str
    languages: tuple[str, ...]
    cells: Path
    work: Path
    record: dict[str, Any]
    base_url: str
    pictured: bool
    shares: dict[str, dict[str, float]] = field(default_factory=dict)

    @property
    def ours(self) -> bool:
        """Whether the pages have our theme."""
        return bool(self.book.settings.get("sphinx", {}).get("config", {}).get("html_theme") == OURS)

    @property
    def pages(self) -> Path:
        """Where Sphinx writes the pages."""
        return self.work / "html" / self.language

    @property
    def doctrees(self) -> Path:
        """Where Sphinx keeps what it has read."""
        return self.work / "doctrees" / self.language


def base_url(book: Book) -> str:
    """The address of the published site: NNBOOK_BASE_URL, else html.baseurl in `_config.yml`, else "".

    Raises:
        BuildError: if it is no whole address.
    """
    for place, address in (
        ("NNBOOK_BASE_URL", os.environ.get("NNBOOK_BASE_URL")),
        (f"{CONFIG}: html: baseurl", book.settings.get("html", {}).get("baseurl")),
    ):
        if address:
            parts = urlsplit(address)
            if parts.scheme not in {"http", "https"} or not parts.netloc:
                raise BuildError(
                    "The address of the site must be whole.",
                    [f"{place}: got {address!r}"],
                    "Write it with its scheme, such as https://example.org/book/:",
                )
            return str(address)
    return ""


def edit_folder(book: Book) -> str:
    """Where files are edited on the web page of the code's host, or "": `repository` in `_config.yml` says it."""
    repository = book.settings.get("repository", {})
    url = str(repository.get("url", "")).rstrip("/").removesuffix(".git")
    way = "-/edit" if "gitlab" in url else "edit"
    parts = [url, way, repository.get("branch", "main"), repository.get("path_to_book", "").strip("/")]
    return "/".join(filter(None, parts)) if url else ""


def settings_for(build: LanguageBuild) -> dict[str, Any]:
    """The Sphinx settings of one language.

    Raises:
        BuildError: if `_config.yml` holds what jupyter-book does not know.
    """
    from jsonschema import ValidationError
    from jupyter_book.config import get_final_config

    # Without this setting the function below fails: it takes it out without a default.
    own = {**_own_settings(build), "latex_individualpages": False}
    try:
        settings, _ = get_final_config(user_yaml=dict(build.book.settings), cli_config=own, raise_on_invalid=True)
    except (ValidationError, ValueError) as error:
        message = getattr(error, "message", str(error))
        findings = [f"{CONFIG}: {line.removeprefix('- ')}" for line in message.splitlines()]
        raise BuildError(f"{CONFIG} must hold settings of jupyter-book.", findings, "Mend the setting:") from None
    # As all in _config.yml they are named from its folder, not from that of a language.
    if "bibtex_bibfiles" in settings:
        settings["bibtex_bibfiles"] = [str(build.book.root / name) for name in settings["bibtex_bibfiles"]]
    left_out = _LEFT_OUT
    if build.ours:
        left_out = _LEFT_OUT | _OF_OTHER_THEMES
        settings["html_theme_options"] = {}  # jupyter-book fills in those of its own theme
    settings["extensions"] = [name for name in settings["extensions"] if name not in left_out]
    return settings


def _own_settings(build: LanguageBuild) -> dict[str, Any]:
    """What `_config.yml` can't say since it holds for one language, or since pages depend on it."""
    language = build.language
    style_sheets, scripts, static = assets_for(build)
    reader = {"cells": str(build.cells), "language": language, "pictures": str(build.pages / "_images")}
    return {
        "language": language,
        "external_toc_path": str(build.book.root / TOC),
        "html_title": words("site.title", language),
        "html_baseurl": build.base_url,
        "exclude_patterns": [*build.book.settings.get("exclude_patterns", []), *sources.LEFTOVERS],
        "html_math_renderer": "mathml",
        "html_secnumber_suffix": " ",
        "suppress_warnings": ["myst.domains", "myst.xref_ambiguous"],  # of a label and a term, [](name) is the label
        "numfig_format": {kind: words(f"site.{kind}", language, number="%s") for kind in ("figure", "table")},
        "html_static_path": [str(path) for path in static],
        "html_css_files": style_sheets,
        "html_js_files": scripts,
        "nb_execution_mode": "off",  # they have been run; the reader puts in what they showed
        "nb_custom_formats": {".md": ["nnbook.site.reading.read_page", reader, False]},
        "nb_output_stderr": "remove",
        "nb_code_prompt_show": f"site.show.{_PART_OF_CELL}",  # keys of the catalogue, for extension/folded.py
        "nb_code_prompt_hide": f"site.hide.{_PART_OF_CELL}",
        "nb_render_markdown_format": "myst",  # with formulas, as in a notebook
        "nnbook_record": build.record,
        "nnbook_languages": list(build.languages),
        "nnbook_pictured": build.pictured,
        "nnbook_shares": build.shares,
        "nnbook_repository": build.book.settings.get("repository", {}).get("url", "nnbook"),
        "nnbook_edit": edit_folder(build.book),
        "nnbook_source": build.book.languages[0],
        "nnbook_code": digest(sorted([*SITE.rglob("*.py"), *catalogues().values()])),
        "nnbook_assets": digest([*static, *sorted(THEME.glob("*.*"))], str(build.record.get("versions"))),
    }


def assets_for(build: LanguageBuild) -> tuple[list[str], list[Any], list[Path]]:
    """Style sheets and scripts on every page, and what is copied for them.

    Scripts wait until the page has been read, so that they hold up nothing; what figures answer with comes later. Style
    sheets that lie in the book's `_static` itself are part of the one for all pages; those in folders of it are not.
    """
    folder = build.book.root / "book" / "_static"
    from_book = sources.files(folder)
    joined = [path for path in from_book if path.suffix == ".css" and path.parent == folder]
    written = assets.write(build.work / "assets" / build.language, joined, build.ours)
    own = [*sorted((THEME / "fonts").iterdir()), *written]
    names = [path.relative_to(folder).as_posix() for path in from_book if path not in joined]
    styles = [assets.STYLE, *(name for name in names if name.endswith(".css"))]
    scripts = [assets.SCRIPT, *(name for name in names if name.endswith(".js"))]
    return styles, [(name, {"defer": "defer"}) for name in scripts], [*own, *([folder] if from_book else [])]


def digest(paths: Iterable[Path], text: str = "") -> str:
    """A digest of a text, of the content of files, and of all files in folders."""
    found = hashlib.sha256(text.encode())
    for path in paths:
        files = sorted(file for file in path.rglob("*") if file.is_file()) if path.is_dir() else [path]
        for file in files:
            found.update(f"{file.name}\0".encode() + file.read_bytes() + b"\0")
    return found.hexdigest()
