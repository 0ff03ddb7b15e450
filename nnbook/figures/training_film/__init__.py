"""The film of a training: the weights of a one-layer network at some stops on the way, and what they were good for."""

from nnbook.figures.training_film.live import training_film as training_film
