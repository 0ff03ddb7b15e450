"""The loss of a trained network as a landscape over its parameters: a slice of it, and how steep it is, layer by layer.

A network with 7,960 parameters has a loss over 7,960 directions, and a picture has two. So we cut: a plane through the
trained parameters, in the two directions in which the training moved most. A slice is right about each of its points,
and silent about all others. The way of the training lies beside the plane, not on it, and is only projected: its height
at a stop is not that of the slice below it. What looks like the bottom is the lowest point of the plane at most.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from nnbook import arrays
from nnbook.experiments import TrainedNetwork
from nnbook.network import Network
from nnbook.training import LOSSES

Floats = NDArray[np.float64]
MARGIN = 0.25  # of the way's extent, around it


@dataclass(frozen=True, eq=False)
class Slice:
    """A plane through the parameters of a trained network, and the loss at a grid of points on it.

    The plane's point (a, b) is the network whose parameters are the trained ones + a * first + b * second direction.
    These have length 1 and are at right angles, so a and b are distances between parameters.

    across: (columns,), the places a of the grid, growing; up: (rows,), the places b of the grid, growing.
    losses: (rows, columns), the mean loss over the images at (across[column], up[row]), without weight decay.
    directions: (2, parameters), first and second, in the order of `Network.parameters`.
    path: (stops, 2), the stops of the training, projected onto the plane; the last one is the trained network, (0, 0).
    path_losses: (stops,), the loss at each stop itself, which lies beside the plane, but for the last.
    steps: (stops,), after how many steps each stop was.
    share: of the motion (the squared distances of all stops from the last), what lies in the plane, from 0 to 1.
    """

    across: Floats
    up: Floats
    losses: Floats
    directions: Floats
    path: Floats
    path_losses: Floats
    steps: tuple[int, ...]
    share: float


@arrays.taken()
def around(network: TrainedNetwork, images: NDArray[np.uint8], labels: NDArray[np.integer], grid: int = 41) -> Slice:
    """The slice of the loss around `network` in the two directions in which its training moved most.

    They are the first two principal directions of the way from the end: of all planes through the trained parameters,
    theirs is the one that the stops lie closest to. Of such a plane one must know that even a way without an aim would
    look smooth on it.

    Args:
        network: trained with three checkpoints or more, the last of them at the end.
        images: (N, ...), over which the loss is taken; a thousand or two give a smooth picture.
        labels: (N,).
        grid: how many points it has in each direction.

    Raises:
        ValueError: if the network has fewer checkpoints.

    Explained in: how-neural-networks-are-trained, "Uneven landscapes".

    Example:
        >>> view = landscape.around(trained("mnist-2-layer"), train.images[:2000], train.labels[:2000])
        >>> plt.contour(view.across, view.up, view.losses)
        >>> plt.plot(*view.path.T)
    """
    if len(network.checkpoints) < 3:
        raise ValueError(
            f"a slice needs three checkpoints or more of a training; got {len(network.checkpoints)} of {network.name}; "
            "train with checkpoint_epochs=True"
        )
    stops = np.stack([_vector(stop.parameters) for stop in network.checkpoints])
    way = stops - stops[-1]
    _, lengths, directions = np.linalg.svd(way, full_matrices=False)
    # A direction has two ends: the training comes from the left and from below, on every computer.
    directions = directions[:2] * -np.sign(way[0] @ directions[:2].T)[:, np.newaxis]
    path = way @ directions.T
    across, up = (_places(along, grid) for along in path.T)
    loss = _Loss(network, images, labels)
    with threadpool_limits(1, user_api="blas"):  # as in the training
        losses = loss.over_plane(stops[-1], directions, across, up)
        path_losses = np.array([loss.at(stop) for stop in stops])
    share = float((lengths[:2] ** 2).sum() / (lengths**2).sum())
    steps = tuple(stop.step for stop in network.checkpoints)
    return Slice(across, up, losses, directions, path, path_losses, steps, share)


@arrays.taken()
def steepness(
    network: TrainedNetwork, images: NDArray[np.uint8], labels: NDArray[np.integer], stop: int = -1
) -> Floats:
    """How steep the loss is by the weights of each layer: the mean size of its slopes, (layers,), first to last.

    Args:
        network: trained with checkpoints.
        images: (N, ...), over which the loss is taken.
        labels: (N,).
        stop: which of the checkpoints: 0 is the first, -1 the last.
    """
    loss = _Loss(network, images, labels)
    loss.network.parameters[:] = _vector(network.checkpoints[stop].parameters)
    loss.network.backward(loss.value_and_gradient(loss.network.forward(loss.images))[1])
    layers = [layer for layer in loss.network.layers if "weights" in layer.gradients]
    return np.array([np.abs(layer.gradients["weights"]).mean() for layer in layers])


class _Loss:
    """The loss of a network over fixed images, as a function of all its parameters in one vector."""

    def __init__(self, network: TrainedNetwork, images: NDArray[np.uint8], labels: NDArray[np.integer]) -> None:
        self.network = Network.of(network.recipe.layers, network.input_shape)
        self.loss = LOSSES[network.recipe.loss]()
        self.images, self.targets = images / 255, np.eye(len(network.class_keys))[labels]

    def at(self, parameters: Floats) -> float:
        """The loss at `parameters` (parameters,)."""
        self.network.parameters[:] = parameters
        return self.value_and_gradient(self.network.forward(self.images))[0]

    def value_and_gradient(self, outputs: Floats) -> tuple[float, Floats]:
        """The loss of the `outputs` (N, classes), and its gradient by them."""
        return self.loss.value_and_gradient(outputs, self.targets)

    def over_plane(self, centre: Floats, directions: Floats, across: Floats, up: Floats) -> Floats:
        """The losses (rows, columns) at centre + across[column] * directions[0] + up[row] * directions[1].

        The sums of the first layer change in a straight line along any direction, so the many pixels are multiplied
        three times, and not at each point.
        """
        first, *others = self.network.layers
        sums, losses = [], np.empty((len(up), len(across)))
        vectors = np.stack([centre, *directions])
        for vector in vectors:
            self.network.parameters[:] = vector
            sums.append(first.forward(self.images))
        for row, column in np.ndindex(losses.shape):
            place = np.array([1, across[column], up[row]])
            self.network.parameters[:] = place @ vectors
            outputs = sum(part * amount for part, amount in zip(sums, place, strict=True))
            for layer in others:
                outputs = layer.forward(outputs)
            losses[row, column] = self.value_and_gradient(outputs)[0]
        return losses


def _vector(parameters: Mapping[str, NDArray[np.floating]]) -> Floats:
    """All `parameters` in one vector, as `Network.parameters` has them."""
    return np.concatenate([array.ravel() for array in parameters.values()]).astype(float)


def _places(along: Floats, points: int) -> Floats:
    """Where the grid has its points in a direction: the way's extent `along` it (stops,), with a margin around."""
    margin = MARGIN * np.ptp(along)
    return np.linspace(along.min() - margin, along.max() + margin, points)
