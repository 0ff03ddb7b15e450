"""Batch normalisation: every map is given the mean 0 and the spread 1 before it is handed on, and then scaled anew."""

import numpy as np

from nnbook.network.layers import Layer, Shape

EPSILON = 1e-5  # a map that is the same everywhere has no spread to divide by
MEMORY = 0.9  # how much of the running means is kept at each step


class BatchNormalisation(Layer):
    """y = scale (x - mean) / spread + shift, channel by channel; `scale` and `shift` are (channels,).

    In a training, mean and spread are those of the batch: of all examples, rows and columns. Outside of it they are the
    running means of those, as one image alone has none of its own. Source: S. Ioffe and C. Szegedy, "Batch
    Normalization", ICML 2015.
    """

    memory = ("mean", "variance")
    scale: np.ndarray
    shift: np.ndarray
    mean: np.ndarray | None
    variance: np.ndarray | None

    def __init__(self, input_shape: Shape) -> None:
        super().__init__(input_shape)
        self.parameters = {"scale": input_shape[-1:], "shift": input_shape[-1:]}
        self.axes = tuple(range(len(input_shape)))  # all but the channels
        self.mean = self.variance = None  # of a training; a network that was read from a file needs none

    def start_randomly(self, rng: np.random.Generator, scale: float) -> None:
        self.scale[...], self.shift[...] = 1, 0

    def forward(self, x: np.ndarray, rng: np.random.Generator | None = None) -> np.ndarray:
        if rng is None:
            scale, shift = self.plain().values()
            return x * scale + shift
        mean = x.mean(axis=self.axes)
        centred = x - mean
        variance = (centred**2).mean(axis=self.axes)
        self.mean = mean if self.mean is None else MEMORY * self.mean + (1 - MEMORY) * mean
        self.variance = variance if self.variance is None else MEMORY * self.variance + (1 - MEMORY) * variance
        self.spread = np.sqrt(variance + EPSILON)
        self.normal = centred / self.spread
        return self.normal * self.scale + self.shift

    def parameter_gradients(self, output_gradient: np.ndarray) -> None:
        np.sum(output_gradient, axis=self.axes, out=self.gradients["shift"])
        np.sum(output_gradient * self.normal, axis=self.axes, out=self.gradients["scale"])

    def input_gradient(self, output_gradient: np.ndarray) -> np.ndarray:
        # Each number also moves the mean and the spread of its channel; both ways are taken off. What they come to for
        # the whole channel are the gradients by the parameters, which are there by now.
        count = output_gradient.size / len(self.scale)
        shared = self.gradients["shift"] / count + self.normal * (self.gradients["scale"] / count)
        return (output_gradient - shared) * (self.scale / self.spread)

    def plain(self) -> dict[str, np.ndarray]:
        """Scale and shift with what a training has found of mean and spread in them: y = scale x + shift."""
        if self.mean is None or self.variance is None:
            return super().plain()
        scale = self.scale / np.sqrt(self.variance + EPSILON)
        return {"scale": scale, "shift": self.shift - scale * self.mean}
