"""Images with what a network says about them, and how a few of them are chosen to be shown.

The markup of a gallery says of every image its index, label, prediction and probability, so that a test, a script or a
curious reader can check that it is the right one. A picture of several images says it of them in their order, and what
they have in common, such as the label of a whole row, is said once, by what is around them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from html import escape
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nnbook import evaluation
from nnbook.figures.kit import raster
from nnbook.localisation import class_name, percent, text


@dataclass(frozen=True)
class Examples:
    """Images, their labels and a network's probabilities for them.

    Args:
        images: (N, H, W) ink or (N, H, W, 3) colours, uint8.
        labels: (N,), the number of each image's true class.
        probabilities: (N, classes), rows adding up to 1.
        class_keys: (classes,).
        indices: (N,), where each image stands in its data set; the images are the whole data set when left out.
    """

    images: NDArray[np.uint8]
    labels: NDArray[np.integer]
    probabilities: NDArray[np.floating]
    class_keys: Sequence[str]
    indices: NDArray[np.integer] | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "images", raster.enlarged(self.images))  # they are only looked at

    @cached_property
    def predictions(self) -> NDArray[np.intp]:
        """The number of the most probable class of each image, (N,)."""
        return self.probabilities.argmax(axis=1)

    def index(self, position: int) -> int:
        """The index in the data set of the image at `position`."""
        return position if self.indices is None else int(self.indices[position])

    def probability(self, position: int) -> float:
        """The probability of the predicted class of the image at `position`."""
        return float(self.probabilities[position, self.predictions[position]])

    def label_key(self, position: int) -> str:
        """The key of the true class of the image at `position`."""
        return self.class_keys[int(self.labels[position])]

    def prediction_key(self, position: int) -> str:
        """The key of the predicted class of the image at `position`."""
        return self.class_keys[int(self.predictions[position])]

    def cell(self, actual: int, predicted: int) -> NDArray[np.intp]:
        """Positions of the images of class `actual` taken for `predicted`, the most confident first."""
        return evaluation.most_confident(self.probabilities, self.labels, actual, predicted)

    def attributes(self, positions: Sequence[int | None]) -> str:
        """What the markup of a sheet says about its images at `positions`, in their order, empty for no image."""
        indices = ["" if position is None else str(self.index(position)) for position in positions]
        probabilities = ["" if position is None else f"{self.probability(position):.6g}" for position in positions]
        return f'data-indices="{",".join(indices)}" data-probabilities="{",".join(probabilities)}"'

    def picture(self, position: int) -> raster.Rgba:
        """The image at `position` as colours, (H, W, 4)."""
        return raster.picture(np.asarray(self.images[position]))

    @property
    def kind(self) -> str:
        """How the style sheet treats the pictures: `ink` or `colour`."""
        return "ink" if self.images.ndim == 3 else "colour"

    @property
    def size(self) -> str:
        """The size of the pictures for the style sheet, which enlarges them by a whole number."""
        return f"--w:{self.images.shape[2]};--h:{self.images.shape[1]}"


def confidence(probability: float, language: str) -> str:
    """A probability as a whole percentage that never claims certainty: 0.9996 is '>99%', not '100%'."""
    if 0.995 <= probability < 1:
        return f">{percent(0.99, language, 0)}"
    return f"<{percent(0.01, language, 0)}" if 0 < probability < 0.005 else percent(probability, language, 0)


def how_many(number: int, share: float, language: str) -> str:
    """The `number` of images in a cell of a confusion matrix, and their `share` of the true class, in words."""
    return text("kit.cell_count", language, count=number, share=percent(share, language, 0))


def card(picture: raster.Rgba, facts: Mapping[str, Any], language: str) -> str:
    """One image, what it is and what it was taken for: `facts` are its index, label, winner and probability."""
    kind = "ink" if (picture[..., :3] == 0).all() else "colour"
    alt = "" if facts["index"] is None else text("kit.image", language, index=facts["index"])
    words = []
    if facts["label"] is not None:
        words.append(text("kit.true_name", language, name=class_name(facts["label"], language)))
    share = confidence(facts["probability"], language)
    words.append(text("kit.predicted_share", language, name=class_name(facts["winner"], language), share=share))
    attributes = "" if facts["index"] is None else f'data-index="{facts["index"]}"'
    lines = "".join(f"<span>{escape(line)}</span>" for line in words)
    drawn = raster.img(picture, alt, raster.fitted(3, picture.shape[1]), kind, attributes)
    return f'<div class="nnb-flow-image">{drawn}<p>{lines}</p></div>'
