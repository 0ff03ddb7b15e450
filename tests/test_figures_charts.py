"""matplotlib's figures as the book's charts: short, the same each time, in the page's words, colours and sizes."""

import base64
import re
import warnings
from io import BytesIO

import numpy as np
import pytest
from figures_tools import elements, find
from matplotlib import rcParams, style
from matplotlib.colors import to_hex
from matplotlib.figure import Figure
from PIL import Image

from nnbook import figures
from nnbook.figures.kit import charts
from nnbook.figures.kit.bundle import static_style
from nnbook.figures.kit.chart_parts import COLOURS
from nnbook.localisation import text

X = np.linspace(0, 10, 2000)
KINDS = ("line", "bar", "scatter", "contour", "picture")


@pytest.fixture(autouse=True)
def strict():
    """Also what matplotlib says of glyphs that its own font lacks is an error."""
    with warnings.catch_warnings(), style.context(charts.STYLE):
        warnings.simplefilter("error")
        yield


def chart(kind, title="正解率の変化"):
    drawing, random = Figure(), np.random.default_rng(3)
    axes = drawing.subplots()
    if kind == "line":
        axes.plot(X, np.sin(X), label="sin")
        axes.plot(X, 1.3 * np.cos(X), "--", label="cos")
        axes.set_ylim(-1, 1)
        axes.legend()
    elif kind == "bar":
        axes.bar(["犬", "猫", "鳥"], [3, 5, 2], color=["C0", "C1", "C2"])
    elif kind == "scatter":
        for number in range(2):
            axes.scatter(*random.normal(number, 1, (2, 100)), alpha=0.7 if number else None)
    elif kind == "contour":
        across, down = np.meshgrid(np.linspace(-2, 2, 50), np.linspace(-2, 2, 50))
        drawing.colorbar(axes.contourf(across, down, across * np.exp(-(across**2) - down**2), cmap="RdBu_r"))
    elif kind == "picture":
        drawing.colorbar(axes.imshow(random.normal(size=(8, 12))))
    axes.set(title=title, xlabel="ずらした画素数", ylabel="$x_1^2$")
    return charts.Chart("chart", drawing, lambda language: f"{kind} <{language}>", {})


def drawings(shown, language="en"):
    """The drawings of a chart as trees, the wide one first."""
    return elements(shown, language).findall("./div/svg")


def strokes(path):
    """Where the subpaths of relative path data go: lists of points."""
    lines = []
    for start, rest in re.findall(r"M([^a-zM]*)((?:l[^a-zM]*)?)", path.get("d")):
        numbers = [float(number) for number in re.findall(r"-?(?:\d+\.?\d*|\.\d+)", f"{start} {rest}")]
        lines.append(np.cumsum(np.reshape(numbers, (-1, 2)), axis=0))
    return lines


@pytest.mark.parametrize("kind", KINDS)
def test_a_chart_is_small_and_the_same_each_time_and_in_any_order(kind):
    first, second = chart(kind), chart(kind)
    english, japanese = first.html("en"), first.html("ja")
    assert (second.html("ja"), second.html("en"), second.html("en")) == (japanese, english, english)
    assert len(english) < 15_000
    assert 'role="img"' in english
    assert f'aria-label="{kind} &lt;en&gt;"' in english
    assert not re.search(r"\bid=|<metadata|<defs|20\d\d-", english)


def test_a_line_goes_through_its_data():
    figure = figures.accuracy_curve((1, 10, 100), (0.7, 0.85, 1), (0.6, 0.75, 0.9))
    for drawing in drawings(figure):
        *_, train, train_dots, test, _, _ = find(drawing, "path")
        assert "dasharray" in train.get("style")
        (line,) = strokes(test)
        across, down = np.diff(line, axis=0).T
        assert across == pytest.approx(across[0], abs=0.2)
        assert down == pytest.approx(down[0], abs=0.2)
        (upper,) = strokes(train)
        grid = [start[1] for start, _ in strokes(find(drawing, "path")[0])]
        tenth = (grid[-1] - grid[0]) / (len(grid) - 1)
        assert line[:, 1] - upper[:, 1] == pytest.approx(tenth, abs=0.2)
        assert len(re.findall(r"M", train_dots.get("d"))) == 3


