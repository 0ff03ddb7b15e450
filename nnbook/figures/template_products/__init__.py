"""Template times image: an image and a class to choose, their products, and how these add up to the score."""

from nnbook.figures.template_products.live import template_products as template_products
