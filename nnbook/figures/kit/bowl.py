"""The loss of a line through points as a map over slope and intercept, the same in all figures of these points."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from nnbook import arrays, line
from nnbook.figures.kit.contours import Ends, Plane, ellipse
from nnbook.figures.kit.sliders import Slider, sliders
from nnbook.localisation import text

LEFT, TOP, SIDE = 42, 6, 288  # of the map
LINES = 20  # of equal loss, each twice as far above the lowest place as the one inside


class Bowl:
    """Points, the loss of lines through them, and a map of it that has the best line near its middle.

    Args:
        x: (N,)
        y: (N,)
        reach: of the map, as a share of what it shows in most figures.

    Raises:
        ValueError: if all points lie at one x, or there are not as many y.
    """

    def __init__(self, x: NDArray[np.floating], y: NDArray[np.floating], reach: float = 1.0) -> None:
        self.x, self.y = x.astype(float), arrays.vector(y, len(x), "y").astype(float)
        self.best = line.least_squares(x, y)
        self.lowest = self.loss(self.best)
        most = 1.5 * max(*np.abs(self.best).tolist(), float(np.std(y))) or 1.0
        power = 10.0 ** math.floor(math.log10(most))
        self.half = next(factor * power for factor in (1.0, 1.5, 2, 3, 5, 10) if factor * power >= most)
        self.step = 10.0 ** math.floor(math.log10(self.half)) / 100  # of sliders for slope and intercept
        self.half = round(reach * self.half / (10 * self.step)) * 10 * self.step
        slope, intercept = (round(value / (10 * self.step)) * 10 * self.step for value in self.best)
        self.centre = slope, intercept

    def loss(self, at: Sequence[float]) -> float:
        """Of the line with this slope and intercept (2,)."""
        return float(line.loss(self.x, self.y, *at))

    def gradient(self, at: Sequence[float]) -> list[float]:
        """Its derivatives by slope and intercept (2,)."""
        return line.gradient(self.x, self.y, *at).tolist()

    def told(self, at: Sequence[float]) -> dict[str, float]:
        """A line (2,) for facts."""
        return {"slope": round(float(at[0]), 6), "intercept": round(float(at[1]), 6), "loss": round(self.loss(at), 6)}

    @cached_property
    def plane(self) -> Plane:
        """Where slope, to the right, and intercept, upwards, lie on a drawing; both on one scale."""
        return Plane(LEFT, TOP, SIDE, SIDE, *map(self._ends, self.centre))

    def _ends(self, middle: float) -> Ends:
        return round(middle - self.half, 9), round(middle + self.half, 9)

    def zoomed(self, places: NDArray[np.floating]) -> Plane:
        """The map, or twice, four times ... as much of it about the best line, which then shows all `places` (N, 2).

        Each of the lines of equal loss then lies where another one lay, so that the map itself looks the same.
        """
        ends = np.array([self.plane.x, self.plane.y])
        away = places - self.best
        reach = np.where(away > 0, ends[:, 1] - self.best, self.best - ends[:, 0])
        times = 2.0 ** math.ceil(math.log2(max(1.0, float(np.abs(away / reach).max()))))
        seen = (np.array(self.best)[:, np.newaxis] * (1 - times) + times * ends).tolist()
        return replace(self.plane, x=tuple(seen[0]), y=tuple(seen[1])) if times > 1 else self.plane

    def place(self, at: Sequence[float] | None, across: float, up: float) -> tuple[float, float]:
        """A line on a step of the sliders: `at` if there is one, else so many halves of the map from its middle."""
        wanted = (self.centre[0] + across * self.half, self.centre[1] + up * self.half) if at is None else at
        slope, intercept = (slider[3] for slider in self.sliders(wanted).values())
        return slope, intercept

    def sliders(self, at: Sequence[float]) -> dict[str, Slider]:
        """For slope and intercept, from edge to edge of the map."""
        keys = ("slope", "intercept")
        found = (
            sliders({key: value}, *ends, self.step)
            for key, value, ends in zip(keys, at, (self.plane.x, self.plane.y), strict=True)
        )
        return {key: slider for one in found for key, slider in one.items()}

    def map(self, content: Iterable[str], language: str, zoomed: Plane | None = None) -> str:
        """The map with lines of equal loss, `content` that ends at its edges, and the names of its axes."""
        plane, curvature = self.plane, line.curvature(self.x)
        highest = 2 * self.half**2 * float(np.linalg.eigvalsh(curvature)[-1])
        centre, scale = (float(plane.across(self.best[0])), float(plane.down(self.best[1]))), SIDE / 2 / self.half
        regions = (ellipse(centre, curvature, highest / 2**number, scale) for number in range(LINES))
        names = [text(f"kit.{key}", language) for key in ("slope", "intercept")]
        return plane.map(regions, content) + (zoomed or plane).axes(names, language)

    def data(self) -> dict[str, object]:
        """For scripts: `nnbook.bowl` takes `x` and `y`, `nnbook.plane` the `plane`."""
        return {
            "x": self.x.tolist(),
            "y": self.y.tolist(),
            "best": self.best,
            "lowest": self.lowest,
            "plane": self.plane.data(),
        }
