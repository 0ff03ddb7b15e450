"""What the prose says that a figure shows is true of the networks and the data that the book is built from.

Each test names the sentences it guards, in every language; if one changes, the test asks to be looked at again.
"""

import functools
from pathlib import Path

import numpy as np
import pytest

from nnbook import figures
from nnbook.evaluation import accuracy, largest_confusions, most_confident, precision, recall
from nnbook.site.book import read_plan

pytestmark = pytest.mark.full_data
BOOK = read_plan(Path(__file__).parents[1])


def squeezed(text: str) -> str:
    """`text` without white space: lines break where they like, and Japanese has no spaces to break at."""
    return "".join(text.split())


@functools.cache
def prose(language: str) -> str:
    """All pages that the table of contents names, in one language."""
    return squeezed("\n".join(BOOK.file(language, page).read_text(encoding="utf-8") for page in BOOK.pages))


def guards(*sentences: tuple[str, str]):
    """Mark a test as the one that guards `sentences`, each in every language; all must stand in the book."""

    def mark(test):
        @functools.wraps(test)
        def guarded(*args, **kwargs):
            for versions in sentences:
                for language, sentence in zip(("en", "ja"), versions, strict=True):
                    assert squeezed(sentence) in prose(language), f"the book no longer says {sentence!r} ({language})"
            test(*args, **kwargs)

        return guarded

    return mark


def test_a_sentence_that_is_not_in_the_book_is_noticed():
    page = "Put where the pixels are, the weights are an image"
    for sentences in (("Zebras are striped.", "ぼやけた0が見えます。"), (page, "シマウマには縞がある。")):
        with pytest.raises(AssertionError, match=r"the book no longer says '(Zebras|シマウマ)"):
            guards(sentences)(lambda: None)()


@pytest.fixture(scope="module")
def averages(mnist):
    """The average training image of each digit, (10, 28, 28), ink from 0 to 1."""
    train = mnist.train
    return np.stack([train.images[train.labels == digit].mean(axis=0) for digit in range(10)]) / 255


@pytest.fixture(scope="module")
def templates(full_networks):
    return full_networks["mnist-1-layer"].weights[0].reshape(10, 28, 28)


@pytest.fixture(scope="module")
def reading(full_networks, mnist):
    """The probabilities that the one-layer network gives to the test images, (10000, 10)."""
    return full_networks["mnist-1-layer"].probabilities(mnist.test.images)


def middle(images):
    """The middle 6 x 6 pixels of images (..., 28, 28), averaged."""
    return images[..., 11:17, 11:17].mean(axis=(-2, -1))


def likeness(first, second):
    """The correlation of each picture in `first` with the one in `second`, (N,)."""
    return np.array([np.corrcoef(a.ravel(), b.ravel())[0, 1] for a, b in zip(first, second, strict=True)])


@guards(
    (
        "Most of its lines to the pixels that are drawn stay dotted, which means a weight of zero.",
        "図にある画素への線は、多くが点線のままです。",
    ),
    ("where a digit hardly ever has ink.", "数字のインクがめったに乗らない場所です。"),
)
def test_most_of_the_drawn_inputs_of_the_one_layer_network_count_for_nothing(templates, mnist):
    drawn = [*range(5), *range(779, 784)]
    assert (templates.reshape(10, 784)[3, drawn] == 0).mean() > 0.8
    assert (mnist.train.images.reshape(-1, 784)[:, drawn] > 0).mean() < 0.0001


@guards(
    ("lies in the hole.", "は、穴の中にあります。"),
    ("the middle is full of negative weights: the blue hole.", "真ん中は負の重みで埋まり、青い穴になりました。"),
)
def test_the_lowest_weight_of_the_zero_lies_in_its_hole(templates):
    row, column = np.unravel_index(templates[0].argmin(), (28, 28))
    assert 10 <= row <= 18
    assert 10 <= column <= 18
    assert (templates[0, 11:17, 12:16] < 0).mean() > 0.9


