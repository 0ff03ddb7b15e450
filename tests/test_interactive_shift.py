"""Shift: shares, pictures and probabilities are those of images that are really moved, at rest and for each choice."""

from types import SimpleNamespace

import interactive_pages as pages
import interactive_tools as tools
import numpy as np
import pytest
from figures_tools import elements, find, latin_words, pixels, spoken, words
from playwright.sync_api import expect

from nnbook import evaluation, figures
from nnbook.figures.shift import MOST

SHOWN = """([choices, shifts]) => {
    const root = document.querySelector('.nnb-live-shift');
    const share = bar => Number(bar.style.getPropertyValue('--s'));
    const set = (input, kind) => input.dispatchEvent(new Event(kind, {bubbles: true}));
    return choices.map(choice => shifts.map(by => {
        const radio = root.querySelectorAll('[type=radio]')[choice], slider = root.querySelector('[type=range]');
        radio.checked = true;
        set(radio, 'change');
        slider.value = by;
        set(slider, 'input');
        const canvas = root.querySelector('.nnb-shot canvas');
        const ink = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data;
        return {
            image: {...canvas.dataset}, ink: [...ink].filter((_, at) => at % 4 === 3),
            networks: [...root.querySelectorAll('[data-prediction]')].map(one => ({
                ...one.dataset, said: one.querySelector('p span').textContent,
                bars: [...one.querySelectorAll('.nnb-shift-bars > span')].map(share),
            })),
            shares: [...root.querySelectorAll('svg text + text.nnb-strong')].map(text => text.textContent),
            large: [...root.querySelectorAll('circle[r="5"]')].map(dot => Number(dot.getAttribute('cy'))),
            aloud: root.querySelector('[role=status]').textContent,
        };
    }));
}"""
TOP = "() => document.querySelector('.nnb svg').getBoundingClientRect().top"
END = "() => document.querySelector('figure').getBoundingClientRect().bottom"


def moved(images, by):
    """By padding, and not by copying into zeros as the figure does."""
    return np.pad(images, ((0, 0), (0, 0), (by, 0)))[:, :, : images.shape[2]]


def centred(images):
    """Each image turned round until the middle of its ink is in the middle column."""
    middle = images.sum(axis=1) @ np.arange(images.shape[2]) / np.maximum(images.sum(axis=(1, 2)), 1)
    steps = np.rint(images.shape[2] / 2 - middle).astype(int)
    return np.stack([np.roll(image, step, axis=1) for image, step in zip(images, steps, strict=True)])


@pytest.fixture(scope="module")
def networks(mnist_sample):
    """Averages of the classes as templates: one network compares images as they lie, one puts them straight first."""
    images, labels = mnist_sample.train.images.astype(float), mnist_sample.train.labels

    def network(name, layers, prepared):
        templates = np.stack([prepared(images[labels == number]).mean(axis=0).ravel() for number in range(10)])
        templates -= templates.mean(axis=1, keepdims=True)
        templates /= np.linalg.norm(templates, axis=1, keepdims=True)
        return SimpleNamespace(
            name=name,
            layers=layers,
            probabilities=lambda some: evaluation.softmax(
                prepared(some.astype(float)).reshape(len(some), -1) @ templates.T / 200
            ),
        )

    return [
        network("plain", ("dense 10",), lambda some: some),
        network("own", ("convolution 5x5x8", "dense 10"), centred),
    ]


@pytest.fixture(scope="module")
def figure(networks, mnist_sample):
    return figures.shift(networks, mnist_sample.test.images, mnist_sample.test.labels, mnist_sample.class_keys)


def answers(networks, image, by):
    return [one.probabilities(moved(image[np.newaxis], by))[0] for one in networks]


