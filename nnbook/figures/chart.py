"""A line chart as SVG, drawn twice: once for a page, once for a phone, so that its words keep their size."""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

import numpy as np

from nnbook.localisation import percent


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
    wide = _Frame(700, 340, 44, 92, 24, bottom, places, lowest)
    narrow = _Frame(358, 320, 34, 22, 28, bottom, places, lowest)
    return "".join(
        f'<svg class="nnb-chart nnb-{name}" viewBox="0 0 {frame.width} {frame.height}" role="img" '
        f'aria-label="{escape(alt)}">{_grid(frame, ticks, axis, under, under_axis)}'
        f"{''.join(_curve(frame, line, number == 0, name == 'wide') for number, line in enumerate(lines))}</svg>"
        for name, frame in (("wide", wide), ("narrow", narrow))
    )


def _grid(frame: _Frame, ticks: Sequence[str], axis: str, under: Sequence[str], under_axis: str) -> str:
    """Quiet horizontal lines with their percentages, and the words under the x axis."""
    right, floor = frame.width - frame.right, frame.height - frame.bottom
    step = 0.1 if frame.lowest >= 0.5 else 0.2
    parts = []
    for share in np.arange(1, frame.lowest - 1e-9, -step):
        y = frame.y(float(share))
        parts.append(f'<path class="nnb-grid" d="M{frame.left} {y}H{right}"/>')
        parts.append(
            f'<text class="nnb-tick" x="{frame.left - 8}" y="{y + 4}" text-anchor="end">{percent(share, 0)}</text>'
        )
    for number, place in enumerate(frame.places):
        x = frame.x(place)
        parts.append(
            f'<text class="nnb-tick" x="{x}" y="{floor + 18}" text-anchor="middle">{escape(ticks[number])}</text>'
        )
        if under:
            parts.append(
                f'<text class="nnb-tick" x="{x}" y="{floor + 54}" text-anchor="middle">{escape(under[number])}</text>'
            )
    middle = (frame.left + right) / 2
    for y, words in ((floor + 35, axis), (floor + 71, under_axis if under else "")):
        if words:
            parts.append(f'<text class="nnb-axis" x="{middle}" y="{y}" text-anchor="middle">{escape(words)}</text>')
    return "".join(parts)


def _curve(frame: _Frame, line: Line, above: bool, wide: bool) -> str:
    """A curve with its points and their numbers, and its name at the right end (above the end on a phone)."""
    points = [(frame.x(place), frame.y(share)) for place, share in zip(frame.places, line.shares, strict=True)]
    path = "M" + "L".join(f"{x} {y}" for x, y in points)
    parts = [f'<path class="nnb-line" d="{path}"/>']
    for (x, y), share in zip(points, line.shares, strict=True):
        below = y + (-10 if above else 19)
        parts.append(
            f'<circle cx="{x}" cy="{y}" r="3"/><text x="{x}" y="{below}" text-anchor="middle">{percent(share)}</text>'
        )
    x, y = points[-1]
    name = escape(line.name)
    if wide:
        parts.append(f'<text class="nnb-name" x="{x + 26}" y="{y + 4}">{name}</text>')
    else:
        below = y + (-24 if above else 34)
        parts.append(f'<text class="nnb-name" x="{x + 18}" y="{below}" text-anchor="end">{name}</text>')
    return f'<g class="nnb-curve nnb-{line.kind}">{"".join(parts)}</g>'
