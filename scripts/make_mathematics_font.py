"""Make the book's mathematics font: what its formulas need of STIX Two Math. Run it when a test names a glyph.

The source lies in the Python package ziamath, of which nothing else is used: `pip install --no-deps ziamath==0.13`.
Whoever builds the book or reads it needs neither that nor fontTools, which cuts the font.
"""

import hashlib
import re
import string
import unicodedata
from collections.abc import Iterable, Iterator
from html import unescape
from importlib.metadata import distribution
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont

from nnbook.site.extension.mathematics import mathml

ROOT = Path(__file__).parents[1]
FONT = ROOT / "nnbook" / "site" / "theme" / "fonts" / "nnbook-mathematics.woff2"
SOURCE = "ziamath/fonts/STIXTwoMath-Regular.ttf"
SOURCE_DIGEST = "8f42cb183a85043a4dc3f8e41ac3821eb27bf178d68ace929ba439523622323c"
NAME = "nnbook Mathematics"  # STIX Two is a trademark; what has been changed goes by a name of its own
# Glyphs that lie ready, so that most new formulas need no new font.
LETTERS = [*range(0x1D434, 0x1D455), *range(0x1D456, 0x1D468), ord("ℎ")]  # 𝐴 to 𝑧; the hole in the row is ℎ
READY = set(string.digits + string.ascii_lowercase + "RLU" + "+−=<>≤≥≈≠×⋅/∑√∞∈→()[]{}|‖,.:…′⃗ˆ˜¯‾") | set(
    map(chr, LETTERS)
)
ITALIC = {
    chr(int(unicodedata.decomposition(chr(code)).split()[1], 16)): chr(code)
    for code in (*LETTERS, 0x1D6A4, 0x1D6A5, *range(0x1D6E2, 0x1D71C))
}
_CODE = re.compile(r"^```\{code-cell\}.*?^```$|(`+)[^`].*?\1", re.MULTILINE | re.DOTALL)
_FORMULA = re.compile(r"\$\$(.+?)\$\$|(?<![\\$])\$([^$]+)\$", re.DOTALL)
_TOKEN = re.compile(r"<(m[ino])\b([^>]*)>([^<]*)<")


def formulas(root: Path = ROOT) -> Iterator[tuple[str, str]]:
    """Every formula of the book: the name of its file and its LaTeX."""
    for path in sorted((root / "book").glob("*/*.md")):
        text = _CODE.sub("", path.read_text(encoding="utf-8"))
        for match in _FORMULA.finditer(text):
            yield path.relative_to(root).as_posix(), (match[1] or match[2]).strip()


def glyphs(tex: str) -> set[str]:
    """The characters that a browser draws for a formula; words in it are set in the font of the page."""
    found: set[str] = set()
    for tag, attributes, text in _TOKEN.findall(mathml(tex, True)):
        shown = unescape(text)
        alone = tag == "mi" and len(shown) == 1 and "normal" not in attributes
        found |= {ITALIC.get(shown, shown)} if alone else set(shown)
    return {character for character in found if unicodedata.category(character) not in {"Cf", "Mn", "Zs"}} | (
        found & {"\u0302", "\u0303", "\u0332", "\u20d7"}  # marks that formulas set as signs of their own
    )


def make(characters: Iterable[str], source: Path, target: Path) -> None:
    """Write to `target` the part of the font `source` that draws the `characters`, and all that stretches with them."""
    options = subset.Options()
    options.flavor = "woff2"
    options.hinting = False
    options.layout_features = []
    options.name_IDs = [0, 1, 2, 3, 4, 5, 6, 13, 14]
    options.drop_tables += ["DSIG", "GDEF", "GPOS", "GSUB"]
    font = TTFont(source, recalcTimestamp=False)
    _enlarge_primes(font)
    _mend_arrow(font)
    _rename(font)
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=map(ord, characters))
    cutter.subset(font)
    subset.save_font(font, target, options)


def _enlarge_primes(font: TTFont) -> None:
    """Give primes the shape for superscripts, where formulas have them; Chromium does not look for it by itself."""
    features = font["GSUB"].table.FeatureList.FeatureRecord
    lookups = {index for record in features if record.FeatureTag == "ssty" for index in record.Feature.LookupListIndex}
    for lookup in (font["GSUB"].table.LookupList.Lookup[index] for index in lookups):
        for table in lookup.SubTable:
            alternates = getattr(table, "ExtSubTable", table).alternates
            for characters in font["cmap"].tables:
                for code in set(characters.cmap) & set(range(0x2032, 0x2035)):
                    name = characters.cmap[code]
                    characters.cmap[code] = alternates.get(name, [name])[0]


def _mend_arrow(font: TTFont) -> None:
    """Let → grow: its head has the connector on the wrong side, so that Chromium leaves the arrow short."""
    variants = font["MATH"].table.MathVariants
    arrow = variants.HorizGlyphCoverage.glyphs.index(font.getBestCmap()[ord("→")])
    head = variants.HorizGlyphConstruction[arrow].GlyphAssembly.PartRecords[-1]
    head.StartConnectorLength, head.EndConnectorLength = head.EndConnectorLength, head.StartConnectorLength


def _rename(font: TTFont) -> None:
    names = font["name"]
    for entry in list(names.names):
        if entry.nameID in {1, 4}:
            entry.string = NAME
        elif entry.nameID in {3, 6}:
            entry.string = NAME.replace(" ", "")


def main() -> None:
    source = Path(str(distribution("ziamath").locate_file(SOURCE)))
    digest = hashlib.sha256(source.read_bytes()).hexdigest()
    if digest != SOURCE_DIGEST:
        raise SystemExit(f"the source must be the font of ziamath 0.13; {source} has SHA-256 {digest}")
    make(READY.union(*(glyphs(tex) for _, tex in formulas())), source, FONT)
    print(f"{FONT.relative_to(ROOT)}: {FONT.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
