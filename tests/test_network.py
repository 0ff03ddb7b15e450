"""Layers, losses, optimisers and the network, against central differences, by hand, and against the plain formulas."""

import numpy as np
import pytest

from nnbook.network import (
    SGD,
    Adam,
    Convolution,
    Dense,
    Dropout,
    MaxPool,
    MeanSquaredError,
    Network,
    PixelDense,
    ReLU,
    RMSProp,
    Sigmoid,
    SoftmaxCrossEntropy,
    check,
    convolved,
    for_pixels,
    kept,
    layers_of,
)
from nnbook.network import softmax as softmax_of
from nnbook.network.fast import pieces

LOSSES = [SoftmaxCrossEntropy, MeanSquaredError]


def central_differences(function, vector, step=1e-5):
    """The gradient of the number `function()` by each entry of `vector`, which it reads; error of the order step²."""
    gradient = np.empty_like(vector)
    for place in range(vector.size):
        value = vector.flat[place]
        vector.flat[place] = value + step
        above = function()
        vector.flat[place] = value - step
        below = function()
        vector.flat[place] = value
        gradient.flat[place] = (above - below) / (2 * step)
    return gradient


def assert_close(found, expected):
    np.testing.assert_allclose(found, expected, rtol=1e-6, atol=1e-8 * np.abs(expected).max())


def one_hot(labels, classes):
    return np.eye(classes)[labels]


def bound(layer, rng):
    """The layer with random parameters, and the vectors that it keeps them and their gradients in."""
    parameters, gradients = rng.standard_normal(layer.size), np.zeros(layer.size)
    layer.bind(parameters, gradients)
    return layer, parameters, gradients


@pytest.fixture
def rng():
    return np.random.default_rng(20)


# Layers


@pytest.mark.parametrize(
    ("kind", "shape"),
    [(kind, (5,)) for kind in ("dense 4", "relu", "sigmoid", "tanh", "normalisation")]
    + [("convolution 3x5x4", (4, 6, 3)), ("convolution 5x3x2", (6, 4)), ("convolution 1x1x2", (4, 4, 3))]
    + [("pool", (4, 6, 3)), ("normalisation", (4, 2, 3)), ("dense 3", (4, 2, 3))],
)
def test_gradients_of_a_layer_are_those_of_central_differences(kind, shape, rng):
    layer, parameters, gradients = bound(layers_of([kind], shape)[0], rng)
    x, weighting = rng.standard_normal((7, *shape)), rng.standard_normal((7, *layer.output_shape))

    def weighted_sum():
        return float(np.vdot(layer.forward(x, rng), weighting))

    by_parameters, by_inputs = central_differences(weighted_sum, parameters), central_differences(weighted_sum, x)
    layer.forward(x, rng)
    layer.parameter_gradients(weighting)
    assert_close(layer.input_gradient(weighting), by_inputs)
    if layer.size:
        assert_close(gradients, by_parameters)


@pytest.mark.parametrize("centred", [False, True])
def test_gradients_of_the_pixel_layer_are_those_of_central_differences(centred, rng):
    centre = rng.random(6) if centred else None
    layer, parameters, gradients = bound(PixelDense((6,), 3, centre), rng)
    pixels, weighting = rng.integers(0, 256, (8, 6), dtype=np.uint8), rng.standard_normal((8, 3))
    expected = central_differences(lambda: float(np.vdot(layer.forward(pixels), weighting)), parameters)
    layer.forward(pixels)
    layer.parameter_gradients(weighting)
    assert_close(gradients, expected)


@pytest.mark.parametrize(("rows", "inputs", "outputs"), [(4, 784, 10), (64, 3072, 10), (128, 3072, 100)])
@pytest.mark.parametrize("centred", [False, True])
def test_the_pixel_layer_is_a_dense_layer_on_prepared_pixels(rows, inputs, outputs, centred, rng):
    """Whatever is folded, moved or cut into pieces, the numbers are those of W (x / 255 - centre) + b."""
    centre = rng.random(inputs) if centred else None
    layer, parameters, gradients = bound(PixelDense((inputs,), outputs, centre), rng)
    plain, plain_gradients = Dense((inputs,), outputs), np.zeros_like(gradients)
    plain.bind(parameters.copy(), plain_gradients)
    pixels = rng.integers(0, 256, (rows, inputs), dtype=np.uint8)
    prepared = pixels / 255 - (0 if centre is None else centre)
    np.testing.assert_allclose(layer.forward(pixels), plain.forward(prepared), rtol=1e-10, atol=1e-10)
    output_gradient = rng.standard_normal((rows, outputs))
    layer.parameter_gradients(output_gradient)
    plain.parameter_gradients(output_gradient)
    np.testing.assert_allclose(gradients, plain_gradients, rtol=1e-10, atol=1e-10)
    plain.biases[...] = layer.plain()["biases"]
    np.testing.assert_allclose(layer.forward(pixels), plain.forward(pixels / 255), rtol=1e-10, atol=1e-10)


