"""What a parameter is called says what it holds: a function that is marked has its arrays taken in before it runs.

Arguments are taken in the order of `TAKE`, each with what those before have told: how many examples there are, what
shape a picture has, how many classes there are.
"""

import inspect
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import wraps
from typing import Any, TypeVar

import numpy as np

from nnbook.arrays.classes import class_keys, class_number, counts, keys_in, labels, probabilities
from nnbook.arrays.layers import chain, weights
from nnbook.arrays.numbers import as_array, numbers, positions, refuse, vector
from nnbook.arrays.pictures import images

Function = TypeVar("Function", bound=Callable[..., Any])


@dataclass
class _Call:
    """What the arguments that were taken so far have told about the others."""

    given: Mapping[str, Any]
    shape: tuple[int, ...] | None = None
    count: int | None = None
    classes: int | None = None
    keys: tuple[str, ...] | None = None

    @property
    def inputs(self) -> int | None:
        return None if self.shape is None else math.prod(self.shape)

    def take_shape(self, value: Any, name: str) -> Any:
        self.shape = tuple(positions(value, None, name).tolist())
        if len(self.shape) not in (2, 3) or self.shape[2:] not in ((), (3,)) or not self.inputs:
            refuse(
                "a picture is (height, width), or (height, width, 3) in colour", f"{name} {value!r}", "pass its sides"
            )
        return self.shape

    def take_images(self, value: Any, name: str) -> Any:
        found = images(value, name, self.shape)
        self.shape, self.count = found.shape[1:], len(found)
        return found

    def take_image(self, value: Any, name: str) -> Any:
        one = as_array(value, name)
        if one.ndim > 3:
            refuse("this is about one picture, (height, width)", f"{name} of shape {one.shape}", f"pass {name}[0]")
        found = self.take_images(one[np.newaxis], name)[0]
        self.count = None  # it is one of many that are not here
        return found

    def take_probabilities(self, value: Any, name: str) -> Any:
        found = probabilities(value, name, self.count)
        self.count, self.classes = found.shape
        return found

    def take_points(self, value: Any, name: str) -> Any:
        found = numbers(value, name)
        if found.ndim != 2 or found.shape[1] != 2 or not len(found):
            refuse(f"{name} are (N, 2), two numbers for each", f"{name} of shape {found.shape}", "pass two columns")
        self.count, self.classes = len(found), 2
        return found.astype(np.float64)

    def take_layer(self, value: Any, name: str) -> Any:
        found = weights(value, self.classes or self.inputs, name=name)  # a layer before it has told how many come in
        self.classes = len(found)
        return found

    def take_layers(self, value: Any, name: str) -> Any:
        found = chain(value, self.inputs, name)
        self.classes = len(found[-1])
        return found

    def take_layers_or_sizes(self, value: Any, name: str) -> Any:
        if not np.iterable(value) or any(as_array(one, name).ndim for one in value):
            return self.take_layers(value, name)
        found = tuple(positions(value, None, name).tolist())
        self.classes = found[-1] if found else None
        return found

    def take_all_biases(self, value: Any, name: str, layers: Any = None) -> Any:
        sizes = [len(layer) for layer in layers or self.given["weights"]]
        found = list(value) if np.iterable(value) else []
        if len(found) != len(sizes):
            refuse(f"there are {name} for each of {len(sizes)} layers", f"{len(found)} arrays", "pass those of all")
        return tuple(
            vector(one, size, f"{name}[{at}]") for at, (one, size) in enumerate(zip(found, sizes, strict=True))
        )

    def take_networks(self, value: Any, name: str) -> Any:
        """Each as a pair of weights and biases, or as it is if it is a trained network."""
        networks = list(value) if np.iterable(value) else []
        trained = [hasattr(network, "layers") and hasattr(network, "probabilities") for network in networks]
        pairs = [isinstance(network, (tuple, list)) and len(network) == 2 for network in networks]
        if not networks or any(not (one or other) for one, other in zip(trained, pairs, strict=True)):
            refuse(
                "a network is a trained one, or a pair of its weights and its biases",
                f"{name} {networks!r:.80}",
                "pass a list of them",
            )
        return [network if one else self._pair(network) for one, network in zip(trained, networks, strict=True)]

    def _pair(self, network: Any) -> Any:
        layers = self.take_layers(network[0], "weights")
        return layers, self.take_all_biases(network[1], "biases", layers)

    def take_class_keys(self, value: Any, name: str) -> Any:
        self.keys = class_keys(value, self.classes, name)
        self.classes = len(self.keys)
        return self.keys

    def take_class_count(self, value: Any, name: str) -> int:
        """How many classes there are, which keys tell as well."""
        self.keys = None if isinstance(value, (int, np.integer)) else class_keys(value, name=name)
        self.classes = len(class_keys(value, name=name))
        return self.classes

    def take_labels(self, value: Any, name: str) -> Any:
        if self.keys is None and self.classes is None and "predictions" in self.given:  # words that name the same
            words = [keys_in(self.given[part]) for part in ("predictions", "labels")]
            self.keys = tuple(sorted({*words[0], *words[1]})) if words[0] and words[1] else None
        found = labels(value, self.keys or self.classes, name, self.count)
        self.count = len(found)
        return found

    def take_position(self, value: Any, name: str) -> int:
        if np.ndim(value):
            refuse("this is about one example", f"{name} {value!r}", "pass one number")
        return int(positions(value, self.count, name)[0])

    def take_class(self, value: Any, name: str) -> int:
        return class_number(value, self.keys or tuple(map(str, range(self.classes or 0))))


