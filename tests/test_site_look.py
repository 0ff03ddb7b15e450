"""How a page looks and feels, in a real browser: lines, margin notes, ways between languages, paper, icons."""

import base64
import re
import shutil
from io import BytesIO

import pytest
from PIL import Image
from playwright.sync_api import expect
from serving import Quiet, served
from site_books import CELL, ROOT, build, write_book
from waiting import wait_until

from nnbook import experiments
from nnbook.figures import emblem
from nnbook.site.front import missing_page

LAPTOP = {"width": 1280, "height": 800}
PHONE = {"width": 390, "height": 844}
# Characters of each line of text that goes on in the next one; a soft hyphen or a formula would not be one.
LINES = """() => [...document.querySelectorAll('#prose > p')].flatMap(p => {
    const lines = new Map(), range = document.createRange(), node = p.firstChild;
    for (let at = 0; at < node.length; at++) {
        range.setStart(node, at); range.setEnd(node, at + 1);
        const top = Math.round(range.getBoundingClientRect().bottom);
        lines.set(top, (lines.get(top) || 0) + 1);
    }
    return [...lines.values()].slice(0, -1);
})"""
BOX = "selector => document.querySelector(selector).getBoundingClientRect().toJSON()"
BOXES = "selector => [...document.querySelectorAll(selector)].map(e => e.getBoundingClientRect().toJSON())"

READ_ON = """id => {
    document.getElementById(id).scrollIntoView({behavior: 'instant'});
    scrollBy({top: 40, behavior: 'instant'});
}"""

NOTES = """
(notes)=
## {title}

{text}

```{{admonition}} One
:class: side
{long}
```

{text}

```{{admonition}} Two
:class: side translation
{long}
```

(after)=
### {title}

{text}

```{{code-cell}} ipython3
{cell}
```

```{{caption}} fig-after
*Look.*
```
"""


def prose(language: str) -> list[str]:
    """Paragraphs of the book that are nothing but long text, each on one line."""
    page = (ROOT / "book" / language / "looking-inside-neural-networks.md").read_text(encoding="utf-8")
    text = page.partition("\n# ")[2]
    paragraphs = [" ".join(part.split()) if language == "en" else part.strip() for part in text.split("\n\n")]
    long = {"en": 280, "ja": 130}[language]
    return [part for part in paragraphs if len(part) > long and not re.search(r"[`*{}$<#\[]", part)][:4]


@pytest.fixture(scope="module")
def book(tmp_path_factory):
    """The small book in the clothes of the real one, with long text, margin notes and a wide figure at its end."""
    root = write_book(tmp_path_factory.mktemp("look") / "small")
    shutil.rmtree(root / "book" / "_static")
    shutil.copytree(ROOT / "book" / "_static", root / "book" / "_static")
    for language, title in (("en", "Beside the text"), ("ja", "余白の注")):
        paragraphs = prose(language)
        assert len(paragraphs) == 4
        path = root / "book" / language / "weights.md"
        notes = NOTES.format(title=title, text=paragraphs[0], long="".join(paragraphs[1:3]), cell=CELL)
        text = path.read_text(encoding="utf-8") + "\n(prose)=\n## " + title + "\n\n" + "\n\n".join(paragraphs) + "\n"
        path.write_text(text + notes, encoding="utf-8")
    return root


@pytest.fixture(scope="module")
def site(book):
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CELL_RUNS", str(book / "runs"))
        return build(book, names=("mnist-1-layer",), output=book / "nnbook").output


class _AsOnPages(Quiet):
    """Serves a folder as GitHub Pages does: what is not there is answered with 404.html of the site."""

    def send_error(self, code, message=None, explain=None):
        page = (self.site / "404.html").read_bytes()
        self.send_response(code)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(page)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(page)


@pytest.fixture(scope="module")
def address(site):
    with served(site.parent, type("Handler", (_AsOnPages,), {"site": site})) as top:
        yield f"{top}/{site.name}"


