"""Convolutional networks that are trained in a moment, and what they say, written as plainly as it can be."""

import numpy as np

import nnbook
from nnbook.network import convolved

LAYERS = ["convolution 5x5x4", "pool", "relu", "dense 10"]


def small_network(data, folder):
    """One that has seen the sample of a data set a few times; what it keeps it keeps in `folder`."""
    train, test = data.train, (data.test.images, data.test.labels)
    return nnbook.train(
        train.images, train.labels, LAYERS, test, data.class_keys, epochs=3, batch_size=50, rate=0.05, cache_dir=folder
    )


def plain_scores(network, images):
    """The scores (N, 10) of such a network for bytes `images` (N, ...), without a line of the network's own."""
    x = np.asarray(images).reshape(*np.shape(images)[:3], -1) / 255
    (filters, dense), (offsets, biases) = network.weights, network.biases
    maps = np.maximum(convolved(x, filters.astype(float), offsets), 0)
    rows, columns = maps.shape[1] // 2, maps.shape[2] // 2
    pooled = maps.reshape(len(x), rows, 2, columns, 2, -1).max(axis=(2, 4))
    return pooled.reshape(len(x), -1) @ dense.astype(float).T + biases


def plain_probabilities(network, images):
    powers = np.exp(scores := plain_scores(network, images)) if len(images) else np.zeros((0, 10))
    assert len(images) == 0 or np.isfinite(scores).all()
    return powers / powers.sum(axis=1, keepdims=True)
