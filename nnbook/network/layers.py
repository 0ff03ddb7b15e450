"""What is a layer? A function with parameters that can pass gradients back through itself.

`forward` computes outputs from inputs. Then, given the gradient of the loss by the outputs, `parameter_gradients`
finds the gradient by the layer's own parameters, and `input_gradient` the one by its inputs. The inputs are the
outputs of the layer before, whose turn it is next: that is all of backpropagation.

A row is an example. Every array is allocated once for a number of rows and then reused, so what a method returns is
valid until its next call.
"""

from typing import Protocol

import numpy as np


class Layer(Protocol):
    """What a network needs to know of a layer: from (N, inputs) to (N, outputs), with `size` parameters."""

    inputs: int
    outputs: int
    size: int

    def bind(self, parameters: np.ndarray, gradients: np.ndarray) -> None:
        """Keep the parameters and their gradients in these two vectors (size,), which belong to the network."""

    def forward(self, x: np.ndarray) -> np.ndarray:
        """Inputs `x` (N, inputs) to outputs (N, outputs)."""

    def parameter_gradients(self, output_gradient: np.ndarray) -> None:
        """Fill the bound gradients, given the gradient by the outputs of the last `forward`, (N, outputs)."""

    def input_gradient(self, output_gradient: np.ndarray) -> np.ndarray:
        """The gradient by the inputs (N, inputs), given that by the outputs of the last `forward`, (N, outputs)."""
