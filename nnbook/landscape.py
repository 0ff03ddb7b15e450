"""The loss of a trained network as a landscape over its parameters: a slice of it, the way down, and how steep it is.

A network with 7,960 parameters has a loss over 7,960 directions, and a picture has two. So we cut: a plane through the
trained parameters, in the two directions in which the training moved most. A slice is right about each of its points,
and silent about all others. The way of the training lies beside the plane, not on it, and is only projected: its height
at a stop is not that of the slice below it. What looks like the bottom is the lowest point of the plane at most.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from nnbook import arrays
from nnbook.experiments import TrainedNetwork
from nnbook.network import Network
from nnbook.training import LOSSES, Checkpoint

Floats = NDArray[np.float64]
MARGIN = 0.25  # of the way's extent, around it
_one_thread = threadpool_limits.wrap(limits=1, user_api="blas")  # as in the training


@dataclass(frozen=True, eq=False)
class Slice:
    """A plane through the parameters of a trained network, and the loss at a grid of points on it.

    The plane's point (a, b) is the network whose parameters are the trained ones + a * first + b * second direction.
    These have length 1 and are at right angles, so a and b are distances between parameters.

    across: (columns,), the places a of the grid, growing; up: (rows,), the places b of the grid, growing.
    losses: (rows, columns), the mean loss over the images at (across[column], up[row]), without weight decay.
    directions: (2, parameters), first and second, in the order of `Network.parameters`.
    path: (stops, 2), the checkpoints, projected onto the plane; the last one is the trained network, (0, 0).
    share: of the motion (the squared distances of all stops from the last), what lies in the plane, from 0 to 1.
    """

    across: Floats
    up: Floats
    losses: Floats
    directions: Floats
    path: Floats
    share: float


@arrays.taken()
@_one_thread
def around(network: TrainedNetwork, images: NDArray[np.uint8], labels: NDArray[np.integer], grid: int = 41) -> Slice:
    """The slice of the loss around `network` in the two directions in which its training moved most.

    They are the first two principal directions of the way from its end: of all planes through the trained parameters,
    theirs is the one that the stops lie closest to. On such a plane even a way without an aim looks smooth.

    Args:
        network: trained with three checkpoints or more, the last of them at the end.
        images: (N, ...), over which the loss is taken; a thousand or two give a smooth picture.
        labels: (N,).
        grid: how many points it has in each direction.

    Raises:
        ValueError: if the network has fewer checkpoints.

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
    stops = np.stack([_vector(stop) for stop in network.checkpoints])
    way = stops - stops[-1]
    _, lengths, directions = np.linalg.svd(way, full_matrices=False)
    # A direction has two ends: the training comes from the left and from below, on every computer.
    directions = directions[:2] * -np.sign(way[0] @ directions[:2].T)[:, np.newaxis]
    path = way @ directions.T
    across, up = (np.linspace(*_ends(along), grid) for along in path.T)
    losses = _Loss(network, images, labels).over_plane(np.stack([stops[-1], *directions]), across, up)
    share = float((lengths[:2] ** 2).sum() / (lengths**2).sum())
    return Slice(across, up, losses, directions, path, share)


@arrays.taken()
@_one_thread
def along(
    network: TrainedNetwork, images: NDArray[np.uint8], labels: NDArray[np.integer]
) -> tuple[NDArray[np.intp], Floats]:
    """After how many steps each checkpoint of a training was, and the loss there over `images`: both (stops,).

    Example:
        >>> plt.plot(*landscape.along(network, train.images[:2000], train.labels[:2000]))
    """
    loss = _Loss(network, images, labels)
    losses = [loss.at(_vector(stop)) for stop in network.checkpoints]
    return np.array([stop.step for stop in network.checkpoints]), np.array(losses)


@arrays.taken()
@_one_thread
def steepness(
    network: TrainedNetwork, images: NDArray[np.uint8], labels: NDArray[np.integer], stop: int = -1
) -> Floats:
    """The mean size of the slopes by the weights of each layer, (layers,), at a `stop`: 0 the first, -1 the last."""
    loss = _Loss(network, images, labels)
    loss.at(_vector(network.checkpoints[stop]))
    loss.network.backward(loss.gradient)
    found = [layer.gradients["weights"] for layer in loss.network.layers if "weights" in layer.gradients]
    return np.array([np.abs(slopes).mean() for slopes in found])


class _Loss:
    """The loss of a network over fixed images, as a function of all its parameters in one vector."""

    def __init__(self, network: TrainedNetwork, images: NDArray[np.uint8], labels: NDArray[np.integer]) -> None:
        self.network = Network.of(network.recipe.layers, network.input_shape)
        self.kind = LOSSES[network.recipe.loss]()
        known = arrays.labels(labels, network.class_keys)
        self.images, self.targets = images / 255, np.eye(len(network.class_keys))[known]

    def at(self, parameters: Floats) -> float:
        """The loss at `parameters` (parameters,)."""
        self.network.parameters[:] = parameters
        return self.of(self.network.forward(self.images))

    def of(self, outputs: Floats) -> float:
        """The loss of `outputs` (N, classes); the gradient by them is kept."""
        value, self.gradient = self.kind.value_and_gradient(outputs, self.targets)
        return value

    def over_plane(self, vectors: Floats, across: Floats, up: Floats) -> Floats:
        """The losses (rows, columns) over a plane of which `vectors` (3, parameters) are a point and two directions.

        The sums of the first layer change in a straight line along any direction, so the many pixels are multiplied
        three times, and not at each point.
        """
        first, *others = self.network.layers
        sums, losses = [], np.empty((len(up), len(across)))
        for vector in vectors:
            self.network.parameters[:] = vector
            sums.append(first.forward(self.images))
        for row, column in np.ndindex(losses.shape):
            place = np.array([1, across[column], up[row]])
            self.network.parameters[:] = place @ vectors
            outputs = np.tensordot(place, sums, 1)
            for layer in others:
                outputs = layer.forward(outputs)
            losses[row, column] = self.of(outputs)
        return losses


def _vector(stop: Checkpoint) -> Floats:
    """All parameters of a checkpoint in one vector, as `Network.parameters` has them."""
    return np.concatenate([array.ravel() for array in stop.parameters.values()]).astype(float)


def _ends(along: Floats) -> tuple[float, float]:
    margin = MARGIN * np.ptp(along)
    return along.min() - margin, along.max() + margin