@guards(
    (
        "ink on the ring is good evidence for a 0, and training has given these pixels high weights.",
        "輪にかかるインクは0だという有力な手がかりであり、訓練によって、そこの重みが大きくなりました。",
    )
)
def test_the_ring_of_the_zero_is_positive(templates, averages):
    ring = averages[0] > 0.5
    assert templates[0][ring].mean() > 0.05
    assert averages[0][ring].mean() > 1.4 * np.delete(averages, 0, axis=0)[:, ring].mean()


@guards(
    (
        "zeros leave it blank, while nearly every other digit runs a stroke through it.",
        "0の真ん中は白く、ほかの数字はほとんどがそこに線を通します。",
    )
)
def test_only_zeros_leave_the_middle_blank(averages):
    ink = middle(averages)
    assert ink[0] < 0.2
    assert (ink[1:] > 1.5 * ink[0]).all()
    assert (ink[1:] > 0.35).sum() >= 8


@guards(
    ("No digit that the network was trained with has ink there", "四隅にインクの乗るものがありません。"),
    ("They are still zero, where they started.", "そこの重みは最初の値のまま、ゼロにとどまっています。"),
)
def test_weights_of_the_corners_are_zero(templates, mnist):
    ever = mnist.train.images.max(axis=0)
    for rows in (slice(0, 2), slice(26, 28)):
        for columns in (slice(0, 2), slice(26, 28)):
            assert not ever[rows, columns].any()
            assert not templates[:, rows, columns].any()


@guards(
    ("its average is faint in the middle", "平均の真ん中は淡く、インクがないだけで"),
    ("Its weights are anything but faint there", "重みの真ん中は、淡いどころではありません。"),
)
def test_the_middle_of_the_zero_is_pale_in_the_average_only(templates, averages):
    assert middle(averages[0]) < 0.3 * averages[0].max()
    assert np.abs(middle(templates[0])) > 0.4 * np.abs(templates[0]).max()


@guards(
    ("They are related, and they differ in an instructive way.", "たしかに似ています。けれども違うところもあり"),
    ("the likeness to the weights grows for every one of the ten.", "重みとの相関は10個のどれでも高くなります。"),
    (
        "A template is like its class's average, less what all classes have in common.",
        "鋳型は、クラスの平均から、すべてのクラスに共通する分を引いたものに似ています。",
    ),
)
def test_templates_are_like_averages_less_what_is_common(templates, averages):
    plain, apart = likeness(templates, averages), likeness(templates, averages - averages.mean(axis=0))
    assert plain.min() > 0.2
    assert plain.max() < 0.8
    assert (apart > plain).all()
    assert apart.min() > 0.6


@guards(
    ("few zeros have ink there, and most of the other digits do.", "そこにインクのある0はほとんどなく"),
    ("the pale weights come out as strong as the others.", "ほかと同じくらいはっきり現れます。"),
)
def test_pointing_into_the_hole_of_the_zero(templates, averages):
    row, column = np.unravel_index(templates[0].argmin(), (28, 28))
    ink = averages[:, row, column]
    assert ink[0] < 0.05
    assert (ink[1:] > 0.3).sum() >= 6
    limits = np.abs(templates).max(axis=(1, 2))
    assert limits.min() < 0.6 * limits.max()


@guards(
    ("the ten weights at any one pixel add up to zero", "どの画素でも10個の重みを足すとゼロになります。"),
    (
        "Zero, up to the last digits of the computer's arithmetic.",
        "コンピューターの計算の端数を除けば、ゼロになります。",
    ),
)
def test_the_ten_weights_of_a_pixel_add_up_to_zero(templates):
    assert np.abs(templates.sum(axis=0)).max() < 1e-6 < np.abs(templates).max()


