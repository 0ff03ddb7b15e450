"""Weight decay: the same one-layer network with weights that are pulled to zero more and more, as images."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nnbook import arrays
from nnbook.figures.kit.element import interactive_figure
from nnbook.figures.kit.figure import Figure
from nnbook.figures.kit.numbers import packed_layer, packed_scale
from nnbook.figures.kit.weights import layers_as_images, weight_rows
from nnbook.localisation import class_name, decimal, percent, text


@arrays.taken(decays="numbers", accuracies="numbers")
def decay(
    templates: Sequence[NDArray[np.floating]],
    decays: NDArray[np.floating],
    accuracies: NDArray[np.floating],
    shape: tuple[int, int],
    class_keys: Sequence[Any] | None = None,
    name: str = "decay",
    interactive: bool = True,
) -> Figure:
    """A row of templates for each weight decay, all on one scale, and the accuracy with it on held-back images.

    The reader moves the weight decay, and looks at one template large and at all of them small, on the scale of all
    decays or on that of the one.

    Args:
        templates: for each weight decay (classes, pixels).
        decays: (decays,), growing.
        accuracies: (decays,), 0 to 1, on images that were held back from the training.
        shape: of the images, (H, W) with H * W = pixels.
        class_keys: (classes,).
        name: of the figure in the page's address, as in `#decay:decay=0.01,class=3,scale=own`.
        interactive: whether it answers to the reader.

    Facts: `rows`, for each decay `decay`, `accuracy` and `largest` (how far the furthest weight is from zero); `first`,
    `last` and `best` of them; `loss` of accuracy from the best to the last, `shrunk` (by which factor the largest
    weight is smaller in the last than in the first).

    Explained in: how-neural-networks-are-trained, "Keep the weights small".

    Example:
        >>> networks = [trained(f"mnist-decay-{thousandth}") for thousandth in (0, 2, 10, 50, 200)]
        >>> shares = [network.history.held_back_accuracy[-1] for network in networks]
        >>> decay([network.weights[0] for network in networks], [0, 0.002, 0.01, 0.05, 0.2], shares, (28, 28))
    """
    layers = layers_as_images(templates, shape, "templates")
    keys = arrays.class_keys(class_keys, len(layers[0]))
    decays, shares = arrays.vector(decays, len(layers), "decays"), arrays.vector(accuracies, len(layers), "accuracies")
    largest = [float(np.abs(layer).max()) for layer in layers]
    columns = (np.round(values, 6).tolist() for values in (decays, shares, largest))
    rows = [{"decay": each, "accuracy": share, "largest": most} for each, share, most in zip(*columns, strict=True)]
    facts: dict[str, Any] = {"rows": rows, "first": rows[0], "last": rows[-1]}
    facts["best"] = max(rows, key=lambda row: row["accuracy"])
    facts["loss"] = round(facts["best"]["accuracy"] - rows[-1]["accuracy"], 6)
    facts["shrunk"] = round(largest[0] / largest[-1], 2)

    def render(language: str) -> str:
        names = ", ".join(class_name(key, language) for key in keys)
        drawn = []
        for layer, row in zip(layers, rows, strict=True):
            words = {"decay": _written(row["decay"], language), "share": percent(row["accuracy"], language)}
            words |= {"names": names, "largest": decimal(row["largest"], language)}
            title, note, alt = (text(f"decay.{key}", language, **words) for key in ("name", "note", "alt"))
            drawn.append((layer, title, note, alt))
        return weight_rows(drawn, max(largest), language)

    static = Figure("decay", render, facts)
    if not interactive:
        return static
    data: dict[str, object] = {"name": name, "width": shape[1], "height": shape[0], "scale": packed_scale()}
    data |= {"layers": [packed_layer(layer.reshape(len(keys), -1)) for layer in layers], "rows": rows}

    def spoken(language: str) -> Mapping[str, str]:
        told = {f"class.{number}": class_name(key, language) for number, key in enumerate(keys)}
        return told | {f"value.{at}": _written(row["decay"], language) for at, row in enumerate(rows)}

    return interactive_figure("decay", static, data, spoken)


def _written(value: float, language: str) -> str:
    """A decay with as many digits as it needs: 0, 0.002, 0.01."""
    return decimal(value, language, len(f"{value:g}".partition(".")[2]))