@pytest.fixture
def visit(browser, address):
    """Opens a page of the site."""
    contexts = []

    def open_page(path, **options):
        contexts.append(browser.new_context(**{"viewport": LAPTOP} | options))
        page = contexts[-1].new_page()
        page.goto(f"{address}/{path}")
        return page

    yield open_page
    for one in contexts:
        one.close()


@pytest.mark.browser
@pytest.mark.parametrize(("language", "least", "most"), [("en", 65, 72), ("ja", 35, 40)])
def test_a_line_is_as_long_as_is_pleasant_to_read(visit, language, least, most):
    lines = visit(f"{language}/weights.html").evaluate(LINES)
    assert len(lines) > 8
    assert least <= sum(lines) / len(lines) <= most


@pytest.mark.browser
@pytest.mark.parametrize("language", ["en", "ja"])
@pytest.mark.parametrize("width", [1280, 1680])
def test_on_a_wide_screen_notes_stand_in_the_margin_beside_their_paragraph(visit, language, width):
    page = visit(f"{language}/weights.html", viewport={"width": width, "height": 900})
    paragraphs = page.evaluate(BOXES, "#notes p:has(+ .side)")
    notes, figure = page.evaluate(BOXES, "#notes .side"), page.evaluate(BOX, "#fig-after")
    assert len(notes) == len(paragraphs) == 2
    for note, paragraph in zip(notes, paragraphs, strict=True):
        assert note["left"] > paragraph["right"]
        assert note["right"] <= width
    assert abs(notes[0]["top"] - paragraphs[0]["top"]) < 12
    assert paragraphs[1]["top"] < notes[0]["bottom"] <= notes[1]["top"], "text goes on beside a note, notes do not meet"
    assert notes[1]["bottom"] <= figure["top"]
    assert figure["right"] > paragraphs[0]["right"] + 100, "figures may reach into the margin"


@pytest.mark.browser
@pytest.mark.parametrize("width", [390, 820, 1100])
def test_on_a_narrow_screen_notes_fold_into_the_text(visit, width):
    page = visit("ja/weights.html", viewport={"width": width, "height": 844})
    paragraphs, notes = page.evaluate(BOXES, "#notes p:has(+ .side)"), page.evaluate(BOXES, "#notes .side")
    for note, paragraph in zip(notes, paragraphs, strict=True):
        assert note["top"] >= paragraph["bottom"]
        assert note["left"] >= paragraph["left"] - 1
        assert note["right"] <= paragraph["right"] + 1
    assert page.evaluate("document.documentElement.scrollWidth") == width


def touch(page, name):
    """Click on a link of the header where it is; Playwright's own click would scroll the page first."""
    box = page.get_by_role("link", name=name).first.bounding_box()
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)


@pytest.mark.browser
def test_changing_the_language_keeps_the_section_in_view(visit, address):
    page = visit("en/weights.html", viewport=PHONE)
    page.evaluate(READ_ON, "notes")
    steps = page.evaluate("history.length")
    touch(page, "日本語")
    page.wait_for_url(f"{address}/ja/weights.html#notes")
    assert page.evaluate("history.length") == steps + 1, "nothing was written into the history on the way"
    assert 0 <= page.evaluate(BOX, "#notes > h2")["top"] < PHONE["height"] / 2
    page.mouse.wheel(0, -9999)  # by hand: while a page takes its final heights, it stays where a script has put it
    wait_until(page, "scrollY == 0")
    touch(page, "English")
    page.wait_for_url(f"{address}/en/weights.html")


@pytest.mark.browser
def test_changing_the_language_keeps_the_section_and_the_state_of_a_figure(visit, address):
    page = visit("en/weights.html#film:step=10")
    page.evaluate(READ_ON, "notes")
    touch(page, "日本語")
    page.wait_for_url(f"{address}/ja/weights.html#film:step=10")
    wait_until(page, "scrollY > 0")
    assert 0 <= page.evaluate(BOX, "#notes > h2")["top"] < LAPTOP["height"] / 2


