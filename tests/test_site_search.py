"""Searching the real chapters in a real browser: what readers type, and the section that they should come to."""

import gzip
import json
import re
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import npm
import pytest
from bs4 import BeautifulSoup
from serving import Quiet, served
from site_books import ROOT, build
from site_prose import write_prose
from waiting import wait_until, wait_until_holds

from nnbook.pipeline import BuildError
from nnbook.site import search

pytestmark = pytest.mark.browser

# What is typed, the section that must be found, and at which place at the latest.
ENGLISH = [
    ("confusion matrix", "confusion-matrix", 1),
    ("confusion matrices", "confusion-matrix", 3),
    ("hidden layer", "hidden-layer", 1),
    ("xor", "xor", 1),
    ("sigmoid", "activation-functions", 3),
    ("forward pass", "layers", 1),
    ("Ada Lovelace", "one-vote", 1),
    ("decision boundary", "one-line", 3),
    ("seeing weights", "seeing-the-weights", 1),
    ("templates", "templates", 1),
    ("negative weight", "one-neuron", 3),
    ("activation function", "activation-functions", 1),
    ("softmax", "probabilities", 1),
    ("RELU", "activation-functions", 3),
    ("ＲｅＬＵ", "activation-functions", 3),
    ("28×28", "seeing-the-weights", 3),
    ("cifar10", "making-it-fail", 1),
    ("CIFAR-10 photograph", "making-it-fail", 1),
    ("airplanes and ships", "making-it-fail", 1),
    ("memorising", "limits", 1),
    ("learn by heart", "by-heart", 1),
    ("backprop", "backpropagation", 1),
    ("convolutional", "convolutional", 3),
    ("precision", "exercises", 3),
    ("recall", "confusion-matrix", 1),
    ("blurry averages", "a-template", 1),
    ("what is a filter?", "many-filters", 2),
    ("random seed", "seeds", 3),
    ("Karpathy", "further-reading", 1),
    ("black box", "home", 1),
    # Misspelt, or spelt as elsewhere.
    ("confusoin matrix", "confusion-matrix", 1),
    ("gradeint decsent", "gradient-descent", 1),
    ("templte", "templates", 1),
    ("neurn", "one-neuron", 1),
    ("hiden layer", "hidden-layer", 1),
    ("backpropogation", "backpropagation", 1),
    ("mnsit", "pixels", 1),
    ("memorize", "limits", 1),
    ("color photos", "a-photograph-goes-through", 1),
    ("confidence", "most-confident", 2),
    ("error", "why-this-mistake", 2),
    ("failure", "making-it-fail", 1),
    ("gradient descent", "gradient-descent", 1),
    ("chain rule", "chain-rule", 1),
    ("least squares", "a-line", 1),
    ("momentum", "better-steps", 1),
    ("weight decay", "decay", 1),
    ("vanishing slopes", "vanishing", 1),
    ("dropout", "dropout", 1),
    ("validation set", "by-heart", 1),
]
# Words that the book does not use for what it speaks of.
OTHER_ENGLISH = [
    ("misclassified", "why-this-mistake", 2),
    ("misclassified digits", "why-this-mistake", 1),
    ("misclasified", "why-this-mistake", 2),
    ("error rates", "confusion-matrix", 4),
    ("px", "one-neuron", 3),
    ("coefficients", "seeing-the-weights", 3),
    ("intercept", "a-line", 3),
    ("hidden units", "hidden-layer", 1),
    ("Perceptron", "one-line", 1),
    ("logits", "probabilities", 1),
    ("nonlinearity", "activation-functions", 1),
    ("CNN", "convolutional", 3),
    ("overfitting", "degree", 1),
    ("generalize", "limits", 1),
    ("ground truth", "templates", 3),
    ("cross-entropy", "first-step", 1),
    ("sensitivity", "confusion-matrix", 1),
    ("prototypes", "templates", 1),
    ("kernel", "sliding-window", 3),
    ("latent representation", "features", 1),
    ("SGD", "batches", 3),
    ("ablation", "exercises", 3),
    ("interpretability", "home", 1),
    ("mini-batches", "batches", 1),
    ("regularisation", "decay", 1),
    ("local minima", "saddles", 3),
    ("hash", "how-made-data", 1),
]
JAPANESE = [
    ("混同行列", "confusion-matrix", 1),
    ("隠れ層", "hidden-layer", 1),
    ("鋳型", "templates", 1),
    ("XOR", "xor", 1),
    ("シグモイド関数", "activation-functions", 3),
    ("順伝播", "layers", 1),
    ("活性化関数", "activation-functions", 1),
    ("勾配降下法", "gradient-descent", 1),
    ("特徴と表現", "features", 1),
    # Inside longer words.
    ("行列", "why-a-bend", 1),
    ("隠れ", "hidden-layer", 1),
    ("同行", "confusion-matrix", 3),
    ("国勢調査", "mistakes", 1),
    ("ネットワーク", "looking-inside", 3),
    ("単調", "a-two-comes-in", 1),
    ("伝播", "layers", 3),
    ("フィルタ", "sliding-window", 2),
    ("プロパゲーション", "backpropagation", 1),
    # Inflected, and as one would ask.
    ("重みを可視化する", "seeing-the-weights", 1),
    ("間違えました", "which-mistakes", 3),
    ("なぜ間違えるのか", "why-this-mistake", 4),
    ("丸暗記する", "by-heart", 1),
    ("発火しない", "one-image-through", 3),
    ("書いてみたい", "draw-a-digit", 3),
    ("ぼやけた0", "a-template", 1),
    ("鋳型の平均", "summary", 3),
    ("飛行機や船の間違い", "which-mistakes", 1),
    # Mixed scripts, forms of characters, misspelt.
    ("ReLU関数", "activation-functions", 1),
    ("ＲｅＬＵ", "activation-functions", 3),
    ("28×28", "seeing-the-weights", 3),
    ("２８ ✕ ２８", "seeing-the-weights", 3),
    ("CIFAR10の写真", "making-it-fail", 1),
    ("ﾆｭｰﾛﾝ", "one-vote", 1),
    ("ｿﾌﾄﾏｯｸｽ", "probabilities", 1),
    ("にゅーろん", "one-vote", 1),
    ("ニュウロン", "one-vote", 1),
    ("テンプレト", "templates", 1),
    ("学習率", "learning-rate", 1),
    ("パラメーター数", "how-made-networks", 1),
    ("バックプロパゲーション", "backpropagation", 1),
    ("連鎖律", "chain-rule", 1),
    ("最小二乗法", "a-line", 1),
    ("鞍点", "saddles", 1),
    ("勾配消失", "vanishing", 1),
    ("過学習", "degree", 1),
    ("早期終了", "early-stopping", 1),
]
OTHER_JAPANESE = [
    ("ピクセル", "pixels", 4),
    ("ピクセル数", "moved-digits", 3),
    ("ぴくせる", "pixels", 4),
    ("ﾋﾟｸｾﾙ", "pixels", 4),
    ("誤分類", "confusion-matrix", 1),
    ("誤分類した数字", "why-this-mistake", 1),
    ("誤分類率", "why-this-mistake", 3),
    ("係数", "seeing-the-weights", 3),
    ("ノード", "one-vote", 1),
    ("隠れユニット", "hidden-layer", 1),
    ("中間層", "hidden-layer", 1),
    ("パーセプトロン", "one-line", 1),
    ("ロジット", "probabilities", 1),
    ("非線形", "activation-functions", 1),
    ("CNN", "convolutional", 3),
    ("過学習を防ぐ", "degree", 3),
    ("汎化", "by-heart", 1),
    ("教師データ", "templates", 1),
    ("交差エントロピー", "first-step", 1),
    ("感度", "confusion-matrix", 1),
    ("ひな形", "templates", 1),
    ("カーネル", "sliding-window", 2),
    ("埋め込み", "features", 1),
    ("最適化", "gradient-descent", 1),
    ("ハイパーパラメーター", "choices", 1),
    ("文字認識", "looking-inside", 3),
    ("平行移動", "moved-digits", 1),
    ("正則化", "decay", 1),
    ("ミニバッチ", "batches", 1),
    ("モメンタム", "better-steps", 1),
]
QUERIES = [("en", *query) for query in ENGLISH + OTHER_ENGLISH] + [
    ("ja", *query) for query in JAPANESE + OTHER_JAPANESE
]


