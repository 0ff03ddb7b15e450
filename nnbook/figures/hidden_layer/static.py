"""The inside of a two-layer network: its filters, what each class makes of them, and one image on its way through."""

from collections.abc import Sequence
from html import escape
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nnbook.figures.kit import parts, raster
from nnbook.figures.kit.examples import class_number
from nnbook.figures.kit.figure import Figure
from nnbook.figures.kit.tables import columns, wordy
from nnbook.figures.weight_images.static import as_images, neuron_facts, scale_legend
from nnbook.localisation import class_name, signed, text

GAP = 2  # transparent pixels between the filters of the sheet


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

    Facts: `limit` (the largest output weight, which is the length of a full bar), `filter_limit`, and for each class
    shown, in `classes`, its `class_key`, `likes` and `dislikes`: hidden neurons as `neuron` (starting at 1) and
    `weight`, the strongest first.

    Explained in: looking-inside-neural-networks, "A hidden layer".
    """
    filters = as_images(first_weights, shape)
    if second_weights.shape != (len(class_keys), len(filters)):
        raise ValueError(
            f"the second layer has a row for each class and a column for each hidden neuron; got shape "
            f"{second_weights.shape} for {len(class_keys)} classes and {len(filters)} hidden neurons; "
            f"pass the weights of one network, first the layer that sees the image"
        )
    chosen = range(len(class_keys)) if classes is None else [class_number(which, class_keys) for which in classes]
    limit, filter_limit = float(np.abs(second_weights).max()), float(np.abs(filters).max())
    facts = {
        "limit": round(limit, 6),
        "filter_limit": round(filter_limit, 6),
        "classes": [_preferences(second_weights[row], class_keys[row]) for row in chosen],
    }

    def render(language: str) -> str:
        rows = "".join(_bars(second_weights[row], limit, class_keys[row], language) for row in chosen)
        caption = text("hidden.caption", language, limit=f"{limit:.2f}")
        return (
            f"{filter_table(filters, range(len(filters)), caption, wordy(class_keys), zoom, language)}"
            f"<tbody>{rows}</tbody></table></div>"
            f'<p class="nnb-legend">{text("hidden.legend", language, limit=f"{limit:.2f}")}</p>'
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


def filter_table(
    filters: NDArray[np.floating], neurons: Sequence[int], caption: str, classes: str, zoom: int, language: str
) -> str:
    """The opening of a table with a column for each of `neurons`: their `filters` in one picture, and their numbers.

    Args:
        filters: of all neurons, (all, H, W) or (all, H, W, 3); the largest weight among them is the end of the scale.
        neurons: which of them to show, counted from 0.
        caption: what the table is about, for screen readers.
        classes: further classes for the style sheet.
        zoom: at most so many CSS pixels for each pixel.
    """
    limit, filters = float(np.abs(filters).max()), filters[list(neurons)]
    number, height, width = filters.shape[:3]
    kind = "ink" if filters.ndim == 3 else "colour"
    numbers = "".join(
        f'<th scope="col"><span class="nnb-unseen">{escape(text("hidden.neuron", language))} </span>{neuron + 1}</th>'
        for neuron in neurons
    )
    alt = _describe(filters, neurons, language)
    return (
        f'<div class="nnb-scroll"><table class="nnb-table nnb-filters nnb-{kind}-pictures{classes}" '
        f'style="--w:{width};--h:{height};--n:{number};--most:{zoom}">'
        f'<caption class="nnb-unseen">{escape(caption)}</caption>{columns(number)}<thead><tr><td></td>'
        f'<td colspan="{number}" class="nnb-sheet-cell">{_sheet(filters, limit, alt)}</td></tr>'
        f'<tr class="nnb-names"><td></td>{numbers}</tr></thead>'
    )


def _sheet(filters: NDArray[np.floating], limit: float, alt: str) -> str:
    """All filters side by side as one `<img>`."""
    if filters.ndim == 4:
        line = [raster.colour_weights(image, limit) for image in filters]
        return raster.img(raster.sheet([line], GAP), alt, 1, "colour")

    def drawn(ground: str) -> raster.Rgba:
        return raster.sheet([[raster.diverging(image, limit, ground) for image in filters]], GAP)

    return raster.img(raster.on_both_grounds(drawn), alt, 1, "signed")


def _describe(filters: NDArray[np.floating], neurons: Sequence[int], language: str) -> str:
    """Alternative text: where each filter has its lowest and its highest weight."""
    said = []
    for neuron, image in zip(neurons, filters, strict=True):
        facts = neuron_facts(image)
        values = {side: signed(facts[side]["value"]) for side in ("lowest", "highest")}
        for side in ("lowest", "highest"):
            values[f"{side}_place"] = parts.place(facts[side]["row"], facts[side]["column"], image.shape, language)
        said.append(text("hidden.filter_alt", language, number=neuron + 1, **values))
    return f"{text('hidden.filters_alt', language)} {' · '.join(said)}"


def _bars(weights: NDArray[np.floating], limit: float, class_key: str, language: str) -> str:
    """One class: a bar for each hidden neuron, up or down from the common zero line."""
    cells = "".join(bar(float(weight), limit) for weight in weights)
    name = escape(class_name(class_key, language))
    return f'<tr data-class="{escape(class_key)}"><th scope="row">{name}</th>{cells}</tr>'


def bar(value: float, limit: float, attributes: str = "", kind: str = "") -> str:
    """A cell with a bar from the zero line, up for a positive `value`, down for a negative one; `limit` fills it."""
    side = kind or ("nnb-up" if value > 0 else "nnb-down" if value < 0 else "nnb-none")
    words = signed(value, 1) if not kind else f"{value:.1f}"
    said = f" {attributes}" if attributes else ""
    return f'<td class="{side}"{said} style="--s:{abs(value) / limit:.3f}"><span>{words}</span></td>'
