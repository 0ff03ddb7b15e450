"""Figures as files, and the confusion matrix as shares and as a table."""

import re
from xml.etree import ElementTree

import numpy as np
import pandas as pd
import pytest
from figures_tools import elements, latin_words, words
from PIL import Image

from nnbook import evaluation, figures

COUNTS = np.array([[30, 10, 0], [1, 399, 0], [0, 0, 0]])
KEYS = ("cat", "dog", "hedgehog")
SVG = "{http://www.w3.org/2000/svg}"


def test_a_page_needs_no_other_file(tmp_path):
    figure = figures.confusion_matrix(COUNTS, class_keys=KEYS)
    page = figure.save(tmp_path / "matrix.html", language="ja").read_text(encoding="utf-8")
    assert page.startswith("<!doctype html>")
    assert '<html lang="ja">' in page
    assert "正解率" in page
    assert not re.findall(r'(?:src|href)="(?!data:)', page)


@pytest.mark.browser
def test_a_saved_figure_answers(tmp_path, browser):
    weights = np.random.default_rng(1).normal(0, 1, (3, 64))
    path = figures.weight_images(weights, (8, 8), KEYS).save(tmp_path / "weights.html")
    page = browser.new_page()
    page.goto(path.as_uri())
    page.wait_for_selector("[data-nnb-started] canvas")
    page.close()


def test_a_drawing_is_well_formed_with_its_colours_written_out(tmp_path):
    drawn = ElementTree.parse(figures.network_diagram((64, 3), KEYS, (8, 8)).save(tmp_path / "network.svg")).getroot()
    assert drawn.tag == f"{SVG}svg"
    assert drawn.get("viewBox")
    style = drawn.find(f"{SVG}style").text
    assert "var(--nnb-text)" not in style
    assert [text.text for text in drawn.iter(f"{SVG}text")][-3:] == ["cat", "dog", "hedgehog"]


def test_what_is_cut_off_at_an_edge_does_not_end_the_drawing(tmp_path):
    path = figures.nudge([0, 1, 2], [0, 1, 1]).save(tmp_path / "nudge.svg")
    said = ["".join(label.itertext()) for label in ElementTree.parse(path).getroot().iter(f"{SVG}text")]
    assert {"loss", "slope w"} <= set(said)


def test_a_picture_has_the_colours_of_paper(tmp_path):
    weights = np.zeros((8, 8))
    weights[2, 3], weights[4, 4] = 1, -1
    with Image.open(figures.weight_image(weights.ravel(), (8, 8)).save(str(tmp_path / "weights.png"))) as picture:
        assert picture.width == picture.height
        zoom = picture.width // 8
        at = [picture.getpixel((column * zoom + 1, row * zoom + 1)) for row, column in ((0, 0), (2, 3), (4, 4))]
    assert at[0] == (255, 255, 255)
    assert at[1][0] > at[1][2]
    assert at[2][0] < at[2][2]


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("x.svg", "drawing of lines and words; got confusion-matrix, which is more; save it as .html"),
        ("x.png", "one picture; got confusion-matrix, which is more; save it as .html"),
        ("x.jpeg", "saved as .html, .svg or .png; got 'x.jpeg'; choose one of these endings"),
    ],
)
def test_what_can_not_be_such_a_file_is_refused(name, message, tmp_path):
    with pytest.raises(ValueError, match=message):
        figures.confusion_matrix(COUNTS, class_keys=KEYS).save(tmp_path / name)
    assert not (tmp_path / name).exists()


def test_a_drawing_is_no_picture(tmp_path):
    with pytest.raises(ValueError, match=r"got network-diagram, which is more; save it as \.svg"):
        figures.network_diagram((64, 3), KEYS, (8, 8)).save(tmp_path / "x.png")


# The confusion matrix