def test_the_facts_are_counted_on_images_that_are_moved(figure, networks, mnist_sample):
    images, labels = mnist_sample.test.images, mnist_sample.test.labels
    for one in networks:
        shares = [np.mean(one.probabilities(moved(images, by)).argmax(axis=1) == labels) for by in range(6)]
        assert figure.facts["accuracy"][one.name] == pytest.approx(shares, abs=1e-6)
    plain, own = (figure.facts["accuracy"][key] for key in ("plain", "own"))
    assert plain[5] < 0.5 * plain[0]  # the templates lose what is moved
    assert own[3] > 0.9 * own[0]  # nothing has left the image yet
    apart = [abs(a - b) for a, b in zip(plain, own, strict=True)]
    assert figure.facts["by"] == apart.index(max(apart))
    assert figure.facts["images"] == len(images)


def test_at_rest_a_strip_shows_one_image_at_each_shift_and_what_it_is_taken_for(figure, networks, mnist_sample):
    shown, tree = figure.facts["shown"], elements(figure.static)
    image, label = mnist_sample.test.images[shown["index"]], mnist_sample.test.labels[shown["index"]]
    assert shown["label"] == str(label)
    pictures = find(tree, "img")
    for by, picture in enumerate(pictures):
        assert (picture.get("data-index"), picture.get("data-by")) == (str(shown["index"]), str(by))
        np.testing.assert_array_equal(pixels(picture)[..., 3], moved(image[np.newaxis], by)[0])
    cells = [cell for cell in find(tree, "td") if cell.get("data-prediction")]
    for at, one in enumerate(networks):
        for by, cell in enumerate(cells[6 * at : 6 * at + 6]):
            probabilities = answers(networks, image, by)[at]
            assert cell.get("data-prediction") == str(probabilities.argmax()) == shown["answers"][one.name][by]
            assert float(cell.get("data-probability")) == pytest.approx(probabilities.max(), abs=1e-5)
            assert words(cell).startswith("✓right" if probabilities.argmax() == label else "✗wrong")
    assert len(cells) == 12
    assert shown["answers"]["plain"][figure.facts["by"]] != shown["answers"]["own"][figure.facts["by"]]
    assert "1,000 test images" in spoken(tree)
    assert latin_words(figure, "ja") == set()


def test_of_many_images_two_thousand_are_used_evenly_spread():
    asked = []

    def probabilities(images):
        asked.append(images)
        return np.eye(2)[images[:, 0, 7] % 2]

    images = np.zeros((MOST * 2 + 1, 8, 8), np.uint8)
    images[:, 0, 7] = np.arange(len(images)) % 251
    one, other = (SimpleNamespace(name=name, layers=("dense 2",), probabilities=probabilities) for name in "ab")
    figure = figures.shift([one, other], images, images[:, 0, 7] % 2, "01")
    assert figure.facts["images"] == len(asked[0]) == MOST
    np.testing.assert_array_equal(asked[0][[0, -1]], images[[0, -1]])
    assert figure.facts["accuracy"]["a"][0] == 1
    assert "one layer (b)" in spoken(elements(figure))  # two that are called the same are told apart


def test_what_cannot_be_moved_is_refused(networks, mnist_sample, cifar10_sample):
    images, labels, keys = mnist_sample.test.images[:9], mnist_sample.test.labels[:9], mnist_sample.class_keys
    for some in ([], [networks[0], networks[0]]):
        with pytest.raises(
            ValueError, match=r"has a name of its own; got (plain, plain|none); pass a list of networks"
        ):
            figures.shift(some, images, labels, keys)
    with pytest.raises(ValueError, match=r"are ink, .*; got images of shape \(9, 32, 32, 3\); pass .* without colours"):
        figures.shift(networks, cifar10_sample.test.images[:9], labels, keys)
    with pytest.raises(ValueError, match="has its key; got 11 keys for 10 classes; pass as many"):
        figures.shift(networks, images, labels, [*keys, "more"])