def test_a_layer_takes_any_number_of_rows_in_turn(rng):
    layer, _, _ = bound(PixelDense((6,), 3, rng.random(6)), rng)
    pixels = rng.integers(0, 256, (9, 6), dtype=np.uint8)
    all_rows = layer.forward(pixels).copy()
    np.testing.assert_allclose(layer.forward(pixels[:2]), all_rows[:2], rtol=1e-12)
    np.testing.assert_allclose(layer.forward(pixels), all_rows, rtol=1e-12)


def test_a_dense_layer_by_hand():
    layer = Dense((2,), 2)
    layer.bind(np.array([1.0, 2, 3, 4, 10, 20]), np.zeros(6))
    assert layer.forward(np.array([[1.0, 1], [0, -1]])).tolist() == [[13, 27], [8, 16]]


@pytest.mark.parametrize(("shape", "kind"), [((28, 28), "convolution 5x5x8"), ((8, 10, 3), "convolution 3x5x4")])
def test_a_convolution_is_what_its_plain_form_says(shape, kind, rng):
    layer, _, _ = bound(layers_of([kind], shape)[0], rng)
    for count in (3, 2):  # also after another number of images
        x = rng.standard_normal((count, *shape))
        expected = convolved(x.reshape(count, *shape[:2], -1), layer.weights, layer.biases)
        np.testing.assert_allclose(layer.forward(x), expected, rtol=1e-10, atol=1e-10)


def test_a_convolution_by_hand():
    """A filter that is 1 in its upper left corner hands on what lies above and to the left, and zero at the edge."""
    layer = Convolution((2, 3), 3, 3, 1)
    layer.bind(np.array([1.0, 0, 0, 0, 0, 0, 0, 0, 0, 10]), np.zeros(10))
    assert layer.forward(np.array([[[1.0, 2, 3], [4, 5, 6]]]))[0, :, :, 0].tolist() == [[10, 10, 10], [10, 11, 12]]


def test_pooling_keeps_the_best_and_pays_one_of_equals():
    layer = MaxPool((2, 4, 1))
    x = np.array([[1.0, 3, 7, 7], [2, 0, 7, 7]]).reshape(1, 2, 4, 1)
    assert layer.forward(x).ravel().tolist() == [3, 7]
    assert layer.input_gradient(np.array([5.0, 6]).reshape(1, 1, 2, 1)).ravel().tolist() == [0, 5, 6, 0, 0, 0, 0, 0]


@pytest.mark.parametrize("chain", [("convolution 3x3x4", "pool"), ("convolution 3x5x4",), ("dense 4",)])
def test_normalisation_becomes_part_of_the_weights_before_it(chain, rng):
    chain = (*chain, "normalisation", "relu", "dense 3")
    network, images = Network.of(chain, (6, 8, 2)), 5 + 3 * rng.standard_normal((300, 6, 8, 2))
    network.start_randomly(rng)
    for _ in range(100):
        trained = network.forward(images, rng)
    np.testing.assert_allclose(network.forward(images), trained, rtol=0.01, atol=0.01)
    read = Network.of(kept(chain), (6, 8, 2))
    for name, array in read.named_parameters().items():
        array[...] = network.named_parameters()[name]
    np.testing.assert_allclose(read.forward(images), network.forward(images), rtol=1e-9, atol=1e-9)


def test_what_is_kept_of_a_chain_is_told_in_the_usual_order():
    chain = ("convolution 3x3x4", "pool", "normalisation", "relu", "dropout 0.5", "dense 3")
    assert kept(chain) == ("convolution 3x3x4", "relu", "pool", "dropout 0.5", "dense 3")


@pytest.mark.parametrize("chain", [["normalisation"], ["dense 3", "relu", "normalisation"]])
def test_normalisation_stands_before_an_activation(chain):
    with pytest.raises(ValueError, match=r"behind a convolution or a dense layer.*got .*before the activation"):
        check(chain)


