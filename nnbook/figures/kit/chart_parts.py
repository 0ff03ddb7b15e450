"""The parts of a chart's SVG, in few letters: path data, colours by their names, what looks alike in one group."""

from collections.abc import Iterable, Iterator
from itertools import groupby
from operator import itemgetter
from typing import Any

import numpy as np
from matplotlib.colors import to_hex
from matplotlib.path import Path

from nnbook.figures.kit import svg

Clip = tuple[float, float, float, float]  # left, top, right, bottom
Shape = tuple[Clip | None, str, str]  # where it may be seen, its style, and path data; or no style, and an element
STRAY = 0.4  # CSS pixels that a line may lie beside its points
_MOVE, _LINE, _CLOSE = (int(code) for code in (Path.MOVETO, Path.LINETO, Path.CLOSEPOLY))
_LETTERS = {_LINE: "l", int(Path.CURVE3): "q", int(Path.CURVE4): "c"}
# The colours of style.mplstyle and of the figures, black and white, by their names in the style sheet.
COLOURS = {
    "#1c2024": "text",
    "#000000": "text",
    "#5b6470": "quiet",
    "#c9ced6": "line",
    "#eef0f3": "faint",
    "#ffffff": "paper",
    "#c53414": "positive",
    "#1c62c4": "negative",
    "#2f6690": "class-0",
    "#b5541c": "class-1",
    "#2f7d4f": "class-2",
    "#9c3d74": "class-3",
    "#75680c": "class-4",
    "#0e7c86": "class-5",
    "#6a5b9a": "class-6",
    "#94453a": "class-7",
    "#55636f": "class-8",
    "#3d4a2a": "class-9",
}


def path_data(path: Path, place: Any, clip: Clip | None) -> str:
    """Path data with one decimal, relative, so that it needs few letters; lines end at the `clip`."""
    parts: list[str | float] = []
    at = start = np.zeros(2)
    last = ""
    for code, places in _pieces(path.iter_segments(place, clip=clip)):
        if code == _CLOSE:
            parts.append("z")
            at, last = start, ""
        elif code == _MOVE:
            at, start, last = places[-1], places[-1], ""
            parts += ["M", *at.tolist()]
        else:
            from_there = places - (np.concatenate([at[None], places[:-1]]) if code == _LINE else at)
            parts += [*([_LETTERS[code]] if _LETTERS[code] != last else []), *from_there.ravel().tolist()]
            at, last = places[-1], _LETTERS[code]
    return svg.path(*parts)


def _pieces(segments: Iterable[Any]) -> Iterator[tuple[int, Any]]:
    """Codes and their points (N, 2), rounded; the lines that follow each other are one piece, with few points."""
    line: list[Any] = []
    for points, code in segments:
        places = points.reshape(-1, 2).round(1)
        if code == _LINE:
            line.append(places[0])
            continue
        if len(line) > 1:
            yield _LINE, _thinned(np.array(line))[1:]
        line = [places[-1]]
        yield code, places
    if len(line) > 1:
        yield _LINE, _thinned(np.array(line))[1:]


def _thinned(points: Any) -> Any:
    """Those of `points` (N, 2) from which the others' line strays less than can be seen."""
    kept = np.zeros(len(points), dtype=bool)
    kept[[0, -1]] = True
    parts = [(0, len(points) - 1)]
    while parts:
        first, last = parts.pop()
        away = points[first + 1 : last] - points[first]
        if len(away):
            along = points[last] - points[first]
            share = np.clip(away @ along / (along @ along or 1), 0, 1)
            strays = np.hypot(*(away - share[:, None] * along).T)
            farthest = first + 1 + int(strays.argmax())
            if strays.max() > STRAY:
                kept[farthest] = True
                parts += [(first, farthest), (farthest, last)]
    return points[kept]


def together(shapes: Iterable[Shape]) -> str:
    """The `shapes` in their order, those that are alike in a group."""
    parts = []
    for clip, inside in groupby(shapes, itemgetter(0)):
        groups = [_styled(style, [shape[2] for shape in same]) for style, same in groupby(inside, itemgetter(1))]
        parts.append(_clipped(clip, "".join(groups)) if clip else "".join(groups))
    return "".join(parts)


def _styled(style: str, shapes: list[str]) -> str:
    """The `shapes` of one `style`; strokes that can't be seen through are one path."""
    if not style:
        return "".join(shapes)
    if "fill:" not in style and "opacity" not in style:
        shapes = ["".join(shapes)]
    if len(shapes) == 1:
        return f'<path style="{style}" d="{shapes[0]}"/>'
    return f'<g style="{style}">' + "".join(f'<path d="{data}"/>' for data in shapes) + "</g>"


def _clipped(clip: Clip, inside: str) -> str:
    """An `<svg>` in the `<svg>`, which shows nothing outside of itself and needs no name as a clip path does."""
    left, top, width, height = clip[0], clip[1], clip[2] - clip[0], clip[3] - clip[1]
    box = " ".join(map(short, (left, top, width, height)))
    place = f'x="{short(left)}" y="{short(top)}" width="{short(width)}" height="{short(height)}"'
    return f'<svg {place} viewBox="{box}">{inside}</svg>'


def paint(what: str, colour: Any, gc: Any) -> str:
    """The declaration that fills or strokes with a `colour`, which has a name in the style sheet or not."""
    alpha = 0.0 if colour is None else gc.get_alpha() if gc.get_forced_alpha() or len(colour) < 4 else colour[3]
    if not alpha:
        return ""
    written = to_hex(colour[:3])
    name = f"var(--nnb-{COLOURS[written]})" if written in COLOURS else written
    return f"{what}:{name}" + (f";{what}-opacity:{short(alpha, 2)}" if alpha < 1 else "")


def short(value: float, digits: int = 1) -> str:
    return f"{round(float(value), digits) + 0.0:g}"
