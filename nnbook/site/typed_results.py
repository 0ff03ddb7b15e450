"""Results that somebody typed into the prose, where they stay when a run gives others: shares, decimals, large counts.

Years and other plain numbers are nobody's result; what else a page may state is listed in `_config.yml` under `given`.
"""

import re
from collections.abc import Collection, Iterator

from nnbook.site.book import Book
from nnbook.site.sources import fences, read

_NUMBER = re.compile(
    r"(?<![A-Za-z0-9_.,])(?:\d[\d,]*(?:\.\d+)?\s?[%％]|\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+\.\d+)(?![.]?[A-Za-z0-9_])"
)
# The head, formulas, roles, code, addresses, comments, labels, headings ("M15t4k35" is a joke), directives and options.
_NO_PROSE = re.compile(
    r"\A---\n.*?^---$|\$\$.*?\$\$|\$[^$\n]+\$|\{[\w:-]+\}`[^`]*`|(`+)[^`].*?\1|\]\([^)]*\)|<[^>\n]+>|https?://\S+"
    r"|^%.*?$|^\([\w-]+\)=$|^#.*?$|^[ >]*[`~:]{3,}\{.*?$|^[ >]*:[\w-]+:.*?$",
    re.MULTILINE | re.DOTALL,
)


def typed_results(text: str, given: Collection[str] = ()) -> Iterator[tuple[int, str]]:
    """Line and number of each result in the prose of `text` that nobody but a run can know."""
    lines = text.split("\n")
    for fence in fences(text):
        if fence.verbatim:
            lines[fence.line - 1 : fence.end] = [""] * (fence.end - fence.line + 1)
    prose = _NO_PROSE.sub(lambda match: "\n" * match[0].count("\n"), "\n".join(lines))
    for match in _NUMBER.finditer(prose):
        number = re.sub(r"\s*[%％]", " %", match[0])
        if number not in given:
            yield prose.count("\n", 0, match.start()) + 1, number


def findings(book: Book) -> list[str]:
    """Findings for the pages of the `book`: no reason not to build, but to look."""
    return [
        f"{language}  {book.shown(path)}:{line}: a result is quoted from a run, not typed; got {number}; write "
        "{value}`...`, or list it under `given` in _config.yml"
        for language in book.languages
        for path in book.sources([language])
        for line, number in typed_results(read(path), book.given)
    ]
