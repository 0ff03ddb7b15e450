"""The chapter's cover: a network's own weights, drawn as a brainbow.

In a brainbow every neuron of a piece of brain glows in a colour of its own, so that under the microscope each can be
followed among its neighbours. Here each neuron of a layer grows a tree towards the pixels that excite it, each in its
own colour, and the light of all adds up, some in focus and some behind.
"""

import base64
import math
from dataclasses import dataclass
from html import escape
from io import BytesIO

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFilter

from nnbook import arrays
from nnbook.figures.kit.figure import Figure
from nnbook.figures.kit.weights import as_images
from nnbook.localisation import text

Points = NDArray[np.float64]

HEIGHT, WIDTH = 460, 1400
GROUND = np.array([7.0, 8.0, 16.0])  # sRGB
BYTES = {WIDTH: 33_000, 860: 15_000}  # by the width of a picture, in pixels, its size at most
SHOWN = 430  # CSS pixels: as wide as that the whole picture is drawn on a phone, which shows its middle
PHONE = 480  # CSS pixels: the widest window of a phone
FINE = 2  # strands are drawn so many times larger, for smooth edges
TIPS = 36  # branches of one neuron, at most
APART = 1.7  # pixels between the tips of one neuron, at least
FOCUS = 0.26  # the share of all neurons that is in focus
GOLDEN = (5**0.5 - 1) / 2  # its multiples fill a circle evenly, however many there are


@dataclass(frozen=True)
class Arbor:
    """A neuron grown: `points` (n, 2) as x, y with the cell body first, and for each the number of its `parents` (n,).

    `order` (n,) has every point after its parent; `strengths` and `loads` (n,) are the weight at a point and the
    sum of the weights of all that grows from it, both 1 for the largest.
    """

    points: Points
    parents: NDArray[np.intp]
    order: list[int]
    strengths: NDArray[np.float64]
    loads: NDArray[np.float64]


@arrays.taken()
def brainbow(weights: NDArray[np.floating], shape: tuple[int, ...], rng: np.random.Generator | None = None) -> Figure:
    """A layer of a network as a decorative picture in the style of a brainbow.

    Every neuron has a cell body at the bottom and branches that end at the pixels with its largest positive weights,
    the thicker the larger these are. Where a neuron stands, and whether it is in focus, means nothing.

    Args:
        weights: (neurons, pixels), a row for each neuron.
        shape: (H, W) or (H, W, 3) of the images that the neurons look at.
        rng: places the neurons and bends their branches; the same state gives the same picture, none always one and
            the same.

    Facts: `neurons`, how many there are.

    Explained in: looking-inside-neural-networks, its opening.
    """
    filters = as_images(weights, shape)
    filters = filters if filters.ndim == 3 else filters.mean(axis=3)
    light = Image.fromarray(_paint(filters, rng or np.random.default_rng(3)))
    pictures = {width: _avif(light, width, most) for width, most in BYTES.items()}
    choice = ", ".join(f"{picture} {width}w" for width, picture in pictures.items())

    def render(language: str) -> str:
        alt = escape(text("brainbow.alt", language, count=len(filters)))
        return (
            f'<img class="nnb-cover" src="{pictures[WIDTH]}" srcset="{choice}"'
            f' sizes="(max-width: {PHONE}px) {SHOWN}px, 100vw" width="{WIDTH}" height="{HEIGHT}" alt="{alt}"'
            ' loading="lazy">'
        )

    return Figure("brainbow", render, {"neurons": len(filters)})


def _paint(filters: NDArray[np.float64], rng: np.random.Generator) -> NDArray[np.uint8]:
    """All neurons of `filters` (neurons, H, W), the farthest first, as light on a dark ground, (HEIGHT, WIDTH, 3)."""
    light = np.zeros((HEIGHT, WIDTH, 3))
    for place, number in enumerate(rng.permutation(len(filters)).tolist()):
        nearness = (place + 1) / len(filters)
        x = (place * GOLDEN + 0.1) % 1
        arbor = _grow(filters[number], x, rng)
        if len(arbor.order) > 1:
            _add(light, arbor, nearness, _stain(number), float(rng.uniform(-40, 40)))
    linear = 1 - np.exp(-1.25 * light)
    srgb = np.where(linear <= 0.0031308, 12.92 * linear, 1.055 * linear ** (1 / 2.4) - 0.055)
    return np.rint(GROUND + (255 - GROUND) * srgb).astype(np.uint8)


