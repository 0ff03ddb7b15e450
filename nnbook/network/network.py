"""A network: layers in a row, and all their parameters in one vector."""

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

import numpy as np

from nnbook.network.buffers import FloatArray
from nnbook.network.layers import Dense, Layer, PixelDense, ReLU, Sigmoid

ACTIVATIONS: dict[str, type[ReLU] | type[Sigmoid]] = {"relu": ReLU, "sigmoid": Sigmoid}


class Network:
    """Layers applied one after the other.

    `parameters` and `gradients` (size,) are single vectors of `dtype`; the layers hold views into them. So an optimiser needs
    to know nothing of layers.

    Raises:
        ValueError: if there is no layer, or one's outputs do not fit the next one's inputs.
    """

    def __init__(self, layers: Sequence[Layer], dtype: str | np.dtype = "float64") -> None:
        _check_chain(layers)
        self.layers, self.dtype = tuple(layers), np.dtype(dtype)
        sizes = [layer.size for layer in layers]
        self.parameters = np.zeros(sum(sizes), self.dtype)
        self.gradients = np.zeros(sum(sizes), self.dtype)
        stops = np.cumsum(sizes)
        for layer, start, stop in zip(layers, stops - sizes, stops, strict=True):
            layer.bind(self.parameters[start:stop], self.gradients[start:stop])

    @classmethod
    def dense(
        cls,
        units: Sequence[int],
        activation: str = "relu",
        dtype: str | np.dtype = "float64",
        centre: np.ndarray | None = None,
        pixels: bool = True,
    ) -> "Network":
        """Dense layers between `units` (inputs, hidden ..., outputs), an `activation` after each but the last.

        With `pixels`, the inputs are bytes from 0 to 255, and `centre` (inputs,) is subtracted after the division by 255.
        """
        if activation not in ACTIVATIONS:
            raise ValueError(
                f"an activation is one of {', '.join(ACTIVATIONS)}; got {activation!r}; choose one of these"
            )
        first: Layer = PixelDense(units[0], units[1], centre) if pixels else Dense(units[0], units[1])
        layers = [first]
        for inputs, outputs in pairwise(units[1:]):
            layers += [ACTIVATIONS[activation](inputs), Dense(inputs, outputs)]
        return cls(layers, dtype)

    @classmethod
    def from_recipe(cls, recipe: Mapping[str, Any]) -> "Network":
        """The network that `to_recipe` described, with all parameters zero."""
        return cls.dense(recipe["units"], recipe["activation"], recipe["dtype"], pixels=recipe["pixels"])

    def to_recipe(self) -> dict[str, Any]:
        """Plain values that say how the network is built (not its parameters)."""
        activations = [layer for layer in self.layers if isinstance(layer, ReLU | Sigmoid)]
        names = {kind: name for name, kind in ACTIVATIONS.items()}
        return {
            "units": [self.layers[0].inputs, *(layer.outputs for layer in self.dense_layers)],
            "activation": names[type(activations[0])] if activations else "relu",
            "dtype": self.dtype.name,
            "pixels": isinstance(self.layers[0], PixelDense),
        }

    @property
    def dense_layers(self) -> tuple[Dense, ...]:
        """The layers that have weights."""
        return tuple(layer for layer in self.layers if isinstance(layer, Dense))

    def start_randomly(self, rng: np.random.Generator, scale: float = 1.0) -> None:
        """Draw every weight from a normal distribution with variance 2 / inputs; biases are zero.

        With this variance the sums keep their size from layer to layer under ReLU. Source: K. He et al., "Delving Deep into
        Rectifiers", ICCV 2015.
        """
        for layer in self.dense_layers:
            layer.weights[...] = rng.standard_normal(layer.weights.shape) * (scale * np.sqrt(2 / layer.inputs))
            layer.biases[...] = 0

    def forward(self, x: np.ndarray) -> FloatArray:
        """Inputs `x` (N, inputs) to scores (N, outputs); valid until the next call."""
        for layer in self.layers:
            x = layer.forward(x)
        return x

    def activations(self, x: np.ndarray) -> list[FloatArray]:
        """The outputs (N, units) of each dense layer after its activation function, as copies; the last are the scores."""
        found = []
        for layer in self.layers:
            x = layer.forward(x)
            if isinstance(layer, Dense):
                found.append(x.copy())
            else:
                found[-1] = x.copy()
        return found

    def backward(self, output_gradient: FloatArray) -> None:
        """Fill `gradients`, given the gradient of the loss by the outputs of the last `forward`, (N, outputs)."""
        gradient: FloatArray | None = output_gradient
        for layer in reversed(self.layers[1:]):
            gradient = layer.backward(gradient)
        # Nobody asks how the pixels should change, so the first layer's share of that work is left out.
        self.layers[0].backward(gradient, with_input_gradient=False)

    def plain_parameters(self) -> tuple[tuple[np.ndarray, ...], tuple[np.ndarray, ...]]:
        """Weights (outputs, inputs) and biases (outputs,) of the dense layers, rounded to float32.

        They belong to inputs from 0 to 1: a centre that was subtracted in training is folded into the first biases,
        W (x - centre) + b = W x + (b - W centre).
        """
        layers = self.dense_layers
        biases = [layer.biases for layer in layers]
        if isinstance(layers[0], PixelDense):
            biases[0] = layers[0].biases - layers[0].weights @ layers[0].centre
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
                f"each layer's outputs must fit the next layer's inputs; layer {place} has {layer.outputs} outputs and "
                f"layer {place + 1} has {following.inputs} inputs; make the two numbers equal"
            )