TAKE: dict[str, Callable[[_Call, Any, str], Any]] = {
    "shape": _Call.take_shape,
    "images": _Call.take_images,
    "image": _Call.take_image,
    "probabilities": _Call.take_probabilities,
    "points": _Call.take_points,
    "layer": _Call.take_layer,
    "layers": _Call.take_layers,
    "layers_or_sizes": _Call.take_layers_or_sizes,
    "neuron": lambda call, value, name: weights(numbers(value, name).reshape(1, -1), call.inputs, name=name)[0],
    "layer_biases": lambda call, value, name: vector(value, call.classes, name),
    "all_biases": _Call.take_all_biases,
    "networks": _Call.take_networks,
    "class_count": _Call.take_class_count,
    "class_keys": _Call.take_class_keys,
    "labels": _Call.take_labels,
    "places": lambda call, value, name: positions(value, None, name, call.count),  # in a data set, of each example
    "positions": lambda call, value, name: positions(value, call.count, name).tolist(),
    "position": _Call.take_position,
    "class": _Call.take_class,
    "classes": lambda call, value, name: [call.take_class(one, name) for one in np.atleast_1d(np.array(value, object))],
    "class_key": lambda call, value, name: str(value),
    "numbers": lambda call, value, name: vector(value, None, name),
    "pair": lambda call, value, name: vector(value, 2, name),
    "number": lambda call, value, name: float(vector(np.atleast_1d(numbers(value, name)), 1, name)[0]),
    "counts": lambda call, value, name: counts(value, name=name),
}

# What a parameter holds that has one of these names.
KINDS = {name: name for name in ("shape", "images", "image", "probabilities", "networks", "class_keys", "labels")} | {
    "input_shape": "shape",
    "weights": "layer",
    "layer": "layer",
    "first_weights": "layer",
    "second_weights": "layer",
    "biases": "layer_biases",
    "points": "points",
    "bias": "number",
    "predictions": "labels",
    "indices": "places",
    "index": "position",
    "class_key": "class_key",
    "classes": "classes",
    "confusion": "counts",
    "actual": "class",
    "predicted": "class",
}


def taken(**kinds: str) -> Callable[[Function], Function]:
    """Mark a function: its arrays are taken in, or refused with the rule, what came, and what to do.

    Args:
        kinds: the kind of `TAKE` for a parameter that has the name of another one, or of none.
    """

    def mark(function: Function) -> Function:
        signature = inspect.signature(function)
        kind_of = {name: kinds.get(name, KINDS.get(name)) for name in signature.parameters}
        order = [(name, take) for kind, take in TAKE.items() for name in kind_of if kind_of[name] == kind]

        @wraps(function)
        def call(*args: Any, **named: Any) -> Any:
            bound = signature.bind(*args, **named)
            bound.apply_defaults()
            known = _Call(bound.arguments)
            for name, take in order:
                value = bound.arguments[name]
                if value is not None or signature.parameters[name].default is not None:
                    bound.arguments[name] = take(known, value, name)
            return function(*bound.args, **bound.kwargs)

        return call  # type: ignore[return-value]

    return mark