def test_what_lies_outside_of_the_axes_is_not_drawn():
    drawing = Figure()
    axes = drawing.subplots()
    axes.plot([0, 1, 2], [0, 10, 0], "r")
    axes.scatter([0.5, 5], [0.5, 0.5], c="g")
    axes.fill_between([0, 2], [0, 9], color="b")
    axes.set(xlim=(0, 2), ylim=(0, 1))
    wide, _ = drawings(charts.Chart("chart", drawing, None, {}))
    red, green, blue = (
        next(path for path in find(wide, "path") if f"{to_hex(colour)};stroke-width" in path.get("style", ""))
        for colour in ("r", "g", "b")
    )
    assert len(strokes(red)) == 2
    assert len(strokes(green)) == 1
    assert blue in list(find(wide, "svg")[1])  # which shows nothing outside of itself


def test_points_that_cannot_be_seen_are_left_out_and_the_line_stays():
    """A line of 2,000 points is drawn with few, none of which is far from where it was."""
    (wide, _) = drawings(chart("line"))
    line = next(strokes(path)[0] for path in find(wide, "path") if "class-0" in path.get("style"))
    assert 20 < len(line) < 200
    share = (line[:, 0] - line[0, 0]) / (line[-1, 0] - line[0, 0])
    heights = line[:, 1] - line[0, 1]
    unit = (line[:, 1].max() - line[:, 1].min()) / 2
    assert heights == pytest.approx(-unit * np.sin(10 * share), abs=0.8)


@pytest.mark.parametrize(("origin", "upper"), [("upper", 0), ("lower", 1)])
def test_a_picture_keeps_its_pixels(origin, upper):
    drawing, values = Figure(), np.array([[0.0, 0.5, 1.0], [1.0, 0.2, 0.7]])
    axes = drawing.subplots()
    axes.imshow(values, cmap="gray", origin=origin)
    for drawn in drawings(charts.Chart("chart", drawing, None, {})):
        (image,) = find(drawn, "image")
        data = image.get("href").removeprefix("data:image/webp;base64,")
        seen = np.asarray(Image.open(BytesIO(base64.b64decode(data))).convert("L")) / 255
        assert seen == pytest.approx(values[:: -1 if upper else 1], abs=0.01)


def test_words_are_text_and_follow_the_language():
    drawing = Figure()
    axes = drawing.subplots()
    axes.plot([1, 2], label=figures.word("kit.test_images"))
    axes.set(xlabel=figures.word("accuracy_curve.hidden_neurons"), ylabel="own words", title="$x^{2}$")
    axes.legend()
    shown = charts.Chart("chart", drawing, None, {})
    for language in ("en", "ja"):
        for drawn in drawings(shown, language):
            said = ["".join(words.itertext()) for words in find(drawn, "text")]
            keys = ("kit.test_images", "accuracy_curve.hidden_neurons")
            assert {*(text(key, language) for key in keys), "own words", "x2"} <= set(said)
    assert axes.get_xlabel() == text("accuracy_curve.hidden_neurons", "en")  # for who goes on with matplotlib


def test_a_text_with_two_translations_is_refused():
    assert charts.said(lambda language: f"same{language if language == 'ja' else ''}") == "same"
    with pytest.raises(ValueError, match=r"must be the same everywhere.*; got 'same' for .*; give one of them other"):
        charts.said(lambda language: "same")


def test_what_the_pages_cannot_show_is_refused():
    drawing = Figure()
    drawing.subplots().bar([1], [1], hatch="/")
    with pytest.raises(ValueError, match="has no hatches; got '/'; use a colour"):
        charts.Chart("chart", drawing, None, {}).html("en")


def test_the_figure_stays_as_it_was_and_can_be_gone_on_with():
    shown = chart("bar")
    canvas, size = shown.drawing.canvas, tuple(shown.drawing.get_size_inches())
    before = shown.html("en")
    assert (shown.drawing.canvas, tuple(shown.drawing.get_size_inches())) == (canvas, size)
    shown.axes.axhline(4, color="C9")
    assert "class-9" in shown.html("en")
    assert "class-9" not in before


