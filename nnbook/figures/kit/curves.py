"""Curves of a training: what changes from epoch to epoch, in a panel whose scale is the same for every run."""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from nnbook.figures.kit import svg
from nnbook.localisation import decimal, percent

LEFT, RIGHT = 52, svg.WIDTH - 14


@dataclass(frozen=True)
class Panel:
    """Where a panel lies in a drawing, and what its heights mean: shares from 0 to 1, or powers of ten."""

    top: float
    bottom: float
    ticks: tuple[float, ...]  # the values that are written, the lowest and the highest of the scale at the ends
    powers: bool = False

    def height(self, value: float) -> float:
        """Where a `value` lies; beyond the end of the scale, at its end."""
        low, high, value = (self._place(each) for each in (self.ticks[0], self.ticks[-1], value))
        return self.bottom - (self.bottom - self.top) * min(max((value - low) / (high - low), 0), 1)

    def _place(self, value: float) -> float:
        return math.log10(max(value, 1e-9)) if self.powers else value

    def line(self, places: Sequence[float], values: Sequence[float]) -> str:
        """Path data through `values` at `places`, which are shares of the width."""
        points = zip(places, values, strict=True)
        pairs = [(LEFT + (RIGHT - LEFT) * place, self.height(value)) for place, value in points]
        return svg.path("M", *(number for pair in pairs for number in pair)) if pairs else ""

    def frame(self, language: str) -> Iterator[str]:
        """Lines at the ticks, and their numbers; where a curve may go on beyond the scale, a sign says so."""
        rules = "".join(f"M{LEFT} {self.height(tick):.1f}H{RIGHT}" for tick in self.ticks)
        yield f'<path class="nnb-rules" d="{rules}"/>'
        beyond = {0: "≤" if self.powers or self.ticks[0] else "", len(self.ticks) - 1: "≥" if self.powers else ""}
        for number, tick in enumerate(self.ticks):
            digits = max(0, -round(math.log10(tick))) if self.powers else 0
            word = decimal(tick, language, digits) if self.powers else percent(tick, language, 0)
            yield svg.label(LEFT - 6, self.height(tick) + 4, beyond.get(number, "") + word, "end", "nnb-value")

    @property
    def data(self) -> dict[str, Any]:
        """The same for the script: `nnbook.curve`."""
        ends = [self._place(each) for each in (self.ticks[0], self.ticks[-1])]
        return {
            "top": self.top,
            "bottom": self.bottom,
            "ends": ends,
            "powers": self.powers,
            "left": LEFT,
            "right": RIGHT,
        }


def places_below(y: float, words: Mapping[float, str]) -> str:
    """Words below the panels by their place, a share of the width."""
    labels = [svg.label(LEFT + (RIGHT - LEFT) * place, y, word) for place, word in words.items()]
    return svg.group(labels, "nnb-value")
