"""Batch normalisation: in a training, every map is given the mean 0 and the spread 1 before it is handed on.

It is scaffolding: once the training has ended, what is left of it fits into the weights of the layer before.
"""

import numpy as np

from nnbook.network.layers import Layer, Shape

EPSILON = 1e-5  # a map that is the same everywhere has no spread to divide by
MEMORY = 0.9  # how much of the running means is kept at each step


class BatchNormalisation(Layer):
    """y = (x - mean) / spread + shift, channel by channel; `shift` is (channels,). It stands before an activation.

    In a training, mean and spread are those of the batch: of all examples, rows and columns. Outside of it they are the
    running means of those, as one image alone has none of its own. There is no scale to learn: the layer after a ReLU
    can learn it as well. Source: S. Ioffe and C. Szegedy, "Batch Normalization", ICML 2015.
    """

    memory = ("mean", "variance")
    shift: np.ndarray

    def __init__(self, input_shape: Shape) -> None:
        super().__init__(input_shape)
        self.parameters = {"shift": input_shape[-1:]}
        self.axes = tuple(range(len(input_shape)))  # all but the channels
        self.mean: np.ndarray | None = None
        self.variance: np.ndarray | None = None

    def start_randomly(self, rng: np.random.Generator, scale: float) -> None:
        self.shift[...] = 0

    def forward(self, x: np.ndarray, rng: np.random.Generator | None = None) -> np.ndarray:
        if rng is None:
            scale, shift = self.scale_and_shift()
            return x * scale + shift
        mean = x.mean(axis=self.axes)
        self.normal = x - mean
        variance = _along(self.normal, self.normal) * (len(mean) / x.size)
        self.mean = mean if self.mean is None else MEMORY * self.mean + (1 - MEMORY) * mean
        self.variance = variance if self.variance is None else MEMORY * self.variance + (1 - MEMORY) * variance
        self.spread = np.sqrt(variance + EPSILON)
        self.normal /= self.spread
        return self.normal + self.shift

    def parameter_gradients(self, output_gradient: np.ndarray) -> None:
        np.sum(output_gradient, axis=self.axes, out=self.gradients["shift"])

    def input_gradient(self, output_gradient: np.ndarray) -> np.ndarray:
        # Each number also moves the mean and the spread of its channel; both ways are taken off.
        count = output_gradient.size / len(self.shift)
        gradient = self.normal * (_along(output_gradient, self.normal) / -count)
        gradient += output_gradient
        gradient -= self.gradients["shift"] / count
        gradient /= self.spread
        return gradient

    def scale_and_shift(self) -> tuple[np.ndarray, np.ndarray]:
        """What the layer does outside of a training: y = scale x + shift, each (channels,)."""
        if self.mean is None or self.variance is None:  # nothing was seen
            return np.ones_like(self.shift), self.shift
        scale = 1 / np.sqrt(self.variance + EPSILON)
        return scale, self.shift - scale * self.mean

    def folded_into(self, before: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
        """The `weights` (channels, ...) and `biases` (channels,) of the layer `before`, with this one in them.

        Pooling may stand between the two: as no scale is negative, the largest number stays the largest.
        """
        scale, shift = self.scale_and_shift()
        weights, biases = before["weights"], before["biases"]
        return {"weights": (weights.T * scale).T, "biases": biases * scale + shift}


def _along(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """The sum of a * b for each channel, which comes last."""
    axes = list(range(a.ndim))
    return np.einsum(a, axes, b, axes, axes[-1:])
