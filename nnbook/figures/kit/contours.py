"""Maps of a loss over two numbers: where they lie on a drawing, and regions of low loss, one inside the other.

Each region is painted with a little of the paper's colour over a dark ground, so that low places are light.
"""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from itertools import pairwise

import numpy as np
from contourpy import FillType, contour_generator
from numpy.typing import NDArray

from nnbook.figures.kit import svg
from nnbook.localisation import decimal

Numbers = NDArray[np.floating]
Ends = tuple[float, float]


@dataclass(frozen=True)
class Plane:
    """A part of a plane, from the lowest to the highest `x` and `y`, in a rectangle of a drawing.

    In scripts it is `nnbook.plane`.
    """

    left: float
    top: float
    width: float
    height: float
    x: Ends
    y: Ends

    def across(self, x: Numbers | float) -> NDArray[np.float64]:
        """Where numbers `x` (...) of the horizontal axis lie."""
        return np.asarray(self.left + self.width * (np.asarray(x) - self.x[0]) / (self.x[1] - self.x[0]))

    def down(self, y: Numbers | float) -> NDArray[np.float64]:
        """Where numbers `y` (...) of the vertical axis lie."""
        return np.asarray(self.top + self.height * (self.y[1] - np.asarray(y)) / (self.y[1] - self.y[0]))

    def line(self, places: Numbers) -> str:
        """Path data of the line through `places` (N, 2)."""
        drawn = np.column_stack([self.across(places[:, 0]), self.down(places[:, 1])])
        return svg.path("M", *drawn[0].tolist(), "L", *drawn[1:].ravel().tolist())

    def long_line(self, places: Numbers) -> str:
        """The same, shorter, for hundreds of `places`: each is written as the way from the one before."""
        drawn = np.column_stack([self.across(places[:, 0]), self.down(places[:, 1])]).round(1)
        return svg.path("M", *drawn[0].tolist(), "l", *np.diff(drawn, axis=0).ravel().tolist())

    def spots(self, places: Numbers) -> str:
        """Path data of a dot on each of `places` (N, 2)."""
        drawn = zip(self.across(places[:, 0]).tolist(), self.down(places[:, 1]).tolist(), strict=True)
        return svg.path(*(part for across, down in drawn for part in ("M", across, down, svg.DOT)))

    def dot(self, place: Sequence[float], radius: float, kind: str = "") -> str:
        """A circle about a `place` (2,); `kind` is a class of the style sheet."""
        at = f'cx="{self.across(place[0]):.1f}" cy="{self.down(place[1]):.1f}" r="{radius:g}"'
        return f'<circle class="{kind}" {at}/>' if kind else f"<circle {at}/>"

    def cross(self, place: Sequence[float]) -> str:
        """Path data of a cross at a `place` (2,)."""
        across, down = float(self.across(place[0])), float(self.down(place[1]))
        return svg.path("M", across - 7, down, "h14M", across, down - 7, "v14")

    def inside(self, content: Iterable[str]) -> str:
        """What is cut off at the edges of the rectangle."""
        box = f"{self.left:g} {self.top:g} {self.width:g} {self.height:g}"
        at = f'x="{self.left:g}" y="{self.top:g}" width="{self.width:g}" height="{self.height:g}"'
        return f'<svg class="nnb-plane-inside" {at} viewBox="{box}">{"".join(content)}</svg>'

    def map(self, regions: Iterable[str], content: Iterable[str] = ()) -> str:
        """The dark ground with the light `regions` (path data), and what lies on it."""
        at = f'x="{self.left:g}" y="{self.top:g}" width="{self.width:g}" height="{self.height:g}"'
        drawn = (f'<path class="nnb-lower" d="{region}"/>' for region in regions)
        return self.inside([f'<rect class="nnb-ground" {at}/>', *drawn, *content])

    def frame(self) -> str:
        """The edges."""
        right, bottom = self.left + self.width, self.top + self.height
        frame = svg.path("M", self.left, self.top, "H", right, "V", bottom, "H", self.left, "z")
        return f'<path class="nnb-frame" d="{frame}"/>'

    def axes(self, names: Sequence[str], language: str, digits: tuple[int, int] = (1, 1)) -> str:
        """The frame, the names of both axes, and where each begins and ends, which scripts find by their class.

        A number of five digits does not fit beside an axis, and is left out.
        """
        bottom, right, middle = self.top + self.height, self.left + self.width, self.top + self.height / 2
        ends = [
            decimal(end, language, places if abs(end) < 100 else 0) if abs(end) < 1e4 else ""
            for axis, places in ((self.x, digits[0]), (self.y, digits[1]))
            for end in axis
        ]
        return "".join([
            self.frame(),
            svg.label(self.left + self.width / 2, bottom + 16, names[0]),
            f'<g transform="translate({self.left - 10:g} {middle:g}) rotate(-90)">{svg.label(0, 0, names[1])}</g>',
            svg.label(self.left, bottom + 16, ends[0], "start", "nnb-quiet nnb-end-0"),
            svg.label(right, bottom + 16, ends[1], "end", "nnb-quiet nnb-end-1"),
            svg.label(self.left - 6, bottom, ends[2], "end", "nnb-quiet nnb-end-2"),
            svg.label(self.left - 6, self.top + 10, ends[3], "end", "nnb-quiet nnb-end-3"),
        ])  # fmt: skip

    def data(self) -> dict[str, object]:
        """For `nnbook.plane`."""
        return asdict(self)


