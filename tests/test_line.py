"""A line through points: its loss, gradient and descent, against NumPy and against nudges; the lines of a map."""

import numpy as np
import pytest
from landscape_tools import numbers

from nnbook import line
from nnbook.figures.kit.contours import Plane, regions

X, Y = np.array([0.0, 1, 2, 3]), np.array([1.0, 2, 2, 4])


@pytest.fixture
def points():
    return line.points(100, np.random.default_rng(6))


def test_loss_and_gradient_of_a_small_case_by_hand():
    assert line.loss(X, Y, 1, 0) == 0.75
    assert line.gradient(X, Y, 1, 0).tolist() == [-2, -1.5]
    assert line.loss(X, Y, [1, 1.2], [0, 0.15]).tolist() == pytest.approx([0.75, 0.3775])
    assert line.descent(X, Y, (1, 0), 0.1, 1).tolist() == [[1, 0], pytest.approx([1.2, 0.15])]


def test_the_gradient_is_what_nudges_find(points):
    for at in np.random.default_rng(1).normal(0, 2, (20, 2)):
        nudges = [(line.loss(*points, *(at + by)) - line.loss(*points, *(at - by))) / 2e-5 for by in 1e-5 * np.eye(2)]
        assert line.gradient(*points, *at) == pytest.approx(nudges, abs=1e-8)


def test_least_squares_is_polyfit_and_no_place_is_lower(points):
    best = line.least_squares(*points)
    assert best == pytest.approx(np.polyfit(*points, 1))
    assert line.gradient(*points, *best) == pytest.approx([0, 0], abs=1e-12)
    with pytest.raises(ValueError, match="a line needs points at two places x; got 2 at 1; pass others"):
        line.least_squares([1, 1], [0, 1])


@pytest.mark.parametrize(("share", "arrives"), [(0.99, True), (1.01, False)])
def test_descent_arrives_below_the_limit_and_not_above_it(points, share, arrives):
    way = line.descent(*points, (0, 0), share * line.rate_limit(points[0]), 2000)
    losses = line.loss(*points, *way.T)
    lowest = line.loss(*points, *line.least_squares(*points))
    assert (losses[-1] == pytest.approx(lowest)) == arrives
    assert (losses[-1] < losses[0]) == arrives


def test_curvature_is_the_change_of_the_gradient(points):
    changes = [line.gradient(*points, *by) - line.gradient(*points, 0, 0) for by in np.eye(2)]
    assert line.curvature(points[0]) == pytest.approx(np.array(changes))


def test_batches_see_every_example_once_an_epoch(points):
    order = line.shuffled(100, 3, np.random.default_rng(1)).reshape(3, 100)
    assert (np.sort(order) == np.arange(100)).all()
    assert (order[0] != order[1]).any()
    at = np.array([0.5, 0.5])
    means = np.mean([line.gradient(points[0][part], points[1][part], *at) for part in order[0].reshape(10, 10)], axis=0)
    assert means == pytest.approx(line.gradient(*points, *at))
    whole = line.descent(*points, at, 0.1, 3, order)
    assert whole == pytest.approx(line.descent(*points, at, 0.1, 3))


@pytest.mark.parametrize("call", [line.loss, line.gradient])
def test_points_without_their_heights_are_refused(call):
    with pytest.raises(ValueError, match=r"of y there are 4 of them here; got y of shape \(3,\); pass those"):
        call(X, Y[1:], 1, 0)


def test_regions_of_a_map_lie_where_the_surface_is_lower():
    """Two hollows: the region below each level is made of rings whose places have its height."""
    plane = Plane(10, 20, 200, 100, (-2, 2), (-1, 1))
    x, y = np.meshgrid(np.linspace(-2, 2, 161), np.linspace(-1, 1, 81))
    drawn = regions((x * x - 1) ** 2 + y * y, plane, [0.9, 0.3, -5])
    assert [path.count("M") for path in drawn] == [2, 2]
    for level, path in zip((0.9, 0.3), drawn, strict=True):
        rings = [np.cumsum(numbers(ring).reshape(-1, 2), axis=0) for ring in path.split("M")[1:]]
        across, up = (np.concatenate(rings) - [10, 20]).T / 50 * [[1], [-1]] + [[-2], [1]]
        assert (across**2 - 1) ** 2 + up**2 == pytest.approx(np.full(len(across), level), abs=0.02)


def test_a_long_line_goes_through_the_same_places():
    plane, places = Plane(0, 0, 100, 100, (0, 1), (0, 1)), np.random.default_rng(2).uniform(size=(500, 2))
    steps = numbers(plane.long_line(places)).reshape(-1, 2)
    assert np.cumsum(steps, axis=0) == pytest.approx(numbers(plane.line(places)).reshape(-1, 2), abs=0.01)
