"""The film of a training: what each stop shows is that stop's weights and counts, in a real browser."""

from io import BytesIO
from types import SimpleNamespace

import npm
import numpy as np
import pytest
from figures_tools import elements, latin_words, pixels, words
from interactive_tools import served_pages, started
from PIL import Image

from nnbook.figures import training_film
from nnbook.figures.kit import raster
from nnbook.localisation import percent

KEYS = tuple("0123456789")
STEPS = (0, 10, 600, 1200)
# Within one task, before the film goes on by itself.
PLAY_AND_PAUSE = """() => {
    const [button, film] = ['.nnb-play', 'nnb-training-film'].map((name) => document.querySelector(name));
    return [0, 1].flatMap(() => { button.click(); return [button.textContent, film.dataset.step]; });
}"""


@pytest.fixture(scope="module")
def stops(mnist_sample):
    """A start from zero, and templates that grow towards the averages of the classes, with some noise."""
    train = mnist_sample.train
    averages = np.stack([train.images[train.labels == label].mean(axis=0).ravel() / 255 for label in range(10)])
    random = np.random.default_rng(3)
    weights = [grown * (averages - averages.mean(axis=0)) + random.normal(0, 0.02, (10, 784)) for grown in (0.2, 1, 2)]
    weights = [np.zeros((10, 784)), *weights]
    return [
        SimpleNamespace(step=step, weights=(weight.astype(np.float32),), biases=(np.linspace(0, 0.1, 10),))
        for step, weight in zip(STEPS, weights, strict=True)
    ]


@pytest.fixture(scope="module")
def figure(stops, mnist_sample):
    return training_film(stops, mnist_sample.test.images, mnist_sample.test.labels, KEYS, steps_per_epoch=600)


@pytest.fixture(scope="module")
def results(stops, mnist_sample):
    """Counts and scores at every stop, by plain NumPy."""
    test, found = mnist_sample.test, []
    for stop in stops:
        scores = test.images.reshape(-1, 784) / 255 @ stop.weights[0].T.astype(float) + stop.biases[0]
        counts = np.zeros((10, 10), dtype=int)
        np.add.at(counts, (test.labels, scores.argmax(axis=1)), 1)
        shares = np.exp(scores) / np.exp(scores).sum(axis=1, keepdims=True)
        found.append((counts, -np.log(shares[np.arange(len(test.labels)), test.labels]).mean()))
    return found


@pytest.fixture(scope="module")
def site(figure, tmp_path_factory):
    with served_pages(tmp_path_factory.mktemp("film"), [figure]) as address:
        yield address


@pytest.fixture
def page(browser, site, request):
    width, motion = getattr(request, "param", (780, "no-preference"))
    shown = browser.new_page(viewport={"width": width, "height": 900}, reduced_motion=motion)
    errors = []
    shown.on("pageerror", lambda error: errors.append(str(error)))
    shown.goto(f"{site}/en-light.html")
    started(shown)
    yield shown
    shown.close()
    assert errors == []


def test_every_weight_is_shown_within_the_stated_error(figure, stops):
    """The picture's colours, read back as levels of the scale, give the weights that NumPy has."""
    sheets = {
        img.get("class").split("nnb-only-")[1].split()[0]: pixels(img)
        for img in elements(figure).iter("img")
        if img.get("alt")
    }
    limit = max(np.abs(stop.weights[0]).max() for stop in stops)
    assert figure.facts["limit"] == pytest.approx(limit, abs=1e-6)
    assert figure.facts["error"] == pytest.approx(limit / 126, abs=1e-6)
    for ground, sheet in sheets.items():
        scale = {tuple(colour): level - 63 for level, colour in enumerate(raster.diverging_scale(ground).tolist())}
        for row, stop in enumerate(stops):
            for label in range(10):
                top, left = 44 * row + 16, 35 * label
                shown = sheet[top : top + 28, left : left + 28].reshape(-1, 4).tolist()
                levels = [scale[tuple(colour)] if colour[3] else 0 for colour in shown]
                read = np.array(levels) * limit / 63
                np.testing.assert_allclose(read, stop.weights[0][label], atol=limit / 126 + 1e-6)


def test_facts_are_those_of_numpy(figure, results, mnist_sample):
    total = len(mnist_sample.test.labels)
    for fact, step, (counts, loss) in zip(figure.facts["stops"], STEPS, results, strict=True):
        assert fact["step"] == step
        assert fact["correct"] == counts.trace()
        assert fact["accuracy"] == pytest.approx(counts.trace() / total, abs=1e-6)
        assert fact["loss"] == pytest.approx(loss, abs=1e-6)
    assert figure.facts["first"]["loss"] == pytest.approx(np.log(10), abs=0.01)
    stops = [words(item) for item in elements(figure).findall(".//li")]
    assert len(stops) == len(STEPS)
    for said, fact in zip(stops, figure.facts["stops"], strict=True):
        assert f"{fact['step']:,}" in said.split()
        assert said.endswith(percent(fact["accuracy"], "en"))


