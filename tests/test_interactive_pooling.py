"""Pooling: of each four the highest stays, before and after the image has moved; what that keeps is counted twice."""

import interactive_pages as pages
import numpy as np
import pytest
from figures_tools import elements, find, latin_words, words
from windows_tools import drawn, network

from nnbook import figures
from nnbook.figures.kit import raster
from nnbook.network.convolution import convolved
from nnbook.network.pool import MaxPool

# Point at every place of the pooled map, and write down the four values before and after, which is marked, what stays.
SWEEP = """([rows, columns]) => {
    const shot = document.querySelector('.nnb-live .nnb-pooling-pooled');
    const box = shot.getBoundingClientRect(), zoom = box.width / columns;
    const found = [];
    for (let row = 0; row < rows; row += 1) for (let column = 0; column < columns; column += 1) {
        const [clientX, clientY] = [box.left + (column + 0.5) * zoom, box.top + (row + 0.5) * zoom];
        shot.dispatchEvent(new PointerEvent('pointermove', {bubbles: true, pointerType: 'mouse', clientX, clientY}));
        found.push([...document.querySelectorAll('.nnb-live .nnb-pooling-four')].map(four => {
            const cells = [...four.querySelectorAll('td')];
            return [cells.map(cell => cell.innerText), cells.findIndex(cell => cell.matches('[data-wins]')),
                four.querySelector('b').innerText];
        }));
    }
    return found;
}"""


@pytest.fixture(scope="module")
def test_set(mnist_sample):
    return mnist_sample.test


@pytest.fixture(scope="module")
def figure(test_set):
    return figures.pooling(network(), test_set.images, test_set.labels, "0123456789")


@pytest.fixture
def page(browser, figure, tmp_path):
    with pages.opened(browser, figure, tmp_path) as shown:
        yield shown


def oracle(images, right=0, down=0):
    """The maps after ReLU and the pooled ones, by the network's own layers, of images that have moved."""
    moved = np.roll(np.pad(images, ((0, 0), (3, 3), (3, 3))), (down, right), axis=(1, 2))[:, 3:-3, 3:-3]
    maps = np.maximum(convolved(moved[..., np.newaxis] / 255, network().weights[0], network().biases[0]), 0)
    return maps, MaxPool(maps.shape[1:]).forward(maps)


def common(before, after):
    return np.minimum(before, after).sum() / np.maximum(before, after).sum()


def move(page, *names):
    for name in names:
        page.get_by_role("button", name=name, exact=True).dispatch_event("click")  # also one that says it can't


def use(page):
    page.locator(".nnb-live .nnb-pooling-arrows button").nth(1).click()
    page.focus(".nnb-live .nnb-pooling-field")
    page.keyboard.press("ArrowLeft")


@pytest.mark.browser
def test_the_highest_of_each_four_stays_before_and_after(page, figure, test_set):
    index, number = figure.facts["index"], figure.facts["filter"] - 1
    found = page.evaluate(SWEEP, [14, 14])
    for side, right in enumerate((0, 1)):
        maps, pooled = oracle(test_set.images[[index]], right)
        for at, shown in enumerate(found):
            row, column = divmod(at, 14)
            values, wins, stays = shown[side]
            four = maps[0, 2 * row : 2 * row + 2, 2 * column : 2 * column + 2, number].ravel()
            np.testing.assert_allclose([float(value) for value in values], four, atol=0.00501)
            assert four[wins] == four.max() == pooled[0, row, column, number]
            assert stays == values[wins]
        row = page.locator(".nnb-live .nnb-pooling-row").nth(side)
        highest = oracle(test_set.images[[index]])[0][..., number].max()
        for part, values in (("map", maps), ("pooled", pooled)):
            canvas = row.locator(f"canvas[data-part={part}]")
            assert pages.same_colours(drawn(canvas), raster.diverging(values[0, ..., number], highest, "light"))


@pytest.mark.browser
def test_moving_the_image_is_measured_anew(page, figure, test_set):
    index, number = figure.facts["index"], figure.facts["filter"] - 1
    move(page, "up", "up", "to the left", "to the left", "to the left")
    title = page.locator(".nnb-live .nnb-pooling-row .nnb-tile-name")
    assert title.nth(3).inner_text() == "2 pixels to the left, 2 pixels up"
    before, after = oracle(test_set.images[[index]]), oracle(test_set.images[[index]], -2, -2)
    rows = page.locator(".nnb-live .nnb-pooling-table tbody tr")
    for at in range(2):
        share = common(before[at][..., number], after[at][..., number])
        assert rows.nth(at).locator("td").nth(1).inner_text() == f"{share:.0%}"
    image = page.locator(".nnb-live canvas[data-part=image]").last
    moved = np.roll(np.pad(test_set.images[index], 3), (-2, -2), axis=(0, 1))[3:-3, 3:-3]
    assert pages.same_colours(drawn(image), raster.ink(moved))
    assert image.get_attribute("data-index") == str(index)
    move(page, "back to where it was")
    lit = [(part[..., number] >= 0.1 * before[0][..., number].max()).sum() for part in before]
    said = [rows.nth(at).locator("td").nth(0).inner_text() for at in range(2)]
    assert said == [f"{count} of {count}" for count in lit]
    move(page, "down", "down", "down", "down")
    assert title.nth(3).inner_text() == "3 pixels down"  # not farther
    assert page.get_by_role("button", name="down", exact=True).get_attribute("aria-disabled") == "true"
    assert "overlap" in page.locator(".nnb-live [aria-live]").inner_text()