@pytest.mark.browser
def test_the_place_that_another_tab_was_opened_with_moves_no_other_page(visit, address):
    page = visit("en/weights.html#film:step=10")
    page.evaluate(READ_ON, "notes")
    with page.context.expect_page():
        page.keyboard.down("Control")
        touch(page, "日本語")
        page.keyboard.up("Control")
    page.goto(f"{address}/en/index.html")
    page.goto(f"{address}/en/weights.html#film:step=20")
    page.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
    assert page.evaluate("scrollY") == 0


@pytest.mark.browser
def test_the_menu_shows_the_sections_of_the_page_under_its_title(visit):
    page = visit("ja/weights.html")
    page.locator("#book-sidebar").get_by_role("link", name="余白の注").last.click()
    wait_until(page, "location.hash == '#notes'")
    assert page.locator("#book-sidebar nav nav").get_attribute("aria-label") == "目次"


@pytest.mark.browser
def test_the_menu_opens_a_section_when_it_is_chosen_and_not_while_the_page_is_scrolled(visit):
    page = visit("en/weights.html")
    menu = page.locator("#book-sections")
    section, inner, current = (menu.locator(f"a{which}") for which in ("[href='#notes']", "[href='#after']", ".active"))
    read = "document.getElementById('after').scrollIntoView({behavior: 'instant'})"
    page.evaluate(read)
    expect(current).to_have_attribute("href", "#notes")
    expect(current).to_have_attribute("aria-current", "true")
    expect(inner).to_be_hidden()
    section.click()
    expect(inner).to_be_visible()
    # Until a reader scrolls, the browser keeps the page at the place of its address, against any script.
    wait_until(page, "location.hash == '#notes' && document.querySelector('#notes h2').getBoundingClientRect().top > 0")
    page.mouse.move(LAPTOP["width"] / 2, LAPTOP["height"] / 2)
    page.mouse.wheel(0, page.evaluate("document.getElementById('after').getBoundingClientRect().top") - 100)
    expect(current).to_have_attribute("href", "#after")


@pytest.mark.browser
def test_the_menu_follows_a_reader_who_jumps_over_headings(visit):
    page = visit("en/weights.html")
    current = page.locator("#book-sections a.active")
    jump = "section => scrollBy({top: section.getBoundingClientRect().top + innerHeight, behavior: 'instant'})"
    sections = page.locator("article section section:has(> h2)")
    for section in sections.all():  # long ones, so that no heading is in the window
        section.evaluate("section => { section.style.paddingBottom = '300vh'; }")
    for section in (sections.first, sections.last):
        section.evaluate(jump)
        expect(current).to_have_attribute("href", f"#{section.get_attribute('id')}")


@pytest.mark.browser
def test_the_menu_of_a_phone_opens_where_the_reader_is(visit):
    page = visit("en/weights.html", viewport=PHONE)
    page.evaluate("document.getElementById('after').scrollIntoView({behavior: 'instant'})")
    page.locator(".book-menu").click()
    expect(page.locator("#book-drawer a[href='#after']")).to_be_visible()


@pytest.mark.browser
def test_without_scripts_the_menu_lists_everything(visit):
    page = visit("en/weights.html", java_script_enabled=False)
    expect(page.locator("#book-sections a[href='#after']")).to_be_visible()


@pytest.mark.browser
@pytest.mark.parametrize("missing", ["nowhere", "en/deep/below/nowhere.html"])
def test_an_address_that_leads_nowhere_shows_the_way_home_in_both_languages(visit, address, missing):
    page = visit(missing)
    assert page.locator("section").evaluate_all("all => all.map(one => one.lang)") == ["en", "ja"]
    homes = [f"{address}/en/index.html", f"{address}/ja/index.html"]
    wait_until(page, "homes => [...document.links].map(link => link.href).join() == homes", ",".join(homes))
    for home in homes:
        assert page.request.get(home).ok


def test_where_the_address_of_the_site_is_known_the_missing_page_needs_no_script():
    page = missing_page(("en", "ja"), "https://example.org/book/", {})
    assert re.findall(r'<a href="([^"]+)"', page) == [
        "https://example.org/book/en/index.html",
        "https://example.org/book/ja/index.html",
    ]
    assert "<script" not in page


