"""The inside of a two-layer network: its filters, what each class makes of them, and one image on its way through."""

from collections.abc import Sequence
from html import escape
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nnbook.figures.kit.figure import Figure
from nnbook.figures.kit.filters import bar, filter_table
from nnbook.figures.kit.tables import wordy
from nnbook.figures.kit.weights import as_images, scale_legend
from nnbook.localisation import class_name, decimal, text


def hidden_layer(
    first_weights: NDArray[np.floating],
    second_weights: NDArray[np.floating],
    shape: tuple[int, ...],
    class_keys: Sequence[str],
    classes: Sequence[str | int] | None = None,
    zoom: int = 3,
) -> Figure:
    """The filters of the hidden neurons, and below each of them its output weight for every class, as a bar.

    Args:
        first_weights: (hidden neurons, pixels), a filter in each row.
        second_weights: (classes, hidden neurons).
        shape: of the images, (H, W) or (H, W, 3) with H * W (* 3) = pixels.
        class_keys: (classes,).
        classes: the classes to show, by key or number; all of them when left out.
        zoom: CSS pixels for each pixel of a filter, fewer where there is not enough room.

    Facts: those of `figures.hidden_layer`.
    """
    filters = as_images(first_weights, shape)
    chosen = range(len(class_keys)) if classes is None else [int(which) for which in classes]
    limit, filter_limit = float(np.abs(second_weights).max()), float(np.abs(filters).max())
    facts = {
        "limit": round(limit, 6),
        "filter_limit": round(filter_limit, 6),
        "classes": [_preferences(second_weights[row], class_keys[row]) for row in chosen],
    }

    def render(language: str) -> str:
        rows = "".join(_bars(second_weights[row], limit, class_keys[row], language) for row in chosen)
        caption = text("hidden_layer.caption", language, limit=decimal(limit, language))
        return (
            f"{filter_table(filters, range(len(filters)), caption, wordy(class_keys), zoom, language)}"
            f"<tbody>{rows}</tbody></table></div>"
            f'<p class="nnb-legend">{text("hidden_layer.legend", language, limit=decimal(limit, language))}</p>'
            f"{scale_legend(filter_limit, 'shared', len(shape), language)}"
        )

    return Figure("hidden-layer", render, facts)


def _preferences(weights: NDArray[np.floating], class_key: str) -> dict[str, Any]:
    """Which hidden neurons count for a class and which against it, by its `weights` (hidden neurons,)."""
    order = [int(neuron) for neuron in np.argsort(-np.abs(weights), kind="stable")]
    ranked = [{"neuron": neuron + 1, "weight": round(float(weights[neuron]), 6)} for neuron in order]
    return {
        "class_key": class_key,
        "likes": [entry for entry in ranked if entry["weight"] > 0],
        "dislikes": [entry for entry in ranked if entry["weight"] < 0],
    }


def _bars(weights: NDArray[np.floating], limit: float, class_key: str, language: str) -> str:
    """One class: a bar for each hidden neuron, up or down from the common zero line."""
    cells = "".join(bar(float(weight), limit, language) for weight in weights)
    name = escape(class_name(class_key, language))
    return f'<tr data-class="{escape(class_key)}"><th scope="row">{name}</th>{cells}</tr>'
