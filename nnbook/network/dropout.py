"""Dropout: in training, neurons are switched off at random, so that none can rely on another being there."""

import numpy as np

from nnbook.network.layers import Layer, Shape


class Dropout(Layer):
    """In training, every input is set to zero with the probability `share`, and the others grow by 1 / (1 - share).

    So the sum that the next layer sees is on average what it is without dropout, and a trained network needs no other
    weights: outside of training, the inputs are handed on as they are. Source: N. Srivastava et al., "Dropout: A Simple
    Way to Prevent Neural Networks from Overfitting", JMLR 15, 2014 (there the weights are scaled, not the inputs).

    Raises:
        ValueError: if `share` is not from 0 to below 1.
    """

    is_activation = True

    def __init__(self, input_shape: Shape, share: float) -> None:
        super().__init__(input_shape)
        if not 0 <= share < 1:
            raise ValueError(f"dropout switches off a share from 0 to below 1; got {share:g}; use a number such as 0.5")
        self.share = share

    def forward(self, x: np.ndarray, rng: np.random.Generator | None = None) -> np.ndarray:
        kept = np.ones(x.shape, bool) if rng is None else rng.random(x.shape, np.float32) >= self.share
        self.factors = kept.astype(x.dtype) / (1 if rng is None else 1 - self.share)
        return x * self.factors

    def input_gradient(self, output_gradient: np.ndarray) -> np.ndarray:
        return output_gradient * self.factors
