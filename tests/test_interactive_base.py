"""What every interactive figure rests on: the bundle, the types of its sources, the element around a static figure."""

import json
import re
import subprocess

import interactive_tools as tools
import npm
import numpy as np
import pytest
from figures_tools import elements, find

from nnbook import figures
from nnbook.figures.kit import bundle
from nnbook.figures.kit.element import interactive_figure
from nnbook.figures.kit.packing import DIGITS, pack

ROOMS = sorted(room.name.replace("_", "-") for room in bundle.FIGURES.iterdir() if [*room.glob("live.py")])
OF_A_FIGURE = 12_000  # bytes of a script


@pytest.fixture
def figure():
    static = figures.confusion_matrix(np.array([[8, 2], [1, 9]]), class_keys=("0", "1"))
    return interactive_figure("demo", static, {"text": 'it\'s <b> & "more"'}, lambda code: {"c": code})


def test_the_sources_are_sound_javascript_with_types(tmp_path):
    package = npm.package("typescript")
    options = [
        "--noEmit",
        "--allowJs",
        "--checkJs",
        "--strict",
        "--target",
        "es2022",
        "--lib",
        "es2023,dom,dom.iterable",
    ]
    files = [str(path) for kind in ("js", "d.ts") for path in sorted(bundle.FIGURES.glob(f"*/*.{kind}"))]
    options += ["--moduleDetection", "force"]
    done = subprocess.run(
        ["node", str(package / "bin" / "tsc"), *options, *files],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.stdout == ""
    assert done.returncode == 0


@pytest.mark.parametrize("tag", ROOMS)
def test_the_script_of_a_figure_is_small_and_names_its_words(tag):
    assert len(bundle.files()[f"{tag}.js"].encode()) <= OF_A_FIGURE
    assert f'nnbook.define("{tag}"' in bundle.files()[f"{tag}.js"]
    assert bundle.words(tag)


def test_a_figure_loads_the_kit_and_its_own_files_alone():
    assert bundle.needed("confusion-matrix") == ["kit.css", "kit.js", "confusion-matrix.css", "confusion-matrix.js"]
    assert "training-film" not in bundle.script("confusion-matrix")
    assert "why-mistake" in bundle.script()


def test_words_are_found_by_their_whole_key_or_its_beginning():
    assert {"kit.scale_own_words", "weight_images.scale_grey", "weight_images.plane"} <= {
        *bundle.words("weight-images")
    }
    assert {key.split(".")[0] for key in bundle.words("weight-images")} == {"kit", "weight_images"}


def test_scripts_and_styles_close_no_element():
    assert not re.search(r"</script|<!--", bundle.script())
    assert "</style" not in bundle.style()


def test_the_element_holds_the_static_figure_its_data_and_its_words(figure):
    element = elements(figure, "ja")
    assert element.tag == "nnb-demo"
    assert json.loads(element.get("data-nnb-data")) == {"text": 'it\'s <b> & "more"'}
    of_kit = {"kit.choose_image": "テスト画像", "kit.image": "画像 {index}", "kit.true_name": "正解 {name}"}
    assert json.loads(element.get("data-nnb-words")) == {**of_kit, "c": "ja"}
    assert len(find(element, "table")) == 1
    assert figure.facts["accuracy"] == 0.85


def test_a_notebook_gets_style_and_script_and_the_book_does_not_repeat_the_script(figure, monkeypatch):
    monkeypatch.delenv("NNBOOK_LANGUAGES", raising=False)
    shown = figure._repr_html_()
    assert shown.index("<style data-nnbook>") < shown.index("<nnb-demo") < shown.index("<script data-nnbook>")
    assert bundle.script("demo") in shown
    monkeypatch.setenv("NNBOOK_LANGUAGES", "en,ja")
    assert "<script" not in figure._repr_html_()


@pytest.mark.browser
def test_packed_numbers_are_read_back_by_the_script(browser):
    numbers = [0, 1, 88, 89, 9999, 704_968]
    page = browser.new_page()
    page.set_content(f"<script>{bundle.script()}</script>")
    assert page.evaluate("text => nnbook.unpack(text, 3)", pack(numbers, 3)) == numbers
    page.close()
    assert len(DIGITS) == 89


def test_numbers_too_large_to_be_packed_are_refused():
    with pytest.raises(ValueError, match="run from 0 to 7920; got 7921; use more characters"):
        pack([7921], 2)


@pytest.mark.browser
@pytest.mark.parametrize("language", ["en", "ja", "es", "ko", "fr", "pl", "hi", "sv"])
def test_numbers_are_written_as_python_writes_them(browser, language):
    from nnbook.figures.kit.examples import confidence
    from nnbook.localisation import count, decimal, numbers, percent, signed

    page = browser.new_page()
    page.set_content(f"<html lang={language}><script>{bundle.script()}</script></html>")
    counts, shares = [0, 1, 2, 5, 999, 1000, 1_000_000, 1_234_567], [0.0, 0.001, 0.3, 0.9171, 0.9949, 0.9996, 1.0]
    for script, python, values in (
        ("nnbook.count", count, counts),
        ("nnbook.form", numbers.form, counts),
        ("nnbook.confidence", confidence, shares),
        ("x => nnbook.percent(x, 1)", percent, shares),
        ("x => nnbook.decimal(x)", decimal, [-1234.26, -1.24, -0.001, 0, 0.5]),
        ("x => nnbook.signed(x)", signed, [-1234.26, -1.24, -0.001, 0, 0.5]),
    ):
        assert page.evaluate(f"values => values.map({script})", values) == [python(value, language) for value in values]
    page.close()


DEMO = "nnbook.define('demo', e => { window.got = nnbook.data(e); window.said = nnbook.words(e)('said', {n: 3}) })"


@pytest.mark.browser
def test_data_and_words_come_from_files_of_files_when_the_reader_comes_near(browser, tmp_path):
    data = {"name": "demo", "layers": [{"weights": "w" * 2000, "size": 3}], "rows": [[1, None, "it's"]] * 200}
    static = figures.confusion_matrix(np.array([[8, 2], [1, 9]]), class_keys=("0", "1"))
    figure = interactive_figure("demo", static, data, lambda code: {"said": f"{{n}} in <{code}> & {'x' * 700}"})
    page = browser.new_page()
    asked = []
    page.on("request", lambda request: asked.append(request.url) if "/_data/" in request.url else None)
    path = tools.write_page(tmp_path, [figure])
    far = '<main><div style="height: 300vh"></div>'
    path.write_text(path.read_text(encoding="utf-8").replace("<main>", far), encoding="utf-8")
    page.goto(path.as_uri())
    page.evaluate(DEMO)
    assert asked == []
    missing = next(path for path in (tmp_path / "_data").iterdir() if '"www' in path.read_text(encoding="utf-8"))
    kept = missing.rename(tmp_path / "kept")
    page.keyboard.press("Tab")
    page.wait_for_timeout(300)
    assert page.evaluate("window.got") is None  # a file that can't be had leaves the static figure as it is
    kept.rename(missing)
    tools.started(page)
    assert page.evaluate("got") == data
    assert page.evaluate("said") == f"3 in <en> & {'x' * 700}"
    assert len(list((tmp_path / "_data").iterdir())) == 3 == len(set(asked))
    page.close()
