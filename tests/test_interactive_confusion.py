"""The confusion matrix that answers, in a real browser: the right picture at any speed, by mouse, finger and keys."""

import base64
import json

import interactive_tools as tools
import npm
import numpy as np
import pytest
from figures_tools import elements, nearest_average
from serving import served

from nnbook import figures
from nnbook.evaluation import most_confident
from nnbook.figures.kit.examples import confidence

pytestmark = pytest.mark.browser

# Every canvas that the figure has made, those included that are gone again.
REMEMBER = """() => {
    window.made = [];
    const tile = nnbook.tile;
    nnbook.tile = (...values) => { const canvas = tile(...values); made.push(canvas); return canvas; };
}"""

DRAWN = "() => made.length > 0 && made.every(canvas => canvas.dataset.drawn)"

READ = """() => made.map(canvas => {
    const bytes = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data;
    let text = '';
    for (const byte of bytes) text += String.fromCharCode(byte);
    return [canvas.dataset, btoa(text)].map(part => typeof part === 'string' ? part : {...part});
})"""

CUT_OFF = """() => [...document.querySelectorAll('.nnb *')].map(e => [e, e.getBoundingClientRect()])
    .filter(([e, r]) => r.width && !e.closest('.nnb-unseen')
        && (r.left < -0.5 || r.right > document.documentElement.clientWidth + 0.5))
    .map(([e, r]) => `${e.tagName}.${e.className} ${e.textContent.slice(0, 20)}: ${r.left} to ${r.right}`)"""


class Book:
    """A data set with what two networks say about it, and pages with the figure."""

    def __init__(self, dataset, folder):
        self.images, self.labels, self.keys = dataset.test.images, dataset.test.labels, dataset.class_keys
        guesses, rng = nearest_average(dataset), np.random.default_rng(3)
        noisy = guesses * rng.uniform(0.05, 1, guesses.shape) ** 2
        self.models = {"first": noisy / noisy.sum(axis=1, keepdims=True), "second": guesses}
        self.figure = figures.confusion_matrix(self.models, self.images, self.labels, self.keys)
        self.folder = folder

    def counts(self, model):
        classes = len(self.keys)
        return np.bincount(
            self.labels.astype(int) * classes + self.models[model].argmax(axis=1), minlength=classes**2
        ).reshape(classes, classes)

    def indices(self, model, actual, predicted, most):
        return most_confident(self.models[model], self.labels, actual, predicted, most).tolist()

    def check(self, drawn):
        """Each picture is the image that its own data names."""
        for data, packed in drawn:
            image = self.images[int(data["index"])]
            pixels = np.frombuffer(base64.b64decode(packed), np.uint8).reshape(*image.shape[:2], 4)
            assert np.array_equal(pixels[..., 3] if image.ndim == 2 else pixels[..., :3], image), data
            assert self.keys[self.labels[int(data["index"])]] == data["label"]


@pytest.fixture(scope="module")
def digits(mnist_sample, tmp_path_factory):
    return Book(mnist_sample, tmp_path_factory.mktemp("digits"))


@pytest.fixture(scope="module")
def things(cifar10_sample, tmp_path_factory):
    return Book(cifar10_sample, tmp_path_factory.mktemp("things"))


@pytest.fixture
def visit(browser):
    """Opens the page of a book, over http; an error in a script fails the test."""
    closing, problems = [], []

    def open_page(book, fragment="", language="en", theme="light", width=900, **options):
        server = served(book.folder)
        address = server.__enter__()
        context = browser.new_context(viewport={"width": width, "height": 1000}, **options)
        page = context.new_page()
        page.on("pageerror", lambda error: problems.append(str(error)))
        name = tools.write_page(book.folder, [book.figure], language, theme).name
        page.goto(f"{address}/{name}{fragment}")
        tools.started(page)
        closing.append((context, server))
        return page

    yield open_page
    for context, server in closing:
        context.close()
        server.__exit__(None, None, None)
    assert problems == []


def cell(page, actual, predicted):
    return page.locator(f'tr[data-actual="{actual}"] > [data-predicted="{predicted}"]')


def shown(page):
    return [
        int(index)
        for index in page.locator(".nnb-examples canvas").evaluate_all("all => all.map(c => c.dataset.index)")
    ]


def said(page):
    return page.locator(".nnb-cell-title strong").inner_text()


