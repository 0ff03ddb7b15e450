"""Every file that people write for the book is read here: one that is not what it seems is refused with its line.

What is told of here would otherwise be published in silence, or stop a program far from the cause.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import yaml

from nnbook.site.errors import BuildError

CONFIG = "_config.yml"
VERBATIM = {
    "code-block",
    "code",
    "raw",
    "provenance",
    "literalinclude",
    "tableofcontents",
    "translations",
}  # hold no Markdown
# As Sphinx names what `is_leftover` knows.
LEFTOVERS = [f"{above}{name}{below}" for above in ("", "**/") for name in (".*", "#*", "*~") for below in ("", "/**")]
Fault = tuple[int, str]  # its line, and in three parts what is wrong

_CONFLICT = re.compile(r"^(<{7}|>{7})(?: .*)?$", re.MULTILINE)
_HEAD = re.compile(r"\A---[ \t]*\n(.*?)^(?:---|\.\.\.)[ \t]*$", re.MULTILINE | re.DOTALL)
_OPEN_HEAD = re.compile(r"\A---[ \t]*\n[\w-]+:")
_FENCE = re.compile(r"^[ \t>]*(?:(?:[-*+]|\d+[.)])[ \t]+)?(`{3,}|~{3,}|:{3,})[ \t]*(.*?)[ \t]*$")
_DIRECTIVE = re.compile(r"\{([\w:-]+)\}")
_ENCODINGS = {"cp932": "Shift-JIS (cp932)", "euc_jp": "EUC-JP", "cp1252": "a Western code page (cp1252)"}


def read(path: Path) -> str:
    """The text of a source, with lines that end as on Unix and without a byte order mark.

    Raises:
        BuildError: if the file can't be read, is not UTF-8, holds a NUL, or a conflict of a merge.
    """
    text, faults = _content(path)
    _refuse([(path, fault) for fault in faults])
    return text


def check(pages: Iterable[Path]) -> None:
    """See that `pages` are what they seem.

    Raises:
        BuildError: naming all that are not: what `read` refuses, a broken head, a fence that is never closed.
    """
    _refuse([(path, fault) for path in pages for fault in _page_faults(path)])


def is_leftover(path: Path) -> bool:
    """Whether a file, seen from its book, is an editor's or a system's, such as `.#a.md`, `a.md~` or `.cache/a.md`."""
    return any(part.startswith((".", "#")) or part.endswith("~") for part in path.parts)


def files(folder: Path, pattern: str = "*") -> list[Path]:
    """The sources in a `folder` and the folders in it, in order."""
    found = (path for path in folder.rglob(pattern) if not is_leftover(path.relative_to(folder)))
    return sorted(path for path in found if path.is_file())


def shown(path: Path) -> str:
    """`path` from the root of its book."""
    return place(path).split("  ")[-1]


def place(path: Path) -> str:
    """`path` as people know it: from the root of its book, after the language of a page."""
    root = next((folder for folder in path.parents if (folder / CONFIG).is_file()), None)
    if root is None:
        return str(path)
    parts, shown = path.relative_to(root).parts, path.relative_to(root).as_posix()
    return f"{parts[1]}  {shown}" if path.suffix == ".md" and len(parts) > 2 else shown


def _refuse(faults: list[tuple[Path, Fault]]) -> None:
    if faults:
        findings = [f"{place(path)}:{line}: {message}" for path, (line, message) in faults]
        raise BuildError("Every file of the book must be what it seems.", findings, "Mend what is named:")


def _content(path: Path) -> tuple[str, list[Fault]]:
    """The text of a file, and what is wrong with it."""
    try:
        content = path.read_bytes()
    except OSError as error:
        return "", [(1, f"a source must be a file that can be read; {error.strerror}; put it there or mend its rights")]
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        return "", [(line, f"a source must be in UTF-8; this looks like {_encoding(content)}; save it as UTF-8")]
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    faults = [
        (
            _line(text, match.start()),
            f"a merge must be finished; got the mark {match[1]}; keep one side of it",
        )
        for match in _CONFLICT.finditer(text)
    ]
    if "\0" in text:
        faults.append((_line(text, text.index("\0")), "a source must be text; got a NUL character; delete it"))
    return text, sorted(faults)


def _encoding(content: bytes) -> str:
    """What the `content` of a file that is not UTF-8 seems to be, for people."""
    if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return "UTF-16"
    for name, shown in _ENCODINGS.items():
        try:
            content.decode(name)
        except UnicodeDecodeError:
            continue
        return shown
    return "no text"


def _page_faults(path: Path) -> list[Fault]:
    text, faults = _content(path)
    return faults or [*_head_faults(text), *((fence.line, fence.fault) for fence in fences(text) if fence.fault)]


def _head_faults(text: str) -> Iterator[Fault]:
    """What is wrong with the front matter of a page."""
    rule, remedy = "the head of a page must be YAML between two lines of ---", "mend it"
    head = _HEAD.match(text)
    if head is None:
        if _OPEN_HEAD.match(text):
            yield 1, f"{rule}; the second is missing; write it after the last setting"
        return
    try:
        content = yaml.safe_load(head[1])
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        yield 2 + (mark.line if mark else 0), f"{rule}; {getattr(error, 'problem', None) or error}; {remedy}"
        return
    if content is not None and not isinstance(content, dict):
        yield 2, f"{rule}, names with values; got {type(content).__name__}; {remedy}"


@dataclass(frozen=True)
class Fence:
    """A block between fences.

    Attributes:
        line: where it opens, from 1.
        end: its last line.
        verbatim: whether what is inside is no Markdown.
        fault: why it is not closed, or "".
    """

    line: int
    end: int
    verbatim: bool
    fault: str = ""


def fences(text: str) -> Iterator[Fence]:
    """The blocks between fences, also those in others, in the order of their ends."""
    head = _HEAD.match(text)
    first = _line(text, head.end()) + 1 if head else 1
    lines = text.splitlines()
    opened: list[tuple[int, str, bool]] = []  # line, marks, verbatim

    def unclosed(end: int, why: str) -> Fence:
        line, marks, verbatim = opened.pop()
        fault = f"a fence must be closed; this one {why}; write a line of {marks} where it ends"
        return Fence(line, end, verbatim, fault)

    for number, line in enumerate(lines[first - 1 :], first):
        match = _FENCE.match(line)
        if not match or (match[1][0] == "`" and "`" in match[2]):
            continue
        marks, info = match.groups()
        closes = [level for level, (_, open_marks, _) in enumerate(opened) if marks.startswith(open_marks)]
        if opened and opened[-1][2] and (not closes or (info and closes[-1] < len(opened) - 1)):
            continue  # shown as it is
        if closes:
            while len(opened) > closes[0] + 1:
                yield unclosed(number, f"is open where the one around it ends in line {number}")
            if not info:
                begun, _, verbatim = opened.pop()
                yield Fence(begun, number, verbatim)
                continue
            yield unclosed(number, f"is still open where the next begins in line {number}")
        directive = _DIRECTIVE.match(info)
        verbatim = directive is None or directive[1] in VERBATIM | {"code-cell", "math"}
        opened.append((number, marks, verbatim and not (marks[0] == ":" and directive is None)))
    while opened:
        yield unclosed(len(lines), "is open to the end of the page")


def _line(text: str, position: int) -> int:
    """The number of the line with this `position`."""
    return text.count("\n", 0, position) + 1