def regions(values: Numbers, plane: Plane, levels: Sequence[float]) -> list[str]:
    """Path data of where a surface is lower than each of `levels`, which fall, so that each lies inside the one before.

    Args:
        values: (rows, columns), from the lowest to the highest y and x of the `plane`, both included.
        plane: the part of it that they cover.
        levels: those lower than all values give nothing.
    """
    x, y = (np.linspace(*ends, size) for ends, size in ((plane.x, values.shape[1]), (plane.y, values.shape[0])))
    generator = contour_generator(plane.across(x), plane.down(y), values, fill_type=FillType.OuterOffset)
    lowest = float(values.min())
    drawn = []
    for level in levels:
        pieces = generator.filled(lowest - 1, level) if level > lowest else ([], [])
        rings = [points[start:end] for points, offsets in zip(*pieces, strict=True) for start, end in pairwise(offsets)]
        drawn.append("".join(map(_closed, rings)))
    return [path for path in drawn if path]


def _closed(ring: Numbers) -> str:
    """Path data of a line through the points of `ring` (N, 2), but not those that lie on the way between two others."""
    ring = ring.round(1)
    kept = [ring[0]]
    for point, after in pairwise(ring[1:]):
        (right, down), (further, lower) = point - kept[-1], after - point
        if abs(right * lower - down * further) > 0.4:  # twice the area of what would be cut off
            kept.append(point)
    return svg.path("M", *kept[0].tolist(), "l", *np.diff(kept, axis=0).ravel().tolist(), "z")


def ellipse(centre: Sequence[float], curvature: Numbers, height: float, scale: float) -> str:
    """Path data of where a bowl is lower than `height` above its lowest place.

    Args:
        centre: (2,), its lowest place on the drawing.
        curvature: (2, 2), its second derivatives by what lies across and up.
        height: above that place.
        scale: units of the drawing for a unit of either axis.
    """
    curvatures, directions = np.linalg.eigh(curvature)
    wide, narrow = scale * np.sqrt(2 * height / curvatures)
    (x, y), (left, top) = directions[:, 0] * wide, centre
    turned = float(np.degrees(np.arctan2(-y, x)))
    half = ("A", wide, narrow, turned, 1, 0)
    return svg.path("M", left - x, top + y, *half, left + x, top - y, *half, left - x, top + y, "z")
