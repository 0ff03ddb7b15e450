"""Many small pictures in few files: what a figure may have to show, loaded a sheet at a time when it is needed."""

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from nnbook.figures.kit import raster

COLUMNS = 16  # tiles side by side on a sheet
LIMITS = {"ink": 240_000, "colour": 390_000}  # bytes of a sheet, even if its pixels could not be packed at all


class Sprites:
    """Images gathered on sheets, each image once however often it is asked for.

    Args:
        images: (N, H, W) ink or (N, H, W, 3) colours, uint8.
    """

    def __init__(self, images: NDArray[np.uint8]) -> None:
        self.images = images
        self.kind = "ink" if images.ndim == 3 else "colour"
        self._places: dict[int, int] = {}
        self._starts: list[int] = []

    def add(self, positions: Iterable[int]) -> None:
        """Begin a new sheet with the images at `positions` that are on none yet; as many sheets as they need."""
        most = LIMITS[self.kind] // int(np.prod(self.images.shape[1:]))
        new = [int(position) for position in dict.fromkeys(positions) if position not in self._places]
        for at, position in enumerate(new):
            if at % most == 0:
                self._starts.append(len(self._places))
            self._places[position] = len(self._places)

    def place(self, position: int) -> int:
        """The number of the tile that shows the image at `position`; tiles are numbered through all sheets."""
        return self._places[int(position)]

    @property
    def positions(self) -> list[int]:
        """The images in the order of their tiles."""
        return list(self._places)

    @property
    def starts(self) -> list[int]:
        """The number of the first tile of each sheet."""
        return self._starts

    def sheets(self) -> list[str]:
        """Each sheet as the address of a lossless picture."""
        ends = [*self._starts[1:], len(self._places)]
        return [self._sheet(self.positions[start:end]) for start, end in zip(self._starts, ends, strict=True)]

    def _sheet(self, positions: list[int]) -> str:
        tiles = [raster.picture(np.asarray(self.images[position])) for position in positions]
        columns = min(COLUMNS, len(tiles))
        blank = np.zeros_like(tiles[0])
        lines = [tiles[at : at + columns] for at in range(0, len(tiles), columns)]
        lines[-1] += [blank] * (columns - len(lines[-1]))
        return raster.data_uri(raster.sheet(lines, gap=0))
