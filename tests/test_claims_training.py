"""What the chapter on training says of its figures, networks and sums is true: see test_claims.py."""

import functools
import math
import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from test_claims import guards

from nnbook import accuracy, figures, landscape, line, race, training
from nnbook.network import SGD, Adam, Network, SoftmaxCrossEntropy
from nnbook.page_training import Run, Settings, followed

pytestmark = pytest.mark.full_data
X, Y = np.array([0, 1, 2, 3]), np.array([1, 2, 2, 4])  # weeks, and the height of the bean
CONTENDERS = ("sgd", "momentum", "nesterov", "rmsprop", "adam")


@pytest.fixture(scope="module")
def some(mnist):
    return mnist.train.images[:2000], mnist.train.labels[:2000]


@pytest.fixture(scope="module")
def raced(full_networks, some):
    view = landscape.around(full_networks["mnist-2-layer"], *some)
    return figures.optimisers(view, interactive=False).facts


@pytest.fixture(scope="module")
def first_step(mnist):
    """The slopes of the one-layer network at zero over all training images, (10, 784)."""
    train = mnist.train
    return (0.1 - np.eye(10)[train.labels]).T @ train.images.reshape(-1, 784) / 255 / len(train)


@functools.cache
def facts(room):
    return getattr(figures, room)(interactive=False).facts


@guards(
    ("all of them change, and so on to the outputs.", "すべて変わります。その先も同じです。"),
    (
        "Only its neighbours in the same layer stay as they were.",
        "止まったままなのは、同じ層の隣のニューロンだけです。",
    ),
)
def test_a_weight_of_the_first_layer_moves_all_but_its_neighbours():
    first, *others = ([change != 0 for change in layer["changes"]] for layer in facts("tweak")["layers"])
    assert first == [True, False, False]
    assert all(map(all, others))


@guards(
    ("how to ask twelve thousand weights at once.", "1万2千個ほどの重みに、どうすれば一度に尋ねられるか"),
    ("each of its {value}`experiment:mnist-first.recipe.epochs|count` epochs had 600 steps.", "それぞれ600歩でした。"),
)
def test_the_first_network_is_as_large_and_took_as_many_steps_as_is_said(full_networks):
    first = full_networks["mnist-first"]
    assert round(first.parameters, -3) == 12_000
    assert first.train_images // first.recipe.batch_size == 600


@guards(
    ("take their mean: three quarters.", "それから平均を取ります。4分の3です。"),
    ("This line meets none of the four points", "直線は四つの点のどれも通りませんが"),
    (r"it predicts $0.9 + 0.9 \cdot 4 = 4.5$ centimetres.", r"$0.9 + 0.9 \cdot 4 = 4.5$ cmと予測されます。"),
)
def test_the_bean_has_the_line_that_is_said():
    assert line.loss(X, Y, 1, 0) == 0.75
    slope, intercept = line.least_squares(X, Y)
    assert (slope, intercept) == pytest.approx((0.9, 0.9))
    assert np.abs(intercept + slope * X - Y).min() > 0.09


@guards(
    ("They tend to $-2$.", "近づく先は$-2$です"),
    ("its nudge is so wide that the chord even leads up.", "動かす幅が広すぎて、直線が右上がりにさえなっています"),
    ("All partial derivatives together, $(-2, -1.5)$ here", "ここでは$(-2, -1.5)$を、**勾配**といいます。"),
    ("One step has halved the loss.", "一歩で、損失が半分になりました。"),
    ("It was 1, it is now $1.2$, and the best line has $0.9$.", "1だったものが、$1.2$になりました。"),
    ("The first step gained $0.37$, the second one $0.03$", "最初の一歩では$0.37$減ったのに、二歩目では$0.03$しか"),
)
def test_the_steps_that_are_done_by_hand_are_right():
    shown = figures.nudge(X, Y, start=(1, 0)).facts
    assert shown["tangent"] == -2
    assert shown["chord"] > 0
    assert [shown["chords"][width] for width in ("0.1", "0.01", "0.001")] == [-1.65, -1.965, -1.9965]
    assert line.loss(X, Y, 1.1, 0) == pytest.approx(0.585)
    assert line.gradient(X, Y, 1, 0).tolist() == [-2, -1.5]
    way = line.descent(X, Y, (1, 0), 0.1, 2)
    assert way[1:] == pytest.approx(np.array([(1.2, 0.15), (1.215, 0.21)]))
    losses = line.loss(X, Y, *way.T)
    assert losses == pytest.approx([0.75, 0.3775, 0.346], abs=1e-3)
    assert -np.diff(losses) == pytest.approx([0.37, 0.03], abs=5e-3)