@pytest.mark.parametrize(
    ("normalise", "expected"),
    [
        ("true", [["75", "25", "0"], ["<1", "100", "0"], ["0", "0", "0"]]),
        ("pred", [["97", "2", "0"], ["3", "98", "0"], ["0", "0", "0"]]),
        ("all", [["7", "2", "0"], ["<1", "91", "0"], ["0", "0", "0"]]),
    ],
)
def test_shares_are_those_of_scikit_learn(normalise, expected):
    """Its `confusion_matrix(normalize=...)` also has 0 where nothing was counted."""
    figure = figures.confusion_matrix(COUNTS, class_keys=KEYS, normalise=normalise)
    rows = elements(figure).findall(".//tbody/tr")
    assert [[words(cell) for cell in row.findall("td")[:3]] for row in rows] == expected
    total = {"true": COUNTS.sum(axis=1, keepdims=True), "pred": COUNTS.sum(axis=0), "all": COUNTS.sum()}[normalise]
    with np.errstate(invalid="ignore"):
        np.testing.assert_allclose(figure.facts["shares"], np.nan_to_num(COUNTS / total), atol=1e-6)
    assert "percent of" in words(elements(figure))
    assert latin_words(figure, "ja") <= {"hedgehog"}


def test_shares_of_something_else_are_refused():
    with pytest.raises(ValueError, match="shared by true, pred or all; got 'rows'; choose one of them, or None"):
        figures.confusion_matrix(COUNTS, class_keys=KEYS, normalise="rows")


def test_the_largest_confusions_are_listed_if_a_number_is_asked_for():
    (shown,) = elements(figures.confusion_matrix(COUNTS, class_keys=KEYS, top=1)).findall(".//ol")
    assert [words(item) for item in shown] == ["true cat, predicted dog 10 images, 25% of this class"]
    assert not elements(figures.confusion_matrix(COUNTS, class_keys=KEYS)).findall(".//ol")


def test_counts_are_a_table_of_pandas(monkeypatch):
    rng = np.random.default_rng(1)
    labels, probabilities = rng.integers(0, 3, 50), rng.dirichlet(np.ones(3), 50)
    images = rng.integers(0, 256, (50, 8, 8)).astype(np.uint8)
    counts = evaluation.confusion_matrix(probabilities.argmax(axis=1), labels, 3)
    asked = figures.confusion_matrix(probabilities, images, labels, KEYS)
    expected = pd.DataFrame(counts, pd.Index(KEYS, name="true"), pd.Index(KEYS, name="predicted"))
    pd.testing.assert_frame_equal(asked.to_dataframe(), expected)
    shares = figures.confusion_matrix(counts, class_keys=KEYS, normalise="true").to_dataframe()
    assert shares.loc["cat"].sum() == pytest.approx(1)
    monkeypatch.setitem(__import__("sys").modules, "pandas", None)
    with pytest.raises(ImportError, match=r"made by pandas; got none installed; run `pip install pandas`"):
        asked.to_dataframe()


@pytest.mark.browser
def test_a_matrix_of_shares_that_answers_shows_shares_and_lists_the_first_network(tmp_path, browser):
    rng = np.random.default_rng(1)
    labels, images = rng.integers(0, 3, 50), rng.integers(0, 256, (50, 8, 8)).astype(np.uint8)
    models = {name: rng.dirichlet(np.ones(3), 50) for name in ("one", "two")}
    figure = figures.confusion_matrix(models, images, labels, KEYS, normalise="pred", top=2)
    page = browser.new_page()
    page.goto(figure.save(tmp_path / "shares.html").as_uri())
    page.wait_for_selector("[data-nnb-started]")
    static = [words(cell) for row in elements(figure.static).findall(".//tbody/tr") for cell in row.findall("td")[:3]]
    assert page.locator("[data-predicted]").all_inner_texts() == static
    assert page.locator(".nnb-legend").first.inner_text().startswith("percent of the column")
    assert page.locator(".nnb-largest").is_visible()
    page.locator("select").first.select_option("1")
    assert page.locator("[data-predicted]").all_inner_texts() != static
    assert not page.locator(".nnb-largest").is_visible()
    page.close()
