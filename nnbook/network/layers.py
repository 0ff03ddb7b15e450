"""What is a layer? A function with parameters that can pass gradients back through itself.

`forward` computes outputs from inputs. Given the gradient of the loss by the outputs, `parameter_gradients` finds the
gradient by the layer's own parameters, and `input_gradient` the one by its inputs. The inputs are the outputs of the
layer before, whose turn it is next: that is all of backpropagation.

The first axis of every array counts examples; what an example looks like is the layer's `input_shape` and
`output_shape`.
"""

import math
from collections.abc import Mapping

import numpy as np

Shape = tuple[int, ...]


class Layer:
    """A layer that hands on what it gets; the others say what they do differently.

    Attributes:
        parameters: the shape of each array of parameters, by its name. The network keeps all of them in one vector and
            binds an attribute of that name to its part of it, and `gradients[name]` to that of the gradients.
        memory: the names of attributes that a training keeps from step to step beside the parameters.
        is_activation: whether this layer is the activation function of the neurons before it.
    """

    is_activation = False
    memory: tuple[str, ...] = ()

    def __init__(self, input_shape: Shape) -> None:
        self.input_shape = self.output_shape = input_shape
        self.parameters: Mapping[str, Shape] = {}
        self.gradients: dict[str, np.ndarray] = {}

    @property
    def size(self) -> int:
        """How many parameters there are."""
        return sum(math.prod(shape) for shape in self.parameters.values())

    def bind(self, parameters: np.ndarray, gradients: np.ndarray) -> None:
        """Keep the parameters and their gradients in these two vectors (size,), which belong to the network."""
        start = 0
        for name, shape in self.parameters.items():
            part = slice(start, start := start + math.prod(shape))
            setattr(self, name, parameters[part].reshape(shape))
            self.gradients[name] = gradients[part].reshape(shape)

    def plain(self) -> dict[str, np.ndarray]:
        """The parameters by name, for inputs that nobody has prepared: what is kept of a trained network."""
        return {name: getattr(self, name) for name in self.parameters}

    def start_randomly(self, rng: np.random.Generator, scale: float) -> None:
        """Give the parameters the values with which a training begins."""

    def forward(self, x: np.ndarray, rng: np.random.Generator | None = None) -> np.ndarray:
        """Inputs `x` (N, *input_shape) to outputs (N, *output_shape); in a training, chance comes from `rng`."""
        return x

    def parameter_gradients(self, output_gradient: np.ndarray) -> None:
        """Fill `gradients`, given the gradient by the outputs of the last `forward`, (N, *output_shape)."""

    def input_gradient(self, output_gradient: np.ndarray) -> np.ndarray:
        """The gradient by the inputs (N, *input_shape), given that by the outputs, (N, *output_shape)."""
        return output_gradient
