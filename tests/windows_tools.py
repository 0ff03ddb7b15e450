"""What the tests of the figures of a convolution share: a small network with filters that a person can check."""

from types import SimpleNamespace

import numpy as np

PIXELS = """(canvas) => [...canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data]"""


def network(shape=(28, 28), filters=4, size=(5, 5), rest=("relu", "pool", "dense 10")):
    """One that begins with a convolution: a bright line across, one down, and filters by chance."""
    weights = np.random.default_rng(5).normal(0, 0.4, (filters, *size, 1))
    weights[0, :, :, 0] = -0.2
    weights[0, size[0] // 2, :, 0] = 0.7
    weights[1, :, :, 0] = weights[0, :, :, 0].T if size[0] == size[1] else weights[1, :, :, 0]
    biases = np.linspace(-0.3, 0.1, filters)
    layers = (f"convolution {size[0]}x{size[1]}x{filters}", *rest)
    return SimpleNamespace(layers=layers, weights=(weights,), biases=(biases,), input_shape=shape)


def drawn(canvas):
    """The pixels of a canvas, (H, W, 4)."""
    width, height = canvas.evaluate("canvas => [canvas.width, canvas.height]")
    return np.array(canvas.evaluate(PIXELS), np.uint8).reshape(height, width, 4)
