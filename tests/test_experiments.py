"""The named experiments: what they are, how they are found, trained and kept, and what they reach."""

import io
import subprocess
import sys
from dataclasses import asdict, replace
from itertools import pairwise
from types import SimpleNamespace

import numpy as np
import pytest
from rich.console import Console

from nnbook import experiments, model_cache
from nnbook.evaluation import accuracy, confusion_matrix
from nnbook.experiments import parallel, runs, train

NAMES = ["mnist-1-layer", "mnist-2-layer", "cifar10-1-layer"]
FLOORS = {
    "mnist-first": 0.905,
    "mnist-linear": 0.915,
    "mnist-1-layer": 0.915,
    "mnist-2-layer": 0.94,
    "mnist-2-layer-wide": 0.977,
    "cifar10-1-layer": 0.403,
    "cifar10-2-layer": 0.415,
    "cifar10-2-layer-wide": 0.505,
    "mnist-convolutional": 0.987,
    "cifar10-convolutional": 0.785,
}


@pytest.fixture(scope="module")
def cache(tmp_path_factory):
    return tmp_path_factory.mktemp("cache")


@pytest.fixture(scope="module", params=NAMES)
def network(request, cache):
    return experiments.trained(request.param, size="sample", cache_dir=cache)


@pytest.fixture
def forgetful(monkeypatch):
    """This process has forgotten what it has trained: only the files are left."""
    monkeypatch.setattr(runs, "_trained", {})


@pytest.fixture
def samples(mnist_sample, cifar10_sample):
    return {"mnist": mnist_sample, "cifar10": cifar10_sample}


def same(one, other):
    arrays = [(*network.weights, *network.biases, network.confusion) for network in (one, other)]
    return all(np.array_equal(a, b) for a, b in zip(*arrays, strict=True))


# What a trained network tells


def test_results_are_those_of_the_network_on_its_data(network, samples):
    data = samples[network.recipe.dataset]
    predictions = network.predictions(data.test.images)
    assert network.dataset_digest == data.digest
    assert network.test_accuracy == accuracy(predictions, data.test.labels)
    assert network.train_accuracy == accuracy(network.predictions(data.train.images), data.train.labels)
    assert np.array_equal(network.confusion, confusion_matrix(predictions, data.test.labels, 10))
    assert network.confusion.sum() == len(data.test.labels)


def test_scores_are_the_formula_in_float64_from_the_stored_weights(network, samples):
    images = samples[network.recipe.dataset].test.images[:7]
    x = images.reshape(7, -1) / 255
    layers = []
    for weights, biases in zip(network.weights, network.biases, strict=True):
        x = (np.maximum(x, 0) if layers else x) @ weights.astype(np.float64).T + biases
        layers.append(x)
    assert network.scores(images).dtype == np.float64
    np.testing.assert_allclose(network.scores(images), x, atol=1e-12)
    np.testing.assert_allclose(network.scores(images / 255), x, atol=1e-12)
    activations = network.activations(images)
    for found, before in zip(activations[:-1], layers[:-1], strict=True):
        np.testing.assert_allclose(found, np.maximum(before, 0), atol=1e-12)
    np.testing.assert_allclose(activations[-1], x, atol=1e-12)
    np.testing.assert_allclose(network.probabilities(images).sum(axis=1), 1)
    assert np.array_equal(network.probabilities(images).argmax(axis=1), network.predictions(images))


def test_many_images_give_what_each_gives_alone(network, samples):
    images = samples[network.recipe.dataset].train.images[:1003]
    for place in (0, 99, 100, 501, 502, 1002):  # at the edges of what is worked off at once
        np.testing.assert_allclose(network.scores(images)[place], network.scores(images[[place]])[0], atol=1e-12)
        np.testing.assert_allclose(network.activations(images)[0][place], network.activations(images[[place]])[0][0])


