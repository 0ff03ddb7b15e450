"""Weights you can read: every weight image at once, on a scale to choose, with the numbers behind each pixel."""

from nnbook.figures.weight_images.live import weight_images as weight_images
from nnbook.figures.weight_images.static import weight_image as weight_image