@guards(
    ("When the intercept has grown, the slope will come back.", "切片が育てば、傾きは戻ってきます。"),
    (
        "even the longest step that is allowed leaves most of the distance.",
        "許されるかぎり大きな歩幅で歩いても、一歩で縮まる距離はわずかです。",
    ),
)
def test_descent_arrives_below_the_limit_and_not_above():
    shown = figures.descent(X, Y, start=(1, 0)).facts
    assert 1 - shown["limit"] * shown["curvatures"]["smallest"] > 0.8
    below, above = (line.descent(X, Y, (1, 0), share * shown["limit"], 1000)[-1] for share in (0.97, 1.03))
    assert below == pytest.approx((0.9, 0.9), abs=1e-3)
    assert np.abs(above).max() > 1e6


@guards(
    ("Ten at a time arrive nearly as soon, and end closest of all.", "最後には底の最も近くにいます。"),
    ("But the path staggers, and never comes to rest.", "いつまでも落ち着きません。"),
)
def test_ten_points_a_step_end_closest():
    shown = figures.batches(*line.points(100, np.random.default_rng(6))).facts
    one, ten, every = (shown["runs"][size] for size in ("1", "10", "all"))
    assert one["epoch"] < ten["epoch"] < 0.25 * every["epoch"]
    assert ten["above"] < min(one["above"], every["above"]) / 10
    assert one["wander"] > 10 * ten["wander"]


@guards(
    ("here one quarter, as steep as it gets.", "ここでは4分の1、シグモイド関数が最も急になるところです。"),
    ("Every number agrees with what a nudge says.", "どの数も、実際に少し動かした結果と一致します。"),
)
def test_every_number_on_the_way_back_agrees_with_a_nudge():
    shown = facts("backprop")
    assert shown["slopes"]["h1"] == 0.25
    assert shown["gradients"] == pytest.approx(shown["nudges"], abs=1e-5)
    assert sum(shown["paths"].values()) == pytest.approx(shown["gradients"]["x"], abs=1e-5)
    assert math.prod(shown["chain"]["factors"]) == pytest.approx(shown["gradients"]["w1"], abs=1e-5)


@guards(
    ("One half costs about $0.7$, one tenth $2.3$, one hundredth $4.6$.", "100分の1なら$4.6$です。"),
    ("Two digits out of three, after a single step.", "三つの数字のうち二つが読めるようになりました。"),
    ("The film of {numref}`fig-film` showed it after ten steps.", "10ステップ目で見せていたのが、これです。"),
)
def test_one_step_draws_templates_that_read_two_digits_of_three(full_networks, mnist, first_step):
    assert [round(-math.log(p), 1) for p in (0.5, 0.1, 0.01)] == [0.7, 2.3, 4.6]
    scores = mnist.test.images.reshape(-1, 784) / 255 @ -first_step.T
    assert accuracy(scores.argmax(axis=1), mnist.test.labels) == pytest.approx(2 / 3, abs=0.02)
    (after_ten,) = (stop for stop in full_networks["mnist-1-layer"].checkpoints if stop.step == 10)
    assert min(np.corrcoef(-a, b)[0, 1] for a, b in zip(first_step, after_ten.weights[0], strict=True)) > 0.92


@guards(
    ("In the first ten of its six thousand steps", "全部で6000歩のうち、最初の10歩では"),
    ("most of the way down is done.", "もう、ほとんど下り終えています。"),
    ("And it made a detour.", "しかも、回り道をしています。"),
    ("where a hundred images thought that it was steepest.", "100枚の画像が最も急だと思ったほうへ"),
)
def test_the_training_goes_down_fast_and_by_a_detour(full_networks, some):
    network = full_networks["mnist-2-layer"]
    steps, losses = landscape.along(network, *some)
    assert (steps[[0, 2, 8, -1]] == (0, 10, 50, 6000)).all()
    assert network.recipe.batch_size == 100
    assert losses[0] - losses[2] < 0.05
    assert losses[0] - losses[8] > 0.7 * (losses[0] - losses[-1])
    path = landscape.around(network, *some).path
    assert np.linalg.norm(np.diff(path, axis=0), axis=1).sum() > 1.3 * np.linalg.norm(path[0])