def _stain(number: int) -> NDArray[np.float64]:
    """A colour of its own for each neuron, linear RGB: hues far apart, of nearly the same lightness (OKLCH)."""
    hue, chroma, lightness = (
        2 * np.pi * GOLDEN * number,
        0.2 + 0.0125 * (number * 7 % 5),
        0.62 + 0.04 * (number * 3 % 4),
    )
    a, b = chroma * np.cos(hue), chroma * np.sin(hue)
    to_cones = np.array(
        [[1, 0.3963377774, 0.2158037573], [1, -0.1055613458, -0.0638541728], [1, -0.0894841775, -1.291485548]]
    )
    to_rgb = np.array(
        [
            [4.0767416621, -3.3077115913, 0.2309699292],
            [-1.2684380046, 2.6097574011, -0.3413193965],
            [-0.0041960863, -0.7034186147, 1.707614701],
        ]
    )
    return np.clip(to_rgb @ (to_cones @ [lightness, a, b]) ** 3, 0, 1)


def _grow(image: NDArray[np.float64], across: float, rng: np.random.Generator) -> Arbor:
    """The neuron with the weights `image` (H, W), at `across` (0..1) of the picture's width."""
    x = -50 + across * (WIDTH + 100)
    y = 0.87 * HEIGHT + 26 * np.sin(7 * across + 0.6) + rng.uniform(-34, 22)
    tall, wide = rng.uniform(300, 430), rng.uniform(170, 270)
    tips, strengths = _tips(image, rng)
    tips = np.stack([x + (tips[:, 0] - 0.5) * wide, y + (tips[:, 1] - 1.02) * tall], axis=1)
    points = np.vstack([[x, y], tips])
    parents, order = _tree(points)
    loads = np.concatenate([[1.0], strengths])
    for point in order[:0:-1]:
        loads[parents[point]] += loads[point]
    return Arbor(points, parents, order, np.concatenate([[1.0], strengths]), loads / loads.max())


def _tips(image: NDArray[np.float64], rng: np.random.Generator) -> tuple[Points, NDArray[np.float64]]:
    """Where the largest positive weights of `image` (H, W) lie (n, 2), in shares of its sides, and how large (n,)."""
    finer = 4
    height, width = image.shape[0] * finer, image.shape[1] * finer
    positive = Image.fromarray(np.maximum(image, 0).astype(np.float32))
    smooth = positive.resize((width, height), Image.Resampling.BICUBIC)
    field = np.asarray(smooth, dtype=float) * rng.uniform(0.75, 1.25, (height, width))
    rows, columns = np.indices(field.shape)
    tips: list[tuple[float, float]] = []
    strengths: list[float] = []
    free, least = field.copy(), max(0.12 * float(field.max()), 1e-12)
    while len(tips) < TIPS and free.max() > least:
        row, column = divmod(int(free.argmax()), width)
        tips.append(((column + 0.5) / width, (row + 0.5) / height))
        strengths.append(float(field[row, column]))
        free[(rows - row) ** 2 + (columns - column) ** 2 < (APART * finer) ** 2] = 0
    return np.array(tips).reshape(-1, 2), np.array(strengths) / max([*strengths, 1e-12])


def _tree(points: Points, balance: float = 0.3) -> tuple[NDArray[np.intp], list[int]]:
    """The tree that joins `points` (n, 2) to the first of them with little wire and short ways to it.

    A greedy spanning tree with `balance` between the two wishes, which real neurons seem to follow: Cuntz, Forstner,
    Borst and Haeusser, "One rule to grow them all", PLoS Computational Biology 6 (2010).
    """
    distances = np.hypot(*(points[:, None] - points[None]).transpose(2, 0, 1))
    parents = np.zeros(len(points), dtype=np.intp)
    ways, order = np.zeros(len(points)), [0]
    outside = list(range(1, len(points)))
    while outside:
        costs = distances[np.ix_(outside, order)] * (1 + balance) + balance * ways[order]
        best, where = divmod(int(costs.argmin()), len(order))
        point, parent = outside.pop(best), order[where]
        parents[point], ways[point] = parent, ways[parent] + distances[point, parent]
        order.append(point)
    return parents, order


