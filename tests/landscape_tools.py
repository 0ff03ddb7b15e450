"""What the tests of figures of a line share: points, an oracle by nudges, and settings tried one after the other."""

import re

import numpy as np

from nnbook import line

POINTS = line.points(12, np.random.default_rng(6))
TRY = """([tag, addresses, read]) => {
    const element = document.querySelector(`nnb-${tag}`), look = new Function('element', read);
    return addresses.map(address => {
        history.pushState(null, '', `#${tag}:${address}`);
        dispatchEvent(new PopStateEvent('popstate'));
        return look(element);
    });
}"""


def tried(page, tag, settings, read):
    """What the script `read` returns of the `element` after each of `settings`, which are written into the address."""
    addresses = [",".join(f"{key}={value}" for key, value in setting.items()) for setting in settings]
    return page.evaluate(TRY, [tag, addresses, read])


def nudged(at, points=POINTS, by=1e-5):
    """The gradient of the loss at slope and intercept `at`, by central differences."""
    return np.array(
        [(line.loss(*points, *(at + step)) - line.loss(*points, *(at - step))) / (2 * by) for step in by * np.eye(2)]
    )


def numbers(path):
    """All numbers of path data."""
    return np.array(re.findall(r"-?\d*\.?\d+(?:e-?\d+)?", path), float)


def drag(page, mark, shift):
    """Drag the middle of `mark` by (across, down), and give where it was let go."""
    box = mark.bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + shift[0], y + shift[1], steps=4)
    page.mouse.up()
    return x + shift[0], y + shift[1]
