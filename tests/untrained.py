"""A network that has learnt nothing, for tests of figures that ask a network: its weights are drawn from a seed."""

import numpy as np

from nnbook import arrays
from nnbook.network import Network


class Untrained:
    """What figures ask of a trained network, without a training."""

    def __init__(self, layers, input_shape, seed=0):
        self.layers, self.input_shape = tuple(layers), tuple(input_shape)
        self.network = Network.of(self.layers, self.input_shape)
        self.network.start_randomly(np.random.default_rng(seed))
        self.weights, self.biases = self.network.weights, self.network.biases

    def outputs(self, images):
        images = arrays.pixels(images, shape=self.input_shape)
        return self.network.outputs(images / 255 if images.dtype == np.uint8 else images)