@pytest.mark.browser
def test_the_slider_moves_weights_matrix_and_accuracy_together(page, figure, stops, results):
    slider, limit = page.get_by_role("slider"), figure.facts["limit"]
    slider.focus()
    page.keyboard.press("Home")
    page.wait_for_function("[...document.querySelectorAll('.nnb-pane .nnb-only-light')].every(i => i.naturalWidth)")
    for row, (stop, (counts, loss)) in enumerate(zip(stops, results, strict=True)):
        assert page.locator("nnb-training-film").get_attribute("data-step") == str(stop.step)
        cells = page.locator("nnb-training-film td[data-predicted]").all_inner_texts()
        np.testing.assert_array_equal(np.array(cells, dtype=int).reshape(10, 10), counts)
        share = f"{100 * counts.trace() / counts.sum():.1f}%"
        assert page.locator(".nnb-film-now b").inner_text() == share
        assert f"{share}, loss {loss:.2f}" in slider.get_attribute("aria-valuetext")
        assert page.evaluate("location.hash") == f"#film:step={stop.step}" or row == 0
        for part, pane in enumerate(page.locator(".nnb-film .nnb-pane").all()):
            shot = Image.open(BytesIO(pane.screenshot())).convert("RGB")
            seen = np.asarray(shot)[::2, ::2].astype(int)  # zoom 2
            for column in range(5):
                image = stop.weights[0][5 * part + column].reshape(28, 28)
                rgba = raster.diverging(image, limit, "light").astype(float)
                wanted = 255 + rgba[..., 3:] / 255 * (rgba[..., :3] - 255)
                np.testing.assert_allclose(seen[:28, 35 * column :][:, :28], wanted, atol=2)
        page.keyboard.press("ArrowRight")


@pytest.mark.browser
def test_play_runs_from_the_start_to_the_end_and_can_be_paused(page):
    assert page.evaluate(PLAY_AND_PAUSE) == ["Pause", "0", "Play", "0"]
    page.get_by_role("button", name="Play").click()
    page.locator("nnb-training-film[data-step='1200']").wait_for(timeout=10_000)
    assert page.get_by_role("button", name="Play").is_visible()
    assert "after 1,200 steps (epoch 2): accuracy" in page.locator("nnb-training-film [aria-live]").inner_text()


@pytest.mark.browser
@pytest.mark.parametrize("page", [(390, "reduce")], indirect=True)
def test_nothing_moves_by_itself_when_the_reader_asked_for_rest(page):
    button = page.get_by_role("button", name="Next stop")
    button.click()
    button.click()
    assert page.locator("nnb-training-film").get_attribute("data-step") == "10"
    page.wait_for_timeout(800)
    assert page.locator("nnb-training-film").get_attribute("data-step") == "10"
    assert page.evaluate("location.hash") == "#film:step=10"
    page.go_back()
    assert page.locator("nnb-training-film").get_attribute("data-step") == "0"


@pytest.mark.browser
@pytest.mark.parametrize("address", ["en-light.html", "ja-dark.html"])
def test_a_phone_shows_it_whole_and_every_control_has_a_name(browser, site, address, tmp_path):
    page = browser.new_page(viewport={"width": 390, "height": 900})
    page.goto(f"{site}/{address}#film:step=600")
    started(page)
    assert page.locator("nnb-training-film").get_attribute("data-step") == "600"
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    page.evaluate(npm.axe())
    found = page.evaluate("axe.run('nnb-training-film').then(r => r.violations.map(v => [v.id, v.nodes[0].html]))")
    page.emulate_media(media="print")
    assert page.locator(".nnb-film-strip").is_visible()
    assert not page.get_by_role("slider").is_visible()
    page.close()
    assert found == []


@pytest.mark.browser
def test_the_weights_are_there_before_anybody_touches_the_film(browser, site):
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    page.goto(f"{site}/en-light.html", wait_until="networkidle")
    started(page)
    page.wait_for_function(
        "[...document.querySelectorAll('nnb-training-film .nnb-pane img')].filter((img) => img.offsetParent)"
        ".every((img) => img.naturalWidth > 0)",
        timeout=10_000,
    )
    page.close()


@pytest.mark.browser
def test_the_pictures_of_one_ground_are_loaded_when_they_come_into_view_and_the_others_never(browser, site):
    page = browser.new_page(viewport={"width": 390, "height": 900})
    asked = []
    page.on("request", lambda request: asked.append(request.url) if request.url.endswith(".webp") else None)
    page.goto(f"{site}/en-light.html", wait_until="networkidle")
    started(page)
    page.get_by_role("button", name="Play").click()
    page.locator("nnb-training-film[data-step='1200']").wait_for(timeout=10_000)
    asked.remove(page.locator(".nnb-legend img").first.evaluate("image => image.src"))
    page.close()
    assert len(asked) == len(set(asked)) == 1


def test_japanese_readers_get_japanese_words(figure):
    assert latin_words(figure, "ja") == set()


def test_stops_that_make_no_film_are_refused(stops, mnist_sample):
    test = mnist_sample.test
    deep = [SimpleNamespace(step=step, weights=(1, 2), biases=(1, 2)) for step in (0, 1)]
    with pytest.raises(ValueError, match=r"two stops or more of a one-layer network; got 2 with \[2\] layers each"):
        training_film(deep, test.images, test.labels, KEYS)
    with pytest.raises(
        ValueError,
        match=r"weights are \(10, 392\): .*; got weights of shape \(10, 784\); pass the layer that belongs here",
    ):
        training_film(stops, test.images[:, :14], test.labels, KEYS)