@pytest.mark.browser
def test_every_page_has_the_same_icon(visit, address):
    icons = set()
    for path in ("404.html", "en/index.html", "ja/weights.html"):
        page = visit(path)
        href = page.locator("link[rel=icon]").first.evaluate("link => link.href")
        inside = href.partition("base64,")[2]
        icons.add(base64.b64decode(inside).decode() if inside else page.request.get(href).text())
    page = visit("404.html")
    icons.add(page.request.get(f"{address}/favicon.svg").text())
    assert 'href="favicon.svg"' in page.request.get(f"{address}/index.html").text()
    assert len(icons) == 1


def test_icons_and_card_come_from_the_weights_and_are_the_same_each_time(site):
    weights = experiments.trained("mnist-1-layer", size="sample").weights[0]
    again = emblem.files(weights, (28, 28))
    assert {name: (site / name).read_bytes() for name in again} == again
    sizes = {name: Image.open(BytesIO(content)).size for name, content in again.items() if name.endswith(".png")}
    assert sizes == {"favicon.png": (32, 32), "apple-touch-icon.png": (180, 180), "card.png": (1200, 630)}
    assert len(again["favicon.svg"]) < 5_000
    other = emblem.files(weights, (28, 28), weights[::-1])
    assert {name for name in again if again[name] != other[name]} == {"card.png"}


def test_a_shared_link_shows_the_card_where_the_address_is_known(book, site, monkeypatch):
    def properties(page):
        return dict(re.findall(r'<meta (?:property|name)="((?:og|twitter):[^"]+)" content="([^"]*)"', page))

    unknown = properties((site / "ja" / "weights.html").read_text(encoding="utf-8"))
    assert "og:image" not in unknown
    assert unknown["og:title"] == "重み"
    assert unknown["og:locale"] == "ja_JP"
    monkeypatch.setenv("CELL_RUNS", str(book / "runs"))
    monkeypatch.setenv("NNBOOK_BASE_URL", "https://example.org/book")
    known = build(book, names=("mnist-1-layer",), output=book / "known", languages=("ja",)).output
    page = (known / "ja" / "weights.html").read_text(encoding="utf-8")
    assert '<link rel="alternate" hreflang="ja" href="https://example.org/book/ja/weights.html">' in page
    shown = properties(page)
    assert shown["og:image"] == "https://example.org/book/card.png"
    assert shown["og:url"] == "https://example.org/book/ja/weights.html"
    assert shown["twitter:card"] == "summary_large_image"


@pytest.mark.browser
def test_paper_shows_the_text_and_nothing_that_can_only_be_touched(visit):
    page = visit("en/weights.html", color_scheme="dark")
    wait_until(page, "document.documentElement.dataset.theme == 'dark'")
    page.emulate_media(media="print", color_scheme="dark")
    shown = "all => all.filter(one => one.checkVisibility()).map(one => one.outerHTML.slice(0, 80))"
    assert page.locator("nav, button, select, input, dialog, .headerlink, .book-header").evaluate_all(shown) == []
    assert page.locator("h1, h2, figure, .side").evaluate_all(shown)
    assert page.locator("article pre").evaluate_all("all => all.filter(one => one.scrollWidth > one.clientWidth)") == []
    ink = "selector => getComputedStyle(document.querySelector(selector)).color"
    assert page.evaluate(ink, "#prose > p") == "rgb(0, 0, 0)"
    assert page.evaluate(ink, "#fig-zero .nnb") == "rgb(28, 32, 36)", "figures take the colours of a light page"


@pytest.mark.browser
def test_japanese_is_set_upright(visit):
    page = visit("ja/weights.html")
    page.evaluate("document.querySelector('#prose > p').innerHTML = '<em>強調</em><i>斜体</i><cite>本</cite>'")
    styles = page.locator("#prose > p > *").evaluate_all("all => all.map(one => getComputedStyle(one).fontStyle)")
    assert styles == ["normal"] * 3
