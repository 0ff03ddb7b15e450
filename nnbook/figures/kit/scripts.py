"""Scripts as a page gets them: few files, minified beforehand, so that whoever builds the book needs Python alone.

The sources keep to one rule that makes packing them safe without a parser: what starts a line and looks like a comment
has its lines to itself, and no text in back quotes runs over a line.
"""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Scripts:
    """Scripts that are published together, and where their minified form is kept.

    Attributes:
        sources: by the name of a published file, the scripts that it holds, in the order in which they run.
        kept: the minified form, which scripts/minify.py makes: a line for the stamp, and one for each published file.
    """

    sources: Callable[[], Mapping[str, Sequence[Path]]]
    kept: Path

    def readable(self) -> dict[str, str]:
        """By file name, the scripts, each in a function of its own, without comments and indentation."""
        return {
            name: "".join(f"(()=>{{\n{packed(path.read_text(encoding='utf-8'))}}})();\n" for path in paths)
            for name, paths in self.sources().items()
        }

    def published(self) -> dict[str, str]:
        """By file name, the scripts as pages get them: minified, or as they are if they have changed since then."""
        readable = self.readable()
        head, *minified = self.kept.read_text(encoding="utf-8").splitlines()
        return dict(zip(readable, minified, strict=True)) if head == stamp(readable) else readable


def stamp(readable: Mapping[str, str]) -> str:
    """The first line of minified scripts: from which `readable` scripts they were made."""
    return f"// made by scripts/minify.py from {hashlib.sha256(''.join(readable.values()).encode()).hexdigest()}"


def packed(source: str) -> str:
    """The `source` of a script or a style sheet without the lines of its comments and without indentation."""
    lines, comment = [], False
    for line in map(str.strip, source.splitlines()):
        comment = comment or line.startswith("/*")
        if not comment and line and not line.startswith("//"):
            lines.append(line)
        if comment and line.endswith("*/"):
            comment = False
    return "\n".join(lines) + "\n"
