"""Static figures: arrays in, figure out. No figure trains or loads anything."""

from nnbook.figures.ablation import accuracy_without as accuracy_without
from nnbook.figures.accuracy import accuracy_curve as accuracy_curve
from nnbook.figures.accuracy import accuracy_table as accuracy_table
from nnbook.figures.averages import class_averages as class_averages
from nnbook.figures.averages import templates_and_averages as templates_and_averages
from nnbook.figures.brainbow import brainbow as brainbow
from nnbook.figures.column import column_diagram as column_diagram
from nnbook.figures.confusion import confusion_matrix as confusion_matrix
from nnbook.figures.diagrams import network_diagram as network_diagram
from nnbook.figures.figure import Figure as Figure
from nnbook.figures.flow import activation_flow as activation_flow
from nnbook.figures.frontispiece import frontispiece as frontispiece
from nnbook.figures.gallery import confident_matrix as confident_matrix
from nnbook.figures.gallery import confusion_gallery as confusion_gallery
from nnbook.figures.grid import grid_diagram as grid_diagram
from nnbook.figures.hidden import hidden_layer as hidden_layer
from nnbook.figures.mistake_cards import choose_mistakes as choose_mistakes
from nnbook.figures.mistake_cards import mistakes as mistakes
from nnbook.figures.products import template_products as template_products
from nnbook.figures.samples import sample_images as sample_images
from nnbook.figures.weights import weight_image as weight_image
from nnbook.figures.weights import weight_images as weight_images
