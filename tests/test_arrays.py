"""What comes in from others: every public function, with every kind of array, is right or says what to do."""

import inspect
import sys
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from convolutional_tools import random_network

import nnbook
from nnbook import arrays, evaluation, figures, landscape

N = 40


class Tensor:
    """What a tensor of PyTorch looks like from outside: it must be detached first."""

    def __init__(self, values):
        self.values = np.asarray(values)

    def __array__(self, dtype=None, copy=None):
        raise TypeError("can't convert a tensor that requires grad")

    def detach(self):
        return SimpleNamespace(cpu=lambda: self.values)


class Linear:
    """A trained network of one layer, as figures know one."""

    name, layers = "mine", ("dense 3",)

    def __init__(self, weights, shape):
        self.weights, self.shape = weights, shape

    def scores(self, images):
        pixels = arrays.pixels(images, shape=self.shape)
        scale = 255 if pixels.dtype == np.uint8 else 1
        return pixels.reshape(len(pixels), -1) / scale @ self.weights.T

    def probabilities(self, images):
        return evaluation.softmax(self.scores(images))

    def input_gradient(self, images, weighting):
        return (weighting @ self.weights).reshape(len(images), *self.shape)


def small(classes=3, shape=(8, 8), words=False):
    """Arguments by name for all functions: 40 pictures with a bright row by class, and networks that half know it."""
    rng = np.random.default_rng(1)
    labels = np.arange(max(N, 2 * classes)) % classes
    images = rng.integers(0, 120, (len(labels), *shape)).astype(np.uint8)
    for image, label in zip(images, labels, strict=True):
        image[label % shape[0], label % shape[1]] = 255
    flat = images.reshape(len(images), -1) / 255
    inputs = flat.shape[1]
    means = np.stack([flat[labels == number].mean(axis=0) for number in range(classes)])
    one = 4 * (means - means.mean(axis=0)) + rng.normal(0, 0.3, (classes, inputs))
    first = np.concatenate([one, rng.normal(0, 0.3, (9, inputs))])[[*range(min(classes, 5)), -1]]
    hidden = np.maximum(flat @ first.T + np.linspace(0, 1, len(first)), 0)
    second = np.stack([hidden[labels == number].mean(axis=0) for number in range(classes)])
    second = 9 * (second - second.mean(axis=0))
    labels[[-1, -2]] = labels[[-2, -1]]  # so that something is wrong
    probabilities = evaluation.softmax(flat @ one.T)
    return {
        "images": images,
        "image": images[0],
        "labels": labels,
        "probabilities": probabilities,
        "predictions": probabilities.argmax(axis=1),
        "classes": classes,
        "keys": tuple(f"class {number}" for number in range(classes)) if words else tuple(map(str, range(classes))),
        "network": Linear(one, shape),
        "one": one,
        "row": one[0],
        "key": "0",
        "biases": np.linspace(-1, 1, classes),
        "first": first,
        "second": second,
        "hidden_biases": np.linspace(0, 1, len(first)),
        "shape": shape,
        "volumes": SimpleNamespace(
            layers=("convolution 3x3x2", "relu", "pool", "dense 3"), input_shape=shape, class_keys=("0", "1", "2")
        ),
        "counts": evaluation.confusion_matrix(probabilities.argmax(axis=1), labels, classes),
        "pair": np.array([0.5, 1.0]),
        "points": np.stack([flat[:, 0], flat[:, 1]], axis=1),
        "sides": (labels > 0).astype(int),
        "row_of_numbers": np.linspace(-1, 1, len(labels)),
    }


def _two(d):
    return [d["first"], d["second"]], [d["hidden_biases"], d["biases"]]


def _convolutional(d):
    return random_network(("convolution 3x3x4", "relu", "pool", f"dense {d['classes']}"), d["shape"])


def _film(d):
    stops = [SimpleNamespace(step=step, weights=(d["one"],), biases=(d["biases"],)) for step in (1, 2)]
    return figures.training_film(stops, d["images"], d["labels"], d["keys"])


# A one-layer network with weights of zero at its only stop.
_WAY = SimpleNamespace(
    recipe=SimpleNamespace(layers=("dense 3",), loss="softmax cross-entropy"),
    input_shape=(8, 8),
    class_keys=("0", "1", "2"),
    checkpoints=[SimpleNamespace(step=0, parameters={"0.weights": np.zeros((3, 64)), "0.biases": np.zeros(3)})],
)