@pytest.mark.parametrize("book", ["digits", "things"])
@pytest.mark.parametrize("slow", [False, True], ids=["as it is", "throttled"])
def test_no_cell_ever_shows_a_wrong_picture(book, slow, visit, request):
    """All 100 cells, 25 ms each: pictures may arrive long after the pointer has moved on; each is the right one."""
    book = request.getfixturevalue(book)
    page = visit(book)
    if slow:
        network = page.context.new_cdp_session(page)
        network.send("Network.enable")
        rate = {"offline": False, "latency": 150, "downloadThroughput": 120_000, "uploadThroughput": 120_000}
        network.send("Network.emulateNetworkConditions", rate)
    page.evaluate(REMEMBER)
    places = page.locator("[data-predicted]").evaluate_all(
        "cells => cells.map(c => c.getBoundingClientRect()).map(r => [r.x + r.width / 2, r.y + r.height / 2])"
    )
    for x, y in places:
        page.mouse.move(x, y)
        page.wait_for_timeout(25)
    page.wait_for_function(DRAWN)
    drawn = page.evaluate(READ)
    counts = np.minimum(book.counts("first"), 24 if book is request.getfixturevalue("digits") else 12)
    assert len(drawn) == counts.sum()
    book.check(drawn)


@pytest.mark.parametrize(("book", "most"), [("digits", 24), ("things", 12)])
def test_a_cell_shows_its_most_confident_images_with_their_probabilities(book, most, visit, request):
    book = request.getfixturevalue(book)
    page = visit(book)
    cell(page, book.keys[4], book.keys[4]).hover()
    wanted = book.indices("first", 4, 4, most)
    assert len(wanted) == most
    assert shown(page) == wanted
    notes = page.locator(".nnb-examples li").all_inner_texts()
    assert notes == [confidence(book.models["first"][index, 4], "en") for index in wanted]
    probabilities = page.locator(".nnb-examples canvas").evaluate_all("all => all.map(c => c.dataset.probability)")
    assert np.allclose([float(text) for text in probabilities], book.models["first"][wanted, 4], atol=1.5e-4)


def test_choosing_another_network_changes_the_numbers_and_keeps_the_cell(digits, visit):
    page = visit(digits)
    cell(page, 4, 9).click()
    page.get_by_label("network").select_option(label="second")
    numbers = page.locator("[data-predicted]").all_inner_texts()
    assert [int(number) for number in numbers] == digits.counts("second").ravel().tolist()
    assert shown(page) == digits.indices("second", 4, 9, 24)
    accuracy = digits.counts("second").trace() / len(digits.labels)
    assert page.locator(".nnb-accuracy").inner_text() == f"{100 * accuracy:.1f}%"
    recall = digits.counts("second")[7, 7] / digits.counts("second")[7].sum()
    assert page.locator('tr[data-actual="7"] > .nnb-end').inner_text() == f"{100 * recall:.0f}%"


@pytest.mark.parametrize("book", ["digits", "things"])
def test_the_second_view_has_the_most_confident_image_of_each_cell(book, visit, request):
    book = request.getfixturevalue(book)
    page = visit(book)
    page.evaluate(REMEMBER)
    page.get_by_label("picture").check()
    page.wait_for_function(DRAWN)
    drawn = page.evaluate(READ)
    book.check(drawn)
    firsts = [book.indices("first", *divmod(at, 10), 1) for at in range(100)]
    assert [int(data["index"]) for data, _ in drawn] == [index for first in firsts for index in first]


def test_the_third_view_says_what_a_second_network_fixed_and_what_it_broke(digits, visit):
    page = visit(digits)
    page.evaluate(REMEMBER)
    page.get_by_label("change").check()
    change = digits.counts("second") - digits.counts("first")
    numbers = page.locator("[data-predicted]").all_inner_texts()
    assert [int(number.replace("−", "-")) for number in numbers] == change.ravel().tolist()
    before, after = (digits.models[name].argmax(axis=1) for name in ("first", "second"))
    right = (before != digits.labels) & (after == digits.labels)
    broken = (before == digits.labels) & (after != digits.labels)
    summary = page.locator(".nnb-summary").inner_text()
    assert f"{right.sum()} images newly right, {broken.sum()} newly wrong" in summary
    assert right.sum() - broken.sum() == change.trace()
    actual, predicted = divmod(int(np.argmin(change)), 10)
    cell(page, actual, predicted).hover()
    fixed = right & (digits.labels == actual) & (before == predicted)
    worse = broken & (digits.labels == actual) & (after == predicted)
    order = lambda chosen, model: [i for i in digits.indices(model, actual, predicted, None) if chosen[i]][:12]  # noqa: E731
    assert shown(page) == [*order(fixed, "first"), *order(worse, "second")]
    assert f"Newly right: {fixed.sum()}" in page.locator(".nnb-panel").inner_text()
    page.wait_for_function(DRAWN)
    digits.check(page.evaluate(READ))