@guards(
    ("The 2 neuron overlaps best", "重なりが最もよいのは2のニューロンです。"),
    ("most of it there.", "3のニューロンはおもにそこで"),
    ("and about half is left.", "手元に残るのは半分ほどです"),
    ("(The 5 and the 6 keep a little more: try them.)", "（5と6には、もう少し残ります。試してみてください）"),
    ("The 7 neuron collects", "7のニューロンは"),
)
def test_what_happens_when_a_two_comes_in(full_networks, mnist):
    network = full_networks["mnist-1-layer"]
    image = mnist.test.images[mnist.test.labels.tolist().index(2)].ravel() / 255
    products = network.weights[0].astype(float) * image
    positive, negative = products.clip(min=0).sum(axis=1), products.clip(max=0).sum(axis=1)
    scores = products.sum(axis=1) + network.biases[0]
    assert scores.argmax() == 2
    assert (positive[2] >= positive).all()
    assert products[3].reshape(28, 28)[:14].clip(min=0).sum() > 0.5 * positive[3]
    assert 0.4 < -negative[3] / positive[3] < 0.6
    assert (scores[[5, 6]] > scores[3]).all()
    assert -negative[7] > positive[7]


@guards(
    (
        "all weights are zero, all scores are equal, and every image lands in the first column",
        "重みはすべてゼロで、スコアはどれも等しく",
    ),
    (
        "Its templates are now soft copies of the class averages, less the average of all digits",
        "クラスの平均から数字全体の平均を引いて、淡く写したようなものです。",
    ),
)
def test_how_the_templates_are_drawn(full_networks, averages):
    start, soon, *_ = full_networks["mnist-1-layer"].checkpoints
    assert start.step == 0
    assert not start.weights[0].any()
    assert not start.biases[0].any()
    assert soon.step == 10
    assert likeness(soon.weights[0], averages - averages.mean(axis=0)).min() > 0.9
    assert np.abs(soon.weights[0]).max() < np.abs(full_networks["mnist-1-layer"].weights[0]).max() / 3


@guards(
    ("what follows is slow work on the exceptions", "その後に続くのは、例外を相手にした地道な手直しです。"),
    ("Its template is nearly finished at the fifth stop", "8の鋳型は五つ目の時点でほぼできあがっていて"),
    ("at the end it is lower than at the fourth stop.", "最後には四つ目の時点より少なくなります。"),
)
def test_the_late_steps_change_little(full_networks, mnist):
    network, test = full_networks["mnist-1-layer"], mnist.test
    images = test.images.reshape(len(test.images), -1) / 255
    answers = [(images @ stop.weights[0].T + stop.biases[0]).argmax(axis=1) for stop in network.checkpoints]
    assert network.checkpoints[4].step == 300
    assert 0 < network.test_accuracy - accuracy(answers[4], test.labels) < 0.02
    assert likeness(network.checkpoints[4].weights[0][8:9], network.weights[0][8:9]).min() > 0.9
    eights = [((given == 8) & (test.labels == 8)).sum() for given in answers]
    assert eights[-1] < eights[3]
    assert (np.diff(eights) < 0).any()


@guards(
    (
        "among the test images, those most like these are mostly what it said.",
        "よく似たテスト画像の多くが、ネットワークの答えた数字なのです。",
    ),
    (
        "These are ordinary digits, and the network was sure of something else.",
        "ふつうの数字なのに、ネットワークは別の数字だと信じ込んでいます。",
    ),
    ("no digit got a high probability", "どの数字にも低い確率しか与えられず"),
)
def test_mistakes_are_sorted_by_their_neighbours(reading, mnist):
    """Asked of the training images, which the rule has not seen: most of the nearest ones say so, too."""
    test, train = mnist.test, mnist.train
    chosen = figures.choose_mistakes(reading, test.labels, test.images, count=4)
    known = train.images.reshape(len(train), -1).astype(np.float32)
    lengths = (known**2).sum(axis=1)

    def votes(position, digit):
        image = test.images[position].reshape(-1).astype(np.float32)
        nearest = np.argsort(lengths - 2 * known @ image)[:25]
        return (train.labels[nearest] == digit).mean()

    assert np.mean([votes(k, reading[k].argmax()) > 0.5 for k in chosen["forgivable"]]) >= 0.75
    assert np.mean([votes(k, test.labels[k]) > 0.5 for k in chosen["clear"]]) >= 0.75
    assert reading[chosen["clear"]].max(axis=1).min() > 0.7
    assert reading[chosen["unsure"]].max() < 0.35


