"""Interactive figures: a static figure, and a small custom element around it that answers to the reader.

Arrays go in, a `Figure` comes out, as in `nnbook.figures`. With scripts off, in print, and until the script has run,
the reader sees the static figure, whole.
"""

from nnbook.figures.confusion_matrix.live import confusion_matrix as confusion_matrix
from nnbook.figures.draw_digit.live import draw_digit as draw_digit
from nnbook.figures.hidden_layer.live import activation_flow as activation_flow
from nnbook.figures.hidden_layer.live import hidden_layer as hidden_layer
from nnbook.figures.network_diagram.live import network_diagram as network_diagram
from nnbook.figures.template_products.live import template_products as template_products
from nnbook.figures.training_film.live import training_film as training_film
from nnbook.figures.unrolling.live import unrolling as unrolling
from nnbook.figures.weight_images.live import weight_images as weight_images
from nnbook.figures.why_mistake.live import why_mistake as why_mistake