@guards(
    ("Only the biases of the outputs move, and they can't look at the image.", "動くのは出力のバイアスだけで"),
    ("From zero the loss stays at $2.3$", "ゼロから始めると、損失は$2.3$のまま"),
)
def test_from_zero_nothing_moves_but_the_biases_of_the_outputs(some):
    images, labels = some[0].reshape(-1, 784) / 255, some[1]
    network = Network.of(("dense 10", "relu", "dense 10"), (784,))
    _, gradient = SoftmaxCrossEntropy().value_and_gradient(network.forward(images), np.eye(10)[labels])
    network.backward(gradient)
    moved = [name for layer in network.layers for name, slopes in layer.gradients.items() if slopes.any()]
    assert moved == ["biases"]
    assert network.layers[-1].gradients["biases"].any()


@guards(
    ("The networks are about equally good", "出来ばえは、どれも似たようなものです。"),
    ("More often than not you find a relative", "少し変わった親類が見つかります。"),
    ("A twin you will not find.", "双子は見つかりません。"),
)
def test_ten_starts_end_in_ten_networks_that_are_equally_good(full_networks):
    names = ["mnist-2-layer", *(f"mnist-2-layer-seed-{seed}" for seed in range(2, 11))]
    networks = [full_networks[name] for name in names]
    right = [network.test_accuracy for network in networks]
    assert max(right) - min(right) < 0.01
    first = networks[0].weights[0]
    alike = np.array([np.corrcoef(first, other.weights[0])[:10, 10:].max(axis=1) for other in networks[1:]])
    assert (alike > 0.6).mean() > 0.5
    assert alike.max() < 0.95


@guards(
    (
        "about a thousandth of the slope is left that there is at the last one.",
        "最後の層の1000分の1ほどしか",
    ),
    ("It answers 1, whatever the image is.", "どんな画像を見せても、1と答えるのです。"),
    ("But half of the neurons are silent", "半分ほどのニューロンは黙っているので"),
)
def test_the_slopes_of_sigmoids_vanish(full_networks, mnist, some):
    deep = {kind: full_networks[f"mnist-deep-{kind}"] for kind in ("sigmoid", "relu")}
    left = {kind: landscape.steepness(network, *some, stop=0) for kind, network in deep.items()}
    assert 1 / 2000 < left["sigmoid"][0] / left["sigmoid"][-1] < 1 / 700
    assert left["relu"].max() < 2 * left["relu"].min()
    assert (deep["sigmoid"].predictions(mnist.test.images) == 1).all()
    assert replace(deep["relu"].recipe, layers=deep["sigmoid"].recipe.layers) == deep["sigmoid"].recipe
    fires = np.mean([(layer > 0).mean() for layer in deep["relu"].activations(mnist.test.images[:500])[:-1]])
    assert 0.35 < fires < 0.65


@guards(("By $\\eta$, both times.", "どちらの場合も$\\eta$です。"))
def test_the_first_step_of_adam_asks_for_the_sign_alone():
    parameters, gradients = np.zeros(3), np.array([100, 0.01, -5])
    Adam(parameters, gradients).step(0.3)
    assert parameters == pytest.approx([-0.3, -0.3, 0.3], rel=1e-5)


@guards(("the velocities are $1$, $1.9$, $2.71$ and so on, towards 10.", "速度は$1$、$1.9$、$2.71$と増え、10に"))
def test_momentum_adds_up_to_ten_times_the_gradient():
    parameters, gradients = np.zeros(1), np.ones(1)
    optimiser = SGD(parameters, gradients, momentum=0.9)
    velocities = [float(optimiser.step(1) or optimiser.velocity[0]) for _ in range(200)]
    assert velocities[:3] == pytest.approx([1, 1.9, 2.71])
    assert velocities[-1] == pytest.approx(10)


