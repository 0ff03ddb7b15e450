"""Static figures: arrays in, figure out. No figure trains or loads anything."""

from nnbook.figures.averages import class_averages as class_averages
from nnbook.figures.averages import templates_and_averages as templates_and_averages
from nnbook.figures.figure import Figure as Figure
from nnbook.figures.samples import sample_images as sample_images
from nnbook.figures.weights import weight_image as weight_image
from nnbook.figures.weights import weight_images as weight_images
