"""Receptive fields: which part of the image a unit of a convolutional network can see at all."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Field:
    """The part of the image that the units of one layer see: as large for each of them, only moved.

    A field may reach beyond the edges of the image, where a convolution finds zeros.

    Attributes:
        size: rows and columns of pixels.
        step: how many pixels the fields of two neighbouring units are apart.
        first: row and column of the first pixel that the unit at (0, 0) sees; negative if it lies outside.
    """

    size: tuple[int, int] = (1, 1)
    step: int = 1
    first: tuple[int, int] = (0, 0)

    def start(self, row: int, column: int) -> tuple[int, int]:
        """Row and column of the first pixel that the unit at `row` and `column` of its map sees."""
        return self.first[0] + self.step * row, self.first[1] + self.step * column


def receptive_fields(layers: Sequence[str]) -> list[Field]:
    """The field of each layer up to the first dense one, which sees everything.

    A convolution looks at `height` x `width` units around its own place, and between two of them lie `step` pixels;
    pooling looks at 2 x 2 units and leaves half of them. All other layers look at one number.

    Args:
        layers: in words, such as "convolution 5x5x8", "relu", "pool", "dense 10".

    Example:
        >>> receptive_fields(["convolution 5x5x8", "relu", "pool", "convolution 5x5x16"])[-1].size
        (14, 14)
    """
    found: list[Field] = []
    for layer in layers:
        before, (kind, *sizes) = found[-1] if found else Field(), layer.split()
        if kind == "dense":
            break
        if kind == "convolution":
            sides = [int(side) for side in sizes[0].split("x")[:2]]
            found.append(_seen(before, sides[0], sides[1], sides[0] // 2, sides[1] // 2))
        elif kind == "pool":
            pooled = _seen(before, 2, 2, 0, 0)
            found.append(Field(pooled.size, 2 * before.step, pooled.first))
        else:
            found.append(before)
    return found


def _seen(before: Field, height: int, width: int, above: int, left: int) -> Field:
    """What a window of units sees of which each sees a field like `before`; `above` and `left` of its own place."""
    size = before.size[0] + (height - 1) * before.step, before.size[1] + (width - 1) * before.step
    first = before.first[0] - above * before.step, before.first[1] - left * before.step
    return Field(size, before.step, first)
