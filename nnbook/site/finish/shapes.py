"""What stands where on the pages: their elements as one tree, in which those that no selector tells apart are one."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from html import unescape

TOKEN = re.compile(
    r"<!--.*?-->"
    r"""|<(script|style|textarea|title)\b((?:[^"'>]|"[^"]*"|'[^']*')*)>.*?</\1\s*>"""
    r"""|<(/?)([a-zA-Z][\w:-]*)((?:[^"'>]|"[^"]*"|'[^']*')*)>""",
    re.DOTALL,
)
_ATTRIBUTE = re.compile(r"""([^\s"'=<>/]+)(?:\s*=\s*("[^"]*"|'[^']*'|[^\s"'>]+))?""")
VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
_FOREIGN = {"svg", "math"}
# Elements whose end tag may be left out, and what ends them.
_ENDED_BY = {
    "p": {"p", "div", "ul", "ol", "dl", "table", "pre", "figure", "section", "blockquote", "h1", "h2", "h3", "h4"},
    "li": {"li"},
    "dt": {"dt", "dd"},
    "dd": {"dt", "dd"},
    "tr": {"tr", "tbody", "tfoot"},
    "td": {"td", "th", "tr", "tbody", "tfoot"},
    "th": {"td", "th", "tr", "tbody", "tfoot"},
    "thead": {"tbody", "tfoot"},
    "tbody": {"tbody", "tfoot"},
    "option": {"option"},
}
# A drawer borrows the content and the classes of the sidebar; see `move` in scripts/shell.js.
_BORROWS = re.compile(r"(pst-\w+-sidebar)-modal")
_WORD = re.compile(r"[A-Za-z][\w-]{0,23}")


def attributes(text: str) -> dict[str, str]:
    """The attributes in the `text` of a tag; one without a value has an empty one."""
    return {name.lower(): unescape(value.strip("\"'")) for name, value in _ATTRIBUTE.findall(text)}


@dataclass(frozen=True)
class Look:
    """What a selector can tell of an element by itself; an attribute whose value is no single word has None."""

    element: str
    id: str = ""
    classes: frozenset[str] = frozenset()
    attributes: tuple[tuple[str, str | None], ...] = ()


@dataclass(eq=False)
class Shape:
    """All elements that look the same in the same place: what is in them, and what stands before them."""

    look: Look
    parent: "Shape | None" = None
    inner: dict[Look, "Shape"] = field(default_factory=dict)
    before: set["Shape"] = field(default_factory=set)


def tree(texts: Iterable[str]) -> Shape:
    """The shapes of all pages: the root stands for the document."""
    root = Shape(Look(""))
    for text in texts:
        _read(text, root)
    _fill_drawers(root)
    return root


def every(shape: Shape) -> list[Shape]:
    """All shapes in a `shape`, each after that which holds it."""
    shapes = [*shape.inner.values()]
    for inner in shapes:
        shapes.extend(inner.inner.values())
    return shapes


def outline(root: Shape) -> str:
    """The whole tree as a text: the same for pages of which only the words differ."""
    number = {shape: at for at, shape in enumerate(every(root))}
    number[root] = -1

    def line(shape: Shape) -> str:
        look = shape.look
        before = sorted(number[other] for other in shape.before)
        return repr(
            [look.element, look.id, sorted(look.classes), look.attributes, number[shape.parent or root], before]
        )

    return "\n".join(line(shape) for shape in number)


def _read(text: str, root: Shape) -> None:
    """Add the elements of a page to the tree."""
    open_ones: list[tuple[Shape, set[Shape]]] = [(root, set())]  # each with the shapes of its children so far
    foreign = 0  # how many of them there are when a drawing or a formula begins
    for token in TOKEN.finditer(text):
        whole, inside, ends, name, content = token.groups()
        if whole:
            _add(open_ones[-1], look_of(whole, inside))
            continue
        name = (name or "").lower()
        if name and not ends:
            if not foreign:
                _end_what_ends(open_ones, name)
            shape = _add(open_ones[-1], look_of(name, content))
            if name in VOID or (content.endswith("/") and (foreign or name in _FOREIGN)):
                continue
            foreign = foreign or (len(open_ones) if name in _FOREIGN else 0)
            open_ones.append((shape, set()))
        elif name:
            at = next((at for at in range(len(open_ones) - 1, 0, -1) if open_ones[at][0].look.element == name), None)
            if at is not None:
                del open_ones[at:]
                foreign = foreign if foreign < at else 0


def _end_what_ends(open_ones: list[tuple[Shape, set[Shape]]], name: str) -> None:
    """End elements without an end tag, and begin the part of a table that may be left out in the same way."""
    while name in _ENDED_BY.get(open_ones[-1][0].look.element, ()):
        open_ones.pop()
    if name == "tr" and open_ones[-1][0].look.element == "table":
        open_ones.append((_add(open_ones[-1], Look("tbody")), set()))


@lru_cache(maxsize=10_000)
def look_of(name: str, text: str) -> Look:
    """What a selector can tell of the element with this `name` and the `text` of its tag."""
    values = attributes(text)
    classes = frozenset(values.get("class", "").split())
    known = {
        key: value if _WORD.fullmatch(value) and key not in ("class", "id") else None for key, value in values.items()
    }
    return Look(name.lower(), values.get("id", ""), classes, tuple(sorted(known.items(), key=str)))


def _add(place: tuple[Shape, set[Shape]], look: Look) -> Shape:
    """The shape of one more child in this place."""
    parent, siblings = place
    shape = parent.inner.setdefault(look, Shape(look, parent))
    shape.before |= siblings
    siblings.add(shape)
    return shape


def _fill_drawers(root: Shape) -> None:
    """Give each drawer what scripts move to it."""
    by_id = {shape.look.id: shape for shape in every(root) if shape.look.id.startswith("pst-")}
    for name, drawer in by_id.items():
        borrows = _BORROWS.fullmatch(name)
        if borrows and drawer.parent and borrows[1] in by_id:
            sidebar = by_id[borrows[1]]
            look = Look(drawer.look.element, name, sidebar.look.classes, drawer.look.attributes)
            full = drawer.parent.inner.setdefault(look, Shape(look, drawer.parent, before=drawer.before))
            _copy(sidebar, full)


def _copy(source: Shape, target: Shape) -> None:
    """Let `target` hold all that `source` holds."""
    copies = {shape: target.inner.setdefault(shape.look, Shape(shape.look, target)) for shape in source.inner.values()}
    for shape, copy in copies.items():
        copy.before.update(copies[other] for other in shape.before)
        _copy(shape, copy)
