"""Draw a digit: what is drawn becomes an image as MNIST's are, and the networks answer as they do in NumPy."""

import base64
from io import BytesIO

import interactive_pages as pages
import numpy as np
import pytest
from convolutional_tools import DIGITS, plainly, random_network
from figures_tools import latin_words
from PIL import Image
from waiting import wait_until_holds

from nnbook import figures
from nnbook.figures.kit import raster
from nnbook.figures.kit.bundle import script
from nnbook.figures.kit.forward import activations
from nnbook.localisation import signed

KEYS = tuple("0123456789")
STROKE = ((60, 60), (200, 60), (130, 140), (120, 240))
SEEN = """() => [...document.querySelector('.nnb-overlap canvas').getContext('2d').getImageData(0, 0, 28, 28).data]"""
CENTRED = """([text, side]) => {
    const all = Float64Array.from(atob(text), letter => letter.charCodeAt(0)), size = side * side;
    const found = Array.from({length: all.length / size}, (_, at) => all.slice(at * size, (at + 1) * size));
    return found.flatMap(image => [...nnbook.centred(image, side, side)]);
}"""


@pytest.fixture(scope="module")
def networks():
    random = np.random.default_rng(8)

    def layer(outputs, inputs, spread):
        return random.normal(0, spread, (outputs, inputs)).astype(np.float32), random.normal(0, 0.3, outputs)

    shapes = ([(10, 784, 0.1)], [(10, 784, 0.1), (10, 10, 0.5)])
    return [tuple(zip(*(layer(*shape) for shape in layers), strict=True)) for layers in shapes]


@pytest.fixture(scope="module")
def figure(networks, mnist_sample):
    return figures.draw_digit(networks, mnist_sample.test.images, mnist_sample.test.labels, KEYS)


@pytest.fixture(scope="module")
def three():
    """As `trained` gives them: one layer, a hidden layer, and a convolutional network."""
    return [random_network(layers, (28, 28)) for layers in (("dense 10",), ("dense 12", "relu", "dense 10"), DIGITS)]


@pytest.fixture(scope="module")
def with_convolution(three, mnist_sample):
    test = mnist_sample.test
    return figures.draw_digit(three, test.images, test.labels, KEYS, name="three")


def seen(page):
    return np.array(page.evaluate(SEEN), dtype=np.uint8).reshape(28, 28, 4)[..., 3]


def on_paper(page):
    """How much ink lies on the paper."""
    count = "c => c.getContext('2d').getImageData(0, 0, c.width, c.height).data.reduce((sum, value) => sum + value)"
    return page.locator(".nnb-paper").evaluate(count)


def draw(page, stroke=STROKE):
    box = page.locator(".nnb-paper").bounding_box()
    page.mouse.move(box["x"] + stroke[0][0], box["y"] + stroke[0][1])
    page.mouse.down()
    for x, y in stroke:
        page.mouse.move(box["x"] + x, box["y"] + y, steps=5)
    page.mouse.up()
    page.wait_for_function("document.querySelector('nnb-draw-digit').dataset.milliseconds")
    page.evaluate("() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")


def answers_as_numpy(page, networks, image):
    """Scores, bars and winners of both networks are NumPy's for `image` (28, 28)."""
    winners = []
    for place, layers in enumerate(networks):
        scores = activations(image[None], *layers)[-1][0]
        box = page.locator(".nnb-answer-of").nth(place)
        written = [signed(score, "en") for score in scores]
        assert box.locator(".nnb-number").all_inner_texts() == written
        signs = box.locator("i").evaluate_all("bars => bars.map(b => b.className == 'nnb-above' ? 1 : -1)")
        assert signs == np.where(scores < 0, -1, 1).tolist()
        assert box.locator("b").first.inner_text() == str(scores.argmax())
        winners.append(scores.argmax())
    expected = f"They agree: {winners[0]}"
    if winners[0] != winners[1]:
        expected = f"They differ: one layer {winners[0]}, two layers {winners[1]}"
    assert page.inner_text(".nnb-verdict") == expected


