"""The table and the curve of accuracies say the numbers that they got, and draw them where they belong."""

import re

import pytest
from figures_tools import classes, depth, elements, spoken, words

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


def test_multiplications_have_a_column_if_asked_for_and_filters_their_size():
    rows = [{**row, "multiplications": 7840} for row in ROWS]
    rows[2] |= {"layers": (784, "5x5x8", 10), "multiplications": 164_640}
    tree = elements(accuracy_table(rows, multiplications=True))
    lines = {words(line.find("th")): line for line in tree.findall(".//tr")}
    assert [words(cell) for cell in lines["784→5×5×8→10"].findall("td")][:2] == ["79,510", "164,640"]
    assert {len(line.findall("td")) for name, line in lines.items() if "→" in name or "guess" in name} == {4}
    assert accuracy_table(rows).facts["wide"]["multiplications"] == 164_640
    with pytest.raises(ValueError, match=r"each network needs .*, multiplications; got none of 'multiplications'; "):
        accuracy_table(ROWS, multiplications=True)


@pytest.mark.parametrize("language", ["en", "ja"])
def test_the_curve_draws_each_point_at_its_height(language):
    figure = accuracy_curve(UNITS, TRAIN, TEST, SIZES)
    assert [line.get_ydata().tolist() for line in figure.axes.lines] == [list(TRAIN), list(TEST)]
    for chart in elements(figure, language).findall("./div/svg"):
        said = [words(written) for written in chart.iter("text")]
        for share in (*TRAIN, *TEST):
            assert f"{100 * share:.1f}" in said
        assert {"2", "5", "10", "100", "1.6k", "4.0k", "8.0k", "80k", "90%"} <= set(said)
        places = {words(written): float(written.get("x")) for written in chart.iter("text")}
        assert places["10"] - places["5"] == pytest.approx((places["100"] - places["10"]) * 0.30103, abs=0.3)
        assert places["1.6k"] == places["2"]
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
