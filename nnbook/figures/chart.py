"""A line chart as SVG, drawn twice: once for a page, once for a phone, so that its words keep their size."""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

import numpy as np

from nnbook.figures.kit import svg
from nnbook.localisation import percent

INSET = 40  # between the y axis and the first point, for its number


@dataclass(frozen=True)
class Line:
    """One curve: its name, a share between 0 and 1 for each place on the x axis, and its class in the style sheet."""

    name: str
    shares: Sequence[float]
    kind: str


@dataclass(frozen=True)
class _Frame:
    """The drawing area inside an SVG of `width` x `height`, and where a point lies in it."""

    width: int
    height: int
    left: int
    right: int
    top: int
    bottom: int
    places: Sequence[float]
    lowest: float

    def x(self, place: float) -> float:
        share = (place - self.places[0]) / (self.places[-1] - self.places[0])
        return round(self.left + share * (self.width - self.left - self.right), 1)

    def y(self, share: float) -> float:
        height = self.height - self.top - self.bottom
        return round(self.top + (1 - share) / (1 - self.lowest) * height, 1)


def line_chart(
    places: Sequence[float],
    ticks: Sequence[str],
    lines: Sequence[Line],
    axis: str,
    alt: str,
    language: str,
    under: Sequence[str] = (),
    under_axis: str = "",
) -> str:
    """Curves of shares over `places`, growing, each with a tick's words; the first line's numbers stand above it.

    Args:
        places: (P,), positions on the x axis.
        ticks: (P,), what stands under them.
        lines: the curves, the upper one first.
        axis: what the x axis counts.
        alt: alternative text.
        under: (P,), a second row under the ticks, and `under_axis`, what it counts.
    """
    lowest = np.floor(10 * min(min(line.shares) for line in lines) - 0.5) / 10
    lowest = float(max(lowest, 0))
    bottom = 78 if under else 46
    wide = _Frame(700, 360, 90, 150, 26, bottom, places, lowest)
    narrow = _Frame(358, 340, 84, 18, 46, bottom, places, lowest)
    drawings = "".join(
        f'<svg class="nnb-chart nnb-{name}" viewBox="0 0 {frame.width} {frame.height}">'
        f"{_grid(frame, ticks, axis, under, under_axis, language)}"
        f"{''.join(_curve(frame, line, number == 0, name == 'wide', language) for number, line in enumerate(lines))}"
        f"{_names(frame, lines, name == 'wide')}</svg>"
        for name, frame in (("wide", wide), ("narrow", narrow))
    )
    return f'<div role="img" aria-label="{escape(alt)}">{drawings}</div>'


def _grid(frame: _Frame, ticks: Sequence[str], axis: str, under: Sequence[str], under_axis: str, language: str) -> str:
    """Quiet horizontal lines with their percentages, and the words under the x axis."""
    left, right, floor = frame.left - INSET, frame.width - frame.right, frame.height - frame.bottom
    step = 0.1 if frame.lowest >= 0.5 else 0.2
    shares = np.arange(1, frame.lowest - 1e-9, -step).tolist()
    lines = svg.path(*(part for share in shares for part in ("M", left, frame.y(share), "H", right)))
    percentages = [svg.label(left - 6, round(frame.y(share) + 4), percent(share, language, 0)) for share in shares]
    middle, places = round((frame.left + right) / 2), [round(frame.x(place)) for place in frame.places]
    words = [svg.label(x, floor + 18, tick) for x, tick in zip(places, ticks, strict=True)]
    words += [svg.label(x, floor + 54, number) for x, number in zip(places, under, strict=False)]
    words += [svg.label(middle, floor + 35, axis), *([svg.label(middle, floor + 71, under_axis)] if under else [])]
    return (
        f'<path class="nnb-grid" d="{lines}"/>'
        f"{svg.group(percentages, 'nnb-quiet', 'end')}{svg.group(words, 'nnb-quiet')}"
    )


def _curve(frame: _Frame, line: Line, above: bool, wide: bool, language: str) -> str:
    """A curve with its points and their numbers (without the unit on a phone); where it climbs, they step aside."""
    points = [(frame.x(place), frame.y(share)) for place, share in zip(frame.places, line.shares, strict=True)]
    way = svg.path("M", *points[0], "L", *(number for point in points[1:] for number in point))
    dots = svg.path(*(part for point in points for part in ("M", *point, svg.DOT)))
    words = []
    for number, ((x, y), share) in enumerate(zip(points, line.shares, strict=True)):
        next_x, next_y = points[min(number + 1, len(points) - 1)]
        last_x, last_y = points[max(number - 1, 0)]
        steep = abs(next_y - last_y) > 0.25 * (next_x - last_x)
        aside, anchor = ((-4 if above else 4), ("end" if above else "start")) if steep else (0, "")
        said = percent(share, language) if wide else percent(share, language).rstrip("%\N{NO-BREAK SPACE}")
        words.append(svg.label(round(x + aside), round(y + (-9 if above else 19)), said, anchor))
    shapes = f'<path class="nnb-line" d="{way}"/><path class="nnb-points" d="{dots}"/>'
    return f'<g class="nnb-curve nnb-{line.kind}">{shapes}{"".join(words)}</g>'


def _names(frame: _Frame, lines: Sequence[Line], wide: bool) -> str:
    """The lines' names: at their right ends, apart from each other; on a phone above the first and below the others."""
    parts = []
    lowest_free = 0.0
    for number, line in enumerate(lines):
        x, y = frame.x(frame.places[-1]), frame.y(line.shares[-1])
        if wide:
            y = max(y + 4, lowest_free)
            lowest_free = y + 17
            x, anchor = x + 28, "start"
        else:
            x, y, anchor = x + 16, y + (-25 if number == 0 else 35), "end"
        parts.append(f'<g class="nnb-{line.kind}">{svg.label(round(x), round(y), line.name, anchor, "nnb-name")}</g>')
    return "".join(parts)