def in_box(ink):
    """The box around `ink` (H, W) scaled into 20 x 20, each pixel the mean of what it covers."""
    rows, columns = np.nonzero(ink)
    box = ink[rows.min() : rows.max() + 1, columns.min() : columns.max() + 1].astype(float)
    for axis in (0, 1):
        length, longest = box.shape[axis], max(np.ptp(rows), np.ptp(columns)) + 1
        size = max(1, int(np.floor(length * 20 / longest + 0.5)))
        box = np.moveaxis(np.repeat(box, size, axis=axis), axis, 0)
        box = np.moveaxis(box.reshape(size, length, -1).mean(axis=1), 0, axis)
    return box


@pytest.mark.browser
def test_the_networks_answer_to_a_drawing_and_nothing_is_sent(browser, figure, networks, mnist_sample, tmp_path):
    with pages.opened(browser, figure, tmp_path) as page:
        requests = []
        page.on("request", lambda request: requests.append(request.url))
        at_rest = int(page.locator(".nnb-image-choice input:checked").get_attribute("value"))
        assert np.array_equal(seen(page), mnist_sample.test.images[at_rest])
        assert len(set(page.locator(".nnb-answer-head b").all_inner_texts())) == 2
        draw(page)
        answers_as_numpy(page, networks, seen(page))
        assert page.text_content("[role=status]") == page.inner_text(".nnb-verdict")
        page.get_by_role("button", name="Clear").click()
        assert not seen(page).any()
        assert page.inner_text(".nnb-verdict") == "Draw a digit from 0 to 9"
        assert page.locator("[data-winner]").count() == 0
        assert requests == []


@pytest.mark.browser
def test_the_eraser_takes_ink_away_from_a_test_image_and_from_a_drawing(browser, figure, networks, tmp_path):
    across = ((10, 140), (270, 140))
    with pages.opened(browser, figure, tmp_path) as page:
        eraser, whole = page.get_by_role("button", name="Eraser"), on_paper(page)
        eraser.click()
        draw(page, across)
        left = on_paper(page)
        assert 0 < left < whole
        assert page.locator(".nnb-image-choice input:checked").count() == 0
        answers_as_numpy(page, networks, seen(page))
        eraser.click()
        draw(page, across)
        assert on_paper(page) > left, "the pen draws on"
        eraser.click()
        page.get_by_role("button", name="Clear").click()
        draw(page, across)
        assert on_paper(page) > 0, "on empty paper it is the pen again"


@pytest.mark.browser
def test_a_finger_draws_and_does_not_scroll(browser, figure, networks, tmp_path):
    options = {"viewport": {"width": 390, "height": 844}, "has_touch": True}
    with pages.opened(browser, figure, tmp_path, **options) as page:
        box = page.locator(".nnb-paper").bounding_box()
        touch = page.context.new_cdp_session(page)
        for kind, points in [("touchStart", STROKE[:1]), *(("touchMove", [at]) for at in STROKE), ("touchEnd", [])]:
            at = [{"x": box["x"] + x, "y": box["y"] + y} for x, y in points]
            touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": at})
        page.wait_for_function("document.querySelector('nnb-draw-digit').dataset.milliseconds")
        page.wait_for_timeout(100)
        assert page.evaluate("scrollY") == 0
        assert np.count_nonzero(seen(page)) > 40
        answers_as_numpy(page, networks, seen(page))


def centred(browser, images):
    """What the page makes of `images` (N, side, side) of ink, (N, 28, 28)."""
    page = browser.new_page()
    page.set_content(f"<script>{script()}</script>")
    found = page.evaluate(CENTRED, [base64.b64encode(images.tobytes()).decode(), images.shape[1]])
    assert page.evaluate("nnbook.centred(new Float64Array(100), 10, 10)") is None
    page.close()
    return np.array(found).reshape(len(images), 28, 28)


