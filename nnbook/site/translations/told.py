"""What the desk says: how far a language is, and block by block what has changed in the source."""

import re
from collections.abc import Iterable, Iterator, Sequence
from difflib import SequenceMatcher
from typing import Any

from nnbook.site import sources
from nnbook.site.book import Book
from nnbook.site.translations import standing
from nnbook.site.translations.blocks import Block
from nnbook.site.translations.desk import Translated, reader_of, translated
from nnbook.site.translations.history import History
from nnbook.site.translations.standing import Standing

_NOT_WORDS = re.compile(  # of which a part can't be marked
    r"\{[\w:-]+\}`[^`]*`|\$[^$]*\$|`[^`]*`|\]\([^)]*\)|\[\^[^\]]*\]|<[^>]*>|https?://\S+|^\s*(?:\d+[.)]|:[\w-]+:.*|[`~:]{3,}.*)",
    re.MULTILINE,
)
_WORD = re.compile(r"\s+|\w+|[^\w\s]")


def counts(pages: Iterable[Translated]) -> list[dict[str, Any]]:
    """By page how many blocks there are of each state, and where those are that want work; as JSON."""
    return [
        {
            "language": page.language,
            "page": page.page,
            "title": _title(page),
            "file": sources.shown(page.path),
            **standing.counts(page.standings),
            "open": [_as_json(found, page) for found in page.standings if found.state not in _AT_REST],
        }
        for page in pages
    ]


def _title(page: Translated) -> str:
    """What the page calls itself, in the source language if it has not been translated; of the catalogue its name."""
    headings = (block.text for block in (*page.blocks, *page.source_blocks) if block.kind == "heading")
    return next(headings, page.page).strip("#\n ")


_AT_REST = (standing.CURRENT, standing.OWN)


def _as_json(found: Standing, page: Translated) -> dict[str, Any]:
    source = f"{sources.shown(page.source)}:{found.source[0].line}" if found.source else None
    return {"line": found.line, "kind": found.kind, "state": found.state, "source": source}


def changes(page: Translated) -> Iterator[str]:
    """For each block that is behind: what the source said, what it says now, and the translation as it stands."""
    history = History(page.source, reader_of(page))
    for found in standing.behind(page.standings):
        place = f"{sources.place(page.path)}:{found.line}: {found.kind}, {found.state}"
        yield f"{place}, see {sources.shown(page.source)}:{found.source[0].line}" if found.source else place
        before = [history.said(digest) for digest in found.was]
        old, new = _said(block for block in before if block), _said(found.source)
        if not old:
            yield "what the source said before is not in the history of git that is here; it says now:"
        yield marked(old, new) if old else new
        yield f"--- {page.language}\n{_said(found.translation)}"


def notes(book: Book, page: str) -> Iterator[str]:
    """For who is writing a page: a line for each block that is behind, in all languages, and one for what they lack."""
    parts = (part for language in book.languages[1:] for part in translated(book, language) if part.page == page)
    for part in parts:
        place, see = sources.place(part.path), f"see `nnbook translations diff {part.language} {page}`"
        for found in standing.behind(part.standings):
            yield f"{place}:{found.line}: {found.kind}: the source has changed since; {see}"
        if waiting := [found for found in part.standings if found.state == standing.UNTRANSLATED]:
            kinds = f"{len(waiting)} not translated yet, the first is a {waiting[0].kind}"
            yield f"{place}:{waiting[0].line}: {kinds}; that of the source is shown"


def marked(old: str, new: str) -> str:
    """`new` with what has changed since `old`: [-gone-] and {+come+}, word by word."""
    before, now = _WORD.findall(old), _WORD.findall(new)
    written = []
    for change, start, stop, other, others in SequenceMatcher(None, before, now, autojunk=False).get_opcodes():
        if change == "equal":
            written += before[start:stop]
        else:
            gone, come = "".join(before[start:stop]), "".join(now[other:others])
            written += [f"[-{gone}-]" if gone else "", f"{{+{come}+}}" if come else ""]
    return "".join(written)


def with_changes(old: str, new: str, begin: str, end: str) -> str:
    """`new` with the words that are not in `old` between `begin` and `end`; names and formulas stay as they are."""
    kept = [span.span() for span in _NOT_WORDS.finditer(new)]
    words = [
        match.span()
        for match in re.finditer(r"\w+", new)
        if not any(a < match.end() and match.start() < b for a, b in kept)
    ]
    before = re.findall(r"\w+", old)
    steps = SequenceMatcher(None, before, [new[slice(*span)] for span in words], autojunk=False).get_opcodes()
    for change, _, _, start, stop in reversed(steps):
        if change in ("insert", "replace"):
            for a, b in reversed(words[start:stop]):
                new = f"{new[:a]}{begin}{new[a:b]}{end}{new[b:]}"
    return new


def _said(blocks: Iterable[Block]) -> str:
    return "\n\n".join(block.text.strip("\n") for block in blocks)


def summary(rows: Sequence[dict[str, Any]]) -> dict[str, int]:
    """How many blocks there are of each state in all `rows`."""
    return {state: sum(row[state] for row in rows) for state in standing.STATES}