def test_shapes_are_those_of_the_recipe(network):
    units = network.units
    assert [weights.shape for weights in network.weights] == list(zip(units[1:], units[:-1], strict=True))
    assert [biases.shape for biases in network.biases] == [(outputs,) for outputs in units[1:]]
    assert {array.dtype for array in (*network.weights, *network.biases)} == {np.dtype(np.float32)}
    assert network.parameters == sum((a + 1) * b for a, b in pairwise(units))
    assert len(network.history.loss) == len(network.history.accuracy) == network.recipe.epochs
    assert network.summary()["parameters"] == network.parameters


def test_the_first_experiment_keeps_its_way_from_zero(cache, mnist_sample):
    network = experiments.trained("mnist-1-layer", size="sample", cache_dir=cache)
    steps = len(mnist_sample.train.labels) // network.recipe.batch_size
    found = [checkpoint.step for checkpoint in network.checkpoints]
    assert found == sorted({0, 10, 30, 100, 300, *(steps * epoch for epoch in range(1, 11))})
    assert not network.checkpoints[0].weights[0].any()
    assert np.array_equal(network.checkpoints[-1].weights[0], network.weights[0])


def test_examples_are_drawn_from_what_is_not_held_back(tmp_path, mnist_sample, forgetful):
    """A sixth, the same whatever the recipe; and the record of the book says how the network did on it."""
    network = experiments.trained("mnist-few", size="sample", cache_dir=tmp_path)
    learnt, held_back = mnist_sample.train.held_back()
    assert (len(held_back), len(learnt) + len(held_back)) == (len(mnist_sample.train) // 6, len(mnist_sample.train))
    pictures = [{image.tobytes() for image in part.images} for part in (learnt, held_back)]
    assert len(pictures[0] & pictures[1]) < 3  # the same digit twice
    assert network.train_images == 500
    assert network.train_accuracy == accuracy(network.predictions(learnt.images[:500]), learnt.labels[:500])
    found = network.record()["held_back"]
    assert found["accuracy"] == accuracy(network.predictions(held_back.images), held_back.labels)
    losses = network.history.held_back_loss
    assert found["lowest_loss"] == losses[found["epoch"] - 1] == min(losses)
    runs._trained.clear()
    assert experiments.trained("mnist-few", size="sample", cache_dir=tmp_path).history == network.history


# Where it comes from


def test_what_was_trained_is_read_from_its_file_unchanged(network, cache, forgetful):
    files = {path: path.stat().st_mtime_ns for path in cache.rglob("*.npz")}
    again = experiments.trained(network.name, size="sample", cache_dir=cache)
    assert again is not network
    assert same(again, network)
    assert (again.recipe, again.dataset_digest) == (network.recipe, network.dataset_digest)
    assert (again.train_accuracy, again.test_accuracy) == (network.train_accuracy, network.test_accuracy)
    assert (again.history.loss, again.history.accuracy) == (network.history.loss, network.history.accuracy)
    assert again.seconds == network.seconds
    for one, other in zip(again.checkpoints, network.checkpoints, strict=True):
        assert one.step == other.step
        assert np.array_equal(one.weights[0], other.weights[0])
    assert {path: path.stat().st_mtime_ns for path in cache.rglob("*.npz")} == files


def test_in_one_process_it_is_read_once(network, cache):
    assert experiments.trained(network.name, size="sample", cache_dir=cache) is network


def test_a_damaged_file_is_trained_again(tmp_path, forgetful, monkeypatch):
    network = experiments.trained("mnist-1-layer", size="sample", cache_dir=tmp_path)
    (path,) = tmp_path.rglob("*.npz")
    path.write_bytes(path.read_bytes()[:-100])
    monkeypatch.setattr(runs, "_trained", {})
    with pytest.warns(model_cache.DamagedModelWarning, match="moved to .* and the network is trained again"):
        again = experiments.trained("mnist-1-layer", size="sample", cache_dir=tmp_path)
    assert same(again, network)
    assert model_cache.read(path)


def lacks(part):
    return lambda document, arrays: (document.pop(part, None), arrays.pop(part, None))


def holds(part, change):
    return lambda document, arrays: next(d for d in (document, arrays) if part in d).update(
        {part: change((document if part in document else arrays)[part])}
    )


@pytest.mark.parametrize(
    "change",
    [
        lacks("final/0.weights"),
        lacks("step-0/0.biases"),
        lacks("confusion"),
        lacks("class_keys"),
        lacks("seconds"),
        holds("final/0.weights", lambda array: array[:, :-1]),
        holds("final/0.weights", lambda array: array * np.nan),
        holds("final/0.biases", lambda array: array.astype(str)),
        holds("step-0/0.weights", lambda array: array.T),
        holds("confusion", lambda array: array[:9]),
        holds("class_keys", lambda keys: keys[:9]),
        holds("loss", lambda values: [*values, 0.1]),
        holds("loss", lambda values: [float("nan"), *values[1:]]),
        holds("train_accuracy", lambda value: None),
        holds("input_shape", lambda shape: [28, "28"]),
        holds("input_shape", lambda shape: [27, 28]),
    ],
)
def test_a_file_that_does_not_fit_its_recipe_is_trained_again(tmp_path, cache, monkeypatch, change):
    """It is whole, and its digest is right: another program, or an older one, has written it."""
    network = experiments.trained("mnist-1-layer", size="sample", cache_dir=cache)
    (found,) = cache.rglob("mnist-1-layer-*.npz")
    path = tmp_path / "models" / found.name
    document, arrays = model_cache.read(found)
    change(document, arrays)
    model_cache.store(path, document, arrays)
    monkeypatch.setattr(runs, "_trained", {})
    monkeypatch.setattr(runs, "_train", lambda *recipe: network)  # trained again: that takes a second each
    with pytest.warns(model_cache.DamagedModelWarning, match="must fit its recipe; .* does not .* moved to .* again"):
        assert experiments.trained("mnist-1-layer", size="sample", cache_dir=tmp_path) is network
    assert experiments.results.read(path, network.name, network.recipe)


def test_a_document_that_is_no_json_and_a_folder_are_damaged(tmp_path):
    text, path = "{", tmp_path / "a.npz"
    np.savez(path, document=np.array(text), digest=np.array(model_cache._digest(text, {})))
    with pytest.raises(model_cache.DamagedModelError, match=r"must be whole; .*a\.npz cannot be read \(Expecting"):
        model_cache.read(path)
    with pytest.raises(model_cache.DamagedModelError, match=r"must be a file; .* is a folder"):
        model_cache.read(tmp_path)


def test_a_changed_recipe_is_another_network(tmp_path, forgetful, monkeypatch):
    experiments.trained("mnist-1-layer", size="sample", cache_dir=tmp_path)
    changed = dict(experiments.EXPERIMENTS)
    changed["mnist-1-layer"] = replace(changed["mnist-1-layer"], epochs=1)
    monkeypatch.setattr("nnbook.experiments.recipes.EXPERIMENTS", changed)
    assert experiments.trained("mnist-1-layer", size="sample", cache_dir=tmp_path).recipe.epochs == 1
    assert len(list(tmp_path.rglob("*.npz"))) == 2


def test_an_unknown_name_is_refused():
    with pytest.raises(ValueError, match=r"one of the names mnist-first, .*; got 'mnist'; choose one"):
        experiments.trained("mnist")
    with pytest.raises(ValueError, match=r"got 'cifar'; choose one"):
        experiments.train_all(["mnist-1-layer", "cifar"], size="sample")


# Data of one's own


@pytest.fixture
def halves():
    """240 pictures of 4 x 6 pixels, bright on the left or on the right, some in between; and which."""
    rng = np.random.default_rng(2)
    labels = rng.integers(0, 3, 240)
    bright = np.stack([np.arange(6) < 2, np.arange(6) > 3, np.abs(np.arange(6) - 2.5) < 1])[labels]
    return (150 * bright[:, None] + rng.integers(0, 90, (240, 4, 6))).astype(np.uint8), labels


def test_a_network_for_data_of_ones_own(halves, tmp_path):
    images, labels = halves
    keys = ["left", "right", "middle"]
    network = train(images, labels, ["dense 8", "tanh", "dense 3"], class_keys=keys, batch_size=20, cache_dir=tmp_path)
    assert network.test_accuracy > 0.95
    assert network.confusion.shape == (3, 3)
    assert network.confusion.sum() == 40
    assert (network.class_keys, network.train_images, network.units) == (("left", "right", "middle"), 200, (24, 8, 3))
    assert len(network.history.accuracy) == 10
    assert np.mean(network.predictions(images) == labels) > 0.95


@pytest.mark.parametrize(
    "change",
    [
        lambda images, labels: (images.tolist(), labels.tolist()),
        lambda images, labels: (images[..., None], labels[:, None]),
        lambda images, labels: (images / 255, np.eye(3)[labels]),
        lambda images, labels: (images, labels.astype(float)),
        lambda images, labels: (images, np.array(["a", "b", "c"])[labels]),
    ],
)
def test_arrays_of_any_usual_form_give_the_same_network(change, halves, tmp_path):
    options = {"batch_size": 20, "epochs": 2, "cache_dir": tmp_path}
    expected = train(*halves, ["dense 3"], **options)
    assert same(train(*change(*halves), ["dense 3"], **options), expected)


def test_what_was_trained_on_ones_own_data_is_kept_by_content(halves, tmp_path, forgetful, monkeypatch, capsys):
    images, labels = halves
    options = {"batch_size": 20, "cache_dir": tmp_path, "name": "mine", "checkpoint_steps": (0, 3)}
    network = train(images, labels, ["dense 3"], **options)
    assert capsys.readouterr() == ("", "")
    monkeypatch.setattr(runs, "_trained", {})
    again = train(images, labels, ["dense 3"], **options)
    assert again is not network
    assert same(again, network)
    assert [stop.step for stop in again.checkpoints] == [0, 3]
    assert len(list(tmp_path.rglob("mine-*.npz"))) == 1
    images[0, 0, 0] ^= 1
    train(images, labels, ["dense 3"], **options)
    train(images, labels, ["dense 3"], seed=2, **options)
    assert len(list(tmp_path.rglob("mine-*.npz"))) == 3


def test_test_images_of_ones_own_are_those_that_are_counted(halves, tmp_path):
    images, labels = halves
    test = images[200:], labels[200:]
    network = train(images[:200], labels[:200], ["dense 3"], test=test, batch_size=20, cache_dir=tmp_path)
    assert network.train_images == 200
    assert np.array_equal(network.confusion, confusion_matrix(network.predictions(test[0]), test[1], 3))


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"labels": np.zeros(7)}, "7 labels for 240 examples"),
        ({"labels": np.arange(240)}, r'an output for each class; got \'dense 3\' for 240 classes; write "dense 240"'),
        ({"labels": np.r_[np.arange(239), 999]}, "at most 256 classes; got 1000; if the labels are measurements"),
        ({"layers": []}, 'at least one layer; got none; name one such as "dense 10"'),
        ({"layers": "dense 3"}, "layers are a list of texts; got the text 'dense 3'; write"),
        ({"layers": ["dense 3", "relu", "dense 2"]}, "an output for each class; got 'dense 2' for 3 classes"),
        ({"name": "mnist-1-layer"}, "no network of the book has; got 'mnist-1-layer'; choose a name"),
        ({"name": "../mine"}, "letters, digits and hyphens .* got '../mine'; choose"),
        ({"learning_rate": 1}, "a recipe has the parts epochs, .*; got 'learning_rate'; choose one"),
        ({"batch_size": 0}, "batch_size is a whole number above zero; got 0; pass one such as 100"),
        ({"batch_size": 500}, "a batch needs 500 examples; got 200 in all"),
        ({"epochs": 2.5}, "epochs is a whole number above zero; got 2.5; pass one such as 10"),
        ({"rate": -1}, "rate is a number above zero; got -1; pass one such as 0.1"),
        ({"rate": 1e9, "loss": "mean squared error"}, "the loss stays finite .* in epoch .* use a smaller rate"),
    ],
)
def test_what_does_not_fit_is_refused(change, message, halves, tmp_path):
    images, labels = halves
    asked = {"labels": labels, "layers": ["dense 3"], "batch_size": 20, "cache_dir": tmp_path, **change}
    with pytest.raises(ValueError, match=message):
        train(images, **asked)


