"""Column and grid: one sum, whose image, weights and products unroll from their grids into columns, and back."""

from nnbook.figures.unrolling.live import unrolling as unrolling
