"""The record says what the networks are and can do, and says it again in the same bytes."""

import hashlib
import json
from dataclasses import replace

import numpy as np
import pytest
from site_books import build, page_text, write_book

from nnbook import provenance
from nnbook.experiments import trained
from nnbook.site.errors import BuildError


@pytest.fixture(scope="module")
def network(tmp_path_factory):
    return trained("mnist-1-layer", size="sample", cache_dir=tmp_path_factory.mktemp("models"))


@pytest.fixture(scope="module")
def record(network, mnist_sample, cifar10_sample):
    return provenance.record({"mnist": mnist_sample, "cifar10": cifar10_sample}, {network.name: network}, {})


def test_the_results_are_those_of_the_network(record, network, mnist_sample):
    run = record["experiments"]["mnist-1-layer"]
    predictions = network.predictions(mnist_sample.test.images)
    right = predictions == mnist_sample.test.labels
    assert run["test_accuracy"] == pytest.approx(right.mean())
    assert np.trace(run["confusion"]) == right.sum()
    assert np.sum(run["confusion"], axis=1).tolist() == np.bincount(mnist_sample.test.labels).tolist()
    assert run["parameters"] == 7850
    assert run["recipe"]["layers"] == ["dense 10"]
    assert run["seed"] == network.recipe.seed
    assert run["train_images"] == len(mnist_sample.train.labels)


def test_the_digest_of_the_weights_can_be_recomputed(record, network):
    layers = zip(network.weights, network.biases, strict=True)
    content = b"".join(array.astype("<f4").tobytes() for layer in layers for array in layer)
    assert record["experiments"]["mnist-1-layer"]["weights_digest"] == hashlib.sha256(content).hexdigest()


def test_data_and_versions_are_named(record, mnist_sample):
    assert record["size"] == "sample"
    assert record["datasets"]["mnist"]["digest"] == mnist_sample.digest
    assert record["datasets"]["cifar10"]["classes"][0] == "airplane"
    assert record["datasets"]["mnist"]["origin"] == "the sample that ships with the package"
    assert record["versions"]["numpy"] == np.__version__
    assert {"python", "sphinx", "math-core", "nnbook"} <= record["versions"].keys()


def test_the_record_is_plain_and_the_same_each_time(record, network, mnist_sample, cifar10_sample):
    again = provenance.record({"mnist": mnist_sample, "cifar10": cifar10_sample}, {network.name: network}, {})
    assert json.loads(json.dumps(record)) == record
    assert json.dumps(again) == json.dumps(record)


def test_a_slower_computer_leaves_no_trace(record, network, mnist_sample, cifar10_sample):
    slower = replace(network, history=replace(network.history, seconds=3 * network.seconds + 60))
    again = provenance.record({"mnist": mnist_sample, "cifar10": cifar10_sample}, {network.name: slower}, {})
    assert json.dumps(again) == json.dumps(record)


OWN = """
```{code-cell} ipython3
import numpy as np
from nnbook import train

rng = np.random.default_rng(1)
labels = rng.integers(0, 2, 240)
images = np.where(labels[:, None, None] == np.arange(2)[:, None], 200, 50) + rng.integers(0, 50, (240, 2, 2))
network = train(images, labels, ["dense 2"], class_keys=["above", "below"], name="halves", batch_size=20%s)
```
"""
RECORD = "\n```{provenance} experiments\n```\n\n```{provenance} confusion\n```\n"


def with_cells(root, texts):
    """A small book in which each of the pages in `texts` has more text, in both languages."""
    write_book(root)
    for page, text in texts.items():
        for language in ("en", "ja"):
            path = root / "book" / language / f"{page}.md"
            path.write_text(path.read_text(encoding="utf-8") + text, encoding="utf-8")
    return root


def test_a_network_that_a_page_trains_is_in_the_record_and_not_on_its_page(tmp_path, monkeypatch):
    monkeypatch.setenv("CELL_RUNS", str(tmp_path / "runs"))
    monkeypatch.setenv("NNBOOK_CACHE", str(tmp_path / "cache"))
    root = with_cells(
        tmp_path / "small",
        {"weights": OWN % "" + "\n{value}`experiment:halves.train_images|count` were shown.\n", "index": RECORD},
    )
    site = build(root).output
    record = json.loads((site / "provenance.json").read_text(encoding="utf-8"))["experiments"]["halves"]
    assert (record["train_images"], record["test_images"], record["classes"]) == (200, 40, ["above", "below"])
    assert record["recipe"]["layers"] == ["dense 2"]
    assert record["test_accuracy"] == 1
    for language in ("en", "ja"):
        page = page_text(site / language / "index.html")
        assert "halves" in page
        assert "below" in page
        chapter = page_text(site / language / "weights.html")
        assert "200 were shown." in chapter
        assert "weights_digest" not in chapter
        assert record["weights_digest"] not in chapter


def test_two_networks_of_one_name_stop_the_build(tmp_path, monkeypatch):
    monkeypatch.setenv("CELL_RUNS", str(tmp_path / "runs"))
    monkeypatch.setenv("NNBOOK_CACHE", str(tmp_path / "cache"))
    root = with_cells(tmp_path / "small", {"weights": OWN % "" + OWN % ", seed=2"})
    with pytest.raises(BuildError, match=r"a name of its own.*(?s:.*)weights.md: halves is another network"):
        build(root)