class _Server(Quiet):
    """Compresses text as GitHub Pages does, and notes what was sent."""

    sent: dict[str, int] = {}  # noqa: RUF012 - bytes by path, of all requests

    def do_GET(self):
        path = Path(self.translate_path(self.path))
        if not path.is_file():
            return self.send_error(404)
        plain = path.read_bytes()
        text = path.suffix in {".js", ".json", ".html", ".css"}
        body = gzip.compress(plain, 6) if text else plain
        self.sent[urlsplit(self.path).path] = len(body)
        self.send_response(200)
        self.send_header("Content-Type", self.guess_type(path))
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Cache-Control", "no-store")
        if text:
            self.send_header("Content-Encoding", "gzip")
        self.end_headers()
        self.wfile.write(body)


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    return build(write_prose(tmp_path_factory.mktemp("search") / "prose")).output


@pytest.fixture(scope="module")
def address(site):
    """Where the site is served, below a folder as on GitHub Pages."""
    with served(site.parent, _Server) as top:
        yield f"{top}/{site.name}"


@pytest.fixture(scope="module")
def open_page(browser):
    @contextmanager
    def opened(address, routes=None, **options):
        """`routes` are there before the page: what it asks for soon after they are set may still pass them by."""
        context = browser.new_context(**options)
        try:
            page = context.new_page()
            for pattern, answer in (routes or {}).items():
                page.route(pattern, answer)
            page.goto(address)
            yield page
        finally:
            context.close()

    return opened