@guards(
    ("and Nesterov, which does not swing as momentum does", "モーメンタムほど揺れないネステロフは"),
    ("RMSProp and Adam. They give each weight a step of its own", "RMSPropとAdamです。重みごとに歩幅を変えるやり方が"),
    (
        "know no weights, only directions, and need exactly as many as before.",
        "向きしか知らないので、一歩も変わりません。",
    ),
    ("a saddle costs time, it is no trap.", "鞍点は時間を取りますが、罠ではないのです。"),
    ("There even plain descent needs no more than", "ここでは、ただの勾配降下法でさえ"),
    ("at a rate three hundred times as high as that of the real training.", "学習率は、実際の訓練の300倍です"),
)
def test_the_race_goes_as_is_said(raced, full_networks):
    ravine, turned = raced["ravine"], raced["turned"]
    order = sorted(CONTENDERS, key=lambda one: ravine[one]["steps"])
    assert order == ["nesterov", "adam", "rmsprop", "momentum", "sgd"]
    assert all(turned[one]["steps"] == ravine[one]["steps"] for one in CONTENDERS[:3])
    assert turned["rmsprop"]["steps"] > 1.5 * ravine["rmsprop"]["steps"]
    assert turned["adam"]["steps"] > 1.5 * ravine["adam"]["steps"]
    assert raced["saddle"]["arrived"] == 5
    assert raced["real"]["sgd"]["steps"] < 25
    assert raced["real"]["sgd"]["rate"] / full_networks["mnist-2-layer"].recipe.rate == pytest.approx(300, rel=0.1)


@guards(
    (
        "On the saddle, plain descent, momentum and Nesterov first come down to the pass",
        "鞍点では、勾配降下法、モーメンタム、ネステロフの三つは、まず傾きがほとんどゼロの峠まで",
    ),
    ("RMSProp and Adam make longer steps where slopes are small, and cut across.", "峠を通らずに横切ります。"),
)
def test_three_come_down_to_the_pass_and_two_cut_across():
    course = race.COURSES["saddle"]
    ways = {one: race.run(one, course, course.start, rate) for one, rate in race.best_rates(course).items()}
    apart = {one: float(np.hypot(*way.T).min()) for one, way in ways.items()}  # from the pass, which is at zero
    assert max(apart[one] for one in CONTENDERS[:3]) < 0.15
    assert min(apart[one] for one in CONTENDERS[3:]) > 0.5


@guards(("Trained at this rate, the network's loss would have exploded.", "損失はたちまち手がつけられなくなった"))
def test_the_rate_of_the_slice_is_far_too_high_for_the_network(raced, mnist, full_networks):
    recipe = replace(
        full_networks["mnist-2-layer"].recipe,
        rate=raced["real"]["sgd"]["rate"],
        momentum=0.0,
        epochs=1,
        checkpoint_steps=(),
        checkpoint_epochs=False,
    )
    images, labels = mnist.train.images[:20000], mnist.train.labels[:20000]
    rng = np.random.default_rng(1)
    network = training.prepare(recipe, images, rng)
    assert training.fit(network, images, labels, recipe, rng).loss[-1] > 1e6


def held_back(full_networks, name):
    return full_networks[name].history.held_back_accuracy[-1]


@guards(
    (
        "Through one hidden layer they all arrive at the same place.",
        "たどり着くところはみな同じです。",
    ),
    ("Through five layers of sigmoids it matters", "シグモイド関数の層が五つあると、差が出ます。"),
    ("At a rate sixty times as high even plain descent gets them going.", "学習率を60倍にすれば"),
    (
        "RMSProp is off it after about ten steps and Adam after about twenty",
        "RMSPropは10歩ほど、Adamは20歩ほどで",
    ),
)
def test_who_walks_matters_in_the_deep_network_only(full_networks, some):
    shallow, deep = (
        [held_back(full_networks, f"mnist-{race}-{one}") for one in CONTENDERS] for race in ("race", "deep-race")
    )
    assert max(shallow) - min(shallow) < 0.01
    assert deep[0] < min(deep[1:]) - 0.01
    rates = [full_networks[name].recipe.rate for name in ("mnist-deep-race-sgd", "mnist-deep-sigmoid")]
    assert rates[0] / rates[1] == pytest.approx(60)
    early = {}
    for one in CONTENDERS:
        steps, losses = landscape.along(full_networks[f"mnist-deep-race-{one}"], *some)
        early[one] = next(step for step, loss in zip(steps, losses, strict=True) if loss < 2.25)
    assert early["rmsprop"] <= 15 <= early["adam"] <= 25
    assert min(early[one] for one in CONTENDERS[:3]) >= 150


