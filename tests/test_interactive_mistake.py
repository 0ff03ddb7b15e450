"""Why this mistake: what is shown adds up to the difference of the scores, for every image shown, in a real browser."""

import npm
import numpy as np
import pytest
from figures_tools import elements, latin_words
from interactive_tools import served_pages, started

from nnbook.figures import why_mistake
from nnbook.figures.kit import raster
from nnbook.figures.kit.forward import activations

KEYS = tuple("0123456789")

PICTURES = """() => [...document.querySelectorAll('.nnb-why canvas')].map(
    canvas => [...canvas.getContext('2d').getImageData(0, 0, 28, 28).data])"""
BARS = """() => [...document.querySelectorAll('.nnb-why-neurons tbody')].map(body =>
    [...body.querySelectorAll('td[data-value]')].map(cell => [Number(cell.dataset.value), cell.className]))"""


@pytest.fixture(scope="module")
def networks(mnist_sample):
    """Templates that are differences of averages, and a random hidden layer read by least squares."""
    train, random = mnist_sample.train, np.random.default_rng(2)
    pixels, wanted = train.images.reshape(-1, 784) / 255, np.eye(10)[train.labels]
    averages = wanted.T @ pixels / wanted.sum(axis=0)[:, None]
    weights = (averages - averages.mean(axis=0)).astype(np.float32)
    one = (weights,), (-(weights * averages.mean(axis=0)).sum(axis=1),)
    filters = random.normal(0, 0.1, (10, 784))
    hidden = np.maximum(pixels @ filters.T, 0)
    second = np.linalg.lstsq(hidden, wanted, rcond=None)[0].T
    return [one, ((filters, second), (np.zeros(10), random.normal(0, 0.01, 10)))]


@pytest.fixture(scope="module")
def figure(networks, mnist_sample):
    return why_mistake(mnist_sample.test.images, mnist_sample.test.labels, networks, KEYS)


@pytest.fixture(scope="module")
def site(figure, tmp_path_factory):
    with served_pages(tmp_path_factory.mktemp("mistake"), [figure]) as address:
        yield address


@pytest.fixture
def page(browser, site):
    shown = browser.new_page(viewport={"width": 390, "height": 900})
    errors = []
    shown.on("pageerror", lambda error: errors.append(str(error)))
    shown.goto(f"{site}/en-light.html")
    started(shown)
    yield shown
    shown.close()
    assert errors == []


def mistakes(figure, networks, mnist_sample, number):
    """For each mistake shown: its facts, the scores by plain NumPy, what the last layer gets, and its weights' gap."""
    test, (weights, biases) = mnist_sample.test, networks[number]
    for fact in figure.facts["networks"][number]["mistakes"]:
        image = test.images[fact["index"]]
        layers = activations(image[None], weights, biases)
        inputs = image.ravel() / 255 if number == 0 else layers[0][0]
        predicted, actual = int(fact["predicted"]), int(fact["actual"])
        assert actual == test.labels[fact["index"]]
        assert predicted == layers[-1][0].argmax() != actual
        gap = np.asarray(weights[-1], dtype=float)
        yield fact, layers[-1][0], inputs, gap[predicted] - gap[actual]


@pytest.mark.parametrize("number", [0, 1])
def test_the_facts_add_up_to_the_difference_of_the_scores(figure, networks, mnist_sample, number):
    found = list(mistakes(figure, networks, mnist_sample, number))
    assert len(found) == 10
    for fact, scores, *_ in found:
        difference = scores[int(fact["predicted"])] - scores[int(fact["actual"])]
        assert fact["difference"] == pytest.approx(difference, abs=1e-6)
        assert fact["positive"] + fact["negative"] + fact["bias"] == pytest.approx(difference, abs=3e-6)


@pytest.mark.browser
def test_pixel_by_pixel_the_map_sums_to_the_difference(page, figure, networks, mnist_sample):
    for fact, scores, inputs, gap in mistakes(figure, networks, mnist_sample, 0):
        page.locator(f"nnb-why-mistake fieldset:not([hidden]) input[value='{fact['index']}']").check(force=True)
        element = page.locator("nnb-why-mistake")
        difference = scores[int(fact["predicted"])] - scores[int(fact["actual"])]
        for name in ("data-sum", "data-difference"):
            assert float(element.get_attribute(name)) == pytest.approx(difference, abs=1e-4)
        limit = np.abs(gap).max()
        image, *signed = (np.reshape(picture, (28, 28, 4)) for picture in page.evaluate(PICTURES))
        np.testing.assert_array_equal(image[..., 3], mnist_sample.test.images[fact["index"]])
        for shown, values in zip(signed, (gap, gap * inputs), strict=True):
            wanted = raster.diverging(values.reshape(28, 28), limit, "light")
            # A canvas keeps opacity, not faint colours; a value between two steps of the scale may fall to either side.
            assert (shown[..., 3] != wanted[..., 3]).sum() <= 4
            visible = (shown[..., 3] > 40) & (wanted[..., 3] > 40)
            assert (np.sign(shown[visible, 0] - shown[visible, 2]) == np.sign(values.reshape(28, 28)[visible])).all()


