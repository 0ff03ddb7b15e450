"""Figures as such: languages, facts, colours, words."""

import html
import json
import re

import figures_tools as tools
import numpy as np
import pytest

from nnbook.figures import Figure
from nnbook.figures.kit import parts, raster, svg
from nnbook.figures.kit.bundle import static_style


@pytest.fixture
def figure():
    return Figure("example", lambda language: f"<p>{language}</p>", {"quote": "\"'<&", "numbers": [1, 0.5]})


def test_facts_travel_in_the_markup(figure):
    element = tools.elements(figure)
    assert json.loads(element.get("data-facts")) == figure.facts
    assert "'" not in re.search(r'data-facts="([^"]*)"', figure.html("en"))[1].replace("&#x27;", "")


def test_a_notebook_shows_one_language_with_its_style(figure, monkeypatch):
    monkeypatch.delenv("NNBOOK_LANGUAGES", raising=False)
    monkeypatch.setenv("NNBOOK_LANGUAGE", "ja")
    shown = figure._repr_html_()
    assert "<p>ja</p>" in shown
    assert "<p>en</p>" not in shown
    assert shown.startswith("<style data-nnbook>")


def test_the_build_gets_all_languages_from_one_run(figure, monkeypatch):
    monkeypatch.setenv("NNBOOK_LANGUAGES", "en,ja")
    shown = figure._repr_html_()
    for language in ("en", "ja"):
        inside = re.search(rf"<!--nnbook:{language}-->(.*?)<!--/nnbook:{language}-->", shown)[1]
        assert inside == figure.html(language)


def contrast(first, second):
    def luminance(colour):
        share = np.array(colour) / 255
        return np.where(share <= 0.04045, share / 12.92, ((share + 0.055) / 1.055) ** 2.4) @ [0.2126, 0.7152, 0.0722]

    light, dark = sorted((luminance(first), luminance(second)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def colours_of(block):
    found = re.findall(r"--nnb-(\w+): (?:#([0-9a-f]{6})|rgb\((\d+) (\d+) (\d+)\));", block)
    return {name: tuple(bytes.fromhex(code)) if code else tuple(map(int, rgb)) for name, code, *rgb in found}


@pytest.mark.parametrize("selector", ["\n.nnb {", 'html[data-theme="dark"] .nnb,'])
def test_words_have_contrast_on_both_grounds(selector):
    sheet = static_style()
    colours = colours_of(sheet[sheet.index(selector) :].split("}")[0])
    for name in ("text", "quiet", "positive", "negative", "right", "accent"):
        assert contrast(colours[name], colours["paper"]) >= 4.5, name


@pytest.mark.parametrize("ground", raster.GROUNDS)
def test_the_scale_is_even_and_zero_is_the_page(ground):
    scale = raster.diverging_scale(ground).astype(float)
    paper = np.array(raster.GROUNDS[ground].paper, dtype=float)
    seen = paper + scale[:, 3:] / 255 * (scale[:, :3] - paper)
    lightness = raster._lightness(seen)
    assert scale[raster.LEVELS, 3] == 0
    for side in (lightness[raster.LEVELS :], lightness[raster.LEVELS :: -1]):
        steps = np.abs(np.diff(side))
        assert steps.max() < 2 * steps.mean()  # no jump that would look like an edge in the data
    assert abs(lightness[0] - lightness[-1]) < 8  # neither sign looks stronger than the other


def test_a_weight_of_zero_is_transparent_and_signs_keep_their_side():
    values = np.array([[-1.0, -0.02, 0.0], [0.02, 0.5, 1.0]])
    for ground in raster.GROUNDS:
        drawn = raster.diverging(values, 1.0, ground)
        assert tools.signs(drawn).tolist() == [[-1, -1, 0], [1, 1, 1]]
    assert raster.diverging(np.zeros((2, 2)), 0.0, "light")[..., 3].max() == 0


def test_pictures_are_exact():
    rng = np.random.default_rng(5)
    grey, colour = rng.integers(0, 256, (28, 28), dtype=np.uint8), rng.integers(0, 256, (32, 32, 3), dtype=np.uint8)
    for image, kind in ((grey, "ink"), (colour, "colour")):
        markup = raster.img(raster.picture(image), 'a "quoted" <alt>', 4, kind, 'data-index="3"', scaled=True)
        element = tools.elements(Figure("x", lambda _, markup=markup: markup, {})).find("img")
        drawn = tools.pixels(element)
        assert np.array_equal(drawn[..., 3] if image.ndim == 2 else drawn[..., :3], image)
        assert element.get("alt") == 'a "quoted" <alt>'
        assert element.get("data-index") == "3"
        width = image.shape[1]
        assert element.get("width") == str(4 * width)
        assert "nnb-scaled" in tools.classes(element)


def test_a_picture_for_both_grounds_has_the_size_of_one():
    values = np.random.default_rng(7).normal(size=(5, 9))
    markup = raster.diverging_img(values, 1.0, "", 4)
    element = tools.elements(Figure("x", lambda _: markup, {})).find("img")
    assert [element.get(side) for side in ("width", "height")] == ["36", "20"]
    assert tools.styles(element) == {"aspect-ratio": "9/5"}
    for ground in raster.GROUNDS:
        drawn, wanted = tools.half(tools.pixels(element), ground), raster.diverging(values, 1.0, ground)
        assert np.array_equal(drawn[..., 3], wanted[..., 3])
        assert np.array_equal(drawn[wanted[..., 3] > 0], wanted[wanted[..., 3] > 0])


def test_colour_weights_are_grey_at_zero_and_each_channel_goes_its_own_way():
    drawn = raster.colour_weights(np.array([[[0.0, 0.5, -0.5]]]), 0.5)
    assert drawn[0, 0, 1] == 255
    assert drawn[0, 0, 2] == 0
    assert abs(int(drawn[0, 0, 0]) - 127.5) <= 0.5


def test_places_are_named_by_ninths():
    named = [parts.place(row, column, (28, 28), "en") for row in (0, 14, 27) for column in (0, 14, 27)]
    assert named == [
        *("upper left", "top", "upper right"),
        *("left", "middle", "right"),
        *("lower left", "bottom", "lower right"),
    ]


def test_the_legend_says_its_ends():
    legend = html.unescape(parts.legend(0.5, "en"))
    assert "−0.50" in legend
    assert "+0.50" in legend


def test_labels_of_full_width_letters_are_reckoned_wider():
    assert svg.width_of("トラック", 12) == 48
    assert svg.width_of("car", 12) < 24
