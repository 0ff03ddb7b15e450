"""The training in the page: step by step that of NumPy, from the same start; it loads late, pauses, rests unseen."""

import base64
import json

import interactive_pages as pages
import numpy as np
import pytest
from figures_tools import elements, find, latin_words, spoken
from playwright.sync_api import expect
from threadpoolctl import threadpool_limits
from waiting import wait_until

from nnbook import figures
from nnbook.figures.kit import bundle
from nnbook.localisation import decimal, percent
from nnbook.page_training import Chance, Run, Settings

# The parameters of each dense layer after some steps, weights by input.
TRAINED = """([pixels, labels, how]) => {
    const numbers = Uint8Array.from(atob(pixels), (one) => one.charCodeAt(0));
    const run = nnbook.training({numbers, labels, size: 784, scale: 1 / 255, classes: 10}, how);
    const losses = Array.from({length: 100}, () => run.step().loss);
    const dense = run.layers.map(({parameters}) => [...parameters]).filter(({length}) => length);
    return JSON.stringify([losses, ...dense]);
}"""
FRAMES = "() => new Promise((done) => { let n = 8; const f = () => (n-- ? requestAnimationFrame(f) : done()); f(); })"


@pytest.fixture(scope="module")
def figure(mnist_sample):
    train = mnist_sample.train
    return figures.train_here(train.images, train.labels, "0123456789", epochs=2)


def button(page, name):
    return page.get_by_role("button", name=name, exact=True)


def run_to_the_end(page):
    page.get_by_role("radio", name="fast").check(force=True)
    button(page, "Run").click()
    expect(page.locator(".nnb-live .nnb-sum").first).to_contain_text("After 2.0 epochs", timeout=30_000)


def steps(page):
    return int(page.locator("nnb-train-here").get_attribute("data-steps"))


def test_chance_is_even_and_has_no_pattern():
    uniform, normal = Chance(3).uniform(100_000), Chance(4).standard_normal((50_000,))
    counts = np.histogram(uniform, 20, (0, 1))[0]
    assert ((counts - 5000) ** 2 / 5000).sum() < 44  # chi squared of 19 degrees of freedom: one in a thousand
    assert abs(np.corrcoef(uniform[1:], uniform[:-1])[0, 1]) < 0.01
    assert abs(np.corrcoef(uniform, Chance(4).uniform(100_000))[0, 1]) < 0.01
    assert (abs(normal.mean()), normal.std()) == (pytest.approx(0, abs=0.02), pytest.approx(1, abs=0.02))
    assert sorted(Chance(5).order(1000)) == list(range(1000))


@pytest.mark.browser
def test_the_trainer_equals_numpy_step_by_step(browser, mnist_sample):
    images, labels = mnist_sample.train.images[:200].reshape(200, -1), mnist_sample.train.labels[:200]
    pixels, page = base64.b64encode(images.tobytes()).decode(), browser.new_page()
    page.set_content(f"<script>{bundle.script('train-here')}</script>")
    for settings in (
        Settings(start=0.1),
        Settings((16,), "relu", rate=0.1, momentum=0.9, decay=0.001, seed=2),
        Settings((8, 6), "tanh", rate=0.3, batch=7, decay=0.1, seed=3),
        Settings((12,), "sigmoid", rate=1, batch=1000, momentum=0.5, start=3, seed=4),
        Settings((5,), "relu", rate=0.03, batch=1, start=0),
    ):
        how = {**vars(settings), "hidden": list(settings.hidden)}
        losses, *layers = json.loads(page.evaluate(TRAINED, [pixels, labels.tolist(), how]))
        run = Run(images / 255, labels, settings, 10)
        with threadpool_limits(1, user_api="blas"):
            np.testing.assert_allclose(losses, [run.step()[0] for _ in range(100)], rtol=1e-7)
        for parameters, weights, biases in zip(layers, run.network.weights, run.network.biases, strict=True):
            np.testing.assert_allclose(parameters, [*weights.T.ravel(), *biases], atol=1e-8)
    page.close()


def test_at_rest_a_run_is_shown_and_told(figure):
    facts = figure.facts
    assert (facts["train_images"], facts["held_back"], facts["steps"]) == (4000, 1000, 250)
    assert 0.8 < facts["after_first"]["accuracy"] <= facts["accuracy"] < 0.95
    assert facts["megabytes"] <= 1.2
    said = spoken(elements(figure.static))
    assert f"{percent(facts['accuracy'], 'en')} of those held back" in said
    assert f"held back {decimal(facts['loss'], 'en')}" in said
    assert latin_words(figure, "ja") == set()


def test_few_images_and_photographs_are_refused(cifar10_sample):
    with pytest.raises(ValueError, match=r"images of brightness, \(N, H, W\); got .* \(20, 32, 32, 3\); pass such"):
        figures.train_here(cifar10_sample.train.images[:20], np.arange(20) % 10, "0123456789")


