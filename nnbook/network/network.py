"""A network: layers in a row, and all their parameters in one vector."""

from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from nnbook import arrays
from nnbook.network.chain import layers_of
from nnbook.network.layers import Layer, Shape
from nnbook.network.normalisation import BatchNormalisation

Arrays = tuple[np.ndarray, ...]


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
        self.parameters, self.gradients = np.zeros(self.size, self.dtype), np.zeros(self.size, self.dtype)
        bind(self.layers, self.parameters, self.gradients)

    @classmethod
    def of(cls, descriptions: Sequence[str], input_shape: Shape, dtype: str | np.dtype = "float64") -> "Network":
        """The network of layers that are described (see `chain`), for inputs of `input_shape`."""
        return cls(layers_of(descriptions, input_shape), dtype)

    def start_randomly(self, rng: np.random.Generator, scale: float = 1.0) -> None:
        """Give all parameters the values with which a training begins; a `scale` of 0 makes all weights zero."""
        for layer in self.layers:
            layer.start_randomly(rng, scale)

    def forward(self, x: np.ndarray, rng: np.random.Generator | None = None) -> np.ndarray:
        """Inputs `x` (N, *input_shape) to the last layer's outputs; in a training, chance comes from `rng`."""
        x = arrays.inputs(x, self.layers[0].input_shape)
        for layer in self.layers:
            x = layer.forward(x, rng)
        return x

    def backward(self, output_gradient: np.ndarray) -> None:
        """Fill `gradients`, given the gradient of the loss by the outputs of the last `forward`."""
        for layer in reversed(self.layers[1:]):
            layer.parameter_gradients(output_gradient)
            output_gradient = layer.input_gradient(output_gradient)
        # Nobody asks how the pixels should change, so the first layer is spared half of its work.
        self.layers[0].parameter_gradients(output_gradient)

    def input_gradient(self, output_gradient: np.ndarray) -> np.ndarray:
        """The gradient by the inputs (N, *input_shape) of the last `forward`, given that by its outputs."""
        for layer in reversed(self.layers):
            output_gradient = layer.input_gradient(output_gradient)
        return output_gradient

    def activations(self, x: np.ndarray) -> list[np.ndarray]:
        """What each layer of neurons gives out for `x` (N, *input_shape), after its activation function."""
        found: list[np.ndarray] = []
        for number, outputs in enumerate(self.outputs(x)):
            if self.layers[number].is_activation and number:
                found.pop()
            found.append(outputs)
        return found

    def outputs(self, x: np.ndarray) -> list[np.ndarray]:
        """What every single layer gives out for `x` (N, *input_shape)."""
        x = arrays.inputs(x, self.layers[0].input_shape)
        return [x := layer.forward(x) for layer in self.layers]

    @property
    def trained_layers(self) -> tuple[Layer, ...]:
        """All layers that a training works with."""
        return self.layers

    def named_parameters(self) -> dict[str, np.ndarray]:
        """All arrays of parameters, by the number of their layer and their name: "0.weights", "0.biases", ...

        They are those for inputs that nobody has prepared, and of the layers that are kept (see `chain.kept`): whatever
        a first layer subtracts is part of its biases, and normalisation part of the layer before.
        """
        kept: list[dict[str, np.ndarray]] = []
        for layer in self.layers:
            if isinstance(layer, BatchNormalisation):
                place = next(place for place in reversed(range(len(kept))) if kept[place])
                kept[place] = layer.folded_into(kept[place])
            else:
                kept.append(layer.plain())
        return {f"{number}.{name}": array for number, arrays in enumerate(kept) for name, array in arrays.items()}

    @property
    def weights(self) -> Arrays:
        """The weights of each layer that has some."""
        return tuple(array for name, array in self.named_parameters().items() if name.endswith(".weights"))

    @property
    def biases(self) -> Arrays:
        """The biases of each layer that has some."""
        return tuple(array for name, array in self.named_parameters().items() if name.endswith(".biases"))

    @property
    def units(self) -> tuple[int, ...]:
        """How many numbers come in, and how many neurons each layer with weights has."""
        inputs = int(np.prod(self.layers[0].input_shape))
        return (inputs, *(layer.output_shape[-1] for layer in self.layers if "weights" in layer.parameters))


def bind(layers: Sequence[Layer], parameters: np.ndarray, gradients: np.ndarray) -> None:
    """Give each of the `layers` its part of the vectors `parameters` and `gradients` (size,)."""
    start = 0
    for layer in layers:
        part = slice(start, start := start + layer.size)
        layer.bind(parameters[part], gradients[part])


def _check_chain(layers: Sequence[Layer]) -> None:
    if not layers:
        raise ValueError("a network needs at least one layer; got none; pass a list of layers")
    for place, (layer, following) in enumerate(pairwise(layers)):
        if np.prod(layer.output_shape) != np.prod(following.input_shape):
            raise ValueError(
                f"each layer takes what the one before gives out; layer {place} has outputs {layer.output_shape} and "
                f"layer {place + 1} has inputs {following.input_shape}; make the two the same"
            )
