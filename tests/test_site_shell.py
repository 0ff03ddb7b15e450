"""The page around the text, finished: nothing from outside, a strict policy, little to load, and all that it does."""

import re
import shutil
import subprocess
from pathlib import Path

import npm
import pytest
from playwright.sync_api import expect
from waiting import wait_until

pytestmark = pytest.mark.browser

PAGES = ("en/index.html", "en/weights.html", "ja/index.html", "ja/weights.html")
AUDIT = Path(__file__).parents[1] / "audit"
# What may be in Latin letters on a Japanese page: names, licences, a key; the last two are words of the small book.
NAMES = {"nnbook", "CC", "BY", "MIT", "Ctrl", "Enter", "Esc", "Python", "Notebook", "KB"} | {"python", "http", "server"}
SHELL = 140_000  # bytes of a page of the small book before any interaction, all files together

WORDS = """() => {
    const copy = document.documentElement.cloneNode(true);
    for (const e of copy.querySelectorAll('script, style, pre, math, .nnb, [lang]:not([lang|=ja])')) e.remove();
    const named = [...copy.querySelectorAll('*')].flatMap(e => ['aria-label', 'title', 'alt', 'placeholder',
        'data-copy', 'data-copied', 'data-tooltip'].map(name => e.getAttribute(name) || ''));
    const described = copy.querySelector('meta[name=description]').content;
    return [copy.textContent, described, ...named].join(' ');
}"""
SCROLLS_BY_KEYS = """() => [...document.querySelectorAll('pre, div.math')]
    .every(box => box.tabIndex === 0 || box.scrollWidth <= box.clientWidth + 1)"""
VIOLATIONS = """addEventListener('securitypolicyviolation', event => console.error(`policy: ${event.blockedURI}`))"""


@pytest.fixture
def opened(browser):
    """Opens pages that reach no host but their own, and sees that nothing goes wrong on them."""
    contexts, problems = [], []

    def open_page(address, **options):
        context = browser.new_context(**{"locale": "en-US"} | options)
        contexts.append(context)
        home = re.match(r"http://[^/]+|file://", address)[0]
        context.route(lambda url: not url.startswith((home, "data:")), lambda route: route.abort())
        context.on("request", lambda asked: asked.url.startswith((home, "data:")) or problems.append(asked.url))
        if options.get("java_script_enabled", True):
            context.add_init_script(VIOLATIONS)
        page = context.new_page()
        page.on("pageerror", lambda error: problems.append(str(error)))
        page.on("console", lambda message: problems.append(message.text) if message.type == "error" else None)
        page.on("response", lambda response: problems.append(response.url) if response.status >= 400 else None)
        page.goto(address, wait_until="networkidle")
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert problems == []


@pytest.mark.parametrize("name", [*PAGES, "index.html"])
@pytest.mark.parametrize("home", ["server", "folder"])
def test_pages_load_nothing_from_elsewhere_and_keep_to_their_policy(opened, small_site, small_address, home, name):
    page = opened(f"{small_address if home == 'server' else small_site.as_uri()}/{name}")
    if name != "index.html":
        assert page.locator("h1").first.is_visible()
        assert page.locator("html").get_attribute("data-mode") == "auto"
        assert page.evaluate("getComputedStyle(document.querySelector('.book-page')).display") == "flex"


@pytest.mark.parametrize("name", PAGES)
def test_the_policy_comes_first_and_lets_no_foreign_script_in(browser, small_address, name):
    context = browser.new_context()
    page = context.new_page()
    page.goto(f"{small_address}/{name}")
    first = page.evaluate("[...document.head.children].slice(0, 2).map(e => e.outerHTML)")
    assert "charset" in first[0]
    policy = dict(part.split(" ", 1) for part in re.search(r'content="([^"]*)"', first[1])[1].split("; "))
    assert policy["default-src"] == "'none'"
    assert "unsafe" not in policy["script-src"].replace("'wasm-unsafe-eval'", "")
    assert "unsafe" not in policy["style-src"]
    page.evaluate("document.body.append(Object.assign(document.createElement('script'), {text: 'window.ran = 1'}))")
    assert page.evaluate("window.ran") is None
    context.close()


@pytest.mark.parametrize("name", PAGES)
def test_a_page_loads_little_before_the_reader_does_anything(browser, small_address, name):
    context = browser.new_context()
    page, sizes = context.new_page(), {}
    page.on("response", lambda response: sizes.update({response.url.rpartition("/")[2]: len(response.body())}))
    page.goto(f"{small_address}/{name}", wait_until="networkidle")
    context.close()
    largest = sorted(sizes.items(), key=lambda item: -item[1])[:5]
    assert sum(sizes.values()) <= SHELL, f"{sum(sizes.values())} bytes, most of them in {largest}"


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize(("scheme", "width"), [("light", 1280), ("dark", 1280), ("light", 390), ("dark", 390)])
def test_axe_finds_nothing(opened, small_address, name, scheme, width):
    page = opened(f"{small_address}/{name}", color_scheme=scheme, viewport={"width": width, "height": 844})
    wait_until(page, SCROLLS_BY_KEYS)
    page.evaluate(npm.axe())
    found = page.evaluate("axe.run(document, {preload: false})")["violations"]
    assert [f"{rule['id']}: {node['html']} {node['failureSummary']}" for rule in found for node in rule["nodes"]] == []