@pytest.mark.browser
def test_whatever_is_chosen_the_page_shows_what_the_networks_say_of_it(
    browser, figure, networks, mnist_sample, tmp_path
):
    images, labels = mnist_sample.test.images, mnist_sample.test.labels
    with pages.opened(browser, figure, tmp_path) as page:
        assert page.get_by_role("radio").count() == 10
        for of_one in page.evaluate(SHOWN, [[0, 4, 9], [0, 2, 5]]):
            for by, shown in zip((0, 2, 5), of_one, strict=True):
                index = int(shown["image"]["index"])
                assert shown["image"] == {"index": str(index), "label": str(labels[index]), "by": str(by)}
                np.testing.assert_array_equal(shown["ink"], moved(images[[index]], by).ravel())
                found = answers(networks, images[index], by)
                for one, probabilities in zip(shown["networks"], found, strict=True):
                    np.testing.assert_allclose(one["bars"], probabilities, atol=2e-4)
                    assert one["prediction"] == str(probabilities.argmax())
                    mark = "✓" if probabilities.argmax() == labels[index] else "✗"
                    assert one["said"].startswith(f"{mark} {probabilities.argmax()} ")
                shares = [figure.facts["accuracy"][one.name][by] for one in networks]
                assert shown["shares"] == [f"{100 * share:.1f}%" for share in shares]
                assert shown["large"] == pytest.approx([30 + 176 * (1 - share) for share in shares], abs=0.06)
                assert shown["shares"][1] in shown["aloud"]


@pytest.mark.browser
def test_the_slider_the_chart_and_the_address_agree(browser, figure, tmp_path):
    with pages.opened(browser, figure, tmp_path) as page:
        slider, element = page.get_by_role("slider"), page.locator("nnb-shift")
        start = figure.facts["by"]
        slider.focus()
        page.keyboard.press("Home")
        index = figure.facts["shown"]["index"]
        assert page.url.endswith(f"#shift:by=0,image={index}")
        drawing = page.locator(".nnb-live svg")
        box = drawing.bounding_box()
        at = [box["x"] + (34 + 172 * by / 5) * box["width"] / 336 for by in (0, 2, 3)]
        page.mouse.move(at[1], box["y"] + 99)
        page.mouse.down()
        expect(slider).to_have_value("2")
        page.mouse.move(at[2], box["y"] + 120)
        expect(slider).to_have_value("3")
        page.mouse.up()
        page.mouse.move(at[0], box["y"] + 120)
        assert page.url.endswith(f"#shift:by=3,image={index}")
        chosen = page.get_by_role("radio", name=": 7")
        chosen.check(force=True)
        expect(element).to_have_attribute("data-image", chosen.get_attribute("value"))
        page.go_back()
        page.go_back()
        expect(slider).to_have_value("0")
        for broken in ("by=9,image=7777", "by=-1", "by=0.5,image=NaN", "by=,image=", "image=-1"):
            page.evaluate("address => { location.hash = address; }", f"#shift:{broken}")
            expect(element).to_have_attribute("data-by", str(start))
            expect(element).to_have_attribute("data-image", str(index))


@pytest.mark.browser
@pytest.mark.parametrize("width", [390, 640, 1000])
def test_nothing_moves_when_the_script_comes(browser, figure, tmp_path, width):
    """The figure opens its page."""
    path = tools.write_page(tmp_path, [figure])
    page = browser.new_page(viewport={"width": width, "height": 900})
    page.route("**/*.js", lambda route: route.abort())
    page.goto(path.as_uri())
    before = [page.evaluate(place) for place in (TOP, END)]
    page.unroute("**/*.js")
    page.reload()
    tools.started(page)
    live = page.locator(".nnb-live svg").bounding_box()["y"], page.evaluate(END)
    page.close()
    assert live == pytest.approx(before, abs=2)


@pytest.mark.browser
def test_it_holds_up_on_every_screen(browser, figure, tmp_path):
    def play(page):
        page.locator(".nnb-live [type=radio]").nth(3).check(force=True)
        page.locator(".nnb-live [type=range]").press("Home")

    pages.holds_up(browser, figure, tmp_path, play)
