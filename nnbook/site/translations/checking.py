"""What is wrong with a translation, as far as it can be told without building it: block by block, and word by word.

`differences` is what keeps a block from being accepted. Lost blocks, words, numbers and style are told of besides.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from nnbook.site import parity, sources
from nnbook.site.parity import Prose
from nnbook.site.translations import amounts, standing, style, terms
from nnbook.site.translations.blocks import Block
from nnbook.site.translations.standing import Standing
from nnbook.site.translations.terms import Wrong

if TYPE_CHECKING:
    from nnbook.site.translations.desk import Translated

_SHOWN = 40  # letters of a block that is named
_FREE = {"field", "heading_open"}  # where a number may be part of a play on words, or of another language


def findings(page: "Translated", avoided: tuple[Wrong, ...]) -> list[str]:
    """What there is to mend in a page or a catalogue, in the order of its lines.

    Args:
        avoided: what the language does not say.
    """
    place = sources.place(page.path)
    if not page.path.is_file():
        return [f"{place}:1: missing: the page; copy {page.shown_source} there, and translate it"]
    prose, found = page.content_of(page.blocks).prose, list[tuple[int, str]]()
    if page.path != page.source:  # else it is the source itself, of which only the words are looked at
        found = [finding for one in page.standings for finding in _of_block(page, one)]
        copied = [one.translation for one in page.standings if one.state == standing.UNTRANSLATED]
        english = {id(said) for blocks in copied for said in page.content_of(blocks).prose}
        prose = [said for said in prose if id(said) not in english]
    text = sources.read(page.path).splitlines()
    found += [finding for said in prose for finding in _of_words(said, page.language, avoided, text)]
    return [f"{place}:{line}: {cause}" for line, cause in sorted(found)]


def differences(page: "Translated", found: Standing) -> list[tuple[int, str]]:
    """What blocks that belong together do not share although all languages do, each with its line."""
    if not found.source or not found.translation:
        return []
    sides = found.source, found.translation
    original, translated = (page.content_of(blocks).marks for blocks in sides)
    first, other = (blocks[0].line for blocks in sides)
    return list(parity.compare(original, translated, page.shown_source, (first, other)))


def _of_block(page: "Translated", found: Standing) -> Iterator[tuple[int, str]]:
    """What is wrong with one standing; what is known to be behind is not told of a second time."""
    source = page.shown_source
    if found.state == standing.UNTRANSLATED and not found.translation:
        there = f"{source}:{found.source[0].line}"
        yield found.line, f"missing: {_named(found.source[0])}, see {there}; translate it here"
    elif found.state == standing.EXTRA:
        says = "delete it, or make it a note with `:class: translation` or accept it as this language's own"
        yield found.line, f"not in {source}: {_named(found.translation[0])}; {says}"
    elif found.state == standing.CURRENT:
        yield from differences(page, found)
        yield from _numbers(page, found)


def _numbers(page: "Translated", found: Standing) -> Iterator[tuple[int, str]]:
    sides = found.source, found.translation
    said, others = (
        "\n".join(said.text for said in page.content_of(blocks).prose if said.kind not in _FREE) for blocks in sides
    )
    for number, other in amounts.exchanged(said, others, page.source_language, page.language):
        there = f"{page.shown_source}:{found.source[0].line}"
        yield found.line, f"a number is the same in every language; got {other} for {number}, see {there}; mend it"


def _of_words(said: Prose, language: str, avoided: tuple[Wrong, ...], lines: list[str]) -> Iterator[tuple[int, str]]:
    """What is wrong with the words themselves, among the `lines` of their file."""
    if said.kind == "field":  # of a glossary, which names what is wrong
        return
    causes = [
        (at, f"a thing has one name; got {wrong.form!r}{wrong.why and f' ({wrong.why})'}; write {wrong.term!r}")
        for at, wrong in terms.uses(said.text, avoided)
    ]
    after = "\n".join(lines[said.line + said.text.count("\n") :][:3]).lstrip("\n")
    for at, cause in (*causes, *style.mistakes(said, language, after)):
        yield said.line + said.text.count("\n", 0, at), cause


def _named(block: Block) -> str:
    said = " ".join(block.text.split())
    return f"{block.kind} {said[:_SHOWN]!r}{' ...' if len(said) > _SHOWN else ''}"