@pytest.mark.browser
def test_the_run_in_the_page_is_that_of_numpy(browser, figure, tmp_path):
    drawn = find(elements(figure.static), "path")
    curves = [path.get("d") for path in drawn if "nnb-run" in path.get("class", "")]
    with pages.opened(browser, figure, tmp_path) as page:
        asked = []
        page.on("request", lambda request: asked.append(request.url))
        assert page.locator(".nnb-live .nnb-run").count() == 4
        assert asked == []
        run_to_the_end(page)
        assert len(asked) == 3  # the digits, their labels, and what names both, at the first step
        shown = [path.get_attribute("d") for path in page.locator(".nnb-live .nnb-run").all()]
        for ours, theirs in zip(shown, curves, strict=True):
            np.testing.assert_allclose(_numbers(ours), _numbers(theirs), atol=0.11)
        expect(page.locator(".nnb-live .nnb-run-name")).to_have_text(
            [
                f"training {percent(figure.facts['train_accuracy'], 'en')}",
                f"held back {percent(figure.facts['accuracy'], 'en')}",
                f"training {decimal(figure.facts['train_loss'], 'en')}",
                f"held back {decimal(figure.facts['loss'], 'en')}",
            ]
        )
        expect(button(page, "Run")).to_be_visible()  # and no longer "Pause"
        button(page, "Keep this run").click()
        page.get_by_role("combobox", name="learning rate").select_option("0.01")
        assert page.url.endswith("#train:rate=0.01")
        expect(page.locator(".nnb-live .nnb-run-name").first).to_have_text("training –")
        assert page.locator(".nnb-live .nnb-kept-a").count() == 5  # both curves of both panels, and its line
        page.get_by_role("combobox", name="hidden neurons").select_option("8")
        assert page.locator(".nnb-train-sheet canvas").count() == 8
        page.go_back()
        expect(page.locator(".nnb-train-sheet canvas")).to_have_count(10)
        button(page, "Forget kept runs").click()
        assert page.locator(".nnb-live .nnb-kept").count() == 0


def _numbers(data):
    return [float(number) for number in data.replace("M", " ").replace("L", " ").replace("-", " -").split()]


@pytest.mark.browser
def test_it_pauses_at_once_and_rests_where_nobody_sees_it(browser, figure, tmp_path):
    with pages.opened(browser, figure, tmp_path, fragment="train:batch=1,hidden=64") as page:
        assert page.locator(".nnb-train-sheet canvas").count() == 64
        button(page, "One step").click()
        wait_until(page, "() => document.querySelector('nnb-train-here').dataset.steps === '1'")
        button(page, "Run").click()
        wait_until(page, "() => Number(document.querySelector('nnb-train-here').dataset.steps) > 20")
        for hide, back in (
            ("document.body.style.paddingTop = '300vh'", "document.body.style.paddingTop = ''"),
            ("Object.defineProperty(document, 'hidden', {value: true, configurable: true})", "delete document.hidden"),
        ):
            page.evaluate(f"{hide}; scrollTo(0, 0); document.dispatchEvent(new Event('visibilitychange'))")
            page.evaluate(FRAMES)
            before = steps(page)
            page.evaluate(FRAMES)
            assert steps(page) == before
            page.evaluate(f"{back}; document.dispatchEvent(new Event('visibilitychange'))")
            wait_until(page, "n => Number(document.querySelector('nnb-train-here').dataset.steps) > n", before)
        button(page, "Pause").click()
        before = steps(page)
        page.evaluate(FRAMES)
        assert steps(page) == before
        said = page.locator("nnb-train-here [role=status]").text_content()
        assert said == page.locator(".nnb-live .nnb-sum").first.text_content()


@pytest.mark.browser
def test_steps_that_are_too_long_are_called_that(browser, figure, tmp_path):
    with pages.opened(
        browser, figure, tmp_path, fragment="train:rate=3,hidden=8,batch=400,momentum=0.9,decay=0.1,start=3"
    ) as page:
        page.get_by_role("radio", name="fast").check(force=True)
        button(page, "Run").click()
        expect(page.locator(".nnb-live .nnb-sum").first).to_contain_text("The steps were too long", timeout=30_000)
        expect(page.locator(".nnb-live .nnb-run-name").last).to_have_text("held back >1,000,000")


@pytest.mark.browser
def test_it_holds_up_on_every_screen(browser, mnist_sample, tmp_path):
    train = mnist_sample.train
    figure = figures.train_here(train.images[:500], train.labels[:500], "0123456789")

    def kept(page):
        page.locator(".nnb-live select").first.select_option("32")
        page.locator(".nnb-live [type=radio]").last.check(force=True)
        page.locator(".nnb-live button").first.click()
        wait_until(page, "() => Number(document.querySelector('nnb-train-here').dataset.steps) > 50")
        page.locator(".nnb-live button").first.click()
        page.locator(".nnb-live button").nth(3).click()

    pages.holds_up(browser, figure, tmp_path, kept)