@pytest.fixture(scope="module")
def readers(open_page, address):
    """A page of each language with its search open."""
    with open_page(f"{address}/en/index.html") as english, open_page(f"{address}/ja/index.html") as japanese:
        for page in (english, japanese):
            page.keyboard.press("Control+k")
        yield {"en": english, "ja": japanese}


def ask(page, query):
    """Type the query and give the addresses that are found, once they are there."""
    page.evaluate("document.querySelector('.book-search-status').textContent = ''")
    page.locator("#book-search-query").fill(query)
    page.locator(".book-search-status:not(:empty)").wait_for()
    return page.locator("#book-search li a").evaluate_all("links => links.map(link => link.href)")


def status(page):
    return page.locator(".book-search-status").inner_text()


# What the page asks of its search, without waiting until a reader has stopped typing.
FOUND = """async (query) => {
    const { find } = await import(new URL("../pagefind/find.js", location));
    const { sections } = await find(query);
    return Promise.all(sections.slice(0, 5).map(async (section) => (await section.load()).address));
}"""


@pytest.mark.parametrize(("language", "query", "section", "place"), QUERIES)
def test_a_query_leads_to_its_section(readers, address, language, query, section, place):
    found = readers[language].evaluate(FOUND, query)
    assert all(link.startswith(f"{address}/{language}/") for link in found)
    assert section in [link.partition("#")[2] for link in found[:place]]


def test_what_was_found_is_marked_in_title_and_text(readers):
    marked = "marks => marks.map(mark => mark.textContent)"
    ask(readers["ja"], "隠れ層")
    first = readers["ja"].locator("#book-search li").first
    assert first.locator("a").inner_text() == "ニューラルネットワークの中をのぞく › 隠れ層"
    assert set(first.locator("mark").evaluate_all(marked)) == {"隠れ層"}
    ask(readers["en"], "a hidden layer")
    first = readers["en"].locator("#book-search li").first
    assert first.locator("a").inner_text() == "Looking inside neural networks › A hidden layer"
    assert first.locator("a mark").inner_text() == "hidden layer"