def trained_in_page(mnist, epochs, **settings):
    """The last looks at a training of the page with these settings."""
    images, labels = mnist.train.images[:5000].reshape(-1, 784) / 255, mnist.train.labels[:5000]
    run = Run(images[:4000], labels[:4000], Settings(**settings), 10)
    return followed(run, epochs, 800, (images[4000:], labels[4000:]))


@guards(
    ("At the rate 3 the loss leaps about", "学習率が3だと、損失が跳ね回ります。"),
    (
        "With 64 hidden neurons, first weights of the usual size, the rate $0.1$ and momentum $0.9$ it works.",
        "最初の重みは「ふつう」、学習率$0.1$、モーメンタム$0.9$なら、上回れます。",
    ),
    (
        "By then all digits that the network learns from are read correctly",
        "学習に使う数字はすべて正しく読めて",
    ),
)
def test_the_page_trains_as_is_said(mnist):
    rest = figures.train_here(mnist.train.images, mnist.train.labels, mnist.class_keys, interactive=False).facts
    leaping = [look["loss"] for look in trained_in_page(mnist, 4, rate=3, start=0.1)]
    assert max(leaping) > 1
    assert (np.diff(leaping) > 0).sum() >= 4
    (*_, zero) = trained_in_page(mnist, 2, hidden=(32,), start=0)
    assert zero["loss"] == pytest.approx(math.log(10), abs=0.01)
    (*_, best) = trained_in_page(mnist, 20, hidden=(64,), momentum=0.9)
    assert best["accuracy"] > rest["accuracy"] + 0.03
    assert best["train_accuracy"] == 1


@guards(
    (
        "{value}`fig-plane:straight.circles|count`, which is guessing.",
        "当てずっぽうと変わりません。隠れ",
    ),
    ("With four hidden neurons the moons are parted", "隠れニューロンが四つあれば、三日月はきれいに分かれます。"),
    ("Two layers of eight get all", "八つずつの層を二つ重ねれば"),
)
def test_hidden_neurons_part_what_a_line_can_not():
    shown = facts("plane")
    assert shown["straight"]["circles"] == pytest.approx(shown["points"] / 2, abs=6)
    assert shown["straight"]["moons"] < shown["right"] == shown["points"]
    assert shown["spirals"]["four"] < 0.8 * shown["points"]
    assert shown["spirals"]["eight"] == shown["points"]


@guards(
    ("the curve has twelve numbers to choose and goes through all twelve points.", "12個の点をすべて通れるのです。"),
    ("the error at the others comes down again.", "ほかの点での誤差は、また小さくなっていきます。"),
)
def test_the_errors_part_and_the_second_comes_down_again():
    shown = facts("degree")
    errors = {kind: [shown["degrees"][str(d)][kind] for d in range(16)] for kind in ("train", "validation")}
    best, exact = shown["best"]["degree"], shown["exact"]["degree"]
    assert (exact, shown["worst"]["degree"]) == (11, 11)
    assert (np.diff(errors["train"]) < 1e-6).all()
    assert (np.diff(errors["validation"][best:12]) > 0).all()
    assert (np.diff(errors["validation"][11:]) < 0).all()


@guards(
    ("all 500 are soon read correctly", "その500枚はまもなくすべて正しく読めるようになりますが"),
    ("It does not fall after that epoch; it even rises a little.", "そのあとも下がらず、わずかに上がってさえいます。"),
    ("The loss on the held-back images is lowest after epoch", "取り分けた画像での損失が最も小さいのは"),
)
def test_the_loss_gets_worse_and_the_answers_do_not(full_networks):
    history = full_networks["mnist-few"].history
    lowest = int(np.argmin(history.held_back_loss))
    assert lowest < len(history.loss) / 2
    assert history.held_back_loss[-1] > history.held_back_loss[lowest] + 0.01
    assert 0 < history.held_back_accuracy[-1] - history.held_back_accuracy[lowest] < 0.02
    assert full_networks["mnist-few"].train_accuracy == 1


