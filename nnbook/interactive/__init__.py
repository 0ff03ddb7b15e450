"""Interactive figures: a static figure, and a small custom element around it that answers to the reader.

Arrays go in, a `Figure` comes out, as in `nnbook.figures`. With scripts off, in print, and until the script has run,
the reader sees the static figure, whole.
"""

from nnbook.interactive.confusion import confusion_matrix as confusion_matrix
from nnbook.interactive.diagrams import network_diagram as network_diagram
from nnbook.interactive.draw import draw_digit as draw_digit
from nnbook.interactive.film import training_film as training_film
from nnbook.interactive.hidden import activation_flow as activation_flow
from nnbook.interactive.hidden import hidden_layer as hidden_layer
from nnbook.interactive.mistake import why_mistake as why_mistake
from nnbook.interactive.products import template_products as template_products
from nnbook.interactive.unrolling import unrolling as unrolling
from nnbook.interactive.weights import weight_images as weight_images
