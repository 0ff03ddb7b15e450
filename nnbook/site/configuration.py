"""What Sphinx is told about one language of the book: `_config.yml`, and what follows from the language."""

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nnbook.figures.kit import bundle
from nnbook.localisation import files as catalogues
from nnbook.localisation import text as words
from nnbook.site import page_scripts
from nnbook.site.book import CONFIG, TOC, Book
from nnbook.site.errors import BuildError

SITE = Path(__file__).parent
PACKAGE = SITE.parent
# Loaded by jupyter-book for a button that runs cells on a server, which would ask another host for its script; and for
# what is folded, see extension/folded.py.
_LEFT_OUT = {"sphinx_thebe", "sphinx_togglebutton"}
_PART_OF_CELL = "{type}"  # where myst-nb says what is hidden: source, output(s) or content
_OF_SEARCH = "search.css"  # loaded by scripts/search.js


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
    """

    book: Book
    language: str
    languages: tuple[str, ...]
    cells: Path
    work: Path
    record: dict[str, Any]
    base_url: str
    pictured: bool

    @property
    def pages(self) -> Path:
        """Where Sphinx writes the pages."""
        return self.work / "html" / self.language

    @property
    def locale(self) -> Path:
        """Where Sphinx finds our translations of the theme's words, and writes the compiled form."""
        return self.work / "locale" / self.language

    @property
    def doctrees(self) -> Path:
        """Where Sphinx keeps what it has read."""
        return self.work / "doctrees" / self.language


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
    settings["extensions"] = [name for name in settings["extensions"] if name not in _LEFT_OUT]
    return settings


def _own_settings(build: LanguageBuild) -> dict[str, Any]:
    """What `_config.yml` can't say since it holds for one language, or since pages depend on it."""
    language = build.language
    style_sheets, scripts, static = _assets(build)
    return {
        "language": language,
        "locale_dirs": [str(build.locale)],
        "external_toc_path": str(build.book.root / TOC),
        "html_title": words("site.title", language),
        "html_baseurl": build.base_url,
        "html_math_renderer": "mathml",
        "html_static_path": [str(path) for path in static],
        "html_css_files": style_sheets,
        "html_js_files": scripts,
        "nb_execution_mode": "off",  # they have been run; the reader puts in what they showed
        "nb_custom_formats": {".md": ["nnbook.site.reading.read_page", _reader_options(build), False]},
        "nb_output_stderr": "remove",
        "nb_code_prompt_show": f"site.show.{_PART_OF_CELL}",  # keys of the catalogue, for extension/folded.py
        "nb_code_prompt_hide": f"site.hide.{_PART_OF_CELL}",
        "nb_render_markdown_format": "myst",  # with formulas, as in a notebook
        "nnbook_record": build.record,
        "nnbook_languages": list(build.languages),
        "nnbook_pictured": build.pictured,
        "nnbook_code": _digest(sorted([*SITE.rglob("*.py"), *catalogues().values()])),
        "nnbook_assets": _digest([*static, *sorted(SITE.glob("templates/**/*.*"))], str(build.record.get("versions"))),
    }


def _reader_options(build: LanguageBuild) -> dict[str, str]:
    return {"cells": str(build.cells), "language": build.language, "pictures": str(build.pages / "_images")}


def _assets(build: LanguageBuild) -> tuple[list[str], list[Any], list[Path]]:
    """Style sheets and scripts on every page, and what is copied for them; the book's own style comes last.

    Scripts wait until the page has been read, so that they hold up nothing; what figures answer with comes later.
    """
    own = [
        *SITE.glob("static/*"),
        *page_scripts.write(build.work / "assets" / build.language),
    ]
    from_package = sorted(own, key=lambda path: path.name)
    folder = build.book.root / "book" / "_static"
    from_book = sorted(path for path in folder.rglob("*") if path.is_file()) if folder.is_dir() else []
    names = [*(path.name for path in from_package), *(path.relative_to(folder).as_posix() for path in from_book)]
    at_once = [name for name in names if name not in (*bundle.files(), _OF_SEARCH)]
    style_sheets = [name for name in at_once if name.endswith(".css")]
    scripts = [(name, {"defer": "defer"}) for name in at_once if name.endswith(".js")]
    return style_sheets, scripts, [*from_package, *([folder] if from_book else [])]


def _digest(paths: list[Path], text: str = "") -> str:
    """A digest of a text, of the content of files, and of all files in folders."""
    digest = hashlib.sha256(text.encode())
    for path in paths:
        files = sorted(file for file in path.rglob("*") if file.is_file()) if path.is_dir() else [path]
        for file in files:
            digest.update(f"{file.name}\0".encode() + file.read_bytes() + b"\0")
    return digest.hexdigest()