@pytest.mark.browser
def test_an_address_and_keys_lead_to_a_place(browser, figure, test_set, tmp_path):
    index = int(np.flatnonzero(test_set.labels == 3)[0])
    fragment = f"pooling:image={index},filter=2,right=-2,down=1,row=5,column=8"
    with pages.opened(browser, figure, tmp_path, fragment=fragment) as page:
        pooled = [oracle(test_set.images[[index]], *by)[1][0, ..., 1] for by in ((0, 0), (-2, 1))]
        stays = page.locator(".nnb-live .nnb-pooling-four > b")
        assert stays.all_inner_texts() == [f"{one[4, 7]:.2f}" for one in pooled]
        page.focus(".nnb-live .nnb-pooling-field")
        page.keyboard.press("ArrowDown")
        assert page.evaluate("location.hash").endswith("filter=2,right=-2,down=1,row=6,column=8")
        assert stays.all_inner_texts() == [f"{one[5, 7]:.2f}" for one in pooled]
        assert page.locator(".nnb-live [aria-live]").inner_text().startswith("Row 6, column 8 of the pooled map")


@pytest.mark.browser
def test_it_holds_up_and_everybody_reaches_it(browser, figure, tmp_path):
    pages.holds_up(browser, figure, tmp_path, use)


@pytest.mark.browser
@pytest.mark.parametrize(("shape", "size"), [((20, 24), (3, 5)), ((8, 8), (3, 3)), ((64, 48), (7, 7))])
def test_other_images_and_windows_fit_a_phone(browser, tmp_path, shape, size):
    images = np.random.default_rng(3).integers(0, 256, (10, *shape)).astype(np.uint8)
    figure = figures.pooling(network(shape, 3, size), images, np.arange(10) % 5, "01234")
    with pages.opened(browser, figure, tmp_path, viewport={"width": 320, "height": 700}) as page:
        for act in (lambda page: None, use):
            act(page)
            assert page.evaluate(pages.WIDE) == 0
            assert page.evaluate(pages.CUT_OFF) == []


def test_facts_are_counted_and_measured(figure, test_set):
    facts = figure.facts
    one = test_set.images[[facts["index"]]]
    number = facts["filter"] - 1
    befores, afters = oracle(one), oracle(one, 1)
    for part, before, after in zip(("map", "pooled"), befores, afters, strict=True):
        before, after = before[..., number], after[..., number]
        lit = before >= 0.1 * befores[0][..., number].max()
        assert (facts[part]["places"], facts[part]["lit"]) == (before.size, lit.sum())
        assert facts[part]["kept"] == np.isclose(before[lit], after[lit], atol=1e-9).sum()
        assert facts[part]["overlap"] == pytest.approx(common(before, after), abs=1e-6)
    images = test_set.images[:500]
    befores = oracle(images)
    assert facts["images"] == len(images)
    for key, step in (("one", 1), ("two", 2), ("three", 3)):
        for part, before, after in zip(("map", "pooled"), befores, oracle(images, step), strict=True):
            assert facts[key][part] == pytest.approx(common(before, after), abs=1e-6)
    static = elements(figure.static)
    rows = [
        [words(cell) for cell in find(row, "td")] for row in find(find(static, "table", "nnb-pooling-table")[0], "tr")
    ]
    for part, row in zip(("map", "pooled"), rows[-2:], strict=True):
        shares = [facts[part]["overlap"], *(facts[key][part] for key in ("one", "two", "three"))]
        assert row == [f"{facts[part]['kept']} of {facts[part]['lit']}", *(f"{share:.0%}" for share in shares)]
    assert latin_words(figure, "ja") <= {"ReLU"}
    assert len(figure.html("ja").encode()) < 25_000


def test_winners_are_marked_where_there_is_something_to_win(figure, test_set):
    maps, pooled = (
        part[0, ..., figure.facts["filter"] - 1] for part in oracle(test_set.images[[figure.facts["index"]]])
    )
    squares = find(elements(figure.static), "path")[0].get("d").split("M")[1:]
    assert len(squares) == (pooled >= 0.1 * maps.max()).sum()
    for square in squares:
        column, row = (int(float(place)) for place in square.split("h")[0].split())
        assert maps[row, column] == pooled[row // 2, column // 2]
    blank = figures.pooling(network(), np.zeros_like(test_set.images[:20]), test_set.labels[:20], "0123456789")
    assert blank.facts["map"]["lit"] in (0, 784)


def test_what_it_cannot_show_it_refuses(test_set):
    some = test_set.images[:10], test_set.labels[:10], "0123456789"
    with pytest.raises(
        ValueError, match="behind the first convolution and its ReLU; got layers convolution 5x5x4, relu"
    ):
        figures.pooling(network(rest=("relu", "dense 10")), *some)
    with pytest.raises(ValueError, match=r"images are grey, \(N, H, W\); got shape \(4, 32, 32, 3\); pass grey images"):
        figures.pooling(network(), np.zeros((4, 32, 32, 3), np.uint8), np.arange(4), "0123")
