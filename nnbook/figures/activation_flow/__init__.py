"""One image on its way through a hidden layer, to be asked: what each neuron makes of it, and how the score adds up."""

from nnbook.figures.activation_flow.live import activation_flow as activation_flow
