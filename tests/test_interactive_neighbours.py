"""Neighbours: the six nearest by measuring every distance, what is counted, and what the page shows."""

import interactive_pages as pages
import numpy as np
import pytest
from figures_tools import elements, find, indices, latin_words, pictures, spoken
from playwright.sync_api import expect
from serving import served
from untrained import Untrained
from waiting import wait_until

from nnbook import figures
from nnbook.evaluation import softmax

PIXELS = """(canvas) => [...canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data]"""
LAYERS = ("convolution 3x3x4", "relu", "pool", "dense 10")


@pytest.fixture(scope="module")
def photos(cifar10_sample):
    test = cifar10_sample.test
    return Untrained(LAYERS, (32, 32, 3)), test.images[:150], test.labels[:150], cifar10_sample.class_keys


@pytest.fixture(scope="module")
def figure(photos):
    return figures.neighbours(*photos)


@pytest.fixture(scope="module")
def nearest(photos):
    """For every image its six nearest by kind, by measuring all distances."""
    network, images, *_ = photos
    spaces = {"pixels": images.reshape(len(images), -1).astype(float), "hidden": network.outputs(images)[-2]}
    found = {}
    for kind, vectors in spaces.items():
        vectors = vectors.reshape(len(vectors), -1)
        rows = []
        for at, own in enumerate(vectors):
            distances = [(float(np.linalg.norm(own - other)), to) for to, other in enumerate(vectors) if to != at]
            rows.append([to for _, to in sorted(distances)[:6]])
        found[kind] = rows
    return found


def test_facts_are_those_of_all_distances(photos, figure, nearest):
    labels = photos[2]
    assert (figure.facts["images"], figure.facts["sample"]) == (150, 150)
    for kind, rows in nearest.items():
        same = np.array([[labels[other] == labels[at] for other in row] for at, row in enumerate(rows)])
        assert figure.facts[kind] == pytest.approx({"first": same[:, 0].mean(), "six": same.mean()}, abs=1e-6)


def test_queries_are_the_first_of_each_class_and_the_most_telling(photos, figure, nearest):
    labels, keys = photos[2], photos[3]

    def alike(kind, at):
        return sum(labels[other] == labels[at] for other in nearest[kind][at])

    for number in range(10):
        first, telling = figure.facts["queries"][2 * number : 2 * number + 2]
        own = np.flatnonzero(labels == number).tolist()
        assert first["index"] == own[0]
        apart = {at: abs(alike("hidden", at) - alike("pixels", at)) for at in own[1:]}
        assert apart[telling["index"]] == max(apart.values())
        assert telling["index"] == min(at for at in apart if apart[at] == max(apart.values()))
        for query in (first, telling):
            assert query["label"] == keys[number]
            assert [query[kind] for kind in nearest] == [alike(kind, query["index"]) for kind in nearest]


def test_the_static_form_shows_them(photos, figure, nearest):
    _, images, labels, keys = photos
    items = find(elements(figure.static), kind="nnb-near-item")
    for item, query in zip(items, figure.facts["queries"][:3], strict=True):
        sheets, drawn = find(item, "img"), pictures(item, "colour")
        wanted = [[query["index"]]]
        for kind in ("pixels", "hidden"):
            row = nearest[kind][query["index"]]
            wanted += [row[:3], row[3:]]
        assert [indices(sheet) for sheet in sheets] == wanted
        for sheet, picture, row in zip(sheets, drawn, wanted, strict=True):
            assert sheet.get("data-labels").split(",") == [keys[labels[at]] for at in row]
            for place, at in enumerate(row):
                left = place * (32 + 2)
                assert np.array_equal(picture[:, left : left + 32, :3], images[at])
        said = spoken(item)
        assert said.count("✓") == query["pixels"] + query["hidden"]
        assert f"Nearest in pixels: {query['pixels'] or 'none'} of 6" in said
    assert latin_words(figure, "ja") == set()


def test_queries_may_be_chosen(photos, nearest):
    figure = figures.neighbours(*photos, queries=[7, 3])
    assert [query["index"] for query in figure.facts["queries"]] == [7, 3]
    with pytest.raises(ValueError, match="an index names one of the examples, 0 to 149; got 150 in queries"):
        figures.neighbours(*photos, queries=[150])


def test_what_can_not_be_compared_is_refused(photos):
    network, images, labels, keys = photos
    with pytest.raises(ValueError, match="last dense layer from the one before; got a network of dense 10; pass one"):
        figures.neighbours(Untrained(["dense 10"], (32, 32, 3)), images, labels, keys)
    with pytest.raises(ValueError, match="needs 6 others to be compared with; got 6; pass more images"):
        figures.neighbours(network, images[:6], labels[:6], keys)


@pytest.mark.browser
def test_the_page_shows_the_neighbours_of_the_chosen_image(browser, photos, figure, nearest, tmp_path):
    network, images, labels, keys = photos
    probabilities = softmax(network.outputs(images)[-1])
    with served(tmp_path) as address, pages.opened(browser, figure, tmp_path, address=address) as page:
        query = figure.facts["queries"][3]
        page.get_by_role("radio", name=f"image {query['index']}: {query['label']}", exact=True).check(force=True)
        assert page.url.endswith(f"#neighbours:image={query['index']}")
        wait_until(page, "() => [...document.querySelectorAll('.nnb-live canvas')].every(one => one.dataset.drawn)")
        shown = [(page.locator(".nnb-near-query canvas"), query["index"])]
        for kind, rows in nearest.items():
            lists = page.locator(f".nnb-near [data-kind={kind}] li")
            row = rows[query["index"]]
            assert lists.count() == len(row)
            for place, at in enumerate(row):
                alike = labels[at] == labels[query["index"]]
                expect(lists.nth(place).locator("span")).to_have_text(f"{'✓ ' if alike else ''}{keys[labels[at]]}")
                shown.append((lists.nth(place).locator("canvas"), at))
        for canvas, at in shown:
            said = [canvas.get_attribute(f"data-{key}") for key in ("index", "label", "prediction")]
            assert said == [str(at), keys[labels[at]], keys[probabilities[at].argmax()]]
            assert float(canvas.get_attribute("data-probability")) == pytest.approx(probabilities[at].max(), abs=2e-4)
            drawn = np.array(canvas.evaluate(PIXELS), np.uint8).reshape(32, 32, 4)
            assert np.array_equal(drawn[..., :3], images[at])
        page.go_back()
        first = figure.facts["queries"][0]["index"]
        expect(page.locator(".nnb-near-query canvas")).to_have_attribute("data-index", str(first))


@pytest.mark.browser
def test_it_holds_up_on_every_screen(browser, figure, tmp_path):
    pages.holds_up(browser, figure, tmp_path, lambda page: page.locator(".nnb-live input").nth(5).check(force=True))
