"""The hidden layer, to be asked: what each class makes of the filters, and how one image goes through them."""

from nnbook.figures.hidden_layer.live import hidden_layer as hidden_layer
