"""A network: layers in a row, and all their parameters in one vector."""

from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from nnbook.network.activations import ReLU, Sigmoid
from nnbook.network.arrays import zeros
from nnbook.network.dense import Dense
from nnbook.network.layers import Layer
from nnbook.network.pixel_dense import PixelDense

ACTIVATIONS: dict[str, type[ReLU] | type[Sigmoid]] = {"relu": ReLU, "sigmoid": Sigmoid}


class Network:
    """Layers applied one after the other.

    `parameters` and `gradients` are single vectors (size,) of `dtype`, and the layers hold views into them. So an
    optimiser needs to know nothing of layers.

    Raises:
        ValueError: if there is no layer, or the outputs of one do not fit the inputs of the next.
    """

    def __init__(self, layers: Sequence[Layer], dtype: str | np.dtype = "float64") -> None:
        _check_chain(layers)
        self.layers, self.dtype = tuple(layers), np.dtype(dtype)
        self.size = sum(layer.size for layer in layers)
        self.parameters, self.gradients = zeros(self.size, self.dtype), zeros(self.size, self.dtype)
        start = 0
        for layer in layers:
            part = slice(start, start + layer.size)
            layer.bind(self.parameters[part], self.gradients[part])
            start = part.stop

    @classmethod
    def dense(
        cls,
        units: Sequence[int],
        activation: str = "relu",
        dtype: str | np.dtype = "float64",
        pixels: bool = False,
        centre: np.ndarray | None = None,
    ) -> "Network":
        """Dense layers between `units` (inputs, hidden ..., outputs), with an `activation` after each but the last.

        With `pixels`, the inputs are bytes from 0 to 255, and `centre` (inputs,) is subtracted from byte / 255.
        """
        if activation not in ACTIVATIONS:
            raise ValueError(
                f"an activation is one of {', '.join(ACTIVATIONS)}; got {activation!r}; choose one of these"
            )
        if len(units) < 2:
            raise ValueError(
                f"a network has at least inputs and outputs; got units {tuple(units)}; pass two numbers or more"
            )
        layers: list[Layer] = [PixelDense(units[0], units[1], centre) if pixels else Dense(units[0], units[1])]
        for inputs, outputs in pairwise(units[1:]):
            layers += [ACTIVATIONS[activation](inputs), Dense(inputs, outputs)]
        return cls(layers, dtype)

    @property
    def dense_layers(self) -> tuple[Dense, ...]:
        """The layers that have weights."""
        return tuple(layer for layer in self.layers if isinstance(layer, Dense))

    def start_randomly(self, rng: np.random.Generator, scale: float = 1.0) -> None:
        """Draw weights from a normal distribution of standard deviation `scale` * sqrt(2 / inputs); biases are zero.

        With a scale of 1, ReLU layers hand on sums of the same size from first to last. Source: K. He et al.,
        "Delving Deep into Rectifiers", ICCV 2015.
        """
        for layer in self.dense_layers:
            deviation = scale * np.sqrt(2 / layer.inputs)
            layer.weights[...] = deviation * rng.standard_normal(layer.weights.shape)
            layer.biases[...] = 0

    def forward(self, x: np.ndarray) -> np.ndarray:
        """Inputs `x` (N, inputs) to the last layer's outputs (N, outputs); valid until the next call."""
        for layer in self.layers:
            x = layer.forward(x)
        return x

    def activations(self, x: np.ndarray) -> list[np.ndarray]:
        """What each layer of neurons gives out for `x` (N, inputs), after its activation function; (N, units)."""
        found: list[np.ndarray] = []
        for layer in self.layers:
            x = layer.forward(x)
            if not isinstance(layer, Dense):
                found.pop()
            found.append(x.copy())
        return found

    def backward(self, output_gradient: np.ndarray) -> None:
        """Fill `gradients`, given the gradient of the loss by the outputs of the last `forward`, (N, outputs)."""
        for layer in reversed(self.layers[1:]):
            layer.parameter_gradients(output_gradient)
            output_gradient = layer.input_gradient(output_gradient)
        # Nobody asks how the pixels should change, so the first layer is spared half of its work.
        self.layers[0].parameter_gradients(output_gradient)

    def plain_parameters(self) -> tuple[tuple[np.ndarray, ...], tuple[np.ndarray, ...]]:
        """Float32 weights (outputs, inputs) and biases (outputs,) of the dense layers, for inputs from 0 to 1."""
        layers = self.dense_layers
        biases = [layer.folded_biases() if isinstance(layer, PixelDense) else layer.biases for layer in layers]
        return (
            tuple(layer.weights.astype(np.float32) for layer in layers),
            tuple(bias.astype(np.float32) for bias in biases),
        )


def _check_chain(layers: Sequence[Layer]) -> None:
    if not layers:
        raise ValueError("a network needs at least one layer; got none; pass a list of layers")
    for place, (layer, following) in enumerate(pairwise(layers)):
        if layer.outputs != following.inputs:
            raise ValueError(
                f"outputs of a layer must fit the inputs of the next; layer {place} has {layer.outputs} outputs and "
                f"layer {place + 1} has {following.inputs} inputs; make the two numbers equal"
            )
