"""The filters of hidden neurons over a table, and the bars of the table: what figures of hidden layers share."""

from collections.abc import Sequence
from html import escape

import numpy as np
from numpy.typing import NDArray

from nnbook.figures.kit import parts, raster
from nnbook.figures.kit.tables import columns
from nnbook.figures.kit.weights import neuron_facts
from nnbook.localisation import decimal, signed, text

SHOWN = 10  # so many hidden neurons have room side by side
GAP = 2  # transparent pixels between the filters of the sheet


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
    drawn = raster.enlarged(filters)
    number, height, width = drawn.shape[:3]
    kind = "ink" if filters.ndim == 3 else "colour"
    numbers = "".join(
        f'<th scope="col"><span class="nnb-unseen">{escape(text("kit.hidden_head", language))} </span>{neuron + 1}</th>'
        for neuron in neurons
    )
    alt = _describe(filters, neurons, language)
    return (
        f'<div class="nnb-scroll"><table class="nnb-table nnb-filters nnb-{kind}-pictures{classes}" '
        f'style="--w:{width};--h:{height};--n:{number};--most:{zoom}">'
        f'<caption class="nnb-unseen">{escape(caption)}</caption>{columns(number)}<thead><tr><th scope="row">'
        f'<span class="nnb-unseen">{escape(text("kit.filters_alt", language))}</span></th>'
        f'<td colspan="{number}" class="nnb-sheet-cell">{_sheet(drawn, limit, alt)}</td></tr>'
        f'<tr class="nnb-names"><td></td>{numbers}</tr></thead>'
    )


def bar(value: float, limit: float, language: str, attributes: str = "", kind: str = "") -> str:
    """A cell with a bar from the zero line, up for a positive `value`, down for a negative one; `limit` fills it."""
    side = kind or ("nnb-up" if value > 0 else "nnb-down" if value < 0 else "nnb-none")
    words = signed(value, language, 1) if not kind else decimal(value, language, 1)
    said = f" {attributes}" if attributes else ""
    return f'<td class="{side}"{said} style="--s:{abs(value) / limit:.3f}"><span>{words}</span></td>'


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
        values = {side: signed(facts[side]["value"], language) for side in ("lowest", "highest")}
        for side in ("lowest", "highest"):
            values[f"{side}_place"] = parts.place(facts[side]["row"], facts[side]["column"], image.shape, language)
        said.append(text("kit.filter_alt", language, number=neuron + 1, **values))
    return f"{text('kit.filters_alt', language)} {' · '.join(said)}"
