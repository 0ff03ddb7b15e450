"""The network diagram that answers: lines, pictures and bars are those of the weights, by mouse, finger and keys."""

import io
from itertools import combinations

import interactive_pages as pages
import interactive_tools as tools
import numpy as np
import pytest
from figures_tools import latin_words
from PIL import Image

from nnbook import figures
from nnbook.figures import network_diagram
from nnbook.figures.kit import raster
from nnbook.figures.network_diagram.static import drawn
from nnbook.site.extension.outputs import move_pictures

KEYS = tuple("0123456789")
PAPER = {"light": (255, 255, 255), "dark": (20, 24, 30)}
LINES = """() => [...document.querySelectorAll('.nnb-live .nnb-lines path')].map(path => {
    const style = getComputedStyle(path);
    return [path.dataset.ends, path.getAttribute('class'), style.stroke, parseFloat(style.strokeWidth)] })"""
ROWS = """() => [...document.querySelectorAll('.nnb-neuron li')].map(row => {
    const bar = row.querySelector('i').getBoundingClientRect(), track = row.lastChild.getBoundingClientRect();
    const middle = track.left + track.width / 2, image = row.querySelector('img');
    return { words: row.innerText.split(/\\s+/).join(' ').trim(), left: image && image.offsetLeft,
             bar: ((bar.left + bar.right) / 2 - middle) / (track.width / 2) * 2 } })"""
LOADED = """() => [...document.querySelectorAll('.nnb-pane img')].filter(i => i.offsetWidth).every(i => i.complete)"""
WARM, COOL, QUIET = "rgb(197, 52, 20)", "rgb(28, 98, 196)", "rgb(91, 100, 112)"


@pytest.fixture(scope="module")
def layers():
    random = np.random.default_rng(9)
    first, second = random.normal(0, 0.2, (10, 784)), random.normal(0, 0.6, (10, 10))
    first[:, :3] = 0
    second[3, 0] = 0.00499999  # rounds down, though its sign must be seen
    return first, second


@pytest.fixture(scope="module")
def one(layers):
    return network_diagram(layers[:1], KEYS)


@pytest.fixture(scope="module")
def two(layers):
    return network_diagram(layers, KEYS)


@pytest.fixture(params=["light", "dark"])
def ground(request):
    return request.param


@pytest.fixture
def page(browser, two, tmp_path):
    with pages.opened(browser, two, tmp_path) as shown:
        yield shown


def button(page, layer, neuron):
    return page.locator(f".nnb-stage [data-target='{layer},{neuron}']")


def hover(page, layer, neuron):
    button(page, layer, neuron).hover()


def open_hidden(page):
    """The fourth neuron of the last hidden layer: with its image if it sees the pixels, else with bars twice."""
    last = page.locator(".nnb-stage [data-target]").last.get_attribute("data-target")
    button(page, int(last.partition(",")[0]) - 1, 3).click()
    page.wait_for_function(LOADED)


def written(weight):
    short = f"{weight:+.2f}".replace("-", "−")
    return "0.00" if short[1:] == "0.00" else short


@pytest.mark.browser
def test_each_output_neuron_shows_its_own_weights(browser, one, layers, tmp_path, ground):
    limit = np.abs(layers[0]).max()
    with pages.opened(browser, one, tmp_path, theme=ground) as page:
        for neuron in range(10):
            hover(page, 1, neuron)
            page.wait_for_function(LOADED)
            shot = page.locator(".nnb-neuron .nnb-pane").screenshot()
            seen = np.asarray(Image.open(io.BytesIO(shot)).convert("RGB"))[3::6, 3::6][:28, :28].astype(float)
            drawn_weights = raster.diverging(layers[0][neuron].reshape(28, 28), limit, ground).astype(float)
            opacity = drawn_weights[..., 3:] / 255
            expected = opacity * drawn_weights[..., :3] + (1 - opacity) * PAPER[ground]
            assert np.abs(seen - expected).max() <= 2
            low, high = layers[0][neuron].min(), layers[0][neuron].max()
            assert f"784 weights from {written(low)} to {written(high)}" in page.inner_text(".nnb-neuron")
            assert written(-limit) in page.inner_text(".nnb-neuron .nnb-legend")


@pytest.mark.browser
def test_every_connection_has_the_sign_and_the_strength_of_its_weight(page, layers):
    expected = [{}, *({} for _ in layers)]
    for number, weights in enumerate(layers, 1):
        for after in range(10):
            for before in drawn(weights.shape[1]):
                weight = weights[after, before]
                for layer, neuron in ((number, after), (number - 1, before)):
                    expected[layer].setdefault(neuron, []).append((f"{before},{after}", weight, np.abs(weights).max()))
    for layer, neurons in enumerate(expected):
        for neuron, lines in neurons.items():
            hover(page, layer, neuron)
            seen = [line for line in page.evaluate(LINES) if "…" not in line[0]]
            assert sorted(line[0] for line in seen) == sorted(ends for ends, _, _ in lines)
            wide = {}
            for ends, kind, stroke, width in seen:
                wide.setdefault(ends, []).append((kind, stroke, width))
            for ends, weight, limit in lines:
                sign = {1: ("nnb-positive", WARM), -1: ("nnb-negative", COOL), 0: ("nnb-zero", QUIET)}[np.sign(weight)]
                strength = pytest.approx(0.9 + 2.6 * abs(weight) / limit, abs=0.05)
                assert any(line[:2] == sign and line[2] == strength for line in wide[ends])


