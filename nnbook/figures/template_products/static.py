"""An image under the templates: multiplied pixel by pixel, added up, and the scores of all classes."""

from collections.abc import Sequence
from html import escape
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nnbook.figures.kit import parts, raster
from nnbook.figures.kit.figure import Figure
from nnbook.figures.kit.weights import (
    as_images,
    describe,
    neuron_facts,
    scale_legend,
    weight_picture,
)
from nnbook.localisation import class_name, signed, text


def template_products(
    image: NDArray[np.uint8],
    weights: NDArray[np.floating],
    biases: NDArray[np.floating],
    class_keys: Sequence[str],
    label: int,
    classes: Sequence[int],
    index: int | None = None,
    zoom: int = 4,
) -> Figure:
    """One image times the weights of a few classes, pixel by pixel, and the scores of all classes that come of it.

    Products share one scale, which for images of one brightness is that of the weights: a pixel of full ink shows its
    weight unchanged. In colour the three products of a pixel are added, and the scale is theirs.

    Args:
        image: (H, W) or (H, W, 3), brightness 0..255; the network sees it divided by 255.
        weights: (classes, pixels), a row for each class.
        biases: (classes,).
        class_keys: (classes,), the keys of the classes in the order of their numbers.
        label: the number of the image's true class.
        classes: the numbers of the classes to show, in this order.
        index: the image's place in its data set, if it has one.
        zoom: CSS pixels for each pixel; at most 3 on a phone.

    Facts: those of `figures.template_products`.
    """
    templates = as_images(weights, image.shape)
    pixels = np.asarray(image, dtype=float) / 255
    products = templates * pixels
    scores = products.reshape(len(templates), -1).sum(axis=1) + biases
    rows = [_row_facts(products[number], float(biases[number]), class_keys[number]) for number in classes]
    facts: dict[str, Any] = {
        "label": class_keys[label],
        "winner": class_keys[int(scores.argmax())],
        "scores": [round(float(score), 6) for score in scores],
        "rows": rows,
    }
    size = raster.fitted(zoom, image.shape[1])
    limits = _limits(templates, products, classes)

    def render(language: str) -> str:
        picture = _image_picture(image, class_keys[label], index, size, language)
        lines = []
        for number, row in zip(classes, rows, strict=True):
            weight_alt = describe(
                class_name(class_keys[number], language), neuron_facts(templates[number]), image.shape, language
            )
            weight_img = weight_picture(templates[number], limits[0], "shared", weight_alt, size, scaled=True)
            product_img = _product_picture(products[number], limits[1], row, size, language)
            lines.append(_row(picture, weight_img, product_img, row, language))
        widths = parts.widths(image.shape[1], zoom)
        return (
            f'<ol class="nnb-products" style="{widths}">{"".join(lines)}</ol>{_legends(limits, image.ndim, language)}'
            f"{score_bars(scores, class_keys, label, language)}"
        )

    return Figure("template-products", render, facts)


def score_bars(scores: NDArray[np.floating], class_keys: Sequence[str], label: int, language: str) -> str:
    """The `scores` (classes,) as bars to the right and to the left of zero; the winner has a mark and a word."""
    low, high = min(float(scores.min()), 0.0), max(float(scores.max()), 0.0)
    span, winner = (high - low) or 1.0, int(scores.argmax())
    lines = []
    for number, (key, score) in enumerate(zip(class_keys, scores.tolist(), strict=True)):
        words = [text("template_products.winner", language)] if number == winner else []
        words += [text("template_products.label", language)] if number == label else []
        said = "".join(f"<span>{escape(word)}</span>" for word in words)
        mark = '<span class="nnb-mark" aria-hidden="true">▶</span>' if number == winner else ""
        sign = "negative" if score < 0 else "positive"
        zero = f"--zero:{-low / span:.2%}"
        bar = f"left:{(min(score, 0.0) - low) / span:.2%};width:{abs(score) / span:.2%}"
        lines.append(
            f'<tr data-class="{number}"{" data-winner" if number == winner else ""}><td class="nnb-said">{said}</td>'
            f'<th scope="row">{mark}{escape(class_name(key, language))}</th>'
            f'<td class="nnb-number">{signed(score, language)}</td>'
            f'<td class="nnb-track" style="{zero}"><span class="nnb-{sign}" style="{bar}"></span></td></tr>'
        )
    head = escape(text("template_products.title", language))
    # For those who hear a cell, not a table.
    names = ((1, "template_products.remark"), (1, "template_products.class"), (2, "template_products.score"))
    columns = "".join(
        f'<th scope="col" colspan="{width}"><span class="nnb-unseen">{escape(text(key, language))}</span></th>'
        for width, key in names
    )
    return (
        f'<table class="nnb-scores"><caption>{head}</caption><thead><tr>{columns}</tr></thead>'
        f"<tbody>{''.join(lines)}</tbody></table>"
    )