# Several at once


def test_several_processes_train_what_one_would(tmp_path, cache, forgetful):
    seen = []
    networks = experiments.train_all(NAMES, size="sample", cache_dir=tmp_path, progress=lambda *news: seen.append(news))
    assert list(networks) == NAMES
    for name, network in networks.items():
        assert same(network, experiments.trained(name, size="sample", cache_dir=cache))
        epochs = network.recipe.epochs
        assert [news for news in seen if news[0] == name] == [(name, done, epochs) for done in range(epochs + 1)]
    assert experiments.train_all(NAMES, size="sample", cache_dir=tmp_path)[NAMES[0]] is networks[NAMES[0]]


def test_what_uses_two_threads_by_itself_is_trained_here(tmp_path, forgetful, monkeypatch):
    small = replace(
        experiments.EXPERIMENTS["mnist-convolutional"], layers=("convolution 3x3x2", "pool", "dense 10"), epochs=1
    )
    monkeypatch.setattr("nnbook.experiments.recipes.EXPERIMENTS", experiments.EXPERIMENTS | {"small": small})
    sent = []
    monkeypatch.setattr(parallel, "_train_in_processes", lambda jobs, *_: sent.extend(name for name, *_ in jobs))
    experiments.train_all(["small", *NAMES[:2]], size="sample", cache_dir=tmp_path)
    assert sorted(sent) == sorted(NAMES[:2])