@guards(
    ("The accuracy goes down all the way", "正解率は、初めから終わりまで下がり続けます。"),
    ("A decay of $0.002$ costs about half a point", "$0.002$の減衰は、正解率を半ポイントほど下げる代わりに"),
)
def test_weight_decay_costs_accuracy_here(full_networks):
    right = [held_back(full_networks, f"mnist-decay-{decay}") for decay in (0, 2, 10, 50, 200)]
    assert (np.diff(right) < 0).all()
    assert 0.004 < right[0] - right[1] < 0.007
    assert full_networks["mnist-1-layer"].recipe.weight_decay == 0.002


@guards(
    ("dropout helps, by about a point here.", "ここでは1ポイントほどです。"),
    ("Where there are plenty of images it does nothing, or harm", "画像がたっぷりあるときには、何の役にも立たないか"),
    (
        "a hundred times as many images are worth more than all remedies together.",
        "画像を100倍にすることには、どの薬を合わせてもかないません。",
    ),
)
def test_dropout_helps_with_few_images_and_not_with_many(full_networks):
    right = {
        (size, share): held_back(full_networks, f"mnist-{size}{f'-dropout-{share}' if share else ''}")
        for size in ("few", "many")
        for share in (0, 20, 50)
    }
    gain = {(size, share): value - right[size, 0] for (size, share), value in right.items()}
    assert 0.003 < gain["few", 20] < gain["few", 50] < 0.015
    assert gain["many", 50] < 0 < gain["few", 20]
    assert abs(gain["many", 20]) < 0.002
    few, many = (full_networks[f"mnist-{size}"].train_images for size in ("few", "many"))
    assert many == 100 * few
    assert held_back(full_networks, "mnist-many") - held_back(full_networks, "mnist-few") > 5 * gain["few", 50]


@guards(
    ("it would have read about two digits in a hundred more", "100枚につき2枚ほど"),
    ("with twice the epochs more than one.", "エポックを倍にすれば1枚あまり"),
    ("each time with three seeds", "そのたびに三つのシードで訓練し"),
)
def test_the_first_network_could_have_been_better():
    table = (Path(__file__).parents[1] / "benchmarks" / "README.md").read_text(encoding="utf-8")

    def row(start):
        return re.search(rf"\| {start} \| ([^|]*) \|", table)[1]

    (chosen,) = re.search(r"\| mnist-first \| [^|]* \| \*\*([\d.]+)\*\*", table).groups()
    _, higher = row("rate 0.1 / 1").split(" / ")
    _, longer = row("3 / 10 epochs").split(" / ")
    assert 1.5 < float(higher) - float(chosen) < 2.5
    assert 1 < float(longer) - float(chosen) < 2
    assert "means of the seeds 1, 2 and 3" in table


@guards(
    ("the slopes $6 \\cdot 1 = 6$ and 0.", "最初の層の重みの傾きは、$6 \\cdot 1 = 6$とゼロです。"),
    ("The hardest tenth of the images does nearly half of all the pulling.", "全体の半分近くになります。"),
    (
        "it gets no more right than blind guessing.",
        "当てずっぽうと同じだけしか正解しません。",
    ),
    ("and a quarter is right.", "4枚に1枚は正解します。"),
)
def test_the_exercises_come_out_as_is_said(full_networks, mnist, cifar10):
    def loss(weight):
        hidden = np.maximum(0, [weight, -1])
        return (hidden @ (3, 4) - 5) ** 2

    assert (loss(2), loss(2.01)) == pytest.approx((1, 1.0609))
    pull = 1 - full_networks["mnist-1-layer"].probabilities(mnist.train.images)[np.arange(60000), mnist.train.labels]
    assert 0.4 < np.sort(pull)[-6000:].sum() / pull.sum() < 0.5
    seen, labels = cifar10.train.images[:10000].reshape(-1, 3072) / 255, cifar10.train.labels[:10000]
    first = (np.eye(10)[labels] - 0.1).T @ seen / 10000
    new = cifar10.test.images.reshape(-1, 3072) / 255
    plain, centred = (
        accuracy(((new - average) @ first.T).argmax(axis=1), cifar10.test.labels) for average in (0, seen.mean(axis=0))
    )
    assert plain == pytest.approx(0.1, abs=0.005)
    assert centred == pytest.approx(0.25, abs=0.01)