@pytest.mark.browser
def test_digits_of_mnist_come_out_as_they_are(browser, mnist_sample):
    """Enlarged and moved off the middle, they are scaled and centred back to the pixel."""
    images = mnist_sample.test.images[:200]
    large = np.kron(images, np.ones((4, 4), dtype=np.uint8))
    assert np.array_equal(centred(browser, np.pad(large, ((0, 0), (20, 3), (1, 22)))), images)


@pytest.mark.browser
def test_drawings_of_any_size_are_scaled_by_area(browser, mnist_sample):
    large = np.kron(mnist_sample.test.images[:40], np.ones((4, 4), dtype=np.uint8))
    large[:, :, 60:] = 0  # half a digit, whose sides are no multiples of 20
    large[:, 61:62] = 0
    for image, ink in zip(centred(browser, large), large, strict=True):
        rows, columns = np.nonzero(in_box(ink) >= 0.5)
        expected = in_box(ink)[rows.min() : rows.max() + 1, columns.min() : columns.max() + 1]
        rows, columns = np.nonzero(image)
        assert np.abs(image[rows.min() : rows.max() + 1, columns.min() : columns.max() + 1] - expected).max() < 0.51
        middle = (image.sum(axis=1) @ np.arange(28) / image.sum(), image.sum(axis=0) @ np.arange(28) / image.sum())
        assert np.abs(np.array(middle) - 14).max() <= 0.52


def png(image, dark_on_light=True):
    """A digit, enlarged, off the middle of a sheet, as a file."""
    sheet = np.zeros((300, 400), dtype=np.uint8)
    sheet[10:290, 100:380] = np.kron(image, np.ones((10, 10), dtype=np.uint8))
    buffer = BytesIO()
    Image.fromarray(255 - sheet if dark_on_light else sheet).save(buffer, "PNG")
    return buffer.getvalue()


@pytest.mark.browser
@pytest.mark.parametrize("dark_on_light", [True, False])
def test_an_image_file_is_read(browser, figure, networks, mnist_sample, tmp_path, dark_on_light):
    image = mnist_sample.test.images[5]
    with pages.opened(browser, figure, tmp_path) as page:
        content = png(image, dark_on_light)
        page.set_input_files("input[type=file]", {"name": "digit.png", "mimeType": "image/png", "buffer": content})
        # A digit lies on the paper at rest, so that there are answers says nothing.
        wait_until_holds(page, lambda: np.abs(seen(page).astype(int) - image)[image == 255].mean() < 40)
        assert np.corrcoef(seen(page).ravel(), image.ravel())[0, 1] > 0.9
        answers_as_numpy(page, networks, seen(page))
        broken = {"name": "text.png", "mimeType": "image/png", "buffer": b"no picture"}
        page.set_input_files("input[type=file]", broken)
        page.wait_for_function("document.querySelector('.nnb-verdict').textContent.startsWith('This file is not')")


@pytest.mark.browser
def test_a_test_image_is_picked_by_keyboard_and_kept_in_the_address(browser, figure, networks, mnist_sample, tmp_path):
    with pages.opened(browser, figure, tmp_path) as page:
        page.locator(".nnb-image-choice input").first.check(force=True)
        for _ in range(3):
            page.keyboard.press("ArrowRight")
            index = int(page.locator(".nnb-image-choice input:checked").get_attribute("value"))
            image = mnist_sample.test.images[index]
            assert np.array_equal(seen(page), image)
            answers_as_numpy(page, networks, image)
            assert page.url.endswith(f"#draw:image={index}")
        page.go_back()
        assert not page.url.endswith(f"image={index}")
        assert page.locator(".nnb-image-choice input:checked").get_attribute("value") in page.url
        draw(page)
        assert page.locator(".nnb-image-choice input:checked").count() == 0