@pytest.mark.browser
def test_hidden_neuron_by_hidden_neuron_the_parts_sum_to_the_difference(page, figure, networks, mnist_sample):
    page.get_by_role("radio", name="10 hidden neurons").check(force=True)
    for fact, scores, inputs, gap in mistakes(figure, networks, mnist_sample, 1):
        page.locator(f"nnb-why-mistake fieldset:not([hidden]) input[value='{fact['index']}']").check(force=True)
        difference = scores[int(fact["predicted"])] - scores[int(fact["actual"])]
        assert float(page.locator("nnb-why-mistake").get_attribute("data-sum")) == pytest.approx(difference, abs=1e-4)
        bars = page.evaluate(BARS)
        for shown, values in zip(bars, (inputs, gap, gap * inputs), strict=True):
            np.testing.assert_allclose([value for value, _ in shown], values, atol=1e-4)
        for value, kind in bars[1] + bars[2]:
            assert kind == ("nnb-up" if value > 0 else "nnb-down" if value < 0 else "nnb-none")
        assert page.locator(".nnb-why-neurons canvas").get_attribute("data-index") == str(fact["index"])


@pytest.mark.browser
def test_keys_walk_images_and_pixels_and_the_address_follows(page, figure, networks, mnist_sample):
    (_, (fact, _, inputs, gap), *_) = mistakes(figure, networks, mnist_sample, 0)
    page.locator("nnb-why-mistake fieldset:not([hidden]) .nnb-image-choice input").first.focus()
    page.keyboard.press("ArrowRight")
    assert page.evaluate("location.hash") == f"#mistake:network=0,image={fact['index']}"
    assert f"true {fact['actual']}" in page.locator("nnb-why-mistake [aria-live]").inner_text()
    page.locator(".nnb-why").focus()
    page.keyboard.press("ArrowUp")
    plane = page.locator(".nnb-why")
    at = 28 * int(plane.get_attribute("data-row")) + int(plane.get_attribute("data-column"))
    part = f"{gap[at] * inputs[at]:+.3f}".replace("-", "−")
    assert (
        page.locator("nnb-why-mistake .nnb-reading")
        .nth(1)
        .inner_text()
        .endswith(part if float(inputs[at]) else "0.000")
    )


@pytest.mark.browser
@pytest.mark.parametrize("address", ["en-light.html", "ja-dark.html"])
def test_a_phone_shows_it_whole_and_every_control_has_a_name(browser, site, figure, address, tmp_path):
    index = figure.facts["networks"][1]["mistakes"][3]["index"]
    axe = npm.axe()
    for fragment in ("", f"#mistake:network=1,image={index}"):
        page = browser.new_page(viewport={"width": 390, "height": 900})
        page.goto(f"{site}/{address}{fragment}")
        started(page)
        assert page.evaluate("document.documentElement.scrollWidth") == 390
        page.evaluate(axe)
        found = page.evaluate("axe.run('nnb-why-mistake').then(r => r.violations.map(v => [v.id, v.nodes[0].html]))")
        assert found == []
        if fragment:
            assert page.locator(".nnb-why-neurons canvas").get_attribute("data-index") == str(index)
        page.close()


@pytest.mark.browser
def test_without_scripts_the_first_mistakes_are_explained(browser, site):
    context = browser.new_context(java_script_enabled=False, viewport={"width": 390, "height": 900})
    page = context.new_page()
    page.goto(f"{site}/ja-dark.html")
    assert page.locator("p.nnb-sum > b").count() == 2
    assert page.locator(".nnb-why-mistake > div table.nnb-flow").is_visible()
    assert page.locator(".nnb-why-mistake > div img.nnb-signed").first.is_visible()
    context.close()


def test_japanese_readers_get_japanese_words(figure):
    assert latin_words(figure, "ja") == set()
    assert len(elements(figure, "ja").findall(".//p[@class='nnb-sum']/b")) == 2


def test_what_cannot_be_explained_is_refused(networks, mnist_sample):
    test = mnist_sample.test
    wide = (np.zeros((11, 784)), np.zeros((10, 11))), (np.zeros(11), np.zeros(10))
    with pytest.raises(ValueError, match=r"two with at most 10 hidden neurons; got layers of \[11, 10\] neurons"):
        why_mistake(test.images, test.labels, [wide], KEYS)
    right = activations(test.images, *networks[0])[-1].argmax(axis=1)
    with pytest.raises(ValueError, match="got a network that reads every image; pass more images"):
        why_mistake(test.images, right, networks[:1], KEYS)
