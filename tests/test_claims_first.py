"""What the chapter "Neural networks" says of its data, networks and figures is true: see test_claims.py."""

import numpy as np
import pytest
from test_book import BOOK, cells
from test_claims import guards

from nnbook import figures

pytestmark = pytest.mark.full_data


@pytest.fixture(scope="module")
def chapter(full_networks):
    """The names that the cells of the chapter leave behind."""
    names = {}
    for cell in cells(BOOK / "en" / "neural-networks.md"):
        exec(cell, names)
    return names


def sides(points, weights, bias):
    return points @ weights + bias > 0


@guards(
    ("But the image is a 0, one so narrow that its ring runs through the middle square.", "とても細長い0で"),
    ("with $w_1 = 0.3$ the left wins the vote.", "$w_1 = 0.3$まで下げれば、左の票が勝ちます。"),
    ("Or the bias: at $-0.4$ the neuron is against a 1", "バイアスを$-0.4$にしても逆になります。"),
    ("even $w_2 = -2$ does not turn the answer round.", "$w_2 = -2$にしても答えは変わらないのです。"),
    ("but now the neuron admits that it is not sure.", "こんどはニューロンも、自信のないことを認めています。"),
)
def test_a_narrow_zero_gets_a_yes_until_a_weight_or_the_bias_is_moved(chapter):
    point = chapter["points"][chapter["narrow"]]
    assert chapter["kinds"][chapter["narrow"]] == 0
    said = {
        setting: figures.neuron(point, setting[:2], setting[2], activation="step").facts["output"]
        for setting in ((1, -1, 0), (0.3, -1, 0), (1, -1, -0.4), (1, -2, 0))
    }
    assert list(said.values()) == [1, 0, 0, 1]
    assert 0.5 < figures.neuron(point, (1, -1), 0).facts["output"] < 0.6


@guards(
    ("All but one, for instance with $w_1 = 1$, $w_2 = -2$ and $b = 0.1$.", "$w_1 = 1$、$w_2 = -2$、$b = 0.1$です。"),
    ("it lies among the ones.", "1の群れの中にいるのです。"),
    ("Two numbers about an image were enough to tell zeros from ones.", "一枚の画像につき数が二つあれば足りました。"),
)
def test_a_line_leaves_one_zero_among_the_ones(chapter):
    points, kinds = chapter["points"], chapter["kinds"]
    wrong = np.flatnonzero(sides(points, (1, -2), 0.1) != kinds)
    assert wrong.tolist() == [chapter["narrow"]]
    nearest = np.linalg.norm(points - points[chapter["narrow"]], axis=1).argsort()[1:4]
    assert kinds[nearest].sum() >= 2


@guards(
    (
        "The first says whether *at least one* of the inputs is 1, the second whether *both* are.",
        "「両方とも1か」に答え",
    ),
    ("It says yes if the first says yes and the second says no", "一つ目が「はい」で二つ目が「いいえ」なら"),
)
def test_the_hidden_neurons_of_xor_ask_for_one_and_for_both():
    facts = figures.xor().facts
    first, second, output = np.array(facts["solution"])
    corners = np.array([(0, 0), (0, 1), (1, 0), (1, 1)])
    hidden = np.stack([sides(corners, part[:2], part[2]) for part in (first, second)], axis=1)
    assert hidden.tolist() == [[False, False], [True, False], [True, False], [True, True]]
    assert sides(corners, output[:2], output[2]).tolist()[2:0:-1] == [True, False]
    assert facts["best_single"] == 3


@guards(
    ("and yet each pair is almost the same image.", "どの組の画像もほとんど同じです。"),
    ("It was too short even for the bend to pay", "折れ目の効き目が表れるにも、訓練が短すぎました。"),
)
def test_two_layers_without_a_bend_are_the_templates_of_one(chapter, full_networks):
    alike = [np.corrcoef(*pair)[0, 1] for pair in chapter["pairs"].reshape(10, 2, 784)]
    assert min(alike) > 0.85
    first, linear = (full_networks[name].test_accuracy for name in ("mnist-first", "mnist-linear"))
    assert 0.9 <= first < linear


@guards(
    ("Wherever the fit is poor, one more hinge can bend the line there.", "そこにもう一つ折れ目を入れればよいのです。")
)
def test_more_hinges_come_closer(chapter):
    gaps = figures.hinges(chapter["x"], chapter["y"], units=(1, 5, 20, 40)).facts["gaps"]
    assert gaps["1"] > 0.9
    assert gaps["1"] / 5 > gaps["5"] > 5 * gaps["20"] > 10 * gaps["40"]


@guards(("The second, downwards: the first hidden neuron", "二つ目の入力で、減らすと答えが大きくなります。"))
def test_the_second_input_moves_the_answer_most(chapter):
    def answer(inputs):
        layers = figures.forward(chapter["weights"], chapter["biases"], inputs).facts["layers"]
        return layers[-1]["activations"][0]

    start = np.array([1, 0.5, 0])
    change = [answer(start + 0.1 * step) - answer(start) for step in np.eye(3)]
    assert np.abs(change).argmax() == 1
    assert change[1] < 0 < change[2] < change[0]


@guards(("Choose other images; the last ones are misread.", "最後のほうは、読み間違えた画像です。"))
def test_the_last_images_of_the_flow_are_misread(chapter):
    shown = figures.flow(chapter["test"].images, chapter["test"].labels, *chapter["layers"], chapter["keys"]).facts
    assert all(image["label"] != image["winner"] for image in shown["images"][-5:])


@guards(
    ("so does the number of right answers.", "正解の数も同じです。"),
    ("so the confidence grows.", "確信度は高くなります。"),
)
def test_doubled_scores_are_surer_and_no_better(chapter):
    scores = chapter["network"].scores(chapter["test"].images)
    once, twice = (np.exp(by * (scores - scores.max(axis=1, keepdims=True))) for by in (1, 2))
    assert (once.argmax(axis=1) == twice.argmax(axis=1)).all()
    assert (1 / twice.sum(axis=1) >= 1 / once.sum(axis=1)).all()


@guards(
    ("most of them are a 6 to it now.", "ほとんどを6と読みます。"),
    (
        "it loses more than half of the zeros, and three of four eights.",
        "0の半分以上と、8の四つに三つは読めなくなります。",
    ),
)
def test_the_network_does_not_know_that_digits_can_be_turned(chapter):
    def share(digit, answer):
        return (chapter["turned"][chapter["test"].labels == digit] == answer).mean()

    assert share(9, 6) > 0.6
    assert share(0, 0) < 0.5
    assert 0.2 < share(8, 8) < 0.3


@guards(
    ("one line gets about nine out of ten right", "一本の線で10枚に9枚ほどを正しく分けられます。"),
    (
        "An 8 has ink at the left where a 3 is open",
        "8の左側には、真ん中より上にも下にも、3では開いているところにインクがあります。",
    ),
)
def test_two_patches_tell_most_eights_from_threes(chapter):
    places, eights = chapter["places"], chapter["eights"]
    assert 0.88 <= (sides(places, (1.4, 1.6), -0.8) == eights).mean() < 0.95
    assert (places[eights == 1].mean(axis=0) > 2 * places[eights == 0].mean(axis=0)).all()