@guards(("The largest number off the diagonal is in row", "対角線の外で最も大きいのは"))
def test_fours_and_nines_are_the_joke_of_the_headings(full_networks):
    """The English heading has a 4 read as a 9, the Japanese one a 9 read as a 4."""
    largest = largest_confusions(full_networks["mnist-1-layer"].confusion, 6)
    assert {(4, 9), (9, 4)} <= {(actual, predicted) for actual, predicted, _ in largest}


@guards(
    ("there is ink where a 9 closes its loop.", "9の輪が閉じるところに、インクがあるのです。"),
    (
        "It is the bar across the top: a 9 closes it, a 4 leaves it open.",
        "決め手は上を横切る線です。9はそこを閉じ、4は開けたままにします。",
    ),
)
def test_the_top_bar_tells_nines_from_fours(templates, reading, mnist):
    difference = templates[9] - templates[4]
    row, column = np.unravel_index(difference.argmax(), (28, 28))
    assert 5 <= row <= 9
    assert 10 <= column <= 20
    test, four = mnist.test, mnist.test.labels == 4
    top = test.images[:, 5:9, 11:18].mean(axis=(1, 2))
    assert top[four & (reading.argmax(axis=1) == 9)].mean() > 1.5 * top[four & (reading.argmax(axis=1) == 4)].mean()


@guards(
    ("all of them leave the middle emptier than their digit usually does", "どれも、その数字としては真ん中が白く"),
    ("an empty middle is taken for a 0", "真ん中が白いと0に"),
)
def test_what_is_taken_for_a_zero_has_an_empty_middle(reading, mnist, averages):
    test = mnist.test
    for digit in range(1, 10):
        found = most_confident(reading, test.labels, digit, 0, count=1)
        if len(found):
            assert middle(test.images[found[0]] / 255) < middle(averages[digit]), f"the {digit} taken for a 0"


@guards(
    (
        "In the column of the 1 the strokes are thin and upright and there is little ink elsewhere.",
        "1の列では、線が細く、まっすぐに立っていて、ほかの場所にはほとんどインクがありません。",
    )
)
def test_what_is_taken_for_a_one_has_little_ink(reading, mnist):
    test = mnist.test
    for digit in (0, *range(2, 10)):
        found = most_confident(reading, test.labels, digit, 1, count=1)
        if len(found):
            usual = test.images[test.labels == digit].mean()
            assert test.images[found[0]].mean() < usual, f"the {digit} taken for a 1"


@guards(
    (
        "The wrong digit is ahead by much more than any one pixel gives.",
        "一つの画素が与えるよりもずっと大きく引き離しています。",
    ),
    (
        "about ten of the strongest pixels in the easiest case, and in most of them twenty to forty.",
        "いちばん楽な画像でもオレンジの濃い画素を10個ほど、多くの画像ではその2倍から4倍を消さなければなりません。",
    ),
)
def test_a_mistake_is_spread_over_many_pixels(full_networks, mnist):
    network, test = full_networks["mnist-1-layer"], mnist.test
    weights, scores = network.weights[0], network.scores(test.images)
    answers, needed = scores.argmax(axis=1), []
    for digit in range(10):
        wrong = np.flatnonzero((test.labels == digit) & (answers != digit))
        ahead = scores[wrong, answers[wrong]] - scores[wrong, digit]
        index = wrong[ahead.argmax()]
        parts = np.sort((weights[answers[index]] - weights[digit]) * test.images[index].ravel() / 255)[::-1]
        assert parts[0] < ahead.max() / 3
        needed.append(int((parts.cumsum() < ahead.max()).argmin()) + 1)
    assert 7 <= min(needed) <= 13
    assert np.mean([18 <= pixels <= 40 for pixels in needed]) > 0.7
    assert max(needed) <= 40