def test_the_reader_is_told_how_much_was_found_and_for_what(readers):
    english, japanese = readers["en"], readers["ja"]
    ask(english, "Karpathy")
    assert status(english) == "1 section found."
    ask(english, "templte")
    assert status(english).startswith("Showing what was found for “template”.")
    ask(japanese, "重みを可視化する")
    assert status(japanese).startswith("「可視化する」は、この本には出てきません。")
    ask(english, "misclassified images")
    assert status(english).startswith("Showing what was found for “mistake images”.")
    ask(japanese, "誤分類")
    assert status(japanese).startswith("「間違い」で見つかったものを表示しています。")
    assert set(japanese.locator("#book-search mark").all_inner_texts()) == {"間違い"}
    assert ask(english, "kangaroo") == []
    assert status(english).startswith("Nothing found for “kangaroo”. Try")
    assert ask(japanese, "火星人") == []
    assert status(japanese).startswith("「火星人」は見つかりませんでした。")
    assert ask(english, "?!") == []


@pytest.mark.parametrize("language", ["en", "ja"])
def test_other_words_lead_to_words_that_are_in_the_book(site, language):
    with gzip.open(site / "pagefind" / f"{language}.words") as file:
        known = json.load(file)["synonyms"]
    pages = sorted((ROOT / "book" / language).glob("*.md"))
    book = " ".join(" ".join(page.read_text(encoding="utf-8") for page in pages).lower().split())
    assert len(known) > 50
    assert [word for words in known.values() for word in words if word not in book] == []


@pytest.mark.parametrize("language", ["en", "ja"])
def test_each_term_of_the_glossary_is_used_in_a_chapter_and_explained_in_one(site, language):
    pages = {
        path.name: BeautifulSoup(path.read_text("utf-8"), "html.parser") for path in (site / language).glob("*.html")
    }
    used = {link["href"] for page in pages.values() for link in page.select("article a[href^='glossary.html#term-']")}
    glossary = pages["glossary.html"]
    assert {f"glossary.html#{term['id']}" for term in glossary.select("dl.glossary > dt")} == used
    for entry in glossary.select("dl.glossary > dd"):
        page, _, place = entry.select(".field-list a")[-1]["href"].partition("#")
        assert pages[page].find(id=place)


def test_more_is_shown_when_asked_for(readers):
    page = readers["en"]
    first = ask(page, "weights")
    page.get_by_role("button", name="Show more").click()
    page.locator("#book-search li").nth(len(first)).wait_for()
    links = page.locator("#book-search li a")
    assert links.evaluate_all("links => links.map(link => link.href)")[: len(first)] == first
    assert links.nth(len(first)).evaluate("link => link === document.activeElement")


def asked_for(page):
    """The paths that this page asks for from now on."""
    paths = []
    page.on("request", lambda request: paths.append(urlsplit(request.url).path))
    return paths


def test_nothing_is_loaded_before_the_first_query_and_little_for_it(open_page, address):
    for language, query in (("en", "confusoin matrix"), ("ja", "混同行列")):
        with open_page(f"{address}/{language}/looking-inside-neural-networks.html") as page:
            page.wait_for_load_state("networkidle")  # figures load theirs soon after the page
            page.keyboard.press("Control+k")
            wait_until(
                page, "getComputedStyle(document.getElementById('book-search')).opacity == 1"
            )  # its look is there
            paths = asked_for(page)
            assert ask(page, query)
            assert paths
            assert all("/pagefind/" in path for path in paths)
            assert sum(_Server.sent[path] for path in paths) <= 180_000


def test_nothing_of_pagefind_is_asked_for_by_reading(open_page, address):
    with open_page("about:blank") as page:
        paths = asked_for(page)
        page.goto(f"{address}/ja/index.html")
        page.keyboard.press("Control+k")
        page.locator("#book-search-query").wait_for()
        page.wait_for_timeout(500)
    assert paths
    assert not [path for path in paths if "pagefind" in path]