def _row_facts(products: NDArray[np.floating], bias: float, class_key: str) -> dict[str, Any]:
    total = float(products.sum())
    values = {
        "positive": float(products[products > 0].sum()),
        "negative": float(products[products < 0].sum()),
        "sum": total,
        "bias": bias,
        "score": total + bias,
    }
    return {"class_key": class_key} | {name: round(value, 6) for name, value in values.items()}


def _limits(
    templates: NDArray[np.floating], products: NDArray[np.floating], classes: Sequence[int]
) -> tuple[float, float]:
    """The ends of the scales of the weights and of the products: one and the same for images of one brightness."""
    chosen = list(classes)
    limit = float(np.abs(templates[chosen]).max())
    if templates.ndim == 3:
        return limit, limit
    return limit, float(np.abs(products[chosen].sum(axis=-1)).max())


def _legends(limits: tuple[float, float], dimensions: int, language: str) -> str:
    if dimensions == 2:
        return parts.legend(limits[1], language, "kit.scale_product_words")
    products = parts.legend(limits[1], language, "kit.scale_product_sum_words")
    return scale_legend(limits[0], "shared", 3, language) + products


def _image_picture(image: NDArray[np.uint8], label_key: str, index: int | None, zoom: int, language: str) -> str:
    alt = text("kit.image_alt", language, name=class_name(label_key, language))
    attributes = "" if index is None else f'data-index="{index}"'
    kind = "ink" if image.ndim == 2 else "colour"
    return raster.img(raster.picture(image), alt, zoom, kind, attributes, scaled=True)


def _product_picture(
    products: NDArray[np.floating], limit: float, row: dict[str, Any], zoom: int, language: str
) -> str:
    alt = text(
        "kit.product_alt",
        language,
        name=class_name(row["class_key"], language),
        positive=signed(row["positive"], language),
        negative=signed(row["negative"], language),
    )
    plane = products if products.ndim == 2 else products.sum(axis=2)
    return raster.diverging_img(plane, limit, alt, zoom, scaled=True)


def _row(picture: str, weight_img: str, product_img: str, row: dict[str, Any], language: str) -> str:
    """image x weights = products, and what the products, with the bias, add up to."""
    name = class_name(row["class_key"], language)
    words = (
        text("template_products.image", language),
        text("kit.weights_of", language, name=name),
        text("template_products.products", language),
    )
    image, weights, products = (
        f'<span class="nnb-cell">{drawn}<span class="nnb-tile-note">{escape(word)}</span></span>'
        for drawn, word in zip((picture, weight_img, product_img), words, strict=True)
    )
    line = f'{image}<span class="nnb-operator">×</span>{weights}<span class="nnb-operator">=</span>{products}'
    sums = "".join(
        f'<tr class="nnb-{key}"><th scope="row">{escape(text(f"template_products.{key}", language))}</th>'
        f'<td class="nnb-number">{signed(row[key], language)}</td></tr>'
        for key in ("positive", "negative", "sum", "bias", "score")
    )
    return (
        f'<li data-class="{escape(row["class_key"])}"><div class="nnb-line">{line}</div>'
        f'<table class="nnb-total"><tbody>{sums}</tbody></table></li>'
    )