@guards(
    (
        "the templates of the airplane and of the ship are blue at the borders.",
        "飛行機と船の鋳型は、縁が青くなっています。",
    )
)
def test_airplanes_and_ships_are_blue_at_the_borders(full_networks, cifar10):
    templates = full_networks["cifar10-1-layer"].weights[0].reshape(10, 32, 32, 3)
    border = np.ones((32, 32), dtype=bool)
    border[4:-4, 4:-4] = False
    for key in ("airplane", "ship"):
        red, green, blue = templates[cifar10.class_keys.index(key)][border].mean(axis=0)
        assert blue > 0, key
        assert blue > red, key
        assert blue > green, key


@guards(
    (
        "Blind guessing would get 10% right, since the classes are equally common.",
        "クラスはどれも同じ枚数ですから、当てずっぽうでも10%は当たります。",
    )
)
def test_classes_are_equally_common(cifar10):
    assert np.bincount(cifar10.test.labels).tolist() == [1000] * 10


@guards(("The diagonal is still the largest number in every row", "どの行でも対角線がまだ最大ですが"))
def test_the_diagonal_of_cifar10(full_networks):
    confusion = full_networks["cifar10-1-layer"].confusion
    assert (confusion.argmax(axis=1) == np.arange(10)).all()
    assert (confusion > 0).all()


@guards(
    ("Airplanes and ships stand against the same blue.", "飛行機と船は、同じ青を背にしています。"),
    ("Cats and dogs have the same shapes and colours.", "猫と犬は、形も色も似ています。"),
    ("Deer and frogs sit in the same green and brown.", "鹿とカエルは、同じ緑や茶色に囲まれています。"),
    ("Automobiles and trucks stand on the same roads.", "自動車とトラックは、同じ道路の上にいます。"),
)
def test_the_mistakes_on_photographs_are_no_accident(full_networks, cifar10):
    keys = cifar10.class_keys
    confusion = full_networks["cifar10-1-layer"].confusion
    largest = {(keys[actual], keys[predicted]) for actual, predicted, _ in largest_confusions(confusion, 8)}
    assert {("airplane", "ship"), ("cat", "dog"), ("deer", "frog"), ("truck", "automobile")} <= largest


@guards(
    ("Birds go where their background sends them", "鳥の行き先は背景で決まります。"),
    (
        "bright sky in the airplane's cell, green and brown in the frog's.",
        "飛行機のマスには明るい空が、カエルのマスには緑や茶色が並びます。",
    ),
)
def test_birds_go_where_their_background_sends_them(full_networks, cifar10):
    keys, test = cifar10.class_keys, cifar10.test
    bird, airplane, frog = (keys.index(key) for key in ("bird", "airplane", "frog"))
    probabilities = full_networks["cifar10-1-layer"].probabilities(test.images)
    border = np.ones((32, 32), dtype=bool)
    border[6:-6, 6:-6] = False

    def colour(predicted):
        found = most_confident(probabilities, test.labels, bird, predicted, count=12)
        return test.images[found][:, border].mean(axis=(0, 1)) / 255

    sky, grass = colour(airplane), colour(frog)
    assert sky[2] > sky[0] + 0.15
    assert grass[2] < grass[0] - 0.1
    assert sky.mean() > 1.5 * grass.mean()


