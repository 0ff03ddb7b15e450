"""Values in prose: which facts can be quoted, how they are written, and what is refused."""

import json
import re

import pytest

from nnbook.site.extension.outputs import facts_of, in_language, move_data, move_pictures, with_files
from nnbook.site.extension.values import write

SOURCES = {
    "fig-a": {
        "share": 0.91749,
        "loss": -0.035,
        "images": 60000,
        "cells": [{"name": "cat"}, {"name": "7"}],
        "weight": -1.236,
    },
    "experiment": {"mnist-1-layer": {"test_accuracy": 0.917, "recipe": {"epochs": 10}}},
}


@pytest.mark.parametrize(
    ("reference", "english", "japanese"),
    [
        ("fig-a:share|percent", "91.7%", "91.7%"),
        ("fig-a:share|percent0", "92%", "92%"),
        ("fig-a:loss|points", "−3.5", "−3.5"),
        ("fig-a:images|count", "60,000", "60,000"),
        ("fig-a:weight|number2", "−1.24", "−1.24"),
        ("fig-a:cells.0.name|class", "cat", "猫"),
        ("fig-a:cells.1.name|class", "7", "7"),
        ("fig-a:cells.0.name|text", "cat", "cat"),
        ("fig-a:images", "60000", "60000"),
        ("experiment:mnist-1-layer.test_accuracy|percent", "91.7%", "91.7%"),
        ("experiment:mnist-1-layer.recipe.epochs|count", "10", "10"),
    ],
)
def test_values_are_written_in_the_language_of_the_page(reference, english, japanese):
    assert write(reference, SOURCES, "en") == english
    assert write(reference, SOURCES, "ja") == japanese


@pytest.mark.parametrize(
    ("reference", "message"),
    [
        ("fig-b:share|percent", "must name a figure of its page; got 'fig-b' .*choose among: experiment, fig-a"),
        ("fig-a:sum|percent", "must name a fact that exists; got 'sum' .*choose among: share, loss"),
        ("fig-a:cells.2.name|class", "got '2' .*choose among: 0, 1"),
        ("fig-a:share.more|percent", "got 'more' .*choose among: none"),
        ("fig-a:share|roman", "one of the forms .*got the form 'roman'"),
        ("fig-a:images|percent", "'percent' can't write 60000"),
        ("fig-a:share|count", "'count' can't write 0.91749"),
        ("fig-a:cells|text", "'text' can't write"),
        ("fig-a:cells.0.name|number2", "'number2' can't write 'cat'"),
        ("fig-a:share", "one of the forms"),
        ("experiment:nope.parameters|count", "got 'nope' .*choose among: mnist-1-layer"),
    ],
)
def test_what_can_not_be_quoted_is_refused(reference, message):
    with pytest.raises(ValueError, match=message):
        write(reference, SOURCES, "ja")


def test_one_language_of_an_output_is_kept():
    parts = "<!--nnbook:en--><p>one</p><!--/nnbook:en--><!--nnbook:ja--><p>一</p><!--/nnbook:ja-->"
    markup = f"<style data-nnbook>p{{}}</style>{parts}"
    assert in_language(markup, "ja") == "<p>一</p>"
    assert in_language("<p>no parts</p>", "ja") == "<p>no parts</p>"


def test_a_language_without_words_for_figures_gets_those_of_the_source_marked_as_such():
    figure = '<!--nnbook:en--><div class="nnb nnb-a">one</div><!--/nnbook:en-->'
    assert in_language(figure, "en") == '<div class="nnb nnb-a">one</div>'
    assert in_language(figure, "fr") == '<div lang="en" dir="ltr" class="nnb nnb-a">one</div>'


def test_facts_are_read_from_a_figure_of_the_package():
    from nnbook.figures import network_diagram

    figure = network_diagram((784, 10))
    assert facts_of(figure.html("ja")) == figure.facts
    assert facts_of("<p>no figure</p>") is None


def test_only_large_pictures_become_files(tmp_path):
    small, large = "QUFB" * 10, "QUFB" * 2000
    markup = f'<img src="data:image/png;base64,{small}"><img src="data:image/webp;base64,{large}" loading="lazy">'
    moved = move_pictures(markup, tmp_path, "../_images/")
    (name,) = [path.name for path in tmp_path.iterdir()]
    assert name.endswith(".webp")
    assert (tmp_path / name).read_bytes() == b"AAA" * 2000
    assert moved == f'<img src="data:image/png;base64,{small}"><img src="../_images/{name}" loading="lazy">'


def test_large_values_of_a_figures_data_become_files_of_which_equal_ones_are_one(tmp_path):
    from nnbook.figures.kit.element import attribute

    weights, cells = "w" * 2000, [{"it's": "<&>" + "c" * 30}] * 40
    words = {"said": "it's {number} <b>"}
    markup = ""
    for tag in "ab":
        data = {"name": tag, "layer": {"limits": [1], "weights": weights}, "cells": cells}
        data, said = (attribute(json.dumps(value)) for value in (data, words))
        markup += f"<nnb-{tag} data-nnb-data='{data}' data-nnb-words='{said}'></nnb-{tag}>"
    moved = move_data(markup, tmp_path, "../_data/")
    addresses = re.findall(r'<nnb-\w data-nnb-file="../_data/([^"]*)"></nnb-\w>', moved)
    assert moved == "".join(
        f'<nnb-{tag} data-nnb-file="../_data/{name}"></nnb-{tag}>' for tag, name in zip("ab", addresses, strict=True)
    )
    for tag, name in zip("ab", addresses, strict=True):
        whole = delivered(tmp_path, name)
        assert whole["words"] == words
        assert (whole["data"]["name"], whole["data"]["layer"]["limits"]) == (tag, [1])
        for reference, value in ((whole["data"]["layer"]["weights"], weights), (whole["data"]["cells"], cells)):
            assert delivered(tmp_path, reference.removeprefix("nnb-file:../_data/")) == value
    assert len(list(tmp_path.iterdir())) == 4


def delivered(folder, file):
    """What a file of data hands over under its own name."""
    written = (folder / file).read_text(encoding="utf-8")
    name, value = json.loads(f"[{written.removeprefix('nnbook.deliver(').strip().removesuffix(')')}]")
    assert name == file
    return value


def test_a_figure_that_says_little_keeps_it_in_the_page(tmp_path):
    markup = """<nnb-a data-nnb-data='{"name":"a"}' data-nnb-words='{"a":"b"}'></nnb-a>"""
    assert move_data(markup, tmp_path, "_data/") == markup
    assert list(tmp_path.iterdir()) == []


def test_facts_leave_the_page_when_the_prose_has_quoted_them(tmp_path):
    from nnbook.figures import network_diagram

    drawn = network_diagram((784, 10)).html("en")
    assert drawn.startswith('<div class="nnb nnb-network-diagram" data-facts=')
    assert with_files(drawn, tmp_path, "").startswith('<div class="nnb nnb-network-diagram"><')
