"""The text layer of a PDF: when it is searched or copied from, its letters must be those of the page.

The file knows one letter of each glyph. Where a font draws several letters with one glyph, Chromium takes the first of
them, and in Noto Sans CJK that is the radical ⽬ (U+2F6C) instead of the character 目.
"""

import re
import unicodedata
from collections.abc import Set as AbstractSet
from io import BytesIO
from typing import Any, cast

# A line of a table: a glyph, or the first and the last one of a row, and the letter of the first.
_LINE = re.compile(rb"^<([0-9A-Fa-f]+)> (?:<([0-9A-Fa-f]+)> )?<([0-9A-Fa-f]{4})>$", re.MULTILINE)
# First letters of glyphs in Noto CJK, and the other one where Unicode doesn't count it as the same letter.
_OTHERS = dict(zip("⺟⺠⻄⻑⻘⻨⻩⻫⻭⻯⻲⼾‧∕\u2003", "母民西長青麦黄斉歯竜亀戸・／\u3000", strict=True))


def readable(content: bytes, letters: AbstractSet[str]) -> bytes:
    """The PDF `content` with the `letters` of its document, where it tells of others that look the same.

    What is corrected is written behind the rest, so that every byte stays where it is.
    """
    from pypdf import PdfWriter

    writer = PdfWriter(BytesIO(content), incremental=True)
    resources = [cast("dict[str, Any]", page["/Resources"]) for page in writer.pages]
    fonts = [font.get_object() for one in resources for font in one.get("/Font", {}).values()]
    tables = [font["/ToUnicode"] for font in fonts if "/ToUnicode" in font]
    corrected = False
    for table in tables:
        old = table.get_data()
        new = _LINE.sub(lambda line: _corrected(line, letters), old)
        if new != old:
            table.set_data(new)
            corrected = True
    written = BytesIO(content)
    if corrected:
        writer.write(written)
    return written.getvalue()


def _corrected(line: re.Match[bytes], letters: AbstractSet[str]) -> bytes:
    first, last, letter = line.groups()
    count = int(last, 16) - int(first, 16) + 1 if last else 1
    old = [chr(int(letter, 16) + number) for number in range(count)]
    new = [_letter(one, letters) for one in old]
    if new == old:
        return line[0]
    codes = b" ".join(b"<%b>" % one.encode("utf-16-be").hex().encode() for one in new)
    return b"<%b> <%b> [%b]" % (first, last, codes) if last else b"<%b> %b" % (first, codes)


def _letter(one: str, letters: AbstractSet[str]) -> str:
    """What the document has in the place of `one`: several letters where that is a ligature."""
    other = _OTHERS.get(one) or unicodedata.normalize("NFKC", one)
    return other if one not in letters and letters >= set(other) else one
