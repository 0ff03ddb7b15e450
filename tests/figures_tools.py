"""What the tests of figures share: reading a figure's markup back, and probabilities without a trained network."""

import base64
import re
from html.parser import HTMLParser
from io import BytesIO
from xml.etree.ElementTree import Element, TreeBuilder

import numpy as np
from PIL import Image

VOID = {"img", "col", "br", "wbr"}


class _Reader(HTMLParser):
    def __init__(self):
        super().__init__()
        self.tree = TreeBuilder()

    def handle_starttag(self, tag, attrs):
        self.tree.start(tag, {name: value or "" for name, value in attrs})
        if tag in VOID:
            self.tree.end(tag)

    def handle_startendtag(self, tag, attrs):
        self.tree.start(tag, {name: value or "" for name, value in attrs})
        self.tree.end(tag)

    def handle_endtag(self, tag):
        self.tree.end(tag)

    def handle_data(self, data):
        self.tree.data(data)


def elements(figure, language="en") -> Element:
    """The figure's markup as a tree."""
    reader = _Reader()
    reader.feed(figure.html(language))
    return reader.tree.close()


def words(element) -> str:
    return " ".join("".join(element.itertext()).split())


def spoken(tree) -> str:
    """All that a reader or a screen reader is told: texts, alternative texts and labels."""
    told = [words(tree)]
    for element in tree.iter():
        told += [element.get(name, "") for name in ("alt", "aria-label", "title")]
    return " ".join(told)


def pixels(img) -> np.ndarray:
    """The picture of an `<img>` as (H, W, 4)."""
    data = img.get("src").removeprefix("data:image/webp;base64,")
    return np.asarray(Image.open(BytesIO(base64.b64decode(data))).convert("RGBA"))


def classes(element) -> set[str]:
    return set(element.get("class", "").split())


def depth(element) -> float:
    """The number that the style sheet turns into a length or a colour."""
    return float(re.search(r"--s:([\d.]+)", element.get("style"))[1])


def nearest_average(dataset) -> np.ndarray:
    """Probabilities (N, 10) for the test images: a softmax of the likeness to each class's average training image."""
    test, train = (part.images.reshape(len(part.images), -1).astype(float) for part in (dataset.test, dataset.train))
    averages = np.stack([train[dataset.train.labels == label].mean(axis=0) for label in range(10)])
    unit = [rows - rows.mean(axis=1, keepdims=True) for rows in (test, averages)]
    test, averages = (rows / np.linalg.norm(rows, axis=1, keepdims=True) for rows in unit)
    scores = np.exp(15 * test @ averages.T)
    return scores / scores.sum(axis=1, keepdims=True)


def find(tree, tag="*", kind="") -> list:
    """All elements with this tag and class, in reading order."""
    return [element for element in tree.iter(None if tag == "*" else tag) if not kind or kind in classes(element)]


def pictures(tree, kind) -> list[np.ndarray]:
    """All pictures of one kind (`ink`, `colour`, or `light` and `dark` for what is drawn for each ground).

    In reading order, without the legend's.
    """
    legends = [img for strip in find(tree, kind="nnb-legend-strip") for img in strip.iter("img")]
    grounds = kind in ("light", "dark")
    found = [pixels(img) for img in find(tree, "img", "nnb-signed" if grounds else f"nnb-{kind}") if img not in legends]
    return [half(drawn, kind) for drawn in found] if grounds else found


def half(drawn, ground) -> np.ndarray:
    """The half for one ground of a picture `drawn` for both, one row between them."""
    assert len(drawn) % 2 == 1
    height = len(drawn) // 2
    assert not drawn[height].any()
    return drawn[:height] if ground == "light" else drawn[height + 1 :]


def indices(sheet) -> list[int | None]:
    """What a picture of several images says of where they stand in their data set; none where it shows no image."""
    return [int(index) if index else None for index in sheet.get("data-indices").split(",")]


def styles(element) -> dict[str, str]:
    """The declarations in an element's own style."""
    return dict(part.split(":", 1) for part in element.get("style", "").split(";") if ":" in part)


def signs(picture) -> np.ndarray:
    """The sign that each pixel of a drawn weight image shows: 1 warm, -1 cool, 0 transparent."""
    red, blue, opacity = (picture[..., channel].astype(int) for channel in (0, 2, 3))
    return np.where(opacity == 0, 0, np.sign(red - blue))


def latin_words(figure, language) -> set[str]:
    """Words in Latin letters that a reader of the figure sees or hears."""
    tree = elements(figure, language)
    heard = [element.get(name, "") for element in tree.iter() for name in ("alt", "aria-label", "title")]
    return set(re.findall(r"[A-Za-z]{2,}", " ".join([*tree.itertext(), *heard])))


def anchored(tree, anchor="middle"):
    """Every `<text>` with its anchor, which is its own or that of a group; the style sheet says "middle" of all."""
    anchor = tree.get("text-anchor", anchor)
    if tree.tag == "text":
        yield tree, anchor
    for child in tree:
        yield from anchored(child, anchor)


_TOKEN = re.compile(r"[a-zA-Z]|-?(?:\d*\.\d+|\d+)")
_LENGTH = {"m": 2, "l": 2, "h": 1, "v": 1, "c": 6, "a": 7, "z": 0}  # of what follows each letter of path data


def strokes(data) -> list[tuple[tuple[float, float], tuple[float, float]]]:
    """Where each line of path data starts and ends: straight ones, curves, arcs, and the way back of a closed one."""
    tokens = _TOKEN.findall(data)
    drawn, here, start, letter = [], (0.0, 0.0), (0.0, 0.0), ""
    while tokens:
        if tokens[0].isalpha():
            letter = tokens.pop(0)
        kind, numbers = letter.lower(), [float(tokens.pop(0)) for _ in range(_LENGTH[letter.lower()])]
        end = _end(kind, letter.islower(), numbers, here, start)
        if kind == "m":
            start, letter = end, "l" if letter == "m" else "L"
        else:
            drawn.append((here, end))
        here = end
    return drawn


def _end(kind, relative, numbers, here, start):
    if kind == "z":
        return start
    x, y = here if relative else (0.0, 0.0)
    if kind in "hv":
        return (x + numbers[0], here[1]) if kind == "h" else (here[0], y + numbers[0])
    return x + numbers[-2], y + numbers[-1]


def placed(element, point) -> tuple[float, float]:
    """A `point` of an element's path where its `translate`, and its `scale` if it has one, put it."""
    moved = re.search(r"translate\((\S+) (\S+?)\)", element.get("transform", "translate(0 0)"))
    larger = re.search(r"scale\((\S+?)\)", element.get("transform", ""))
    factor = float(larger[1]) if larger else 1.0
    return float(moved[1]) + factor * point[0], float(moved[2]) + factor * point[1]
