"""Effective templates: what the neurons that fire make of a network is a template for the image, and nothing else."""

import interactive_pages as pages
import numpy as np
import pytest
from figures_tools import latin_words
from playwright.sync_api import expect

from nnbook import experiments, figures

KEYS = tuple("0123456789")


@pytest.fixture(scope="module")
def network():
    return experiments.trained("mnist-2-layer", size="sample")


@pytest.fixture(scope="module")
def figure(network, mnist_sample):
    test = mnist_sample.test
    return figures.effective_templates(test.images, test.labels, network.weights, network.biases, KEYS)


def by_hand(network, image):
    """The templates (classes, pixels) and biases (classes,) for one image, neuron by neuron."""
    (first, second), (inner, outer) = network.weights, network.biases
    templates, biases = np.zeros((10, first.shape[1])), outer.astype(float).copy()
    for neuron, weights in enumerate(first.astype(float)):
        if weights @ (image.ravel() / 255) + inner[neuron] > 0:
            templates += np.outer(second[:, neuron], weights)
            biases += second[:, neuron] * inner[neuron]
    return templates, biases


def test_template_times_image_plus_bias_is_the_score(figure, network, mnist_sample):
    test = mnist_sample.test
    zeros = (test.labels == 0) & (network.predictions(test.images) == 0)
    assert figure.facts["total"] == zeros.sum()
    assert sum(entry["count"] for entry in figure.facts["leaders"]) <= zeros.sum()
    for entry in figure.facts["leaders"]:
        image = test.images[entry["index"]]
        templates, biases = by_hand(network, image)
        assert entry["sum"] == pytest.approx(templates[0] @ (image.ravel() / 255), abs=1e-5)
        assert entry["bias"] == pytest.approx(biases[0], abs=1e-5)
        assert entry["sum"] + entry["bias"] == pytest.approx(network.scores(image[None])[0, 0], abs=1e-4)
        hidden = network.activations(image[None])[0][0]
        assert (hidden * network.weights[1][0]).argmax() == entry["neuron"] - 1
        assert entry["fires"] == (hidden > 0).sum()


def test_words_are_of_the_language(figure):
    assert latin_words(figure, "ja") == set()


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"weights": 1}, "one hidden layer that looks at .*; got 1 layers and images .*; pass weights"),
        ({"labels": slice(0, 5)}, "have one length; got 5 labels for .* examples; pass all"),
        ({"class_key": "ten"}, "by its key or its number; got 'ten'; choose one of 0, 1"),
    ],
)
def test_what_does_not_fit_is_refused(change, message, network, mnist_sample):
    test = mnist_sample.test
    labels = test.labels[change.get("labels", slice(None))]
    layers = [some[: change.get("weights", 2)] for some in (network.weights, network.biases)]
    with pytest.raises(ValueError, match=message):
        figures.effective_templates(test.images, labels, *layers, KEYS, class_key=change.get("class_key", "0"))


@pytest.mark.browser
def test_the_page_calculates_what_numpy_does(browser, figure, network, mnist_sample, tmp_path):
    with pages.opened(browser, figure, tmp_path) as page:
        options = page.locator(".nnb-image-choice input")
        for at in range(options.count()):
            options.nth(at).check(force=True)
            image = mnist_sample.test.images[int(options.nth(at).get_attribute("value"))]
            shown = page.locator(".nnb-effective .nnb-tile-note").all_inner_texts()
            scores = network.scores(image[None])[0]
            assert [float(text.replace("−", "-")) for text in shown] == pytest.approx(scores, abs=0.0051)
            expect(page.locator(".nnb-effective [data-winner] .nnb-tile-name")).to_have_text(str(scores.argmax()))
        assert page.url.endswith(f"#effective:image={options.last.get_attribute('value')}")


@pytest.mark.browser
def test_a_pixel_of_a_template_is_read(browser, figure, network, mnist_sample, tmp_path):
    index = figure.facts["leaders"][0]["index"]
    image = mnist_sample.test.images[index]
    templates, _ = by_hand(network, image)
    with pages.opened(browser, figure, tmp_path) as page:
        page.locator(".nnb-effective").focus()
        page.keyboard.press("ArrowDown")
        text = page.locator(".nnb-reading").last.inner_text()
        assert f"row 15, column 15: weight {templates[0, 14 * 28 + 14]:+.3f}".replace("-", "−") in text


@pytest.mark.browser
def test_it_holds_up_on_every_screen(browser, figure, tmp_path):
    pages.holds_up(browser, figure, tmp_path)