@pytest.mark.browser
def test_the_strongest_of_the_weights_without_a_line_come_from_the_dots(page, layers):
    hover(page, 1, 5)
    seen = [kind for ends, kind, _, _ in page.evaluate(LINES) if "…" in ends]
    hidden = layers[0][5, 5:-5]
    order = np.argsort(hidden)
    places = sorted([*order[:5], *order[-5:]])
    assert seen == ["nnb-positive" if hidden[place] > 0 else "nnb-negative" for place in places]


@pytest.mark.browser
def test_an_output_neuron_shows_how_it_weighs_the_hidden_ones(page, layers):
    second = layers[1]
    for neuron in range(10):
        hover(page, 2, neuron)
        rows = page.evaluate(ROWS)
        for number, row in enumerate(rows):
            weight = second[neuron, number]
            assert row["words"] == f"{number + 1} {written(weight)}"
            assert row["left"] == -30 * number  # on its own image
            assert row["bar"] == pytest.approx(weight / np.abs(second).max(), abs=0.03)


@pytest.mark.browser
def test_an_input_is_marked_on_the_grid(page, layers):
    hover(page, 0, 781)
    assert page.inner_text(".nnb-name") == "Input 782: the pixel in row 28, column 26"
    place = page.eval_on_selector(
        ".nnb-pixel", "e => { const s = getComputedStyle(e, '::after'); return s.left + s.top }"
    )
    assert place == f"{5 * 25}px{5 * 27}px"
    words = [row["words"] for row in page.evaluate(ROWS)]
    assert words == [f"{number + 1} {written(weight)}" for number, weight in enumerate(layers[0][:, 781])]


@pytest.mark.browser
def test_the_keyboard_walks_pins_and_lets_go(page, layers):
    page.keyboard.press("Tab")
    focused = "document.activeElement.getAttribute('aria-label')"
    assert page.evaluate(focused) == "hidden neuron 1"
    page.keyboard.press("ArrowRight")
    for _ in range(3):
        page.keyboard.press("ArrowDown")
    assert page.evaluate(focused) == "neuron of the 3"
    low, high = layers[1][3].min(), layers[1][3].max()
    assert page.text_content("[role=status]") == f"neuron of the 3: 10 weights from {written(low)} to {written(high)}"
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("ArrowLeft")
    assert page.evaluate(focused).startswith("input 4:")
    assert page.url.endswith(".html")
    page.keyboard.press("Enter")
    assert page.url.endswith("#network:layer=0,neuron=3")
    page.keyboard.press("Tab")  # the diagram is one stop
    assert page.evaluate("document.activeElement.tagName") == "BODY"
    assert page.inner_text(".nnb-name").startswith("Input 4")
    page.keyboard.press("Shift+Tab")
    assert page.evaluate(focused).startswith("input 4:")
    page.keyboard.press("Escape")
    assert page.locator(".nnb-lines path, .nnb-name, [aria-pressed=true]").count() == 0
    assert "#" not in page.url


@pytest.mark.browser
def test_what_is_pinned_stays_while_the_mouse_looks_elsewhere(page):
    button(page, 2, 3).click()
    hover(page, 2, 8)
    assert page.inner_text(".nnb-name") == "Neuron of the 8"
    page.mouse.move(5, 5)
    assert page.inner_text(".nnb-name") == "Neuron of the 3"
    assert page.locator("[aria-pressed=true]").get_attribute("aria-label") == "neuron of the 3"
    button(page, 2, 3).click()
    assert page.locator(".nnb-hint").is_visible()


@pytest.mark.browser
def test_a_finger_opens_and_closes(browser, two, tmp_path):
    size = {"width": 390, "height": 844}
    with pages.opened(browser, two, tmp_path, viewport=size, has_touch=True, is_mobile=True) as page:
        button(page, 1, 2).tap()
        assert page.inner_text(".nnb-name") == "Hidden neuron 3"
        stage, panel = (page.locator(f".nnb-live .nnb-{part}").bounding_box() for part in ("stage", "neuron"))
        assert panel["y"] >= stage["y"] + stage["height"]
        button(page, 1, 2).tap()
        assert page.locator(".nnb-hint").is_visible()