@pytest.mark.parametrize(("width", "shares"), [(900, True), (390, False)])
def test_the_legend_speaks_of_recall_and_precision_only_where_they_are(width, shares, digits, visit):
    page = visit(digits, "#confusion:model=second,view=changes", width=width)
    assert page.locator("td.nnb-end").first.is_visible() == shares
    legend = page.locator("p.nnb-legend").inner_text()
    assert legend.endswith("recall, precision and accuracy in percentage points" if shares else "red, dashed: worse")
    page.get_by_label("count").check()
    assert page.locator("td.nnb-end").first.is_visible()
    assert page.locator("p.nnb-legend").inner_text().endswith("the larger the share of the row")


def test_keys_reach_all_that_a_pointer_reaches(digits, visit):
    page = visit(digits)
    for _ in range(12):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.hasAttribute('data-predicted')"):
            break
    assert page.locator('[data-predicted][tabindex="0"]').count() == 1
    for key in ["ArrowDown"] * 3 + ["ArrowRight"] * 5:
        page.keyboard.press(key)
    counts = digits.counts("first")
    share = confidence(counts[3, 5] / counts[3].sum(), "en")
    assert said(page) == f"actual 3, predicted 5: {counts[3, 5]} images, {share} of the threes"
    assert page.locator(".nnb-cell-title").get_attribute("aria-live") == "polite"
    page.keyboard.press("Enter")
    assert page.url.endswith("#confusion:model=first,actual=3,predicted=5")
    assert cell(page, 3, 5).get_attribute("aria-selected") == "true"
    page.keyboard.press("ArrowLeft")
    assert "predicted 5" in said(page)
    page.keyboard.press("Escape")
    assert cell(page, 3, 5).get_attribute("aria-selected") == "false"
    assert "#" not in page.url
    page.keyboard.press("Tab")
    assert not page.evaluate("document.activeElement.hasAttribute('data-predicted')")


def test_a_pinned_cell_stays_until_it_is_let_go(digits, visit):
    page = visit(digits)
    cell(page, 3, 5).click()
    cell(page, 8, 8).hover()
    assert shown(page) == digits.indices("first", 3, 5, 24)
    cell(page, 3, 5).click()
    cell(page, 8, 8).hover()
    assert shown(page) == digits.indices("first", 8, 8, 24)


def test_a_finger_does_what_a_mouse_does_and_finds_targets_of_24_pixels(digits, visit):
    page = visit(digits, width=390, has_touch=True)
    cell(page, 3, 5).tap()
    assert shown(page) == digits.indices("first", 3, 5, 24)
    page.get_by_label("picture").tap()
    targets = page.locator("[data-predicted], .nnb-choices label, select:visible").evaluate_all(
        "all => all.map(e => e.getBoundingClientRect()).map(r => Math.min(r.width, r.height))"
    )
    assert min(targets) >= 24


def test_the_address_opens_a_cell_and_back_goes_back(digits, visit):
    page = visit(digits, "#confusion:model=second,actual=3,predicted=5")
    assert shown(page) == digits.indices("second", 3, 5, 24)
    cell(page, 7, 9).click()
    assert page.url.endswith("actual=7,predicted=9")
    page.go_back()
    assert shown(page) == digits.indices("second", 3, 5, 24)
    page.get_by_label("change").check()
    address = page.url
    page.goto("about:blank")
    page.goto(address)
    tools.started(page)
    assert page.get_by_label("change").is_checked()


@pytest.mark.parametrize("said", ["model=unknown,actual=3,predicted=5", "model=%E0%A4%A", "model=second,view=%"])
def test_an_address_of_something_else_changes_nothing(digits, visit, said):
    page = visit(digits, f"#confusion:{said}")
    assert page.locator(".nnb-examples").count() == 0
    assert [int(number) for number in page.locator("[data-predicted]").all_inner_texts()] == digits.counts(
        "first"
    ).ravel().tolist()


@pytest.mark.parametrize("book", ["digits", "things"])
@pytest.mark.parametrize("language", ["en", "ja"])
def test_nothing_is_cut_off_in_any_view(book, language, visit, request):
    book = request.getfixturevalue(book)
    for view in ("counts", "pictures", "changes"):
        fragment = f"#confusion:model=first,view={view},with=second,actual={book.keys[3]},predicted={book.keys[5]}"
        page = visit(book, fragment, language)
        for width in (900, 390):
            page.set_viewport_size({"width": width, "height": 1000})
            assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") == 0
            assert page.evaluate(CUT_OFF) == []
            matrix, panel = (page.locator(name).bounding_box() for name in ("table", ".nnb-panel"))
            assert panel["y"] >= matrix["y"] + matrix["height"]


def test_the_words_are_those_of_the_page(things, visit):
    page = visit(things, "#confusion:model=first,actual=cat,predicted=dog", "ja")
    assert said(page).startswith("正解 猫、予測 犬：")
    assert "「猫」の画像の" in said(page)
    page = visit(things, "#confusion:model=first,actual=cat,predicted=dog", "en")
    assert "of the cats" in said(page)


