"""The network diagram that answers: point at a neuron, and see its connections and the weights behind them."""

from collections.abc import Mapping, Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from nnbook import arrays
from nnbook.figures.kit import raster
from nnbook.figures.kit.element import interactive_figure
from nnbook.figures.kit.figure import Figure
from nnbook.figures.kit.filters import GAP
from nnbook.figures.kit.weights import CHANNELS, as_images, describe, neuron_facts, scale_legend
from nnbook.figures.network_diagram import static
from nnbook.figures.network_diagram.static import ENDS, drawn, heights
from nnbook.localisation import class_name, text


@arrays.taken(weights="layers_or_sizes")
def network_diagram(
    weights: Sequence[NDArray[np.floating]] | Sequence[int],
    class_keys: Sequence[str] | None = None,
    input_shape: tuple[int, ...] = (28, 28),
    name: str = "network",
    interactive: bool = True,
) -> Figure:
    """A fully connected network as a diagram; the reader points at a neuron and sees its connections and its weights.

    A neuron that looks at the pixels shows its weight image, one of a later layer its weights as bars, beside the
    images of the neurons that it weighs; an input shows which pixel it is, and its weights to the next layer. Of a long
    layer only the first and the last neurons are drawn, and from the dots between them
    come the five highest and the five lowest of the weights that have no line of their own.

    Args:
        weights: of each layer, (neurons, neurons of the layer before); the first is (neurons, inputs). Or only how many
            inputs and neurons there are, as in (784, 10, 10): such a diagram can't be asked.
        class_keys: (outputs,), the classes that the output neurons stand for.
        input_shape: of the images that the network sees, (H, W) or (H, W, 3); its product is the number of inputs.
        interactive: whether it answers to the reader.
        name: of the figure in the page's address, as in `#network:layer=1,neuron=3` (inputs are layer 0).

    Facts: `sizes`, `inputs`, `outputs`, `weights` and `biases` (how many there are), `parameters` (both together); for
        each layer in `layers` its `kind`, `size`, and for all but the first its number of `weights`.

    Explained in: looking-inside-neural-networks, "Seeing the weights" and "A hidden layer".

    Example:
        >>> weights, class_keys = trained("mnist-2-layer").weights, load("mnist").class_keys
        >>> network_diagram(weights, class_keys, name="two-layers")
    """
    if len(weights) and all(np.ndim(layer) == 0 for layer in weights):
        return static.network_diagram([int(size) for size in weights], class_keys, input_shape)
    sizes = _sizes(weights)  # type: ignore[arg-type]
    diagram = static.network_diagram(sizes, class_keys, input_shape)
    if not interactive:
        return diagram
    layers = [np.asarray(layer, dtype=float) for layer in weights]
    images = as_images(layers[0], input_shape)
    limit = float(np.abs(images).max())
    data = {
        "name": name,
        "width": input_shape[1],
        "height": input_shape[0],
        "gap": GAP,
        "places": [list(zip(drawn(size), heights(size), strict=True)) for size in sizes],
        "sheets": _sheets(images[list(drawn(sizes[1]))], limit),
        "layers": [{"count": sizes[1], "ranges": _ranges(layers[0].T, sizes[0])}, *map(_layer, layers)],
    }

    def names(language: str) -> Mapping[str, str]:
        words = {"legend": scale_legend(limit, "shared", len(input_shape), language)}
        for number, size in enumerate(sizes):
            words[f"name.{number}"] = name_of = _naming(number, len(sizes), class_keys is not None, language)
            for neuron in drawn(size):
                words[f"{number}.{neuron}"] = short = _short_name(
                    number, neuron, sizes, class_keys, input_shape, language
                )
                if number == 1:
                    said = name_of.format(name=short, number=short)
                    words[f"alt.{neuron}"] = describe(said, neuron_facts(images[neuron]), input_shape, language)
        return words

    return interactive_figure("network-diagram", diagram, data, names)