def test_a_reader_gives_axes():
    drawing = Figure()
    left, right = drawing.subplots(1, 2)
    shown = figures.accuracy_curve((1, 10), (0.7, 0.9), (0.6, 0.8), ax=right)
    assert [line.get_ydata().tolist() for line in right.lines] == [[0.7, 0.9], [0.6, 0.8]]
    assert not left.lines
    assert shown.drawing is drawing


def test_every_colour_of_the_style_has_one_of_the_page():
    cycle = [to_hex(look["color"]) for look in rcParams["axes.prop_cycle"]]
    assert [COLOURS[colour] for colour in cycle] == [f"class-{number}" for number in range(10)]
    for name in COLOURS.values():
        assert len(re.findall(rf"--nnb-{name}:", static_style())) >= 2, f"{name} in light and dark"


SIZES = """() => [...document.querySelectorAll('.nnb-chart text')].filter(e => e.getClientRects().length).map(e => {
    const s = e.closest('.nnb-chart > svg');
    return parseFloat(getComputedStyle(e).fontSize) * s.getBoundingClientRect().width / s.viewBox.baseVal.width })"""
CUT = """() => [...document.querySelectorAll('.nnb-chart text')].map(e => [e, e.getBoundingClientRect(),
        e.closest('.nnb-chart').getBoundingClientRect()])
    .filter(([e, r, s]) => r.width && (r.left < s.left - .5 || r.right > s.right + .5 || r.top < s.top - .5
        || r.bottom > s.bottom + .5)).map(([e]) => e.textContent)"""
PAINTS = """() => [...document.querySelectorAll('.nnb-chart [style]')].filter(e => e.getClientRects().length)
    .map(e => [getComputedStyle(e).fill, getComputedStyle(e).stroke])"""
SELECTED = """() => { const e = [...document.querySelectorAll('.nnb-chart text')].find(e => e.getClientRects().length);
    getSelection().selectAllChildren(e); return [getSelection().toString(), e.textContent] }"""


@pytest.fixture
def page(browser):
    with browser.new_page() as page:
        yield page


@pytest.mark.browser
@pytest.mark.parametrize("width", [320, 390, 640, 760])
def test_charts_can_be_read_on_any_screen_in_light_and_dark(page, width):
    shown = [chart(kind) for kind in KINDS[:4]]
    shown.append(figures.accuracy_curve((2, 10, 100), (0.67, 0.95, 0.999), (0.66, 0.94, 0.98), (1600, 7960, 79510)))
    body = "".join(one.html("ja") for one in shown)
    page.set_viewport_size({"width": width, "height": 800})
    page.set_content(
        f'<!DOCTYPE html><html lang="ja"><style>{static_style()} body {{ margin: 16px }}</style><body>{body}</html>'
    )
    assert page.locator(".nnb-chart > svg:visible").count() == len(shown)
    assert min(page.evaluate(SIZES)) >= (11 if width >= 390 else 9)
    assert page.evaluate(CUT) == []
    selected, written = page.evaluate(SELECTED)
    assert selected == written != ""
    light = page.evaluate(PAINTS)
    page.evaluate("document.documentElement.dataset.theme = 'dark'")
    dark = page.evaluate(PAINTS)
    changed = [before != after for before, after in zip(light, dark, strict=True)]
    assert sum(changed) > 0.7 * len(changed)  # all but what a colour map of the author says


def test_what_pyplot_has_drawn_carries_facts_for_the_prose():
    """Last in a cell: the facts go with the chart, the page gives the alternative text, and it is shown once."""
    from matplotlib import pyplot

    with style.context(charts.STYLE):
        pyplot.plot([3, 1, 2])
        shown = figures.chart(lowest=1)._repr_html_()
    assert 'data-facts="{&quot;lowest&quot;:1}"' in shown
    assert charts.WITHOUT_ALT in shown
    assert pyplot.get_fignums() == []