def test_the_gradient_by_the_inputs_is_that_of_central_differences(rng):
    network = Network.of(["convolution 3x3x4", "relu", "pool", "dense 3"], (4, 6))
    network.start_randomly(rng)
    x, weighting = rng.random((2, 4, 6)), rng.standard_normal((2, 3))
    expected = central_differences(lambda: float(np.vdot(network.forward(x), weighting)), x)
    network.forward(x)
    assert_close(network.input_gradient(weighting), expected)


def test_halves_of_a_batch_give_the_gradient_of_the_whole(rng):
    chain = ["convolution 3x3x4", "pool", "relu", "convolution 3x3x5", "relu", "pool", "dense 3"]
    halved, whole = for_pixels(layers_of(chain, (8, 8)), None, "float64"), Network.of(chain, (8, 8))
    halved.start_randomly(rng)
    whole.parameters[...] = halved.parameters
    pixels, weighting = rng.integers(0, 256, (7, 8, 8), dtype=np.uint8), rng.standard_normal((7, 3))
    np.testing.assert_allclose(halved.forward(pixels, rng), whole.forward(pixels / 255), rtol=1e-10)
    halved.backward(weighting)
    whole.backward(weighting)
    np.testing.assert_allclose(halved.gradients, whole.gradients, rtol=1e-8, atol=1e-10)


def test_relu_passes_only_what_is_above_zero():
    layer = ReLU((3,))
    layer.bind(np.zeros(0), np.zeros(0))
    assert layer.forward(np.array([[-1.0, 0, 2]])).tolist() == [[0, 0, 2]]
    assert layer.input_gradient(np.array([[5.0, 5, 5]])).tolist() == [[0, 0, 5]]


def test_sigmoid_overflows_nowhere():
    layer = Sigmoid((3,))
    layer.bind(np.zeros(0), np.zeros(0))
    np.testing.assert_allclose(layer.forward(np.array([[-1000.0, 0, 1000]])), [[0, 0.5, 1]])


# Losses


@pytest.mark.parametrize("loss", LOSSES)
def test_gradient_of_a_loss_is_that_of_central_differences(loss, rng):
    outputs, targets = 3 * rng.standard_normal((6, 4)), one_hot(rng.integers(0, 4, 6), 4)
    loss = loss()
    expected = central_differences(lambda: loss.value_and_gradient(outputs, targets)[0], outputs)
    assert_close(loss.value_and_gradient(outputs, targets)[1], expected)


def test_cross_entropy_by_hand():
    value, gradient = SoftmaxCrossEntropy().value_and_gradient(np.zeros((1, 4)), one_hot([2], 4))
    assert value == pytest.approx(np.log(4))
    np.testing.assert_allclose(gradient, [[0.25, 0.25, -0.75, 0.25]])


def test_cross_entropy_of_enormous_scores_is_exact():
    value, gradient = SoftmaxCrossEntropy().value_and_gradient(np.array([[5000.0, 0], [0, 5000]]), one_hot([1, 1], 2))
    assert value == 2500
    assert gradient.tolist() == [[0.5, -0.5], [0, 0]]


def test_mean_squared_error_by_hand():
    value, gradient = MeanSquaredError().value_and_gradient(np.array([[1.0, 2], [0, 0]]), one_hot([0, 1], 2))
    assert value == 2.5
    assert gradient.tolist() == [[0, 2], [0, -1]]


def test_softmax_gives_probabilities():
    np.testing.assert_allclose(softmax_of(np.log([[1.0, 2, 5]])), [[0.125, 0.25, 0.625]])
    np.testing.assert_allclose(softmax_of(np.array([[1e4, 1e4, -1e4]])), [[0.5, 0.5, 0]])


# Networks


@pytest.mark.parametrize("loss", LOSSES)
@pytest.mark.parametrize("activation", ["relu", "sigmoid", "tanh"])
@pytest.mark.parametrize("pixels", [False, True])
def test_gradients_of_a_network_are_those_of_central_differences(loss, activation, pixels, rng):
    first, *others = layers_of(["dense 4", activation, "dense 4", activation, "dense 3"], (5,))
    network = Network([PixelDense((5,), 4, rng.random(5)) if pixels else first, *others])
    network.parameters[...] = rng.standard_normal(network.size)
    x = rng.integers(0, 256, (8, 5), dtype=np.uint8) if pixels else rng.standard_normal((8, 5))
    targets, loss = one_hot(rng.integers(0, 3, 8), 3), loss()

    def value():
        return loss.value_and_gradient(network.forward(x), targets)[0]

    expected = central_differences(value, network.parameters)
    network.backward(loss.value_and_gradient(network.forward(x), targets)[1])
    assert_close(network.gradients, expected)


