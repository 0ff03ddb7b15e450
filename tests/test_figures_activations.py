"""The chart of activation functions: its numbers are those of the layers that networks are trained with."""

import numpy as np
import pytest
from figures_tools import elements, find, latin_words, words

from nnbook import figures
from nnbook.figures.kit.functions import FUNCTIONS
from nnbook.network.activations import ReLU, Sigmoid, Tanh

X = np.linspace(-6, 6, 97)


@pytest.mark.parametrize(("name", "layer"), [("relu", ReLU((1,))), ("sigmoid", Sigmoid((1,))), ("tanh", Tanh((1,)))])
def test_functions_and_slopes_are_those_of_the_layers(name, layer):
    function, slope = FUNCTIONS[name]
    assert function(X) == pytest.approx(layer.function(X))
    assert slope(X) == pytest.approx(1.0 * layer.slope(layer.function(X)))
    middle = (function(X + 1e-6) - function(X - 1e-6)) / 2e-6
    assert slope(X)[X != 0] == pytest.approx(middle[X != 0], abs=1e-6)


def test_the_chart_says_its_numbers_in_the_page_s_words():
    figure = figures.activations()
    assert figure.facts["sigmoid"]["steepest"] == 0.25
    assert figure.facts["relu"]["slope_at_four"] == 1
    assert figure.facts["step"]["steepest"] == 0
    label = elements(figure, "en").find("div").get("aria-label")
    assert "tanh: 0.00 at zero, slope 1.00; slope at 4 0.00" in label
    assert latin_words(figure, "ja") == {"ReLU", "tanh"}
    for drawing in elements(figure, "ja").findall("./div/svg"):
        assert {"ステップ", "シグモイド", "ReLU", "tanh", "出力", "傾き"} <= {
            words(text) for text in find(drawing, "text")
        }
    assert len(figure.html("en")) < 15_000


def test_it_is_part_of_a_larger_figure():
    from matplotlib.figure import Figure

    axes = Figure().subplots(1, 2)
    figures.activations(axes[1])
    assert len(axes[1].child_axes) == 8
    assert not axes[0].child_axes