def _add(light: NDArray[np.float64], arbor: Arbor, nearness: float, colour: NDArray[np.float64], drift: float) -> None:
    """Add the light of one neuron to `light` (HEIGHT, WIDTH, 3): its strands, their glow, and a white core in focus."""
    sharp = nearness > 1 - FOCUS
    corner = np.floor(arbor.points.min(axis=0) - 40).astype(int)
    end = np.ceil(arbor.points.max(axis=0) + 40).astype(int)
    end[1] = max(end[1], HEIGHT + 20)
    mask = _strands(arbor, corner, end - corner, sharp, drift)
    if not sharp:
        mask = mask.filter(ImageFilter.GaussianBlur(FINE * (1.2 + 4 * (1 - nearness))))
    mask = mask.resize((int(end[0] - corner[0]), int(end[1] - corner[1])), Image.Resampling.BOX)
    core, near, far = (
        np.asarray(mask.filter(ImageFilter.GaussianBlur(radius)), dtype=float) / 255 for radius in (0, 4, 13)
    )
    glow = (core + 0.6 * near + 0.4 * far) * (1.15 if sharp else 0.3 + 0.35 * nearness)
    left, top = np.maximum(corner, 0)
    right, bottom = np.minimum(end, (WIDTH, HEIGHT))
    here = np.s_[top - corner[1] : bottom - corner[1], left - corner[0] : right - corner[0]]
    light[top:bottom, left:right] += glow[here][..., None] * colour
    if sharp:
        light[top:bottom, left:right] += 0.22 * (core**3)[here][..., None]


def _strands(arbor: Arbor, corner: NDArray[np.intp], size: NDArray[np.intp], sharp: bool, drift: float) -> Image.Image:
    """One neuron's strands, tips, cell body and outgoing fibre, white on black, FINE times enlarged."""
    mask = Image.new("L", (int(size[0]) * FINE, int(size[1]) * FINE))
    draw, value = ImageDraw.Draw(mask), 255 if sharp else 180

    def dot(middle: Points, radius: float, fill: int) -> None:
        draw.ellipse((*(middle - radius), *(middle + radius)), fill=fill)

    for point in arbor.order[1:]:
        path = (_bend(arbor, point) - corner) * FINE
        width = (0.75 + 3.3 * np.sqrt(arbor.loads[point])) * FINE * (1 if sharp else 0.85)
        draw.line([tuple(place) for place in path], fill=value, width=max(2, round(width)), joint="curve")
        dot(path[-1], width / 2, value)
        dot(path[-1], FINE * (0.9 + 1.6 * arbor.strengths[point] ** 2), 255)
    body = arbor.points[0]
    share = np.linspace(0, 1, 14)
    fibre = np.stack([body[0] + drift * share**2, body[1] + (HEIGHT + 30 - body[1]) * share], axis=1)
    draw.line([tuple(place) for place in (fibre - corner) * FINE], fill=value, width=round(1.5 * FINE), joint="curve")
    dot((body - corner) * FINE, FINE * (7.5 if sharp else 5.5), 255)
    return mask


def _bend(arbor: Arbor, point: int) -> Points:
    """The strand that leads to `point`, leaving its parent in the direction in which the parent was reached, (9, 2)."""
    parent = arbor.parents[point]
    start, end = arbor.points[parent], arbor.points[point]
    before = start - arbor.points[arbor.parents[parent]]
    length, reach = np.hypot(*before), np.hypot(*(end - start))
    control = start + (before / length * reach * 0.45 if length > 0 else (end - start) / 2)
    share = np.linspace(0, 1, 9)[:, None]
    return (1 - share) ** 2 * start + 2 * share * (1 - share) * control + share**2 * end


def _avif(light: Image.Image, width: int, most: int) -> str:
    """The address of a picture of at most so many bytes, as good as fits: AVIF keeps fine strands on soft light."""
    size = (width, round(light.height * width / light.width))
    scaled = light.resize(size, Image.Resampling.LANCZOS)  # nothing changes where it has that size
    buffer, low, high, quality = BytesIO(), 0, 80, 40
    while high - low > 2:  # bisection on the quality, with whose steps the logarithm of the size nearly grows
        tried = BytesIO()
        scaled.save(tried, "AVIF", quality=quality, speed=6, max_threads=1)
        if tried.tell() <= most:
            buffer, low = tried, quality
        else:
            high = quality
        guess = quality + math.floor(33 * math.log(most / tried.tell()))
        quality = min(max(guess, low + 1), high - 1)
    return "data:image/avif;base64," + base64.b64encode(buffer.getvalue()).decode("ascii")
