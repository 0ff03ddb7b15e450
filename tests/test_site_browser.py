"""The site as readers meet it, in a real browser: the way to their language, and nothing from anywhere else."""

import pytest

pytestmark = pytest.mark.browser


@pytest.fixture
def context(browser):
    """Opens contexts and closes them after the test."""
    opened = []

    def open_context(**options):
        opened.append(browser.new_context(**options))
        return opened[-1]

    yield open_context
    for one in opened:
        one.close()


@pytest.mark.parametrize(("locale", "language"), [("ja-JP", "ja"), ("en-US", "en"), ("fr-FR", "en")])
def test_the_first_page_goes_to_the_language_of_the_reader(context, small_address, locale, language):
    page = context(locale=locale).new_page()
    page.goto(f"{small_address}/index.html")
    page.wait_for_url(f"{small_address}/{language}/index.html")
    assert page.locator("html").get_attribute("lang") == language


def test_the_first_page_remembers_the_choice(context, small_address):
    page = context(locale="en-US").new_page()
    page.goto(f"{small_address}/en/weights.html")
    page.get_by_role("link", name="日本語").first.click()
    page.wait_for_url(f"{small_address}/ja/weights.html")
    page.goto(f"{small_address}/")
    page.wait_for_url(f"{small_address}/ja/index.html")


def test_changing_the_language_keeps_the_place(context, small_address):
    page = context(locale="en-US").new_page()
    page.goto(f"{small_address}/en/weights.html#confusion:model=first,actual=3,predicted=5")
    page.get_by_role("link", name="日本語").first.click()
    page.wait_for_url(f"{small_address}/ja/weights.html#confusion:model=first,actual=3,predicted=5")


def test_without_scripts_the_first_page_has_plain_links(context, small_address):
    page = context(java_script_enabled=False).new_page()
    page.goto(f"{small_address}/index.html")
    assert page.get_by_role("link").all_inner_texts() == ["English", "日本語"]
    page.get_by_role("link", name="日本語").click()
    page.wait_for_url(f"{small_address}/ja/index.html")
    page.get_by_role("link", name="English").first.click()
    page.wait_for_url(f"{small_address}/en/index.html")


def test_the_first_page_works_from_a_folder_without_a_server(context, small_site):
    page = context(locale="ja-JP").new_page()
    page.goto((small_site / "index.html").as_uri())
    page.wait_for_url((small_site / "ja" / "index.html").as_uri())


def test_no_page_asks_another_host_and_none_has_an_error(context, small_address):
    page = context(locale="ja-JP").new_page()
    asked, problems = [], []
    page.on("request", lambda request: asked.append(request.url))
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.on("response", lambda response: problems.append(response.url) if response.status >= 400 else None)
    for language in ("en", "ja"):
        for name in ("index", "weights"):
            page.goto(f"{small_address}/{language}/{name}.html", wait_until="networkidle")
    assert [url for url in asked if not url.startswith((small_address, "data:"))] == []
    assert problems == []


def test_the_mode_can_be_switched(context, small_address):
    page = context(locale="en-US", color_scheme="light").new_page()
    page.goto(f"{small_address}/en/weights.html", wait_until="networkidle")
    switch = page.locator(".book-mode:visible").first
    seen = []
    for _ in range(3):
        seen.append((page.locator("html").get_attribute("data-mode"), page.locator("html").get_attribute("data-theme")))
        switch.click()
    assert {mode for mode, _ in seen} == {"auto", "light", "dark"}
    assert ("dark", "dark") in seen


def test_the_menu_opens_on_a_phone(context, small_address):
    page = context(locale="en-US", viewport={"width": 390, "height": 844}).new_page()
    page.goto(f"{small_address}/en/weights.html", wait_until="networkidle")
    menu = "#pst-primary-sidebar-modal"
    assert not page.locator(menu).is_visible()
    page.locator("button.book-menu:visible").first.click()
    page.locator(f"{menu} a:visible").first.wait_for()
    page.keyboard.press("Escape")
    page.locator(menu).wait_for(state="hidden")


def test_the_way_to_the_top_covers_no_text_and_needs_no_script(context, small_address):
    page = context(viewport={"width": 390, "height": 600}, java_script_enabled=False).new_page()
    page.goto(f"{small_address}/en/weights.html")
    top = page.get_by_role("link", name="Back to top")
    text = page.locator("article").bounding_box()
    assert top.bounding_box()["y"] >= text["y"] + text["height"]
    top.click()
    page.wait_for_function("scrollY === 0")


@pytest.mark.parametrize("width", [390, 1280])
def test_a_numbered_formula_stands_in_the_column_beside_its_number(context, small_address, width):
    page = context(locale="ja-JP", viewport={"width": width, "height": 800}).new_page()
    page.goto(f"{small_address}/ja/weights.html")
    block, formula, number = (
        page.locator(f"#equation-eq-sum{part}").bounding_box() for part in ("", " > math", " > .eqno")
    )
    assert block["x"] <= formula["x"]
    assert formula["x"] + formula["width"] <= number["x"]
    assert number["x"] + number["width"] <= block["x"] + block["width"] + 1
    assert block["x"] + block["width"] <= width