CALLS = {
    "accuracy": lambda d: evaluation.accuracy(d["predictions"], d["labels"]),
    "confusion_matrix": lambda d: evaluation.confusion_matrix(d["predictions"], d["labels"], len(list(d["keys"]))),
    "recall": lambda d: evaluation.recall(d["counts"]),
    "precision": lambda d: evaluation.precision(d["counts"]),
    "largest_confusions": lambda d: evaluation.largest_confusions(d["counts"], 3),
    "most_confident": lambda d: evaluation.most_confident(d["probabilities"], d["labels"], 1, 1),
    "figures.accuracy_without": lambda d: figures.accuracy_without(d["hidden_biases"], 0.5),
    "figures.activation_flow": lambda d: figures.activation_flow(d["images"], d["labels"], *_two(d), d["keys"]),
    "figures.architecture": lambda d: figures.architecture(d["volumes"], d["image"]),
    "figures.batches": lambda d: figures.batches(d["row_of_numbers"], d["row_of_numbers"], d["pair"], epochs=1),
    "figures.best_patches": lambda d: figures.best_patches(_convolutional(d), d["images"], d["labels"], d["keys"]),
    "figures.boundary": lambda d: figures.boundary(d["points"], d["sides"], d["pair"], 0.5, ("no", "yes")),
    "figures.brainbow": lambda d: figures.brainbow(d["first"], d["shape"]),
    "figures.choose_mistakes": lambda d: figures.choose_mistakes(d["probabilities"], d["labels"], d["images"]),
    "figures.confident_matrix": lambda d: figures.confident_matrix(
        d["images"], d["labels"], d["probabilities"], d["keys"]
    ),
    "figures.confusion_gallery": lambda d: figures.confusion_gallery(
        d["images"], d["labels"], d["probabilities"], d["keys"], [(0, 1), (1, 1)]
    ),
    "figures.confusion_matrix": lambda d: figures.confusion_matrix(
        {"mine": d["probabilities"]}, d["images"], d["labels"], d["keys"]
    ),
    "figures.confusion_matrix (counts)": lambda d: figures.confusion_matrix(d["counts"], class_keys=d["keys"]),
    "figures.decay": lambda d: figures.decay([d["one"], d["one"]], [0, 0.1], [0.9, 0.8], d["shape"], d["keys"]),
    "figures.descent": lambda d: figures.descent(d["row_of_numbers"], d["row_of_numbers"], d["pair"]),
    "figures.digit_as_numbers": lambda d: figures.digit_as_numbers(d["image"]),
    "figures.effective_templates": lambda d: figures.effective_templates(d["images"], d["labels"], *_two(d), d["keys"]),
    "figures.feature_maps": lambda d: figures.feature_maps(_convolutional(d), d["images"], d["labels"], d["keys"]),
    "figures.flow": lambda d: figures.flow(d["images"], d["labels"], *_two(d), d["keys"]),
    "figures.fool": lambda d: figures.fool(d["network"], d["images"], d["labels"], d["keys"]),
    "figures.forward": lambda d: figures.forward([d["second"]], [d["biases"]], d["hidden_biases"]),
    "figures.frontispiece": lambda d: figures.frontispiece(d["one"], d["shape"], d["keys"]),
    "figures.hidden_layer": lambda d: figures.hidden_layer(d["first"], d["second"], d["shape"], d["keys"]),
    "figures.hinges": lambda d: figures.hinges(d["biases"], d["biases"], [1]),
    "figures.line": lambda d: figures.line(d["row_of_numbers"], d["row_of_numbers"], d["pair"]),
    "figures.mistakes": lambda d: figures.mistakes(d["images"], d["labels"], d["probabilities"], d["keys"], [3, 4]),
    "figures.neighbours": lambda d: figures.neighbours(_convolutional(d), d["images"], d["labels"], d["keys"]),
    "figures.network_diagram": lambda d: figures.network_diagram(
        [d["first"], d["second"]], d["keys"], input_shape=d["shape"]
    ),
    "figures.neuron": lambda d: figures.neuron(d["pair"], d["pair"], 0.5),
    "figures.nudge": lambda d: figures.nudge(d["row_of_numbers"], d["row_of_numbers"], d["pair"]),
    "figures.occlusion": lambda d: figures.occlusion(d["network"], d["images"], d["labels"], d["keys"], [1, 2]),
    "figures.pooling": lambda d: figures.pooling(_convolutional(d), d["images"], d["labels"], d["keys"]),
    "figures.sample_images": lambda d: figures.sample_images(d["images"], d["labels"], d["keys"], indices=[1, 2, 5]),
    "figures.seeds": lambda d: figures.seeds([d["first"]], [0.9], d["shape"]),
    "figures.shift": lambda d: figures.shift([d["network"]], d["images"], d["labels"], d["keys"]),
    "figures.softmax": lambda d: figures.softmax(d["biases"], d["keys"]),
    "figures.template_products": lambda d: figures.template_products(
        d["images"], d["labels"], d["one"], d["biases"], d["keys"], 0, [0, 1]
    ),
    "figures.through": lambda d: figures.through(_convolutional(d), d["images"], d["labels"], d["keys"]),
    "figures.train_here": lambda d: figures.train_here(d["images"], d["labels"], d["keys"], epochs=2),
    "figures.training_film": _film,
    "figures.unrolling": lambda d: figures.unrolling(d["image"], d["row"], 0.5, d["key"]),
    "figures.weight_image": lambda d: figures.weight_image(d["row"], d["shape"], d["key"]),
    "figures.weight_images": lambda d: figures.weight_images(
        d["one"], d["shape"], d["keys"], d["images"], d["labels"]
    ),
    "figures.why_gradient": lambda d: figures.why_gradient(d["network"], d["images"], d["labels"], d["keys"], steps=2),
    "figures.why_mistake": lambda d: figures.why_mistake(
        d["images"], d["labels"], [([d["one"]], [d["biases"]]), _two(d)], d["keys"]
    ),
    "figures.window": lambda d: figures.window(_convolutional(d), d["images"], d["labels"], d["keys"]),
    "landscape.along": lambda d: landscape.along(_WAY, d["images"], d["labels"])[1],
    "train": lambda d: nnbook.train(
        d["images"], d["labels"], [f"dense {len(list(d['keys']))}"], class_keys=d["keys"], epochs=1, batch_size=10,
        cache_dir=d["folder"],
    ),
}  # fmt: skip
ARRAYS = (
    "images",
    "image",
    "labels",
    "probabilities",
    "predictions",
    "one",
    "row",
    "biases",
    "first",
    "second",
    "counts",
    "pair",
    "points",
    "sides",
    "row_of_numbers",
)
TEXTS = np.array(["class 0", "class 1", "class 2"])

