"""Draw a digit: the book's own networks answer to what the reader draws, picks or drops; nothing leaves the page."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nnbook import arrays
from nnbook.figures.kit import parts, raster
from nnbook.figures.kit.convolutional import Convolutional, packed_network
from nnbook.figures.kit.element import interactive_figure
from nnbook.figures.kit.figure import Figure
from nnbook.figures.kit.forward import activations
from nnbook.figures.kit.numbers import packed_images, packed_layer, packed_scale
from nnbook.localisation import class_name, text

Layers = tuple[Sequence[NDArray[np.floating]], Sequence[NDArray[np.floating]]]

SIDE = 28  # of the images that the script makes of a drawing


@arrays.taken()
def draw_digit(
    networks: Sequence[Layers | Convolutional],
    images: NDArray[np.uint8],
    labels: NDArray[np.integer],
    class_keys: Sequence[str],
    name: str = "draw",
    interactive: bool = True,
) -> Figure:
    """Paper to draw a digit on, and what each network says of it while the line grows.

    A drawing is made into an image as MNIST's were: scaled into a box of 20 x 20 pixels, its centre of mass put in the
    middle of 28 x 28. The reader may also drop an image file, or choose among a few images: of each class the first
    that all networks read right, and the first on which they differ. The static figure inside shows the latter, and the
    first of them lies on the paper until the reader draws.

    Args:
        networks: two or three, each trained (dense layers with ReLU between them, or convolutional), or as weights and
            biases of dense layers; a network of one layer has templates, of which the winning one is shown with the
            drawing.
        images: (N, 28, 28), brightness 0..255; the networks see it divided by 255.
        labels: (N,), the number of each image's class.
        class_keys: (classes,), the keys of the classes in the order of their numbers.
        interactive: whether it answers to the reader; without, its static form alone.
        name: of the figure in the page's address, as in `#draw:image=17`.

    Facts: the number of `images`, and on how many of them the networks `differ`.

    Example:
        >>> networks, test = [trained("mnist-1-layer"), trained("mnist-convolutional")], load("mnist").test
        >>> draw_digit(networks, test.images, test.labels, "0123456789")
    """
    if images.shape[1:] != (SIDE, SIDE):
        raise ValueError(
            f"drawings become images of {SIDE} x {SIDE} pixels; got images of shape {images.shape}; "
            "pass networks and images of that size, such as those of MNIST"
        )
    known = [_Network(network) for network in networks]
    answers = np.stack([network.answers(images) for network in known])
    differ = (answers != answers[0]).any(axis=0)
    alike = _first_of_each(labels, ~differ & (answers[0] == labels), len(class_keys))
    apart = _first_of_each(labels, differ, len(class_keys))
    facts = {"images": len(images), "differ": int(differ.sum())}

    def render(language: str) -> str:
        items = []
        for index in apart:
            label = class_name(class_keys[labels[index]], language)
            alt = text("kit.image_alt", language, name=label)
            picture = raster.img(raster.ink(images[index]), alt, 3, "ink", f'data-index="{index}"')
            said = (
                f"{network.title(language)} {class_name(class_keys[answer], language)}"
                for network, answer in zip(known, answers[:, index], strict=True)
            )
            note = "".join(f'<span class="nnb-tile-note">{line}</span>' for line in said)
            items.append(parts.tile(picture + note, ""))
        return parts.tiles(items, parts.widths(SIDE, 3), 5)

    def names(language: str) -> Mapping[str, str]:
        words = {f"name.{number}": class_name(key, language) for number, key in enumerate(class_keys)}
        return words | {f"network.{number}": network.title(language) for number, network in enumerate(known)}

    chosen = [*alike, *apart]
    data = {
        "name": name,
        "width": SIDE,
        "height": SIDE,
        "networks": len(known),
        "scale": packed_scale(),
        "images": packed_images(images[chosen]),
        "indices": chosen,
        "labels": labels[chosen].tolist(),
        "rest": chosen.index(apart[0]) if apart else 0,
        "columns": len(class_keys),
        # One by one, since a network that other figures of the page have, too, is loaded once.
        **{f"network.{number}": network.packed() for number, network in enumerate(known)},
    }
    static = Figure("draw-digit", render, facts)
    if not interactive:
        return static
    return interactive_figure("draw-digit", static, data, names)


class _Network:
    """A network of the figure: what it answers, what it is called, and what the page calculates it from.

    Raises:
        ValueError: if it is one that the page can't calculate.
    """

    def __init__(self, network: Any) -> None:
        self.convolutional = None
        self.layers: Layers
        if isinstance(network, tuple):
            self.layers = network
            return
        kinds = [words.split()[0] for words in network.layers if not words.startswith("dropout")]
        if kinds[::2] == ["dense"] * len(network.weights) and set(kinds[1::2]) <= {"relu"}:
            self.layers = network.weights, network.biases
        elif kinds[0] == "convolution":
            self.convolutional = network
        else:
            raise ValueError(
                "the page calculates dense layers with ReLU between them, and networks that begin with a convolution; "
                f"got {', '.join(network.layers)}; pass such networks"
            )

    def answers(self, images: NDArray[np.uint8]) -> NDArray[np.intp]:
        """The number of the class that it names for each of `images` (N, 28, 28)."""
        if self.convolutional:
            return np.asarray(self.convolutional.probabilities(images).argmax(axis=1))
        return activations(images, *self.layers)[-1].argmax(axis=1)

    def packed(self) -> object:
        """Its layers for the script; what `packed_network` gives if it is convolutional."""
        if self.convolutional:
            return packed_network(self.convolutional)
        return [packed_layer(*layer) for layer in zip(*self.layers, strict=True)]

    def title(self, language: str) -> str:
        """What it is called: where a language can, in words, since digits stand beside it."""
        if self.convolutional:
            return text("draw_digit.convolutional", language)
        return text("draw_digit.layers", language, count=len(self.layers[0]))


def _first_of_each(labels: NDArray[np.integer], eligible: NDArray[np.bool_], classes: int) -> list[int]:
    """For each class the place of its first `eligible` image, if it has one."""
    found = [np.flatnonzero((labels == number) & eligible) for number in range(classes)]
    return [int(places[0]) for places in found if len(places)]