def _sizes(weights: Sequence[NDArray[np.floating]]) -> list[int]:
    """The number of inputs and of the neurons of each layer, if the layers fit together."""
    shapes = [np.shape(layer) for layer in weights]
    fits = (
        all(before[0] == after[1] for before, after in pairwise(shapes)) if {len(s) for s in shapes} == {2} else False
    )
    if not fits:
        raise ValueError(
            "each layer has a row for each of its neurons and a column for each neuron of the layer before; "
            f"got shapes {', '.join(map(str, shapes)) or 'of no layer'}; pass the weights of one network, in order"
        )
    return [shapes[0][1], *(shape[0] for shape in shapes)]


def _layer(weights: NDArray[np.float64]) -> dict[str, object]:
    """What the script needs of a layer (neurons, neurons before): weights of what is drawn, and the range of all."""
    after, before = (list(drawn(size)) for size in weights.shape)
    layer: dict[str, object] = {
        "count": weights.shape[1],
        "limit": float(np.abs(weights).max()),
        "ranges": _ranges(weights, weights.shape[0]),
        "weights": [[_short(weight) for weight in row] for row in weights[np.ix_(after, before)]],
    }
    if len(before) < weights.shape[1]:
        layer["others"] = [_strongest(row) for row in weights[after, ENDS:-ENDS]]
    return layer


def _ranges(weights: NDArray[np.float64], neurons: int) -> list[list[float]]:
    """The lowest and the highest weight of each drawn neuron among so many, its `weights` in a row."""
    return [[_short(weights[neuron].min()), _short(weights[neuron].max())] for neuron in drawn(neurons)]


def _strongest(weights: NDArray[np.float64]) -> list[tuple[float, float]]:
    """The lowest and the highest of `weights` (neurons that are not drawn,), each after its place, from 0 to 1."""
    order = np.argsort(weights, kind="stable")
    chosen = sorted({int(place) for place in (*order[:ENDS], *order[-ENDS:])})
    return [(round((place + 0.5) / len(weights), 2), _short(weights[place])) for place in chosen]


def _short(weight: float) -> float:
    """`weight` with as few decimals as its sign and the two decimals that the reader sees allow."""
    exact = float(weight)
    for decimals in range(2, 9):
        short = round(exact, decimals)
        if np.sign(short) == np.sign(exact) and f"{short:.2f}" == f"{exact:.2f}":
            return short
    return exact


def _sheets(images: NDArray[np.float64], limit: float) -> dict[str, str]:
    """The weight images of the neurons that see the pixels, side by side, for each ground (or for both, in colour)."""
    if images.ndim == 4:
        drawings = {"colour": [raster.colour_weights(image, limit) for image in images]}
    else:
        drawings = {
            f"only-{ground}": [raster.diverging(image, limit, ground) for image in images] for ground in raster.GROUNDS
        }
    return {kind: raster.data_uri(raster.sheet([line], GAP)) for kind, line in drawings.items()}


def _naming(layer: int, layers: int, classes: bool, language: str) -> str:
    """How neurons of a layer are called, with a placeholder for what tells them apart."""
    if layer == 0:
        return "{name}"
    if layer == layers - 1:
        kind = "class" if classes else "output"
        return text(f"network_diagram.{kind}_neuron", language, name="{name}", number="{number}")
    if layers == 3:
        return text("kit.hidden_neuron", language, number="{number}")
    return text("network_diagram.hidden_neuron", language, layer=layer, number="{number}")


def _short_name(
    layer: int,
    neuron: int,
    sizes: Sequence[int],
    class_keys: Sequence[str] | None,
    input_shape: tuple[int, ...],
    language: str,
) -> str:
    """What tells a neuron from the others of its layer: its class, its number, or the pixel that it is."""
    if layer == 0:
        row, column, *channel = (int(axis) for axis in np.unravel_index(neuron, input_shape))
        said = text("network_diagram.input", language, number=neuron + 1, row=row + 1, column=column + 1)
        return text(f"kit.channel_{CHANNELS[channel[0]]}", language, place=said) if channel else said
    if layer == len(sizes) - 1 and class_keys is not None:
        return class_name(class_keys[neuron], language)
    return str(neuron + 1)