# Each kind of input: which arguments it changes, and how; the same must come of it as of the plain form, or an error.
KINDS = {
    "lists": {name: lambda values: values.tolist() for name in ARRAYS},
    "tensors": dict.fromkeys(ARRAYS, Tensor),
    "pandas": {
        **dict.fromkeys(("probabilities", "one", "first", "second", "counts", "points"), pd.DataFrame),
        **dict.fromkeys(("labels", "predictions", "row", "biases", "keys", "pair", "sides"), pd.Series),
        "images": lambda images: pd.DataFrame(images.reshape(len(images), -1)),
    },
    "pandas that allows for gaps": dict.fromkeys(("labels", "predictions"), lambda v: pd.Series(v, dtype="Int64")),
    "columns": {name: lambda v: v[:, np.newaxis] for name in ("labels", "predictions", "biases")},
    "one-hot": {name: lambda v: np.eye(3, dtype=int)[v] for name in ("labels", "predictions")},
    "whole floats": {name: lambda v: v.astype(float) for name in ("labels", "predictions", "counts")},
    "small integers": {name: lambda v: v.astype(np.uint8) for name in ("labels", "predictions")},
    "digits as texts": {name: lambda v: v.astype(str) for name in ("labels", "predictions")},
    "pictures from 0 to 1": {name: lambda v: v / np.float64(255) for name in ("images", "image")},
    "pictures as wide integers": {name: lambda v: v.astype(np.int64) for name in ("images", "image")},
    "pictures with one channel": {name: lambda v: v[..., np.newaxis] for name in ("images", "image")},
    "pictures with one channel first": {"images": lambda v: v[:, np.newaxis]},
    "flat pictures": {"images": lambda v: v.reshape(len(v), -1), "image": np.ravel},
    "keys as an array": {"keys": np.array},
    "keys as numbers": {"keys": lambda keys: [int(key) for key in keys]},
    "keys as an array of numbers": {"keys": lambda keys: np.array(keys).astype(int)},
}  # fmt: skip
# What means something else, or nothing, and is refused.
WRONG = {
    "NaN": {name: lambda v: np.where(np.arange(v.size).reshape(v.shape) == 1, np.nan, v) for name in ARRAYS},
    "too few labels": {name: lambda v: v[1:] for name in ("labels", "sides")},
    "too few probabilities": {"probabilities": lambda v: v[1:]},
    "logits": {"probabilities": lambda v: np.log(v)},
    "labels from 1": {name: lambda v: v + 1 for name in ("labels", "predictions")},
    "negative labels": {name: lambda v: v - 1 for name in ("labels", "predictions")},
    "halves": {name: lambda v: v + 0.5 for name in ("labels", "predictions", "counts")},
    "unknown names": {"labels": lambda v: np.array(["cat", "dog", "owl"])[v]},
    "turned weights": dict.fromkeys(("one", "first", "points"), np.transpose),
    "three weights": {"pair": lambda v: np.append(v, 1)},
    "standardised pictures": {name: lambda v: (v - 50.0) / 70 for name in ("images", "image")},
    "pictures from 0 to 16": {name: lambda v: v // 16 * 1.0 for name in ("images", "image")},
    "whole pictures from 0 to 16": {name: lambda v: (v // 16).astype(int) for name in ("images", "image")},
    "no pictures": {"images": lambda v: v[:0]},
    "pictures of another size": {"images": lambda v: v[:, :7]},
    "words for numbers": {name: lambda v: np.full(v.shape, "x") for name in ARRAYS},
    "nothing": {name: lambda v: None for name in ("images", "image", "labels", "probabilities", "one", "first")},
    "a key twice": {"keys": lambda keys: (keys[0], *keys[:-1])},
    "too many keys": {"keys": lambda keys: (*keys, "more")},
    "ragged lists": {name: lambda v: [*v.tolist()[:-1], [1, 2]] for name in ("images", "labels", "one")},
}
# What can't be known to be wrong.
CROP = "pictures of another size"
FREE = {
    "accuracy": {"labels from 1", "words for numbers"},
    "confusion_matrix": {"a key twice", "too many keys"},  # the test passes their number
    "figures.choose_mistakes": {CROP},
    "figures.confident_matrix": {CROP},
    "figures.confusion_gallery": {CROP},
    "figures.confusion_matrix": {CROP},
    "figures.mistakes": {CROP},
    "figures.pooling": {"too many keys"},
    "figures.sample_images": {CROP, "too many keys"},
    "figures.train_here": {CROP, "too many keys"},
    "figures.window": {"too many keys"},
    "train": {CROP, "too many keys"},
}


def outcome(name, arguments, tmp_path):
    """What comes of a call, as something that can be compared."""
    found = CALLS[name]({**arguments, "folder": tmp_path})
    if isinstance(found, figures.Figure):
        return found.html("en")
    if name == "train":
        return found.weights_digest
    return np.asarray(found).tolist() if not isinstance(found, dict) else found


def uses(name, kind):
    """Whether the call looks at one of the arguments that `kind` changes: their names are in its code."""
    code = CALLS[name].__code__
    return not {*code.co_consts, *(_two.__code__.co_consts if "_two" in code.co_names else ())}.isdisjoint(kind)


def pairs(kinds):
    return [
        pytest.param(name, kind, id=f"{name}-{kind}") for name in CALLS for kind in kinds if uses(name, kinds[kind])
    ]


@pytest.fixture(scope="module", autouse=True)
def _small_cover():
    """The cover is as wide as a page, and takes seconds."""
    with pytest.MonkeyPatch.context() as patch:
        room = sys.modules["nnbook.figures.brainbow"]
        patch.setattr(room, "WIDTH", 200)
        patch.setattr(room, "BYTES", {200: 9000})
        yield


@pytest.fixture(scope="module")
def plain(tmp_path_factory):
    folder = tmp_path_factory.mktemp("plain")
    return {name: outcome(name, small(), folder) for name in CALLS}


def changed(kind):
    arguments = small()
    return {name: kind[name](value) if name in kind else value for name, value in arguments.items()}


@pytest.mark.parametrize(("name", "kind"), pairs(KINDS))
def test_every_form_of_the_same_gives_the_same(name, kind, plain, tmp_path):
    assert outcome(name, changed(KINDS[kind]), tmp_path) == plain[name]


@pytest.mark.parametrize(("name", "kind"), pairs(WRONG))
def test_what_is_wrong_is_refused_in_three_parts(name, kind, tmp_path):
    if kind in FREE.get(name, ()):
        assert outcome(name, changed(WRONG[kind]), tmp_path) is not None
        return
    with pytest.raises(ValueError, match=r"^[^;]+; got [^;]+; [^;]+$"):
        outcome(name, changed(WRONG[kind]), tmp_path)


def test_no_public_function_is_left_out():
    own = {name for name, value in vars(figures).items() if inspect.isfunction(value) and not name.startswith("_")}
    # Plain numbers, or none; and pictures of 28 x 28 alone.
    others = {"accuracy_curve", "accuracy_table", "activations", "backprop", "degree", "draw_digit", "optimisers"}
    others |= {"plane", "tweak", "xor"}
    others |= {"word", "in_notebook", "chart"}  # no figures of arrays
    assert {f"figures.{name}" for name in own - others} <= set(CALLS)
    assert {"accuracy", "confusion_matrix", "largest_confusions", "most_confident", "train"} <= set(CALLS)


@pytest.mark.parametrize(("classes", "shape"), [(2, (24, 40)), (3, (6, 10)), (3, (8, 8, 3)), (30, (8, 8))])
@pytest.mark.parametrize("name", [name for name in CALLS if name.startswith("figures.")])
def test_figures_take_few_and_many_classes_and_pictures_of_any_shape(name, shape, classes, tmp_path):
    grey = {
        "decay",
        "digit_as_numbers",
        "effective_templates",
        "pooling",
        "seeds",
        "shift",
        "train_here",
        "training_film",
        "why_mistake",
        "window",
    }
    if len(shape) == 3 and name.removeprefix("figures.") in grey:
        with pytest.raises(ValueError, match=r"; got .*; pass"):
            outcome(name, small(classes, shape), tmp_path)
    else:
        assert outcome(name, small(classes, shape, words=True), tmp_path)


def test_labels_in_words_are_found_among_the_keys(tmp_path):
    arguments = small(words=True)
    expected = outcome("figures.confusion_matrix", arguments, tmp_path)
    arguments["labels"] = TEXTS[arguments["labels"]]
    assert outcome("figures.confusion_matrix", arguments, tmp_path) == expected
    arguments["labels"] = pd.Series(arguments["labels"]).astype("category")
    assert outcome("figures.confusion_matrix", arguments, tmp_path) == expected


def test_predictions_and_labels_may_both_be_words():
    labels, predictions = TEXTS[[0, 1, 2, 2]], TEXTS[[0, 1, 1, 2]]
    assert evaluation.accuracy(predictions, pd.Series(labels)) == 0.75
    assert evaluation.confusion_matrix(predictions, labels, TEXTS).tolist() == [[1, 0, 0], [0, 1, 0], [0, 1, 1]]
    with pytest.raises(ValueError, match="labels are numbers or keys of classes; got 'class 0' in predictions; pass"):
        evaluation.confusion_matrix(predictions, labels, 3)


def test_a_class_that_never_occurs_keeps_its_place():
    arguments = small()
    some = arguments["labels"] != 1
    figure = figures.confusion_matrix(
        arguments["probabilities"][some], arguments["images"][some], arguments["labels"][some], arguments["keys"]
    )
    assert figure.facts["recall"][1] is None
    assert np.array(figure.facts["counts"]).sum(axis=1).tolist() == [14, 0, 13]


def test_texts_of_digits_are_the_numbers_that_they_write():
    """In alphabetical order 10 comes before 2."""
    labels = np.arange(12).astype(str)
    assert arrays.labels(labels).tolist() == list(range(12))


@pytest.mark.parametrize(
    ("values", "remedy"),
    [
        (np.arange(17.0).reshape(1, 1, 17), r"from 0 to 16; divide by 16 \(as for load_digits of scikit-learn\)"),
        (np.array([[[0.0, -1.5]]]), "from -1.5 to 0; undo the standardisation"),
        (np.zeros((1, 15), np.uint8), "with 15 pixels in a row; reshape to"),
    ],
)
def test_pictures_that_could_mean_two_things_are_refused(values, remedy):
    with pytest.raises(ValueError, match=remedy):
        arrays.images(values)


def test_bytes_stay_as_dark_as_they_are():
    assert arrays.images(np.full((1, 2, 2), 16, np.uint8)).max() == 16


def test_a_trained_network_takes_what_figures_take(tmp_path):
    arguments = small()
    network = CALLS["train"]({**arguments, "folder": tmp_path})
    images = arguments["images"]
    expected = network.scores(images)
    for same in (images / 255, images[..., None], images.reshape(N, -1), images.tolist(), Tensor(images)):
        np.testing.assert_allclose(network.scores(same), expected)
    np.testing.assert_allclose(network.scores(images[0]), expected[:1])
    with pytest.raises(ValueError, match=r"a picture is \(8, 8\); got images of shape \(40, 7, 8\); pass those"):
        network.predictions(images[:, :7])