def test_from_the_keyboard_to_a_section_and_back(open_page, address):
    with open_page(f"{address}/en/index.html") as page:
        search_is_open = "document.getElementById('book-search').open"
        page.keyboard.press("Control+k")
        page.keyboard.type("confusion matrix")
        page.get_by_text(re.compile(r"^\d sections found\.$")).wait_for()
        page.keyboard.press("ArrowDown")
        page.keyboard.press("ArrowDown")
        second = page.locator("#book-search li a").nth(1)
        assert second.evaluate("link => link === document.activeElement")
        page.keyboard.press("ArrowUp")
        page.keyboard.press("ArrowUp")
        assert page.evaluate("document.activeElement.id") == "book-search-query"
        page.keyboard.press("ArrowDown")
        page.keyboard.press("Enter")
        page.wait_for_url("**/en/looking-inside-neural-networks.html#confusion-matrix")
        # On the same page, and by Enter from the query.
        page.keyboard.press("Control+k")
        page.keyboard.type("either/or memorising")
        page.keyboard.press("Enter")
        page.wait_for_url("**/en/looking-inside-neural-networks.html#limits")
        assert not page.evaluate(search_is_open)
        assert page.locator("#limits h3").evaluate("heading => heading.getBoundingClientRect().top") < 300
        # Escape closes, and the button has the focus again.
        page.locator(".book-search-open:visible").first.click()
        assert page.evaluate(search_is_open)
        page.keyboard.press("Escape")
        assert not page.evaluate(search_is_open)
        assert page.evaluate("document.activeElement.matches('.book-search-open')")
        page.keyboard.press("Control+k")
        page.get_by_role("button", name="Close").click()
        assert page.evaluate("document.activeElement.matches('.book-search-open')")


def test_no_letter_alone_opens_the_search(open_page, address):
    """Readers who dictate to the computer type letters by chance (WCAG 2.1.4)."""
    with open_page(f"{address}/en/index.html") as page:
        for letter in "/ks":
            page.keyboard.press(letter)
            assert not page.evaluate("document.getElementById('book-search').open")


def test_what_is_still_being_composed_is_not_searched(open_page, address):
    typed = """value => {
        const input = document.getElementById('book-search-query');
        input.value = value;
        input.dispatchEvent(new InputEvent('input', {bubbles: true, isComposing: true}));
    }"""
    with open_page(f"{address}/ja/index.html") as page:
        page.keyboard.press("Control+k")
        page.evaluate(typed, "こんどうぎょうれつ")
        page.wait_for_timeout(400)
        assert status(page) == ""
        page.evaluate(typed, "混同行列")
        page.dispatch_event("#book-search-query", "compositionend")
        page.locator("#book-search li a").first.wait_for()
        assert status(page) == "6件見つかりました。"


def test_a_slow_answer_to_an_older_query_does_not_show(open_page, address):
    held = []
    with open_page(f"{address}/en/index.html", {"**/pagefind.js": lambda route: held.append(route)}) as page:
        page.keyboard.press("Control+k")
        page.keyboard.type("recall")
        wait_until_holds(page, lambda: held)
        page.locator("#book-search-query").fill("Karpathy")
        page.evaluate("new Promise((done) => setTimeout(done, 300))")  # the query waits by the same clock
        held[0].continue_()
        page.locator("#book-search li a").first.wait_for()
        assert page.locator("#book-search li a").count() == 1
        assert page.locator("#book-search mark").all_inner_texts() == ["Karpathy."]


@pytest.mark.parametrize("name", ["find.js", "pagefind.js"])
def test_a_failure_is_said_and_the_next_try_works(open_page, address, name):
    with open_page(f"{address}/en/index.html", {f"**/{name}": lambda route: route.abort()}) as page:
        page.keyboard.press("Control+k")
        ask(page, "recall")
        assert status(page).startswith("The search could not be loaded.")
        page.unroute(f"**/{name}")
        assert ask(page, "recall precision"), status(page)


