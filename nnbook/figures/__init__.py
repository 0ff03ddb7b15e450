"""Static figures: arrays in, figure out. No figure trains or loads anything."""

from nnbook.figures.figure import Figure as Figure
from nnbook.figures.weights import weight_image as weight_image
from nnbook.figures.weights import weight_images as weight_images
