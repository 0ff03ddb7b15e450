"""The table and the curve of accuracies say the numbers that they got, and draw them where they belong."""

import re
from itertools import pairwise

import pytest
from figures_tools import classes, depth, elements, find, spoken, strokes, words

from nnbook.figures import accuracy_curve, accuracy_table

COLUMNS = ("name", "dataset", "layers", "parameters", "train_accuracy", "test_accuracy")
ROWS = [
    dict(zip(COLUMNS, row, strict=True))
    for row in (
        ("small", "mnist", (784, 10), 7850, 0.93, 0.92),
        ("photos", "cifar10", (3072, 10), 30730, 0.44, 0.4),
        ("wide", "mnist", (784, 100, 10), 79510, 0.9987, 0.978),
    )
]
UNITS, SIZES = (2, 5, 10, 100), (1600, 3985, 7960, 79510)
TRAIN, TEST = (0.67, 0.89, 0.95, 0.999), (0.66, 0.88, 0.94, 0.98)


def test_the_table_groups_by_data_set_and_starts_with_guessing():
    figure = accuracy_table(ROWS)
    groups = elements(figure).findall(".//tbody")
    names = [[words(row.find("th")) for row in group.findall("tr")[2:]] for group in groups]
    assert names == [["784→10", "784→100→10"], ["3072→10"]]
    assert [words(group.find("tr/th")) for group in groups] == ["MNIST", "CIFAR-10"]
    for group in groups:
        guess = group.findall("tr")[1]
        assert "guessing" in words(guess)
        assert [words(cell) for cell in guess.findall("td")][1:] == ["10.0%", "10.0%"]
        assert "--guess:0.1" in group.get("style")
    assert figure.facts["wide"]["test_accuracy"] == 0.978
    assert figure.facts["guessing"] == {"mnist": 0.1, "cifar10": 0.1}


def test_every_row_says_its_numbers_and_its_bars_are_as_long():
    tree = elements(accuracy_table([{**row, "seconds": 1.26} for row in ROWS]))
    lines = {words(line.find("th")): line for line in tree.findall(".//tr")}
    for row in ROWS:
        line = lines["→".join(map(str, row["layers"]))]
        said = [words(cell) for cell in line.findall("td")]
        train, test = row["train_accuracy"], row["test_accuracy"]
        assert said == [f"{row['parameters']:,}", f"{100 * train:.1f}%", f"{100 * test:.1f}%", "1.3"]
        bars = [cell for cell in line.findall("td") if "nnb-bar" in classes(cell)]
        assert [depth(cell) for cell in bars] == pytest.approx([train, test], abs=1e-4)


def points(curve):
    """Where the points of a curve stand."""
    (dots,) = find(curve, "path", "nnb-points")
    return [start for start, _ in strokes(dots.get("d"))]


@pytest.mark.parametrize("language", ["en", "ja"])
def test_the_curve_draws_each_point_at_its_height(language):
    figure = accuracy_curve(UNITS, TRAIN, TEST, SIZES)
    charts = elements(figure, language).findall(".//svg")
    assert len(charts) == 2
    for chart in charts:
        (grid,) = find(chart, "path", "nnb-grid")
        grid = [start[1] for start, _ in strokes(grid.get("d"))]
        top, per_tenth = grid[0], grid[1] - grid[0]
        for group, shares in zip(find(chart, "g", "nnb-curve"), (TRAIN, TEST), strict=True):
            places = points(group)
            assert [1 - (y - top) / per_tenth / 10 for _, y in places] == pytest.approx(shares, abs=0.002)
            (line,) = find(group, "path", "nnb-line")
            assert strokes(line.get("d")) == list(pairwise(places))
            said = [words(text).removesuffix("%") for text in group.iter("text")]
            assert said == [f"{100 * share:.1f}" for share in shares]
        across = [x for x, _ in points(find(chart, "g", "nnb-curve")[0])]
        assert across[2] - across[1] == pytest.approx((across[3] - across[2]) * 0.30103, abs=0.2)  # 5 to 10, 10 to 100
        width, height = map(float, chart.get("viewbox").split()[2:])
        assert all(
            0 < float(text.get("x")) <= width and 8 < float(text.get("y")) < height for text in chart.iter("text")
        )
        (alt,) = [drawn.get("aria-label") for drawn in elements(figure, language).iter() if drawn.get("role") == "img"]
        assert all(f"{100 * share:.1f}%" in alt for share in (*TRAIN, *TEST))
    if language == "ja":
        assert not re.search(r"[a-jl-zA-JL-Z]", spoken(elements(figure, "ja")))  # but 8.0k


def test_facts_of_the_curve():
    facts = accuracy_curve(UNITS, TRAIN, TEST, SIZES).facts
    assert [point["units"] for point in facts["points"]] == list(UNITS)
    assert [point["parameters"] for point in facts["points"]] == list(SIZES)
    assert facts["points"][3]["gap"] == pytest.approx(0.019)
    assert facts["last_gain"] == pytest.approx(0.04)
    assert facts["best"]["units"] == 100


def test_incomplete_numbers_are_refused():
    with pytest.raises(ValueError, match=r"each network needs name, .*; got none of 'layers'; pass one mapping"):
        accuracy_table([{key: value for key, value in ROWS[0].items() if key != "layers"}])
    with pytest.raises(ValueError, match="got no network"):
        accuracy_table([])
    with pytest.raises(ValueError, match=r"got units \[2, 5, 10, 100\] and 3 in test_accuracy; pass equally long"):
        accuracy_curve(UNITS, TRAIN, TEST[:3])
    with pytest.raises(ValueError, match="of growing size"):
        accuracy_curve((5, 2), TRAIN[:2], TEST[:2])