@pytest.mark.parametrize(
    ("language", "says"), [("en", "searching needs a server"), ("ja", "検索にはサーバーが必要です")]
)
def test_from_a_folder_the_search_says_what_it_needs(open_page, site, language, says):
    asked = []
    with open_page((site / language / "index.html").as_uri()) as page:
        page.on("request", lambda request: asked.append(request.url))
        page.locator(".book-search-open:visible").first.click()
        assert says in page.locator("#book-search").inner_text()
        assert "python -m http.server" in page.locator("#book-search").inner_text()
        assert not page.locator("#book-search-query").is_visible()
    assert [address.rpartition("/")[2] for address in asked] == ["search.css"]


def test_the_dialog_is_seen_when_its_look_is_there_and_what_is_typed_before_is_not_lost(open_page, address):
    seen = "getComputedStyle(document.getElementById('book-search')).opacity"
    held = []
    with open_page(f"{address}/en/index.html", {"**/search.css": lambda route: held.append(route)}) as page:
        page.keyboard.press("Control+k")
        page.keyboard.type("recall")
        assert page.evaluate(seen) == "0"
        wait_until_holds(page, lambda: held)
        held[0].continue_()
        wait_until(page, f"{seen} == 1")
        assert page.locator("#book-search-query").input_value() == "recall"


def test_without_its_look_the_dialog_works_and_asks_for_it_the_next_time(open_page, address):
    with open_page(f"{address}/en/index.html", {"**/search.css": lambda route: route.abort()}) as page:
        page.keyboard.press("Control+k")
        wait_until(page, "document.getElementById('book-search').style.opacity == 1")
        page.unroute("**/search.css")
        page.keyboard.press("Escape")
        with page.expect_response("**/search.css"):
            page.keyboard.press("Control+k")


def test_what_was_found_can_be_read_where_the_system_chooses_all_colours(open_page, address):
    with open_page(f"{address}/en/index.html", forced_colors="active", color_scheme="dark") as page:
        page.keyboard.press("Control+k")
        ask(page, "hidden layer")
        page.keyboard.press("ArrowDown")
        colour = "one => getComputedStyle(one).color"
        for name in ("a", "p"):
            text = page.locator(f"#book-search li {name}:has(mark)").first
            assert text.locator("mark").first.evaluate(colour) == text.evaluate(colour)
        focused = page.locator("#book-search li:has(a:focus)")
        assert focused.evaluate("one => parseFloat(getComputedStyle(one).outlineWidth)") >= 2


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
def test_the_dialog_is_accessible_and_fits(open_page, address, scheme, width):
    options = {"color_scheme": scheme, "viewport": {"width": width, "height": 800}}
    with open_page(f"{address}/ja/index.html", **options) as page:
        page.keyboard.press("Control+k")
        page.evaluate(npm.axe())
        for query in ("", "重みを可視化する", "火星人"):
            if query:
                ask(page, query)
            found = page.evaluate("axe.run('#book-search', {preload: false})")["violations"]
            assert [f"{rule['id']}: {rule['nodes'][0]['failureSummary']}" for rule in found] == []
            box = page.locator("#book-search").bounding_box()
            assert box["x"] >= 0
            assert box["x"] + box["width"] <= width
            assert page.evaluate("document.querySelector('#book-search').scrollWidth") <= box["width"]


def test_the_site_holds_an_index_of_its_pages_and_no_other_search(site):
    files = {path.relative_to(site).as_posix() for path in site.rglob("*")}
    assert {name for name in files if "search" in name} == {f"{code}/_static/search.css" for code in ("en", "ja")}
    assert not [name for name in files if name.endswith((".sections.json", "language_data.js", "-ui.js"))]
    entry = json.loads((site / "pagefind" / "pagefind-entry.json").read_text(encoding="utf-8"))
    assert set(entry["languages"]) == {"en", "ja"}


def test_without_pagefind_the_build_says_what_is_missing(monkeypatch, tmp_path):
    monkeypatch.setattr("pagefind_bin.get_executable", lambda: tmp_path / "nowhere")
    with pytest.raises(
        BuildError, match=r"Pagefind must make the search index.*(?s:.*)install the package pagefind-bin"
    ):
        search.write_index({}, [], tmp_path / "index")
