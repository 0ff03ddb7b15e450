"""The figures: arrays in, figure out. No figure trains or loads anything.

A figure answers to mouse, finger and keyboard where it can, and is a picture without scripts and in print; with
`interactive=False` it is that picture alone. Each has a folder with all that is its own; what they share is the kit.
"""

from typing import Any

from nnbook.figures.ablation import accuracy_without as accuracy_without
from nnbook.figures.accuracy_curve import accuracy_curve as accuracy_curve
from nnbook.figures.accuracy_table import accuracy_table as accuracy_table
from nnbook.figures.activation_flow import activation_flow as activation_flow
from nnbook.figures.activations import activations as activations
from nnbook.figures.architecture import architecture as architecture
from nnbook.figures.backprop import backprop as backprop
from nnbook.figures.batches import batches as batches
from nnbook.figures.best_patches import best_patches as best_patches
from nnbook.figures.boundary import boundary as boundary
from nnbook.figures.brainbow import brainbow as brainbow
from nnbook.figures.confident_matrix import confident_matrix as confident_matrix
from nnbook.figures.confusion_gallery import confusion_gallery as confusion_gallery
from nnbook.figures.confusion_matrix import confusion_matrix as confusion_matrix
from nnbook.figures.decay import decay as decay
from nnbook.figures.degree import degree as degree
from nnbook.figures.descent import descent as descent
from nnbook.figures.digit_as_numbers import digit_as_numbers as digit_as_numbers
from nnbook.figures.draw_digit import draw_digit as draw_digit
from nnbook.figures.effective_templates import effective_templates as effective_templates
from nnbook.figures.feature_maps import feature_maps as feature_maps
from nnbook.figures.flow import flow as flow
from nnbook.figures.fool import fool as fool
from nnbook.figures.forward import forward as forward
from nnbook.figures.frontispiece import frontispiece as frontispiece
from nnbook.figures.hidden_layer import hidden_layer as hidden_layer
from nnbook.figures.hinges import hinges as hinges
from nnbook.figures.kit.charts import chart as chart
from nnbook.figures.kit.charts import in_notebook as in_notebook
from nnbook.figures.kit.charts import word as word
from nnbook.figures.kit.figure import Figure as Figure
from nnbook.figures.line import line as line
from nnbook.figures.mistakes import choose_mistakes as choose_mistakes
from nnbook.figures.mistakes import mistakes as mistakes
from nnbook.figures.neighbours import neighbours as neighbours
from nnbook.figures.network_diagram import network_diagram as network_diagram
from nnbook.figures.neuron import neuron as neuron
from nnbook.figures.nudge import nudge as nudge
from nnbook.figures.occlusion import occlusion as occlusion
from nnbook.figures.optimisers import optimisers as optimisers
from nnbook.figures.plane import plane as plane
from nnbook.figures.pooling import pooling as pooling
from nnbook.figures.sample_images import sample_images as sample_images
from nnbook.figures.seeds import seeds as seeds
from nnbook.figures.shift import shift as shift
from nnbook.figures.softmax import softmax as softmax
from nnbook.figures.template_products import template_products as template_products
from nnbook.figures.through import through as through
from nnbook.figures.train_here import train_here as train_here
from nnbook.figures.training_film import training_film as training_film
from nnbook.figures.tweak import tweak as tweak
from nnbook.figures.unrolling import unrolling as unrolling
from nnbook.figures.weight_images import weight_image as weight_image
from nnbook.figures.weight_images import weight_images as weight_images
from nnbook.figures.why_gradient import why_gradient as why_gradient
from nnbook.figures.why_mistake import why_mistake as why_mistake
from nnbook.figures.window import window as window
from nnbook.figures.xor import xor as xor

_FORMER = {
    "class_averages": "weight_images(weights, shape, class_keys, images, labels)",
    "column_diagram": "unrolling(image, weights, bias, class_key)",
    "grid_diagram": 'unrolling(image, weights, bias, class_key, form="grid")',
    "templates_and_averages": "weight_images(weights, shape, class_keys, images, labels)",
}


def __getattr__(name: str) -> Any:
    if name in _FORMER:
        raise AttributeError(f"a figure has one name; got figures.{name}; write figures.{_FORMER[name]}")
    raise AttributeError(f"nnbook.figures has no {name!r}; see dir(nnbook.figures) for what there is")