@pytest.mark.browser
@pytest.mark.parametrize("width", [320, 360, 390])
def test_each_neuron_has_24_px_for_a_finger_that_no_other_has(browser, two, tmp_path, width):
    with pages.opened(browser, two, tmp_path, viewport={"width": width, "height": 844}) as page:
        boxes = [target.bounding_box() for target in page.locator(".nnb-stage button").all()]
        assert min(min(box["width"], box["height"]) for box in boxes) >= 23.9
        for one, other in combinations(boxes, 2):
            beside = abs(one["x"] - other["x"]) >= one["width"] - 0.1
            assert beside or abs(one["y"] - other["y"]) >= (one["height"] + other["height"]) / 2 - 0.1


@pytest.mark.browser
def test_the_address_opens_a_neuron_and_back_goes_back(browser, two, tmp_path):
    with pages.opened(browser, two, tmp_path, "ja", fragment="network:layer=1,neuron=3") as page:
        assert page.inner_text(".nnb-name") == "隠れニューロン 4"
        button(page, 2, 7).click()
        assert page.url.endswith("#network:layer=2,neuron=7")
        assert page.text_content("[role=status]").startswith("「7」のニューロン：重み10個、−")
        page.go_back()
        assert page.inner_text(".nnb-name") == "隠れニューロン 4"
        page.goto(page.url.replace("neuron=3", "neuron=30"))
        page.reload()
        tools.started(page)
        assert page.locator(".nnb-hint").is_visible()


@pytest.mark.browser
def test_two_diagrams_on_a_page_have_addresses_of_their_own(browser, layers, tmp_path):
    both = [network_diagram(layers[:1], KEYS, name="one"), network_diagram(layers, KEYS, name="two")]
    path = tools.write_page(tmp_path, both)
    page = browser.new_page()
    page.goto(f"{path.as_uri()}#two:layer=1,neuron=3")
    tools.started(page)
    assert page.locator(".nnb-name").all_inner_texts() == ["Hidden neuron 4"]
    page.locator("[data-target='1,5']").first.click()
    assert page.url.endswith("#one:layer=1,neuron=5")
    assert page.locator(".nnb-name").all_inner_texts() == ["Neuron of the 5", "Hidden neuron 4"]
    page.locator("[data-target='1,3']").last.focus()
    page.keyboard.press("Escape")
    assert page.url.endswith("#one:layer=1,neuron=5")
    page.close()


@pytest.mark.browser
def test_the_figure_is_whole_at_every_width(browser, two, tmp_path):
    pages.holds_up(browser, two, tmp_path, open_hidden)


@pytest.mark.browser
def test_colours_and_long_hidden_layers_are_whole_too(browser, tmp_path):
    random = np.random.default_rng(2)
    weights = [random.normal(0, 1, shape) for shape in ((20, 192), (11, 20), (3, 11))]
    deep = network_diagram(weights, ("cat", "airplane", "automobile"), (8, 8, 3))
    pages.holds_up(browser, deep, tmp_path, open_hidden)
    with pages.opened(browser, deep, tmp_path) as page:
        hover(page, 0, 191)
        assert page.inner_text(".nnb-name") == "Input 192: the pixel in row 8, column 8, blue"
        hover(page, 2, 10)
        assert page.inner_text(".nnb-name") == "Neuron 11 of hidden layer 2"
        assert len(page.evaluate(ROWS)) == 10 + 3
        hover(page, 3, 2)
        assert page.inner_text(".nnb-name") == "Neuron of the automobile"


@pytest.mark.browser
def test_nothing_moves_for_a_reader_who_asked_for_that(browser, one, tmp_path):
    moves = "e => getComputedStyle(e).transitionDuration"
    with pages.opened(browser, one, tmp_path, reduced_motion="reduce") as page:
        assert page.eval_on_selector(".nnb-live .nnb-connections", moves) == "0s"


def test_a_diagram_is_small_and_says_what_the_static_one_says(one, two, tmp_path):
    for figure, sizes, most in ((one, (784, 10), 15_000), (two, (784, 10, 10), 20_000)):
        assert figure.facts == figures.network_diagram(sizes, KEYS).facts
        for language in ("en", "ja"):
            assert len(move_pictures(figure.html(language), tmp_path, "_images/").encode()) <= most
    assert latin_words(two, "ja") == set()


@pytest.mark.parametrize(
    ("shapes", "message"),
    [
        ([], "a column for each neuron of the layer before; got shapes of no layer; pass the weights of one network"),
        ([(10,)], r"weights are \(outputs, inputs\).*; got weights\[0\] of shape \(10,\); pass"),
        ([(10, 784), (10, 9)], r"weights are \(10, 10\).*; got weights\[1\] of shape \(10, 9\); pass"),
    ],
)
def test_layers_that_do_not_fit_together_are_refused(shapes, message):
    with pytest.raises(ValueError, match=message):
        network_diagram([np.zeros(shape) for shape in shapes])