def test_a_log_is_told_now_and_then_how_long_it_takes(monkeypatch):
    log, clock = io.StringIO(), iter([0, 0, 10, 25, 30, 30, 95])
    monkeypatch.setattr("nnbook.experiments.progress.time", SimpleNamespace(monotonic=lambda: next(clock)))
    with experiments.shown(Console(file=log, width=80), "  ") as report:
        for news in (("slow", 0, 4), ("slow", 1, 4), ("slow", 2, 4), ("slow", 3, 4), ("begun", 2, 3), ("slow", 4, 4)):
            report(*news)
    assert log.getvalue() == "  slow: 2 of 4 epochs, about 25 s left\n"


def test_a_failure_in_a_process_reaches_the_caller(tmp_path):
    (tmp_path / "models").write_text("a file where the folder should be")
    with pytest.raises(OSError, match="models"):
        experiments.train_all(NAMES[:2], size="sample", cache_dir=tmp_path)


def test_whoever_is_killed_leaves_no_process_behind(tmp_path):
    script = (
        "import sys; from nnbook import experiments\n"
        "if __name__ == '__main__':\n"
        "    say = lambda *news: print('begun', flush=True)\n"
        f"    experiments.train_all({NAMES[:2]}, size='sample', cache_dir=sys.argv[1], progress=say)\n"
    )
    (tmp_path / "script.py").write_text(script)
    command = [sys.executable, str(tmp_path / "script.py"), str(tmp_path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as training:
        assert training.stdout.readline() == "begun\n"
        training.kill()
        training.communicate(timeout=30)  # ends when all who might write have ended


def test_two_processes_that_ask_at_once_both_get_a_good_network(tmp_path):
    script = (
        "import sys; from nnbook import experiments\n"
        "print('ready', flush=True); sys.stdin.readline()\n"
        "network = experiments.trained('mnist-2-layer', size='sample', cache_dir=sys.argv[1])\n"
        "print(network.weights[0].tobytes().hex(), network.confusion.tolist())\n"
    )
    command = [sys.executable, "-W", "error", "-c", script, str(tmp_path)]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    processes = [subprocess.Popen(command, text=True, **pipes) for _ in range(2)]
    for process in processes:
        assert process.stdout.readline() == "ready\n"
    for process in processes:
        process.stdin.write("\n")
        process.stdin.flush()
    outputs = [process.communicate(timeout=60) for process in processes]
    assert outputs[0] == outputs[1]
    assert outputs[0][1] == ""
    assert [path.suffix for path in (tmp_path / "models").iterdir()] == [".npz"]


# What the table promises


def test_the_networks_of_the_chapter_have_their_shapes():
    layers = {name: recipe.layers for name, recipe in experiments.EXPERIMENTS.items()}
    for data in ("mnist", "cifar10"):
        assert layers[f"{data}-1-layer"] == ("dense 10",)
        assert layers[f"{data}-2-layer"] == ("dense 10", "relu", "dense 10")
        assert layers[f"{data}-2-layer-wide"] == ("dense 100", "relu", "dense 10")
    assert layers["mnist-first"] == ("dense 15", "sigmoid", "dense 10")
    assert (
        replace(experiments.EXPERIMENTS["mnist-first"], layers=layers["mnist-linear"])
        == experiments.EXPERIMENTS["mnist-linear"]
    )
    changes = {
        "mnist-few": ("mnist-many", ["epochs", "examples"]),
        "mnist-few-decay": ("mnist-few", ["weight_decay"]),
        "mnist-few-dropout-50": ("mnist-few", ["layers"]),
        "mnist-many-dropout-20": ("mnist-many", ["layers"]),
        "mnist-deep-relu": ("mnist-deep-sigmoid", ["layers"]),
        "mnist-decay-200": ("mnist-decay-0", ["weight_decay"]),
        "mnist-2-layer-seed-10": ("mnist-2-layer-seed-4", ["seed"]),
        "mnist-race-adam": ("mnist-race-sgd", ["optimiser", "rate"]),
        "mnist-deep-race-momentum": ("mnist-deep-race-sgd", ["momentum", "rate"]),
    }
    for name, (other, parts) in changes.items():
        one, two = (asdict(experiments.EXPERIMENTS[key]) for key in (name, other))
        assert sorted(part for part in one if one[part] != two[part]) == parts, "what is compared differs in one thing"
    for name, recipe in experiments.EXPERIMENTS.items():
        assert recipe.dtype == ("float32" if name.endswith("-convolutional") else "float64")


@pytest.mark.full_data
@pytest.mark.parametrize("name", FLOORS)
def test_every_network_is_as_good_as_the_book_needs(name, full_networks):
    assert full_networks[name].test_accuracy >= FLOORS[name]


@pytest.mark.full_data
def test_more_neurons_soon_stop_helping(full_networks):
    names = ["mnist-2-layer-2", "mnist-2-layer-5", "mnist-2-layer", "mnist-2-layer-20", "mnist-2-layer-50"]
    by_hidden = [
        np.mean([full_networks[name + seed].test_accuracy for seed in ("", "-seed-2", "-seed-3")])
        for name in [*names, "mnist-2-layer-wide", "mnist-2-layer-200"]
    ]
    assert by_hidden == sorted(by_hidden)
    assert by_hidden[1] - by_hidden[0] > 0.05
    assert by_hidden[-1] - by_hidden[-2] < 0.01


@pytest.mark.full_data
def test_pixels_that_are_always_dark_have_no_weight(full_networks, mnist):
    """Nothing of a random start is left to be seen, because there was none."""
    dark = ~mnist.train.images.any(axis=0).ravel()
    assert dark.sum() > 50
    assert not full_networks["mnist-1-layer"].weights[0][:, dark].any()
