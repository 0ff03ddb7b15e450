"""The search index: every section of the book, in every language, for a search that runs in the reader's browser.

Pagefind makes the index and searches it, piece by piece as it is needed. A Japanese text has no spaces between words;
here each of its characters is a word of its own. What a reader types is then found wherever it stands, also inside a
longer word, by looking for its characters in a row (`find.js`), and no dictionary has to be the same at both ends.
"""

import gzip
import json
import re
import shutil
import subprocess
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from html import escape
from pathlib import Path
from posixpath import dirname, join, normpath
from typing import Any

from nnbook.localisation import synonyms
from nnbook.site.errors import BuildError
from nnbook.site.extension.sections import SUFFIX
from nnbook.site.translations.terms import pattern

FOLDER = "pagefind"
_ENGINE = Path(__file__).parent / "find.js"
# The source of the index, and what Sphinx brings for a search of its own.
NOT_PUBLISHED = (f"*{SUFFIX}", "searchtools.js", "language_data.js", "*-stemmer.js")
# Pagefind also writes interfaces of its own, which no page uses.
_USED = ("pagefind.js", "pagefind-entry.json", "*.pf_meta", "wasm.*.pagefind", "index", "fragment")
_WIDE = re.compile("([\u3000-\u30ff\u3400-\u9fff\uf900-\ufaff\uff00-\uffef])")
# Words that a reader may misspell or inflect.
_WORD = re.compile(r"[A-Za-z\u00c0-\u024f]{2,}|[ァ-ヺー]{3,}")
# Comments and indents, which the script's readers here need, and the browser does not.
_SPARE = re.compile(r"^\s*//.*\n|^\s+", re.MULTILINE)
_BEGIN, _END = "\ue000", "\ue001"  # around what weighs more; no text of a book has these
_WEIGHED = '<b data-pagefind-weight="4">'
_SECTION = """<!doctype html><html lang="{language}"><head>
<meta data-pagefind-meta="address[content]" content="{address}">
<meta data-pagefind-meta="page[content]" content="{page}">
<meta data-pagefind-meta="title[content]" content="{title}">
<meta data-pagefind-meta="words[content]" content="{words}">
</head><body data-pagefind-body><h2>{heading}</h2>{text}</body></html>
"""


def write_index(pages: Mapping[str, Path], names: Sequence[str], target: Path) -> None:
    """Write the index of a site, with the script that searches it, into the new folder `target`.

    Args:
        pages: by language code, the folder in which Sphinx wrote, with the text of each page's sections.
        names: the pages of the book, without suffix.

    Raises:
        BuildError: if Pagefind can't be run or fails.
    """
    target.mkdir(parents=True)
    with tempfile.TemporaryDirectory() as folder:
        source, made = Path(folder, "sections"), Path(folder, "made")
        for language, written in pages.items():
            found = [(name, section) for name in names for section in _sections(written / f"{name}{SUFFIX}")]
            terms = _terms(found)
            for number, (name, section) in enumerate(found):
                path = source / language / f"{number}.html"
                path.parent.mkdir(parents=True, exist_ok=True)
                address = f"{name}.html#{section['id']}"
                path.write_text(_page(section, address, language, terms.get(address, ())), encoding="utf-8")
            vocabulary = _vocabulary(text for _, section in found for text in (section["title"], *section["blocks"]))
            others = _by_other([synonyms(language), *(section["synonyms"] for _, section in found)])
            known = json.dumps({"words": vocabulary, "synonyms": others}, ensure_ascii=False)
            (target / f"{language}.words").write_bytes(gzip.compress(known.encode(), mtime=0))
        _run_pagefind(source, made)
        for pattern in _USED:
            for path in made.glob(pattern):
                shutil.move(path, target)
    entry = target / "pagefind-entry.json"
    entry.write_text(json.dumps(json.loads(entry.read_text(encoding="utf-8")), sort_keys=True), encoding="utf-8")
    script = _SPARE.sub("", _ENGINE.read_text(encoding="utf-8"))
    (target / _ENGINE.name).write_text(script, encoding="utf-8", newline="\n")


def _sections(path: Path) -> Iterator[dict[str, Any]]:
    """The sections of one page, each with the title of the page."""
    found = json.loads(path.read_text(encoding="utf-8"))
    for section in found:
        yield {**section, "page": found[0]["title"]}


def _terms(found: Sequence[tuple[str, dict[str, Any]]]) -> dict[str, list[str]]:
    """By address the terms of the book that the section there explains.

    A term with another one in it, as in "batch normalisation", is rare enough to be found, and no place to learn of the
    other one.
    """
    known = {term for _, section in found for term in section["explained"]}
    terms: dict[str, list[str]] = {}
    for page, section in found:
        for term, links in section["explained"].items():
            if not any(other in term for other in known - {term}):
                for link in links:
                    terms.setdefault(normpath(join(dirname(page), link)), []).append(term)
    return terms


def _page(section: dict[str, Any], address: str, language: str, terms: Sequence[str]) -> str:
    """A page for Pagefind that holds one section; `words` is how many its title has there.

    The `terms` that it explains weigh more than other words: whoever looks for one wants to know what it is.
    """
    heading = spaced(section["title"])
    known = re.compile("|".join(map(pattern, terms)), re.IGNORECASE) if terms else None
    text = "".join(f"<p>{_weighed(_ended(block), known)}</p>" for block in section["blocks"])
    return _SECTION.format(
        language=language,
        address=escape(f"{language}/{address}"),
        page=escape(section["page"]),
        title=escape(section["title"]),
        words=len(heading.split()),
        heading=escape(heading),
        text=text,
    )


def _weighed(block: str, known: re.Pattern[str] | None) -> str:
    """The markup of a block in which what is `known` weighs more."""
    marked = known.sub(f"{_BEGIN}\\g<0>{_END}", block) if known else block
    return escape(spaced(marked)).replace(_BEGIN, _WEIGHED).replace(_END, "</b>")


def _ended(block: str) -> str:
    """A Japanese block with a full stop at its end, where Pagefind would set a Latin one."""
    return f"{block}。" if _WIDE.match(block[-1]) and block[-1].isalnum() else block


def spaced(text: str) -> str:
    """`text` with a space on both sides of each Chinese or Japanese character."""
    return " ".join(_WIDE.sub(r" \1 ", text).split())


def _vocabulary(texts: Iterator[str]) -> list[str]:
    """The words of `texts`, the most frequent first."""
    counts = Counter(word.lower() for text in texts for word in _WORD.findall(text))
    return sorted(counts, key=lambda word: (-counts[word], word))


def _by_other(synonyms: Iterable[Mapping[str, Sequence[str]]]) -> dict[str, list[str]]:
    """By another word for a thing the words that the book has for it."""
    found: dict[str, list[str]] = {}
    for word, same in (entry for some in synonyms for entry in some.items()):
        for other in same:
            found.setdefault(other, []).append(word)
    return found


def _run_pagefind(source: Path, made: Path) -> None:
    from pagefind_bin import get_executable

    command = [str(get_executable()), "--silent", "--site", str(source), "--output-path", str(made)]
    try:
        run = subprocess.run(command, capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL)
        said = [] if run.returncode == 0 else [*run.stderr.splitlines()[-3:], f"it ended with code {run.returncode}"]
    except OSError as error:
        said = [str(error)]
    if said:
        raise BuildError(
            "Pagefind must make the search index.",
            [f"pagefind: {line}" for line in said],
            "Make room in TMPDIR, or install the package pagefind-bin for this system, as in requirements.lock:",
        )