@pytest.mark.browser
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_overlap_is_the_winning_template_under_the_ink(browser, figure, networks, mnist_sample, tmp_path, theme):
    weights = networks[0][0][0]
    with pages.opened(browser, figure, tmp_path, theme=theme) as page:
        page.locator(".nnb-image-choice input").nth(4).check(force=True)
        image = seen(page)
        winner = int(page.locator(".nnb-answer-head b").first.inner_text())
        read = "canvas => [...canvas.getContext('2d').getImageData(0, 0, 28, 28).data]"
        drawn = [np.array(page.locator(".nnb-overlap canvas").nth(k).evaluate(read)).reshape(28, 28, 4) for k in (1, 2)]
    limit, template = np.abs(weights).max(), weights[winner].reshape(28, 28).astype(float)
    for picture, values in zip(drawn, (template, template * image / 255), strict=True):
        expected = raster.diverging(values, float(limit), theme)
        assert (np.abs(picture[..., 3] - expected[..., 3].astype(int)) <= 4).all()  # a step of the packed weights
        assert ((picture[..., 3] == 0) | (np.sign(picture[..., 0] - picture[..., 2]) == np.sign(values))).all()


@pytest.mark.browser
def test_a_convolutional_network_answers_beside_the_dense_ones(browser, with_convolution, three, tmp_path):
    with pages.opened(browser, with_convolution, tmp_path) as page:
        titles = page.locator(".nnb-answer-head > :first-child").all_inner_texts()
        assert titles == ["one layer", "two layers", "convolutional"]
        for stroke in (STROKE, ((20, 20), (260, 30), (30, 250), (250, 260))):
            page.get_by_role("button", name="Clear").click()
            draw(page, stroke)
            image = seen(page)
            assert image.any()
            answers = page.locator(".nnb-answer-of")
            for at, network in enumerate(three):
                scores = plainly(network, image)[-1]
                expected = np.exp(scores - scores.max()) / np.exp(scores - scores.max()).sum()
                said = np.array(answers.nth(at).get_attribute("data-probabilities").split(), dtype=float)
                np.testing.assert_allclose(said, expected, rtol=0, atol=1e-4)
                assert answers.nth(at).locator("b").first.inner_text() == str(scores.argmax())


@pytest.mark.browser
def test_three_networks_are_whole_at_every_width(browser, with_convolution, tmp_path):
    pages.holds_up(browser, with_convolution, tmp_path, draw)


@pytest.mark.browser
def test_the_figure_is_whole_at_every_width(browser, figure, tmp_path):
    pages.holds_up(browser, figure, tmp_path, draw)


def test_facts_count_the_differences(figure, networks, mnist_sample):
    images = mnist_sample.test.images
    answers = [activations(images, *layers)[-1].argmax(axis=1) for layers in networks]
    assert figure.facts == {"images": len(images), "differ": int((answers[0] != answers[1]).sum())}
    assert latin_words(figure, "ja") == set()


def test_facts_count_the_differences_of_three_networks(with_convolution, three, mnist_sample):
    images = mnist_sample.test.images
    answers = np.stack([network.probabilities(images).argmax(axis=1) for network in three])
    assert with_convolution.facts == {"images": len(images), "differ": int((np.ptp(answers, axis=0) > 0).sum())}
    assert latin_words(with_convolution, "ja") == set()


def test_networks_that_the_page_cannot_calculate_are_refused(mnist_sample):
    images, labels = mnist_sample.test.images[:20], mnist_sample.test.labels[:20]
    bent = random_network(("dense 12", "tanh", "dense 10"), (28, 28))
    with pytest.raises(ValueError, match=r"with ReLU between them, and .*; got dense 12, tanh, dense 10; pass such"):
        figures.draw_digit([bent], images, labels, KEYS)
    with pytest.raises(ValueError, match=r"a network is a trained one, or a pair of .*; got networks .*; pass a list"):
        figures.draw_digit(bent, images, labels, KEYS)


def test_other_sizes_are_refused(cifar10_sample):
    networks = [([np.zeros((10, 3072))], [np.zeros(10)])]
    with pytest.raises(ValueError, match=r"images of 28 x 28 pixels; got images of shape \(\d+, 32, 32, 3\); pass"):
        figures.draw_digit(networks, cifar10_sample.test.images, cifar10_sample.test.labels, KEYS)