@guards(
    ("Some hold little more than one short stroke of blue", "短い青い線が一本あるだけのもの"),
    ("blue runs through the middle, as in the hole of the 0 template", "真ん中を青が通っていて"),
    ("The 1, whose own stroke runs right there, dislikes number", "1は、まさにそこを自分の線が通るので"),
    (
        "has the most orange along an upright stroke in the middle.",
        "真ん中の縦の線に沿ったオレンジが、10個のうちで最も濃いフィルターです。",
    ),
)
def test_what_zero_and_one_like_and_dislike(full_networks):
    first, second = full_networks["mnist-2-layer"].weights
    filters = first.reshape(10, 28, 28)
    blank, upright = second[0].argmax(), second[1].argmax()
    assert second[1].argmin() == blank
    assert filters[blank, 11:19, 12:15].mean() < -0.05
    assert filters[:, 8:20, 13:15].mean(axis=(1, 2)).argmax() == upright
    strongest = [np.sort(np.abs(image.ravel()))[-25:].sum() / np.abs(image).sum() for image in filters]
    strokes = [number for number in np.argsort(strongest)[-3:] if filters[number].min() < -filters[number].max()]
    assert len(strokes) >= 2


@guards(
    ("which speaks for the 9 and against the 4", "前者は9に有利で4に不利"),
    ("which speaks for the 4 and against the 9.", "後者は4に有利で9に不利に働きます。"),
)
def test_filters_that_tell_fours_from_nines(full_networks):
    four, nine = full_networks["mnist-2-layer"].weights[1][[4, 9]]
    for_nine, for_four = nine.argmax(), np.argsort(four)[-2]
    assert np.abs(four - nine).argmax() == for_nine
    assert four[for_nine] < 0 < nine[for_nine]
    assert nine[for_four] < 0 < four[for_four]


@guards(
    ("The 1 and the 5 have the same favourite", "1と5が最も好むのは同じ"),
    ("and so have the 4 and the 7", "4と7も同じ"),
    (
        "Every neuron speaks for several digits, and against several others.",
        "どのニューロンも、いくつかの数字に有利に、ほかのいくつかには不利に働きます。",
    ),
)
def test_hidden_neurons_are_shared(full_networks):
    _, second = full_networks["mnist-2-layer"].weights
    favourites = second.argmax(axis=1)
    assert favourites[1] == favourites[5]
    assert favourites[4] == favourites[7]
    assert ((second > 0).sum(axis=0) >= 3).all()
    assert ((second < 0).sum(axis=0) >= 3).all()


@guards(
    (
        "Most of it comes from one neuron, the one that asks for a blank middle.",
        "その多くは、真ん中が白いことを求める、あの一つのニューロンから来ています。",
    ),
    ("No other digit comes close.", "ほかの数字は、どれも遠く及びません。"),
)
def test_the_first_zero_is_clear(full_networks, mnist):
    network = full_networks["mnist-2-layer"]
    index = mnist.test.labels.tolist().index(0)
    image = mnist.test.images[index : index + 1]
    scores = np.sort(network.scores(image)[0])
    assert scores[-1] - scores[-2] > 3
    contributions = network.activations(image)[0][0] * network.weights[1][0]
    assert contributions.argmax() == network.weights[1][0].argmax()
    assert contributions.max() > 0.7 * contributions.sum()


@guards(
    ("is exactly the score of its digit.", "その数字のスコアにぴたりと一致します。"),
    ("the middle is blue in all of them", "真ん中はどれも青く"),
    (
        "hardly any two are read by the same set of neurons.",
        "まったく同じ組み合わせのニューロンで読まれるものは、ほとんどありません。",
    ),
)
def test_every_image_is_read_with_a_template_of_its_own(full_networks, mnist):
    network, test = full_networks["mnist-2-layer-wide"], mnist.test
    fires = network.activations(test.images)[0] > 0
    (first, second), (bias, other) = network.weights, network.biases
    zeros = np.flatnonzero(test.labels == 0)
    for index in zeros[:50]:
        template = (second * fires[index]) @ first
        score = template @ (test.images[index].ravel() / 255) + (second * fires[index]) @ bias + other
        np.testing.assert_allclose(score, network.scores(test.images[index : index + 1])[0], atol=1e-3)
    own = (second[0] * fires[zeros]) @ first
    assert (middle(own.reshape(-1, 28, 28)) < 0).all()
    assert len(np.unique(np.packbits(fires, axis=1), axis=0)) > 0.99 * len(fires)