def test_the_markup_is_valid(small_site, tmp_path_factory):
    folder = npm.package("html-validate")
    command = [shutil.which("node"), str(folder / "bin" / "html-validate.mjs"), "-c", str(AUDIT / "html-validate.json")]
    done = subprocess.run(
        [*command, *(str(small_site / name) for name in [*PAGES, "index.html"])],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout) == (0, "")


def test_a_reader_of_dark_pages_sees_no_light_one_first(browser, small_address):
    """The colours are right before any script file has come."""
    context = browser.new_context(color_scheme="dark")
    context.route("**/*.js*", lambda route: route.abort())
    page = context.new_page()
    page.goto(f"{small_address}/en/weights.html", wait_until="domcontentloaded")
    assert page.locator("html").get_attribute("data-theme") == "dark"
    context.close()


def test_the_mode_is_kept_from_page_to_page_and_said(opened, small_address):
    page = opened(f"{small_address}/ja/weights.html", color_scheme="light")
    switch = page.locator(".book-mode:visible")
    assert switch.get_attribute("aria-label") == "表示モード: システムの設定"
    switch.click()
    assert page.locator("html").get_attribute("data-theme") == "dark"
    assert switch.get_attribute("aria-label") == "表示モード: ダーク"
    page.goto(f"{small_address}/en/index.html")
    assert page.locator("html").get_attribute("data-theme") == "dark"
    page.emulate_media(color_scheme="dark")
    for _ in range(2):
        page.locator(".book-mode:visible").click()
    assert page.locator("html").get_attribute("data-mode") == "light"


def test_the_page_follows_the_system_while_it_is_open(opened, small_address):
    page = opened(f"{small_address}/en/index.html", color_scheme="light")
    page.emulate_media(color_scheme="dark")
    page.locator("html[data-theme=dark]").wait_for()


def test_a_drawer_that_is_opened_again_at_once_is_not_empty(opened, small_address):
    page = opened(f"{small_address}/en/weights.html", viewport={"width": 390, "height": 844})
    page.evaluate(
        "const button = document.querySelector('.book-menu');"
        "button.click(); document.querySelector('#book-drawer').close(); button.click();"
    )
    page.wait_for_timeout(200)  # for the browser to say that it was closed
    link = page.locator("#book-drawer").get_by_role("link", name="Sums")
    expect(link).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#book-sidebar a").first).to_be_attached()


def test_drawers_give_the_focus_back_and_close_when_a_place_is_chosen(opened, small_address):
    page = opened(f"{small_address}/en/weights.html", viewport={"width": 390, "height": 844})
    button = page.locator(".book-menu")
    button.focus()
    page.keyboard.press("Enter")
    page.locator("#book-drawer a:visible").first.wait_for()
    page.keyboard.press("Escape")
    assert button.evaluate("button => button == document.activeElement")
    page.keyboard.press("Enter")
    page.locator("#book-drawer").get_by_role("link", name="Sums").click()
    page.wait_for_url("**/weights.html#sums")
    page.locator("#book-drawer").wait_for(state="hidden")


def test_the_menu_can_be_put_away_on_a_wide_page(opened, small_address):
    page = opened(f"{small_address}/en/weights.html", viewport={"width": 1280, "height": 844})
    menu = page.locator("#book-sidebar nav").first
    for _ in range(2):
        page.locator(".book-menu").click()
        menu.wait_for(state="hidden")
        page.locator(".book-menu").click()
        menu.wait_for(state="visible")


def test_the_contents_list_marks_what_is_read(opened, small_address):
    page = opened(f"{small_address}/en/weights.html", viewport={"width": 1280, "height": 300})
    page.evaluate("document.body.style.paddingBottom = '100vh'; document.getElementById('sums').scrollIntoView()")
    page.locator("#book-sections a[aria-current=true]").wait_for()
    assert page.locator("#book-sections a[aria-current=true]").get_attribute("href") == "#sums"


@pytest.mark.parametrize("home", ["server", "folder"])
def test_code_is_copied_by_mouse_and_keyboard(opened, small_site, small_address, home):
    page = opened(f"{small_address if home == 'server' else small_site.as_uri()}/ja/weights.html")
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    button = page.get_by_role("button", name="コードをコピー")
    button.focus()
    expect(button).to_have_css("opacity", "1")
    page.keyboard.press("Enter")
    page.get_by_role("button", name="コピーしました").wait_for()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied == page.locator("div.highlight pre").inner_text().rstrip("\n")
    assert copied.endswith("Figure()")


@pytest.mark.parametrize("name", ["ja/index.html", "ja/weights.html"])
def test_all_words_around_japanese_text_are_japanese(opened, small_address, name):
    page = opened(f"{small_address}/{name}")
    assert set(re.findall(r"[A-Za-z]{2,}", page.evaluate(WORDS))) - NAMES == set()


def test_icons_are_drawn_without_a_font(opened, small_address):
    page = opened(f"{small_address}/en/weights.html")
    drawn = page.evaluate(
        "[...document.querySelectorAll('.icon')].map(e => getComputedStyle(e))"
        ".map(style => style.maskImage.startsWith('url(\"data:') && style.maskPosition)"
    )
    assert len(drawn) > 5
    assert len(set(drawn)) > 5  # each its own part of the picture
    assert False not in drawn
    assert "Awesome" not in page.evaluate("[...document.fonts].map(font => font.family).join()")
