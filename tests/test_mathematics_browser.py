"""Formulas as a browser draws them and reads them aloud: built as LaTeX builds them, in the font of the book."""

import shutil
import unicodedata

import pytest
from serving import served

from nnbook.site.configuration import SITE
from nnbook.site.extension.mathematics import mathml

pytestmark = pytest.mark.browser

PAGE = """<!doctype html><html lang="en"><meta charset="utf-8"><title>Formulas</title>
<link rel="stylesheet" href="mathematics.css"><main>{}</main></html>"""
FORMULAS = {
    "sum": (r"\sum_{i=1}^{784} w_i x_i", True),
    "sum-in-line": (r"\sum_{i=1}^{784} w_i x_i", False),
    "brackets": (r"\left( \frac{\frac{a}{b}}{\frac{c}{d}} \right)", True),
    "cases": (r"\begin{cases} x & \text{if } x > 0 \\ 0 & \text{otherwise} \end{cases}", True),
    "root": (r"\sqrt{\frac{a}{b}}", True),
    "arrow": (r"\xrightarrow{f}", True),
    "line": (r"\overline{x + y}", True),
    "accents": (r"\hat{y} + \bar{x} + \vec{v} + \tilde{z} + f'", True),
    "wide": (" + ".join(["x"] * 30), True),
}


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    folder = tmp_path_factory.mktemp("formulas")
    for path in SITE.glob("theme/*/*mathematics*"):
        shutil.copy(path, folder)
    body = "".join(f'<div class="math" id="{name}">{mathml(*formula)}</div>' for name, formula in FORMULAS.items())
    (folder / "formulas.html").write_text(PAGE.format(body), encoding="utf-8")
    (folder / "none.html").write_text(PAGE.format("<p>No formula.</p>"), encoding="utf-8")
    with served(folder) as address:
        yield address


@pytest.fixture(scope="module")
def page(browser, address):
    context = browser.new_context(viewport={"width": 390, "height": 800})
    page = context.new_page()
    page.goto(f"{address}/formulas.html", wait_until="networkidle")
    page.evaluate("document.fonts.ready")
    yield page
    context.close()


def box(page, selector):
    return page.locator(selector).first.bounding_box()


def test_every_sign_is_drawn_in_the_font_of_the_book(page):
    client = page.context.new_cdp_session(page)
    for domain in ("DOM", "CSS"):
        client.send(f"{domain}.enable")
    root = client.send("DOM.getDocument")["root"]["nodeId"]
    signs = "math :is(mi, mn, mo)"
    fonts = [
        (font["familyName"], font["isCustomFont"])
        for node in client.send("DOM.querySelectorAll", {"nodeId": root, "selector": signs})["nodeIds"]
        for font in client.send("CSS.getPlatformFontsForNode", {"nodeId": node})["fonts"]
    ]
    assert len(fonts) > 50
    assert set(fonts) == {("nnbook Mathematics", True)}


def test_signs_grow_with_what_they_hold(page):
    assert box(page, "#sum mo")["height"] > 1.25 * box(page, "#sum-in-line mo")["height"]
    for name in ("brackets", "cases"):
        assert box(page, f"#{name} mo")["height"] >= 0.9 * box(page, f"#{name} :is(mfrac, mtable)")["height"]
    assert box(page, "#root msqrt")["height"] > box(page, "#root mfrac")["height"]


def test_limits_stand_under_the_sum_on_a_line_of_its_own_and_beside_it_in_a_line(page):
    above, below = (box(page, f"#sum munderover > {place}") for place in ("mo", "mrow"))
    assert below["y"] >= above["y"] + above["height"] / 2
    assert abs((above["x"] + above["width"] / 2) - (below["x"] + below["width"] / 2)) < 3
    above, beside = (box(page, f"#sum-in-line munderover > {place}") for place in ("mo", "mrow"))
    assert beside["x"] >= above["x"] + above["width"] - 1


def test_a_wide_formula_scrolls_in_its_place(page):
    place = page.locator("#wide")
    assert place.evaluate("place => place.scrollWidth > place.clientWidth")
    assert box(page, "#wide")["width"] <= 390


def test_a_screen_reader_gets_the_structure_and_not_the_latex(page):
    client = page.context.new_cdp_session(page)
    nodes = client.send("Accessibility.getFullAXTree")["nodes"]
    roles = [node["role"]["value"] for node in nodes if not node["ignored"]]
    assert {"MathMLMath", "MathMLFraction", "MathMLSquareRoot", "MathMLUnderOver", "MathMLTable"} <= set(roles)
    names = " ".join(node.get("name", {}).get("value", "") for node in nodes)
    assert "∑" in names
    assert "\\" not in names


def test_what_is_selected_is_what_is_seen(page):
    text = page.evaluate("getSelection().selectAllChildren(document.querySelector('#brackets')), `${getSelection()}`")
    assert "".join(unicodedata.normalize("NFKC", text).split()) == "(abcd)"


def test_a_page_without_a_formula_loads_no_font(browser, address):
    context = browser.new_context()
    page = context.new_page()
    asked = []
    page.on("request", lambda request: asked.append(request.url.rpartition("/")[2]))
    page.goto(f"{address}/none.html", wait_until="networkidle")
    assert asked == ["none.html", "mathematics.css"]
    page.goto(f"{address}/formulas.html", wait_until="networkidle")
    assert asked[2:] == ["formulas.html", "mathematics.css", "nnbook-mathematics.woff2"]
    context.close()