@guards(
    ("On CIFAR-10 ten of them gain only a little", "CIFAR-10では、10個で得られるものはわずかです。"),
    ("still wrong about nearly every other photograph.", "それでも写真の二枚に一枚近くは間違えます。"),
)
def test_hidden_layers_on_both_data_sets(full_networks):
    reached = {name: network.test_accuracy for name, network in full_networks.items()}
    assert reached["mnist-1-layer"] < reached["mnist-2-layer"] < reached["mnist-2-layer-wide"]
    assert 0 < reached["cifar10-2-layer"] - reached["cifar10-1-layer"] < 0.04
    assert 0.5 <= reached["cifar10-2-layer-wide"] < 0.56


@guards(
    (
        "there, far more is newly wrong, and the gain is what is left over.",
        "こちらでは、新たに間違えるようになった画像がずっと多く",
    ),
    (
        "Every cell now shows its images that have become right, and those that are newly wrong.",
        "新たに正解になった画像と、引き換えに間違えるようになった画像とが、マスごとに見られます。",
    ),
)
def test_a_hidden_layer_also_loses_what_was_right(full_networks, mnist, cifar10):
    lost = {}
    for name, test in (("mnist", mnist.test), ("cifar10", cifar10.test)):
        before, after = (
            full_networks[f"{name}-{size}"].predictions(test.images) for size in ("1-layer", "2-layer-wide")
        )
        right = (before != test.labels) & (after == test.labels)
        lost[name] = ((before == test.labels) & (after != test.labels)).sum() / right.sum()
    assert 0 < lost["mnist"] < 0.1
    assert lost["cifar10"] > 3 * lost["mnist"]


@guards(("above the paper holds one of each digit.", "答えが分かれる例が数字ごとに一つずつあります。"))
def test_the_networks_differ_on_every_digit(full_networks, mnist):
    one, two = (full_networks[name].predictions(mnist.test.images) for name in ("mnist-1-layer", "mnist-2-layer"))
    assert set(mnist.test.labels[one != two].tolist()) == set(range(10))


@guards(
    ("At first each neuron counts", "初めのうちは、ニューロン一つひとつがものを言います。"),
    ("doubles the number of weights", "重みの数は2倍になりますが"),
    ("That is hardly more than chance", "これは、偶然とほとんど変わりません。"),
    (
        "A second hidden layer of a hundred neurons costs far less and gains more",
        "ニューロン100個の隠れ層をもう一つ重ねるほうが、ずっと少ない重みで、より多くを得られます。",
    ),
    ("At the right end the training images are almost all read correctly", "右端では、訓練画像はほとんどすべて"),
)
def test_more_neurons_soon_stop_helping(full_networks):
    hundred, two_hundred = (
        [full_networks[f"{name}{seed}"] for seed in ("", "-seed-2", "-seed-3")]
        for name in ("mnist-2-layer-wide", "mnist-2-layer-200")
    )
    assert full_networks["mnist-2-layer"].test_accuracy - full_networks["mnist-2-layer-2"].test_accuracy > 0.2
    reached, further = ([network.test_accuracy for network in group] for group in (hundred, two_hundred))
    assert 0 < np.mean(further) - np.mean(reached) < 2 * np.ptp(reached)
    assert 0 < further[0] - reached[0] < 2 * np.ptp(reached)
    deep, wide = full_networks["mnist-3-layer"], two_hundred[0]
    assert wide.weights[0].size == 2 * hundred[0].weights[0].size
    assert deep.parameters < 0.6 * wide.parameters
    assert 0.002 < deep.test_accuracy - max(further) < 0.01
    assert wide.train_accuracy > 0.99
    assert wide.train_accuracy - wide.test_accuracy > 0.01