def test_layers_share_the_vectors_of_their_network():
    network = Network.of(["dense 2", "dense 1"], (3,))
    network.parameters[...] = np.arange(network.size)
    assert network.size == 3 * 2 + 2 + 2 * 1 + 1
    assert {name: array.tolist() for name, array in network.named_parameters().items()} == {
        "0.weights": [[0, 1, 2], [3, 4, 5]],
        "0.biases": [6, 7],
        "1.weights": [[8, 9]],
        "1.biases": [10],
    }


def test_activations_are_those_of_each_layer_of_neurons(rng):
    network = Network.of(["dense 3", "relu", "dense 2"], (2, 2))
    network.parameters[...] = rng.standard_normal(network.size)
    x = rng.standard_normal((5, 4))
    hidden, scores = network.activations(x.reshape(5, 2, 2))
    first, _, second = network.layers
    np.testing.assert_allclose(hidden, np.maximum(x @ first.weights.T + first.biases, 0))
    np.testing.assert_allclose(scores, hidden @ second.weights.T + second.biases)


def test_the_random_start_has_the_deviation_that_it_names(rng):
    network = Network.of(["dense 300", "relu", "dense 10"], (400,))
    network.start_randomly(rng, scale=0.1)
    first, _, second = network.layers
    assert first.weights.std() == pytest.approx(0.1 * np.sqrt(2 / 400), rel=0.02)
    assert second.weights.std() == pytest.approx(0.1 * np.sqrt(2 / 300), rel=0.05)
    assert not first.biases.any()


def test_a_network_keeps_its_type(rng):
    network = Network([PixelDense((4,), 3, rng.random(4)), *layers_of(["relu", "dense 2"], (3,))], "float32")
    network.start_randomly(rng)
    outputs = network.forward(rng.integers(0, 256, (5, 4), dtype=np.uint8))
    _, gradient = SoftmaxCrossEntropy().value_and_gradient(outputs, one_hot([0, 1, 0, 1, 0], 2).astype(np.float32))
    network.backward(gradient)
    assert {outputs.dtype, gradient.dtype, network.gradients.dtype} == {np.dtype(np.float32)}


@pytest.mark.parametrize("chain", [["relu", "dense 3"], ["dropout 0.5", "dense 4", "tanh"], ["sigmoid"]], ids=str)
def test_any_chain_trains_and_tells_its_activations(chain, rng):
    """A first layer need not be dense; a dropout hands on what it gets when nothing is trained."""
    network = Network.of(chain, (2, 3))
    network.start_randomly(rng)
    x = rng.standard_normal((5, 2, 3))
    activations = network.activations(x)
    np.testing.assert_array_equal(activations[-1], network.forward(x))
    network.backward(np.ones_like(activations[-1]))
    assert np.isfinite(network.gradients).all()


def test_dropout_switches_off_its_share_and_keeps_the_mean(rng):
    layer, x = Dropout((1000,), 0.3), np.ones((50, 1000))
    y = layer.forward(x, rng)
    assert (y == 0).mean() == pytest.approx(0.3, abs=0.01)
    assert y.mean() == pytest.approx(1, abs=0.02)
    np.testing.assert_array_equal(layer.input_gradient(x), y)  # a neuron that is off passes no gradient either
    np.testing.assert_array_equal(layer.forward(x), x)


@pytest.mark.parametrize(
    ("description", "message"),
    [
        ("convolve", r"a layer is one of dense, convolution, .*; got 'convolve'; write it like \"dense 100\""),
        ("dense", r"'dense' is followed by one number; got 'dense'; write 'dense 100'"),
        ("convolution 5x5", r"'convolution' is followed by three numbers; got .*; write 'convolution 5x5x8'"),
        ("convolution 5x5x8", r"odd sides, over images .*; got 5x5 over \(4,\); use one such as 5x5x8"),
        ("pool", r"even number of rows and of columns; got inputs of shape \(4,\); put it behind a convolution"),
        ("relu 3", r"'relu' is followed by no number; got 'relu 3'; write 'relu'"),
        ("dropout 1.5", r"a share from 0 to below 1; got 1.5; use a number such as 0.5"),
        (3, r"a layer is one of dense, .*; got 3; write it like"),
    ],
)
def test_layers_that_do_not_exist_are_refused(description, message):
    with pytest.raises(ValueError, match=message):
        layers_of([description], (4,))


