"""Small convolutional networks for tests of figures: of any shape, with weights of chance."""

from types import SimpleNamespace

import numpy as np

from nnbook.network import Network, convolved, softmax

DIGITS = ("convolution 5x5x8", "relu", "pool", "convolution 5x5x16", "relu", "pool", "dense 10")
PHOTOGRAPHS = (
    *("convolution 3x3x32", "relu", "pool", "convolution 3x3x64", "relu", "pool"),
    *("convolution 3x3x128", "relu", "pool", "dense 10"),
)


def random_network(layers, shape, seed=1):
    """What the figures ask of a network, for images of `shape`."""
    network, rng = Network.of(layers, shape), np.random.default_rng(seed)
    named = network.named_parameters()
    for array in named.values():
        inputs = np.prod(array.shape[1:])
        array[...] = rng.normal(0, np.sqrt(2 / inputs) if array.ndim > 1 else 0.1, array.shape)

    def outputs(images):
        return network.outputs(images / 255)

    return SimpleNamespace(
        layers=tuple(layers),
        input_shape=shape,
        weights=tuple(array for name, array in named.items() if "weights" in name),
        biases=tuple(array for name, array in named.items() if "biases" in name),
        outputs=outputs,
        probabilities=lambda images: softmax(outputs(images)[-1]),
    )


def plainly(network, image):
    """What every layer gives out for one `image` of bytes, without the code of layers: (rows, columns, channels)."""
    given = zip(network.weights, network.biases, strict=True)
    x = np.atleast_3d(image) / 255
    found = []
    for words in network.layers:
        kind = words.split()[0]
        if kind == "convolution":
            x = convolved(x[np.newaxis], *next(given))[0]
        elif kind == "pool":
            rows, columns, channels = x.shape
            x = x.reshape(rows // 2, 2, columns // 2, 2, channels).max(axis=(1, 3))
        elif kind == "dense":
            weights, biases = next(given)
            x = weights @ x.ravel() + biases
        elif kind != "dropout":
            x = {"relu": lambda y: np.maximum(y, 0), "tanh": np.tanh, "sigmoid": lambda y: 1 / (1 + np.exp(-y))}[kind](
                x
            )
        found.append(x)
    return found
