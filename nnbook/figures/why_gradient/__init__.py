"""Why this mistake, asked of any network: pixels times the gradient of what decided, which is half of an answer."""

from collections.abc import Sequence
from html import escape
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nnbook import arrays, evaluation
from nnbook.figures.kit import parts, raster
from nnbook.figures.kit.examples import confidence
from nnbook.figures.kit.figure import Figure
from nnbook.localisation import class_name, signed, text

SHOWN = 4  # mistakes, each of another class
SAMPLE = 500  # so many images are looked through for them


@arrays.taken(indices="positions")
def why_gradient(
    network: Any,
    images: NDArray[np.uint8],
    labels: NDArray[np.integer],
    class_keys: Sequence[str],
    indices: Sequence[int] | None = None,
    steps: int = 32,
) -> Figure:
    """Mistakes, and under each what its pixels had to do with it: every pixel times the gradient of the difference.

    The difference is that between the score of the answer and that of the true class. A pixel counts by how far it is
    from an even image of the mean colour of all `images`. In a one-layer network the products, and what the even image
    gets, add up to the difference. In others the gradient holds for small changes only, since on the way from the even
    image to this one neurons begin and cease to fire. So it is taken at several `steps` of that way and averaged
    ("integrated gradients", Sundararajan et al. 2017), which adds up nearly; at the image alone (1 step) it does not.
    It stays an approximation: another way, or another even image, would share out the difference otherwise.

    Args:
        network: trained, with the methods `scores` and `input_gradient`.
        images: (N, H, W) or (N, H, W, 3), uint8, such as a test set.
        labels: (N,), the number of each image's true class.
        class_keys: (classes,).
        indices: of the mistakes to show; if left out, of the first 500 images those four classes' worst mistakes whose
            differences are largest.
        steps: of the way at which gradients are taken, 1 for the gradient at the image alone.

    Facts: `mistakes`, for each `index`, `actual` and `predicted` (class keys), `probability`, the `difference` of the
    scores, that of the `even` image, `pixels` (what the products add up to) and `rest` (what the two leave over).

    Explained in: convolutional-networks.

    Example:
        >>> test = load("cifar10").test
        >>> why_gradient(trained("cifar10-convolutional"), test.images, test.labels, load("cifar10").class_keys)
    """
    chosen = np.array(indices) if indices is not None else np.arange(min(len(images), SAMPLE))
    scores = network.scores(images[chosen])
    keys = arrays.class_keys(class_keys, scores.shape[1])
    predicted, everyone = scores.argmax(axis=1), np.arange(len(chosen))
    leads = scores[everyone, predicted] - scores[everyone, labels[chosen]]
    wrong = np.flatnonzero(predicted != labels[chosen])
    if not len(wrong) or (indices is not None and len(wrong) < len(chosen)):
        raise ValueError(
            "a mistake is an image that is misread; got one that is read right, or none; "
            "pass indices of mistakes, or more images"
        )
    if indices is None:
        worst = {int(labels[chosen[at]]): at for at in wrong[np.argsort(leads[wrong], kind="stable")]}
        wrong = np.array(sorted(worst.values(), key=lambda at: -leads[at])[:SHOWN])
    cases = [(int(chosen[at]), int(predicted[at]), scores[at]) for at in wrong]
    weighting = np.zeros((len(cases), scores.shape[1]))
    for row, (index, answer, _) in zip(weighting, cases, strict=True):
        row[answer], row[labels[index]] = 1, -1
    some = images[[index for index, *_ in cases]]
    even = np.broadcast_to(np.rint(images.mean(axis=(0, 1, 2))) / 255, some.shape)
    way = some / 255 - even
    stops = (np.arange(steps) + 0.5) / steps if steps > 1 else [1.0]
    gradients = [network.input_gradient(np.clip(even + stop * way, 0, 1), weighting) for stop in stops]
    products = np.mean(gradients, axis=0).reshape(some.shape) * way
    starts = (network.scores(even) * weighting).sum(axis=1)
    products = products.sum(axis=3) if products.ndim == 4 else products
    limit = float(np.abs(products).max()) or 1.0
    found = []
    for (index, answer, row), product, start in zip(cases, products, starts.tolist(), strict=True):
        difference, pixels = float(row[answer] - row[labels[index]]), float(product.sum())
        found.append(
            {
                "index": index,
                "actual": keys[labels[index]],
                "predicted": keys[answer],
                "probability": round(float(evaluation.softmax(row[np.newaxis])[0, answer]), 6),
                "difference": round(difference, 6),
                "pixels": round(pixels, 6),
                "even": round(start, 6),
                "rest": round(difference - start - pixels, 6),
            }
        )

    def render(language: str) -> str:
        shots = ""
        for image, product, fact in zip(some, products, found, strict=True):
            names = {part: class_name(fact[part], language) for part in ("actual", "predicted")}
            said = text(
                "kit.predicted_share",
                language,
                name=names["predicted"],
                share=confidence(fact["probability"], language),
            )
            difference, even, pixels = (round(fact[part], 2) for part in ("difference", "even", "pixels"))
            sums = {"difference": difference, "even": even, "pixels": pixels, "rest": difference - even - pixels}
            numbers = {part: signed(number, language) for part, number in sums.items()}  # they add up as written
            kind = "ink" if image.ndim == 2 else "colour"
            alt = text("kit.image", language, index=fact["index"])
            drawn = raster.img(raster.picture(image), alt, 1, kind, f'data-index="{fact["index"]}"')
            map_alt = text("why_gradient.map_alt", language, **names, **numbers)
            signed_map = raster.diverging_img(product, limit, map_alt, 1)
            true = escape(text("kit.true_name", language, name=names["actual"]))
            shots += (
                f'<li><span class="nnb-shot">{drawn}</span><span class="nnb-shot">{signed_map}</span>'
                f"<p><b>{true}</b><br>{escape(said)}</p>"
                f"<p>{escape(text('why_gradient.sum', language, **numbers))}</p></li>"
            )
        style, legend = parts.large(*images.shape[1:3]), parts.legend(limit, language, "why_gradient.scale")
        return f'<ul class="nnb-large nnb-why-gradients" style="{style}">{shots}</ul>{legend}'

    return Figure("why-gradient", render, {"mistakes": found})
