"""Images that are shown a little differently each time: how they may differ, and that chance has all its choices."""

from collections import Counter

import numpy as np
import pytest

from nnbook.augmentation import mirrored, moved


@pytest.fixture
def rng():
    return np.random.default_rng(1)


@pytest.fixture(params=[(4, 5), (4, 5, 3)], ids=["grey", "colour"])
def image(request):
    """Every value once, and none of them zero."""
    return 1 + np.arange(np.prod(request.param), dtype=np.uint8).reshape(request.param)


def test_each_image_is_moved_by_up_to_so_many_pixels_and_what_is_uncovered_is_dark(image, rng):
    shown = moved(np.stack([image] * 500), 1, rng)
    places = {}
    for down in (-1, 0, 1):
        for across in (-1, 0, 1):
            place = np.zeros_like(image)
            target = place[max(down, 0) : 4 + min(down, 0), max(across, 0) : 5 + min(across, 0)]
            target[...] = image[max(-down, 0) : 4 + min(-down, 0), max(-across, 0) : 5 + min(-across, 0)]
            places[place.tobytes()] = down, across
    counts = Counter(places[found.tobytes()] for found in shown)
    assert len(counts) == 9
    assert min(counts.values()) > 20
    assert shown.shape[1:] == image.shape
    assert shown.dtype == np.uint8


def test_about_half_of_the_images_are_mirrored(image, rng):
    images = np.stack([image] * 500)
    counts = Counter(found.tobytes() for found in mirrored(images, rng))
    assert set(counts) == {image.tobytes(), image[:, ::-1].tobytes()}
    assert counts[image.tobytes()] == pytest.approx(250, abs=60)
    assert np.array_equal(images, np.stack([image] * 500)), "the images of the data set stay as they are"