@pytest.fixture(scope="module")
def axe(tmp_path_factory):
    return npm.axe()


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize(
    "fragment",
    ["", *(f"#confusion:model=first,view={view},actual=3,predicted=5" for view in ("counts", "pictures", "changes"))],
)
def test_axe_finds_nothing(digits, visit, axe, theme, fragment):
    page = visit(digits, fragment, theme=theme)
    page.evaluate(axe)
    found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")["violations"]
    assert [(one["id"], one["help"], [node["html"][:90] for node in one["nodes"]][:3]) for one in found] == []


def test_it_works_from_a_folder_and_without_scripts_the_static_figure_is_there(digits, browser):
    path = tools.write_page(digits.folder, [digits.figure], name="folder.html")
    page = browser.new_page()
    page.goto(path.as_uri() + "#confusion:model=first,actual=3,predicted=5")
    tools.started(page)
    page.wait_for_function("() => [...document.querySelectorAll('canvas')].every(c => c.dataset.drawn)")
    assert shown(page) == digits.indices("first", 3, 5, 24)
    page.close()
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(path.as_uri())
    assert [int(number) for number in page.locator("tbody td:not(.nnb-end)").all_inner_texts()] == digits.counts(
        "first"
    ).ravel().tolist()
    assert page.locator("select").count() == 0
    context.close()


def test_nothing_is_loaded_before_it_is_needed_and_nothing_twice(digits, visit):
    page = visit(digits)
    loaded = "performance.getEntriesByType('resource').map(e => e.name).filter(name => name.includes('_images'))"
    assert page.evaluate(loaded) == []
    for at in (0, 1, 0, 2):
        cell(page, 3, at).hover()
        page.wait_for_function("() => [...document.querySelectorAll('canvas')].every(c => c.dataset.drawn)")
    names = page.evaluate(loaded)
    assert len(names) == len(set(names)) > 0


@pytest.mark.parametrize(("book", "limit"), [("digits", 250_000), ("things", 400_000)])
def test_sheets_are_within_the_limit_and_show_no_image_twice(book, limit, request):
    book = request.getfixturevalue(book)
    data = json.loads(elements(book.figure).get("data-nnb-data"))
    assert max(len(base64.b64decode(sheet.split(",")[1])) for sheet in data["sheets"]) <= limit
    indices = [data["indices"][at : at + 4] for at in range(0, len(data["indices"]), 4)]
    assert len(indices) == len(set(indices))


def test_one_network_alone_has_no_list_to_choose_from(digits, browser, tmp_path):
    figure = figures.confusion_matrix({"mine": digits.models["first"]}, digits.images, digits.labels, digits.keys)
    page = browser.new_page()
    page.goto(tools.write_page(tmp_path, [figure]).as_uri())
    tools.started(page)
    assert page.locator("select").count() == 0
    assert page.locator(".nnb-choices label").all_inner_texts() == ["count", "picture"]
    page.close()


def test_a_notebook_shows_the_same_figure(browser, tmp_path, monkeypatch):
    import nbformat
    from nbclient import NotebookClient

    monkeypatch.delenv("NNBOOK_LANGUAGES", raising=False)
    code = (
        "import numpy as np\nfrom nnbook import figures, load\n"
        "test = load('mnist', size='sample').test\nguesses = np.random.default_rng(1).random((len(test.labels), 10))\n"
        "guesses /= guesses.sum(axis=1, keepdims=True)\n"
        "figures.confusion_matrix({'mine': guesses}, test.images, test.labels, tuple('0123456789'))"
    )
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(code)])
    NotebookClient(notebook, kernel_name="python3").execute()
    markup = notebook.cells[0].outputs[0]["data"]["text/html"]
    path = tmp_path / "notebook.html"
    path.write_text(
        f'<!doctype html><meta charset="utf-8"><body data-jp-theme-light="true">{markup}{markup}', encoding="utf-8"
    )
    page = browser.new_page()
    page.goto(path.as_uri())
    tools.started(page)
    for at in (0, 1):
        page.locator("nnb-confusion-matrix").nth(at).locator("[data-predicted]").nth(35).hover()
        assert page.locator("nnb-confusion-matrix").nth(at).locator(".nnb-examples canvas").count() > 0
    page.wait_for_function("() => [...document.querySelectorAll('canvas')].every(c => c.dataset.drawn)")
    page.close()


def test_no_network_at_all_is_refused(digits):
    with pytest.raises(ValueError, match="at least one network; got none"):
        figures.confusion_matrix({}, digits.images, digits.labels, digits.keys)
