"""Static figures: arrays in, figure out. No figure trains or loads anything."""

from nnbook.figures.ablation import accuracy_without as accuracy_without
from nnbook.figures.accuracy import accuracy_curve as accuracy_curve
from nnbook.figures.accuracy import accuracy_table as accuracy_table
from nnbook.figures.activation_flow.static import activation_flow as activation_flow
from nnbook.figures.brainbow import brainbow as brainbow
from nnbook.figures.confident_matrix import confident_matrix as confident_matrix
from nnbook.figures.confident_matrix import confusion_gallery as confusion_gallery
from nnbook.figures.confusion_matrix.static import confusion_matrix as confusion_matrix
from nnbook.figures.frontispiece import frontispiece as frontispiece
from nnbook.figures.hidden_layer.static import hidden_layer as hidden_layer
from nnbook.figures.kit.figure import Figure as Figure
from nnbook.figures.mistakes import choose_mistakes as choose_mistakes
from nnbook.figures.mistakes import mistakes as mistakes
from nnbook.figures.network_diagram.static import network_diagram as network_diagram
from nnbook.figures.sample_images import sample_images as sample_images
from nnbook.figures.template_products.static import template_products as template_products
from nnbook.figures.unrolling.column import column_diagram as column_diagram
from nnbook.figures.unrolling.grid import grid_diagram as grid_diagram
from nnbook.figures.weight_images.averages import class_averages as class_averages
from nnbook.figures.weight_images.averages import templates_and_averages as templates_and_averages
from nnbook.figures.weight_images.static import weight_image as weight_image
from nnbook.figures.weight_images.static import weight_images as weight_images