def test_layers_that_do_not_fit_are_refused():
    with pytest.raises(ValueError, match=r"layer 0 has outputs \(3,\) and layer 1 has inputs \(4,\); make the two"):
        Network([Dense((2,), 3), Dense((4,), 1)])
    with pytest.raises(ValueError, match=r"at least one layer; got none; pass a list"):
        Network([])


@pytest.mark.parametrize(("length", "multiplications", "count"), [(64, 10, 1), (64, 1_966_080, 2), (97, 1_966_080, 1)])
def test_products_are_cut_where_that_is_possible(length, multiplications, count):
    assert pieces(length, multiplications) == count


# Optimisers


def optimise(optimiser_of, steps, size):
    """The parameters after some `steps` down the bowl sum(c p²) / 2, all optimisers from the same start."""
    rng = np.random.default_rng(1)
    curvature, parameters = rng.uniform(0.5, 1.5, size), rng.standard_normal(size)
    gradients = np.empty(size)
    optimiser = optimiser_of(parameters, gradients)
    path = [parameters.copy()]
    for step in range(steps):
        gradients[...] = curvature * parameters
        optimiser.step(0.1 / (step + 1))
        path.append(parameters.copy())
    return curvature, path


@pytest.mark.parametrize("momentum", [0, 0.9])
@pytest.mark.parametrize("decay", [0, 0.3])
def test_sgd_follows_its_formula(momentum, decay):
    curvature, path = optimise(lambda p, g: SGD(p, g, decay, momentum), 4, 20)
    expected, velocity = path[0].copy(), np.zeros_like(path[0])
    for step in range(4):
        velocity = momentum * velocity + curvature * expected + decay * expected
        expected = expected - 0.1 / (step + 1) * velocity
        np.testing.assert_allclose(path[step + 1], expected, rtol=1e-12, atol=1e-15)


@pytest.mark.parametrize("decay", [0, 0.3])
def test_adam_follows_its_formula(decay):
    curvature, path = optimise(lambda p, g: Adam(p, g, decay), 4, 20)
    expected, mean, square = path[0].copy(), 0, 0
    for step in range(1, 5):
        gradient = curvature * expected + decay * expected
        mean, square = 0.9 * mean + 0.1 * gradient, 0.999 * square + 0.001 * gradient**2
        corrected_mean, corrected_square = mean / (1 - 0.9**step), square / (1 - 0.999**step)
        expected = expected - 0.1 / step * corrected_mean / (np.sqrt(corrected_square) + 1e-8)
        np.testing.assert_allclose(path[step], expected, rtol=1e-10, atol=1e-13)


def test_nesterov_looks_ahead_along_the_velocity():
    """The same path as in the paper's own words, where the gradient is taken at the place that is looked ahead to."""
    curvature, path = optimise(lambda p, g: SGD(p, g, momentum=0.9, nesterov=True), 1, 5)
    np.testing.assert_allclose(path[1], path[0] - 0.1 * 1.9 * curvature * path[0])
    rate, parameter, velocity = 0.1, 1.0, 0.0
    gradients, ours = np.empty(1), np.array([1.0])
    optimiser = SGD(ours, gradients, momentum=0.9, nesterov=True)
    for _ in range(5):
        ahead = ours.copy()  # what we keep is the place looked ahead to, so the two descriptions agree on it
        gradients[...] = 2 * ahead
        optimiser.step(rate)
        velocity = 0.9 * velocity - rate * 2 * ahead[0]
        parameter += velocity
        np.testing.assert_allclose(ours[0], parameter + 0.9 * velocity)


def test_rmsprop_by_hand():
    parameters, gradients = np.array([1.0]), np.array([2.0])
    optimiser = RMSProp(parameters, gradients)
    optimiser.step(0.1)  # the running mean square is 0.1 * 4 = 0.4
    np.testing.assert_allclose(parameters, 1 - 0.1 * 2 / (np.sqrt(0.4) + 1e-8))
    gradients[...] = 1
    optimiser.step(0.1)  # 0.9 * 0.4 + 0.1 * 1 = 0.46
    np.testing.assert_allclose(parameters, 1 - 0.2 / np.sqrt(0.4) - 0.1 / np.sqrt(0.46), rtol=1e-7)


def test_the_first_step_of_adam_has_the_length_of_the_rate():
    parameters, gradients = np.zeros(3), np.array([1e-3, -5.0, 200.0])
    Adam(parameters, gradients).step(0.1)
    np.testing.assert_allclose(parameters, [-0.1, 0.1, -0.1], rtol=1e-4)
