"""What every figure is: a piece of HTML in each language, with the facts that it shows.

A figure is drawn from arrays. Its words come from the catalogue, so the same figure can be asked for in any
language; its facts (numbers and class keys, no words) are the same in all of them and travel in the markup, so that
the prose can quote what the picture shows and never something else.
"""

import json
import os
from collections.abc import Callable, Mapping
from html import escape
from pathlib import Path

from nnbook.figures.kit import bundle, saving
from nnbook.localisation import current_language


class Figure:
    """A finished figure: shown as the last line of a notebook cell, or placed on a page by the build.

    Args:
        kind: the figure function's name; becomes the class `nnb-<kind>` of the element.
        render: gives the inner HTML for a language code.
        facts: what the figure shows, as plain numbers, strings (class keys), lists and mappings.
    """

    def __init__(self, kind: str, render: Callable[[str], str], facts: Mapping[str, object]) -> None:
        self.kind = kind
        self.facts = dict(facts)
        self._render = render
        self.static: Figure = self  # what is shown without scripts

    def html(self, language: str) -> str:
        """The figure as one HTML element with the words of `language`."""
        facts = json.dumps(self.facts, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
        return f'<div class="nnb nnb-{self.kind}" data-facts="{escape(facts)}">{self._render(language)}</div>'

    def _repr_html_(self) -> str:
        """What a notebook shows: one language; during the build of the book, all of them at once.

        The build names its languages in `NNBOOK_LANGUAGES`, so that a cell runs once and serves every page.
        """
        book_languages = os.environ.get("NNBOOK_LANGUAGES", "")
        if not book_languages:
            return self.alone(current_language())
        return f"<style data-nnbook>{self.style()}</style>" + "".join(
            f"<!--nnbook:{code}-->{self.html(code)}<!--/nnbook:{code}-->" for code in book_languages.split(",")
        )

    def save(self, path: str | Path, language: str | None = None) -> Path:
        """Write the figure to a file of its own, and give the file's path.

        Args:
            path: ends with .html: a page that needs no other file; .svg: if the figure is a drawing; .png: if it is
                one picture.
            language: of its words; the one that a notebook shows when left out.

        Raises:
            ValueError: if the figure can't be such a file.
        """
        path, language = Path(path), language or current_language()
        if path.suffix not in (".html", ".svg", ".png"):
            raise ValueError(
                f"a figure is saved as .html, .svg or .png; got {path.name!r}; choose one of these endings"
            )
        if path.suffix == ".svg":
            contents = saving.drawing(self.kind, self.static.html(language), bundle.static_style())
        elif path.suffix == ".png":
            contents = saving.picture(self.kind, self.static.html(language))
        else:
            contents = saving.page(language, self.kind, self.alone(language))
        path.write_bytes(contents)
        return path

    def alone(self, language: str) -> str:
        """The figure with all that it needs outside of the book."""
        return f"<style data-nnbook>{self.style()}</style>{self.html(language)}"

    def style(self) -> str:
        """The style sheet that the figure needs in a notebook; the pages of the book link to it."""
        return bundle.static_style()

    def __repr__(self) -> str:
        return f"<nnbook figure {self.kind}: {', '.join(sorted(self.facts))}>"
