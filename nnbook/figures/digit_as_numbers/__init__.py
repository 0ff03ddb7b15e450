"""A digit as numbers: an image, and the brightness of the pixels under a lens that the reader moves over it."""

from html import escape

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from nnbook import arrays
from nnbook.figures.kit import raster
from nnbook.figures.kit.element import interactive_figure
from nnbook.figures.kit.figure import Figure
from nnbook.figures.kit.numbers import packed_images
from nnbook.localisation import text

LENS = 7  # pixels that the lens is wide and high, if the image is not smaller
ZOOM = 8  # CSS pixels for each pixel


@arrays.taken()
def digit_as_numbers(
    image: NDArray[np.uint8], index: int | None = None, name: str = "digit", interactive: bool = True
) -> Figure:
    """An image beside the numbers that it is made of, for a part of it: at rest the part with the greatest contrasts.

    The reader moves the lens by mouse, finger or the arrow keys.

    Args:
        image: (H, W), brightness 0..255.
        index: where the image stands in its data set.
        name: of the figure in the page's address, as in `#digit:row=9,column=12`: the pixel in the middle of the lens.
        interactive: whether it answers to the reader.

    Facts: `pixels` (how many), `height`, `width`, `index`, `blank` (pixels of 0), `brightest` (its `value`, `row`,
    `column`), and of the lens at rest `row` and `column` of its first pixel and `rows`, its numbers. Rows and columns
    count from 1.

    Explained in: neural-networks, "Pixels are inputs".

    Example:
        >>> digit_as_numbers(load("mnist").test.images[0], index=0)
    """
    if image.ndim != 2:
        raise ValueError(
            f"a pixel is one number here, so the image is (H, W); got shape {image.shape}; pass one channel, such as "
            "image[..., 0]"
        )
    height, width = image.shape
    down, across = min(LENS, height), min(LENS, width)
    contrasts = sliding_window_view(image, (down, across)).std(axis=(2, 3))
    top, left = (int(place) for place in np.unravel_index(contrasts.argmax(), contrasts.shape))
    part = image[top : top + down, left : left + across]
    row, column = (int(place) + 1 for place in np.unravel_index(image.argmax(), image.shape))
    brightest = {"value": int(image.max()), "row": row, "column": column}
    facts = {
        "pixels": image.size,
        "height": height,
        "width": width,
        "index": index,
        "blank": int((image == 0).sum()),
        "brightest": brightest,
        "row": top + 1,
        "column": left + 1,
        "rows": part.tolist(),
    }
    zoom = raster.fitted(ZOOM, max(height, width))

    def render(language: str) -> str:
        which = "" if index is None else text("kit.image", language, index=index)
        alt = text("digit_as_numbers.alt", language, height=height, width=width, **brightest)
        picture = raster.img(raster.ink(image), f"{which} {alt}".strip(), zoom, "ink")
        places = f"--zoom:{zoom};--top:{top};--left:{left};--down:{down};--across:{across}"
        heads = "".join(f'<th scope="col">{left + at + 1}</th>' for at in range(across))
        rows = "".join(
            f'<tr><th scope="row">{top + at + 1}</th>'
            + "".join(f'<td style="--v:{value}">{value}</td>' for value in values)
            + "</tr>"
            for at, values in enumerate(part.tolist())
        )
        caption = escape(text("digit_as_numbers.caption", language))
        return (
            f'<div class="nnb-lens" style="{places}"><div class="nnb-lens-image">{picture}</div>'
            f'<table class="nnb-table"><caption>{caption}</caption><thead><tr><td></td>{heads}</tr></thead>'
            f"<tbody>{rows}</tbody></table></div>"
        )

    static = Figure("digit-as-numbers", render, facts)
    if not interactive:
        return static
    data = {"name": name, "width": width, "height": height, "image": packed_images(image[np.newaxis])}
    data |= {"row": top + down // 2, "column": left + across // 2}
    return interactive_figure("digit-as-numbers", static, data)