@guards(
    ("the one-layer network reads fewer than half of them.", "1層のネットワークは半分も読めなくなります。"),
    ("At five it is close to guessing.", "5画素では、当てずっぽうに近くなります。"),
    (
        "The hundred hidden neurons hold out a little longer, and then they fall as well",
        "100個の隠れニューロンはもう少し持ちこたえますが、やはり落ちていきます。",
    ),
    ("A reader would not even notice.", "人なら気づきもしないほどの違いです。"),
)
def test_moved_digits_are_lost(full_networks, mnist):
    test = mnist.test
    assert (test.images[:, :, -3:] > 0).any(axis=(1, 2)).mean() < 0.1  # few digits lose ink by three pixels

    def read(name, pixels):
        moved = np.roll(test.images, pixels, axis=2)
        moved[:, :, :pixels] = 0
        return accuracy(full_networks[name].predictions(moved), test.labels)

    one, wide = ([read(name, pixels) for pixels in (0, 1, 2, 3, 5)] for name in ("mnist-1-layer", "mnist-2-layer-wide"))
    assert one[3] < 0.5
    assert one[4] < 0.15
    assert (np.array(wide) > one).all()
    assert wide[3] < 0.65
    assert wide[4] < 0.25


@guards(("of all images that were called an 8, how many really are 8s?", "適合率が最も低いのはどの数字でしょうか。"))
def test_the_lowest_precision(full_networks):
    assert precision(full_networks["mnist-1-layer"].confusion).argmin() == 8


@guards(
    (
        "even without the least missed, the network reads less than the one with no hidden layer at all.",
        "影響の最も小さいものを止めただけで、隠れ層のないネットワークよりも読めなくなります。",
    ),
    (
        "nearly all of both are lost, and most nines with them.",
        "この二つはほとんど読めなくなり、9も大半が読めなくなります。",
    ),
    ("Mostly one or two digits collapse", "一つか二つ総崩れになります。"),
)
def test_no_hidden_neuron_can_be_spared(full_networks, mnist):
    network, test = full_networks["mnist-2-layer"], mnist.test
    hidden = network.activations(test.images)[0]

    def read(on):
        return ((hidden * on) @ network.weights[1].T + network.biases[1]).argmax(axis=1)

    def recalls(answers):
        return np.array([(answers[test.labels == digit] == digit).mean() for digit in range(10)])

    answers = [read(np.arange(10) != off) for off in range(10)]
    best = max(accuracy(given, test.labels) for given in answers)
    assert best < full_networks["mnist-1-layer"].test_accuracy
    whole = recall(network.confusion)
    collapsed = [int((whole - recalls(given) > 0.4).sum()) for given in answers]
    assert np.mean([1 <= count <= 2 for count in collapsed]) >= 0.8
    left = recalls(answers[network.weights[1][7].argmax()])
    assert (left[[4, 7]] < 0.1).all()
    assert left[9] < 0.5


@guards(
    ("loses about a third of what it got right", "正しく読めていたものの三分の一ほどが読めなくなります。"),
    ("Turned upside down they cost it even more", "上下を逆さまにすると、さらに悪くなります。"),
    ("A mirror changes next to nothing.", "鏡に映しても、ほとんど何も変わりません。"),
)
def test_what_the_one_layer_network_knows_about_photographs(full_networks, cifar10):
    network, test = full_networks["cifar10-1-layer"], cifar10.test
    grey = test.images.mean(axis=3, keepdims=True).astype(np.uint8).repeat(3, axis=3)
    kept, below, mirrored = (
        accuracy(network.predictions(images), test.labels) / network.test_accuracy
        for images in (grey, test.images[:, ::-1], test.images[:, :, ::-1])
    )
    assert 0.6 < kept < 0.75
    assert below < kept
    assert 0.98 < mirrored < 1.02


def test_accuracy_of_the_record_is_that_of_the_network(full_networks, mnist):
    for name in ("mnist-1-layer", "mnist-2-layer"):
        network = full_networks[name]
        assert accuracy(network.predictions(mnist.test.images), mnist.test.labels) == network.test_accuracy
