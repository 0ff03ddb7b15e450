"""The book while it is written, in a real browser: what is saved is there, what is wrong is said and goes away."""

import os
import re
import shutil
import signal
import socket
import struct
import subprocess
import sys
import threading
import time
import uuid
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from site_books import ROOT, edit, write_book
from waiting import wait_for, wait_until

from nnbook.site.cell_options import cells_in
from nnbook.site.errors import BuildError
from nnbook.site.preview.server import Board, serving

pytestmark = [pytest.mark.browser, pytest.mark.skipif(sys.platform == "win32", reason="signals and /proc")]

# A shell lets what runs in the background, as these tests may, ignore the signal that Ctrl+C sends.
SERVE = """
import signal
from pathlib import Path
from nnbook import pipeline
signal.signal(signal.SIGINT, signal.default_int_handler)
pipeline.serve({languages!r}, data="sample", port={port}, browser=False, root=Path({root!r}), names=())
"""
ADDRESS = re.compile(r"http://127\.0\.0\.1:\d+/")


class Preview:
    """A running `nnbook serve`, and what it has said in the terminal."""

    def __init__(self, process, root):
        self.process = process
        self.root = root
        self._said = []
        self._more = threading.Condition()
        threading.Thread(target=self._listen, daemon=True).start()
        self.address = self.wait_for(ADDRESS)[0]

    def _listen(self):
        for line in self.process.stderr:
            with self._more:
                self._said.append(line)
                self._more.notify_all()

    @property
    def said(self):
        return "".join(self._said)

    def wait_for(self, pattern, after=0):
        """Wait until the terminal says this after so many characters."""
        found = []
        with self._more:
            self._more.wait_for(lambda: found.append(re.search(pattern, self.said[after:])) or found[-1], 60)
        assert found[-1], f"not said: {pattern}\n{self.said[after:]}"
        return found[-1]

    def page(self, code, name):
        """The source of a page."""
        return self.root / "book" / code / f"{name}.md"


@contextmanager
def serve(root, languages=(), port=0, **variables):
    environment = {**os.environ, "CELL_RUNS": str(root / "runs"), "PYTHONUNBUFFERED": "1", **variables}
    process = subprocess.Popen(
        [sys.executable, "-c", SERVE.format(languages=languages, root=str(root), port=port)],
        env=environment,
        cwd=root,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        start_new_session=True,
    )
    with process:
        try:
            yield Preview(process, root)
        finally:
            process.send_signal(signal.SIGINT)
            try:
                process.wait(20)
            finally:
                process.kill()


@pytest.fixture(scope="module")
def preview(tmp_path_factory):
    with serve(write_book(tmp_path_factory.mktemp("preview") / "small")) as running:
        yield running


@pytest.fixture
def tab(browser, preview):
    """A page of the browser; the book is as before when the test has ended."""
    files = [path for path in preview.root.rglob("*") if path.suffix in {".md", ".yml", ".css"}]
    before = {path: path.read_bytes() for path in files if "_build" not in path.parts}
    context = browser.new_context(viewport={"width": 1280, "height": 300}, locale="en-US")
    yield context.new_page()
    context.close()
    said = len(preview.said)  # the terminal says what was made before a page shows it
    changed = [path for path, content in before.items() if path.read_bytes() != content]
    for path in changed:
        path.write_bytes(before[path])
    for code in ("en", "ja"):
        if any(path.suffix != ".md" or path.parent.name == code for path in changed):
            preview.wait_for(rf" {code} .* s   \w", said)


def error(tab):
    return tab.locator("nnbook-preview [part=error]")


def test_a_saved_paragraph_is_on_the_page_which_keeps_its_place(tab, preview, browser):
    tab.goto(f"{preview.address}en/weights.html")
    other = tab.context.new_page()
    other.goto(f"{preview.address}ja/weights.html")
    other.evaluate("window.isSame = true")
    tab.evaluate("document.querySelector('#sums').scrollIntoView({behavior: 'instant'})")
    top = "document.querySelector('#sums').getBoundingClientRect().top"
    before = tab.evaluate(top)
    assert tab.evaluate("scrollY") > 50
    edit(preview.page("en", "weights"), "# Weights\n", "# Weights\n\nA new paragraph\n\n- with\n- a\n- list\n")
    tab.get_by_text("A new paragraph").wait_for(state="attached")
    tab.wait_for_load_state("load")
    assert tab.evaluate(top) == pytest.approx(before, abs=2)
    assert other.evaluate("window.isSame")
    edit(preview.page("ja", "weights"), "注です", "新しい注です")
    other.get_by_text("新しい注です").wait_for(state="attached")


def test_the_open_page_stays_and_gets_what_has_changed_in_the_text(tab, preview):
    tab.goto(f"{preview.address}en/weights.html")
    tab.evaluate("window.isSame = true")
    file = preview.page("en", "weights")
    cell = "\n```{code-cell}\n40 + 2\n```\n\n```{answer}\nForty-two\n```\n"
    for old, new, text in [
        ("# Weights\n", "# Weights\n\nThe first paragraph\n", "The first paragraph"),
        ("The first paragraph\n", "The first paragraph\n\n- a list\n\n  and more\n", "and more"),
        ("The first paragraph\n\n", "", "The first paragraph"),
        ("Look at $w_i$", "See the weight $w_i$", "See the weight"),
        ("on two lines", "on these lines", "on these lines"),
        ("A note about", f"{cell.strip()}\n:::\n\n:::{{note}}\nAnother about", "Another about"),
        ("in one sentence", f"in one sentence\n:::\n{cell}\n:::{{note}}\nThe last", "The last"),
        ("Forty-two", "Forty-two, or so", "or so"),
    ]:
        edit(file, old, new)
        change = "attached" if text in new else "detached"
        tab.locator("article").get_by_text(text).first.wait_for(state=change)
        texts = tab.evaluate("""async () => {
            const page = await (await fetch(location.pathname)).text();
            const fresh = new DOMParser().parseFromString(page, "text/html");
            return [document, fresh].map((one) => one.querySelector("article").textContent);
        }""")
        assert texts[0] == texts[1]
    assert tab.evaluate("window.isSame")
    tab.locator("div.highlight pre").first.wait_for(state="attached")
    assert tab.locator(".book-copy").count() == tab.locator("div.highlight pre").count() > 1


def test_a_page_that_is_saved_while_it_is_being_made_is_made_again(tab, preview):
    tab.goto(f"{preview.address}en/weights.html")
    file = preview.page("en", "weights")
    text = file.read_text(encoding="utf-8")
    for pause in range(20, 130, 10):  # milliseconds: some of them end while the page is read
        file.write_text(f"{text}\nBefore {pause}\n", encoding="utf-8")
        time.sleep(pause / 1000)
        file.write_text(f"{text}\nAfter {pause}\n", encoding="utf-8")
        tab.get_by_text(f"After {pause}").wait_for(state="attached")


def test_a_changed_title_reaches_the_menu_of_the_other_pages(tab, preview):
    tab.goto(f"{preview.address}en/index.html")
    edit(preview.page("en", "weights"), "# Weights\n", "# Weights and more\n")
    tab.locator("nav").get_by_text("Weights and more").first.wait_for(state="attached")


def test_a_mistake_is_shown_with_its_place_until_it_is_mended(tab, preview):
    tab.goto(f"{preview.address}en/weights.html")
    said = len(preview.said)
    file = preview.page("en", "weights")
    edit(file, "As {eq}`eq-sum` says", "As {value}`fig-none:share|percent` says")
    line = 1 + file.read_text(encoding="utf-8").partition("As {value}")[0].count("\n")
    place = f"book/en/weights.md:{line}: a value must name a figure of its page; got 'fig-none'"
    error(tab).get_by_text(place).wait_for()
    assert "The lowest is −1.23" in tab.locator("article").inner_text()
    preview.wait_for(re.escape(place), said)
    edit(file, "As {value}`fig-none:share|percent` says", "As {eq}`eq-sum` says")
    error(tab).wait_for(state="detached")
    preview.wait_for("mended", said)


def test_a_mistake_stays_while_another_page_is_written(tab, preview):
    edit(preview.page("en", "weights"), "As {eq}`eq-sum` says", "As {eq}`eq-none` says")
    tab.goto(f"{preview.address}en/index.html")
    error(tab).get_by_text("eq-none").wait_for()
    edit(preview.page("en", "index"), "look at", "look well at")
    tab.get_by_text("look well at").wait_for()
    error(tab).get_by_text("eq-none").wait_for()


def test_a_changed_last_cell_runs_alone_and_the_language_behind_is_a_note(tab, preview):
    tab.goto(f"{preview.address}en/weights.html")
    runs = preview.root / "runs"
    before = runs.read_text()
    file = preview.page("en", "weights")
    cell = 'import os\nopen(os.environ["CELL_RUNS"], "a").write("new\\n") + 40'
    file.write_text(f"{file.read_text(encoding='utf-8')}\n```{{code-cell}}\n{cell}\n```\n", encoding="utf-8")
    tab.locator(".cell_output").get_by_text("44").wait_for(state="attached")
    run = runs.read_text().removeprefix(before)
    assert run.removeprefix("run\n") == "new\n"  # from the top, if the cells before came from the last build
    note = tab.locator("nnbook-preview [part=notice]")
    note.get_by_text("1 thing to do").click()
    note.get_by_text("ja  book/ja/weights.md").wait_for()
    edit(file, "+ 40", "+ 50")
    tab.locator(".cell_output").get_by_text("54").wait_for(state="attached")
    assert runs.read_text() == f"{before}{run}new\n"


def test_a_failing_cell_leaves_the_page_as_it_was(tab, preview):
    tab.goto(f"{preview.address}en/weights.html")
    before = (preview.root / "runs").read_text()
    file = preview.page("en", "weights")
    edit(file, "\nFigure()", "\n1 / 0\nFigure()")
    line = 1 + file.read_text(encoding="utf-8").partition("```{code-cell}")[0].count("\n")
    error(tab).get_by_text(f"book/en/weights.md:{line}, cell 1: ZeroDivisionError: division by zero").wait_for()
    assert tab.locator("figure img").count() == 1
    edit(file, "\n1 / 0\nFigure()", "\nFigure()")
    error(tab).wait_for(state="detached")
    assert (preview.root / "runs").read_text() == f"{before}run\n"  # of the cell that failed


def test_a_broken_table_of_contents_is_shown_until_it_is_mended(tab, preview):
    tab.goto(f"{preview.address}en/weights.html")
    edit(preview.root / "_toc.yml", "  - caption", "  - caption: {")
    error(tab).get_by_text("_toc.yml:").wait_for()
    edit(preview.root / "_toc.yml", "  - caption: {", "  - caption")
    error(tab).wait_for(state="detached")


def test_a_chapter_in_one_language_alone_is_a_note_and_keeps_nobody_from_writing(tmp_path, browser):
    root = write_book(tmp_path / "small")
    edit(root / "_toc.yml", "- file: weights", "- file: weights\n      - file: news")
    chapter = "(about-news)=\n# News\n\nWritten in English first.\n"
    (root / "book" / "en" / "news.md").write_text(chapter, encoding="utf-8")
    with serve(root) as running:
        context = browser.new_context(locale="en-US")
        english, japanese = context.new_page(), context.new_page()
        english.goto(f"{running.address}en/news.html")
        said = english.locator("nnbook-preview :is([part=error], [part=notice])")
        said.wait_for()
        assert said.get_attribute("part") == "notice"
        said.get_by_text("1 thing to do").click()
        said.get_by_text("ja  _toc.yml:8: news: book/ja/news.md does not exist").wait_for()
        edit(running.page("en", "news"), "in English first", "in English before all else")
        english.get_by_text("in English before all else").wait_for()
        japanese.goto(f"{running.address}ja/weights.html")
        edit(running.page("ja", "weights"), "注です", "新しい注です")
        japanese.get_by_text("新しい注です").wait_for(state="attached")
        running.page("ja", "news").write_text("(about-news)=\n# 知らせ\n\n英語が先です。\n", encoding="utf-8")
        japanese.locator("nav").get_by_text("知らせ").first.wait_for(state="attached")
        for tab in (japanese, english):
            tab.locator("nnbook-preview :is([part=error], [part=notice])").wait_for(state="detached")
        context.close()
        ended(running, signal.SIGINT)


def test_a_style_sheet_is_seen_at_once_and_no_file_holds_the_script(tab, preview):
    tab.goto(f"{preview.address}ja/weights.html")
    tab.evaluate("window.isOld = true")
    edit(preview.root / "book" / "_static" / "look.css", "orphans: 2", "color: rgb(1, 2, 3)")
    wait_until(tab, "!window.isOld")
    assert tab.locator("article p").first.evaluate("p => getComputedStyle(p).color") == "rgb(1, 2, 3)"
    assert tab.locator("script[data-version]").count() == 1
    for page in preview.root.glob("_build/work/preview/html/*/*.html"):
        assert "_preview" not in page.read_text(encoding="utf-8")


def test_one_language_alone_and_nothing_is_left_when_it_is_ended(tmp_path, browser):
    root = write_book(tmp_path / "small")
    mark = str(uuid.uuid4())
    with serve(root, languages=["ja"], NNBOOK_TEST=mark) as running:
        context = browser.new_context(locale="en-US")
        tab = context.new_page()
        tab.goto(running.address)
        tab.wait_for_url("**/ja/index.html")
        assert not (root / "_build" / "work" / "preview" / "html" / "en").exists()
        edit(running.page("ja", "index"), "見てください", "よく見てください")
        tab.get_by_text("よく見てください").wait_for()
        assert len(processes(mark)) > 3
        context.close()
        ended(running, signal.SIGTERM)
    wait_for(lambda: processes(mark) == [])  # what made the processes ends a moment after them


def ended(running, how):
    """End the preview as Ctrl+C or the system does, and see that it takes it well."""
    running.process.send_signal(how)
    assert running.process.wait(30) == 0
    assert running.said.endswith("ended\n")


def processes(mark):
    """The processes that have `mark` in their environment."""
    found = []
    for path in Path("/proc").glob("[0-9]*/environ"):
        try:
            found += [path.parent.name] if mark.encode() in path.read_bytes() else []
        except OSError:
            continue  # it has ended meanwhile, or is another user's
    return found


WORDS_CELL = """\
import os, pathlib
from nnbook.localisation import text

class Words:
    def _repr_html_(self):
        with pathlib.Path(os.environ["CELL_RUNS"]).open("a") as runs:
            runs.write("shown\\n")
        parts = (f"<!--nnbook:{c}--><b>{text('class.cat', c)}!</b><!--/nnbook:{c}-->" for c in ("en", "ja"))
        return "".join(parts)

Words()"""


def test_changed_words_run_no_other_cell_and_changed_code_starts_everything_again(tmp_path, browser):
    root = write_book(tmp_path / "small")
    for code in ("en", "ja"):
        path = root / "book" / code / "weights.md"
        path.write_text(f"{path.read_text('utf-8')}\n```{{code-cell}}\n{WORDS_CELL}\n```\n", encoding="utf-8")
    shutil.copytree(ROOT / "nnbook", tmp_path / "code" / "nnbook")
    catalogue = tmp_path / "code" / "nnbook" / "localisation" / "ja.json"
    module = tmp_path / "code" / "nnbook" / "evaluation.py"
    with serve(root, PYTHONPATH=str(tmp_path / "code")) as running:
        context = browser.new_context()
        tab = context.new_page()
        tab.goto(f"{running.address}ja/weights.html")
        assert (root / "runs").read_text() == "run\nshown\n"
        edit(catalogue, '"猫"', '"ねこ"')
        tab.get_by_text("ねこ!").wait_for(timeout=60_000)
        assert (root / "runs").read_text() == "run\nshown\nshown\n"
        whole = catalogue.read_bytes()
        edit(catalogue, '"ねこ",', '"ねこ"')
        error(tab).get_by_text("mend the line or the one above").wait_for()
        catalogue.write_bytes(catalogue.read_text("utf-8").encode("cp932", "replace"))
        error(tab).get_by_text("save it as UTF-8").wait_for()
        catalogue.write_bytes(whole)
        error(tab).wait_for(state="detached")
        assert "starting again" not in running.said
        code = module.read_text(encoding="utf-8")
        module.write_text(f"{code}\n1 / 0\n", encoding="utf-8")
        error(tab).get_by_text(f"evaluation.py:{code.count(chr(10)) + 2}: ZeroDivisionError").wait_for()
        module.write_text(code, encoding="utf-8")
        module.write_text(f"{code}\n# The same in other words.\n", encoding="utf-8")
        running.wait_for("starting again")
        context.close()


def test_figures_speak_a_new_language_from_its_first_word_on(tmp_path, browser):
    root = write_book(tmp_path / "small")
    catalogue = tmp_path / "catalogues" / "eo.json"
    catalogue.parent.mkdir()
    known = {"NNBOOK_CATALOGUES": str(catalogue.parent)}
    command = [Path(sys.executable).with_name("nnbook"), "translations", "new", "eo"]
    subprocess.run(command, env=os.environ | known, cwd=root, check=True, capture_output=True)
    with serve(root, languages=["eo"], **known) as running:
        context = browser.new_context()
        tab = context.new_page()
        tab.goto(f"{running.address}eo/weights.html")
        tab.get_by_text("words in en").wait_for()
        edit(catalogue, '"site.locale"', '"class.cat": "kato", "site.locale"')
        running.wait_for("starting again")
        tab.get_by_text("words in eo").wait_for(timeout=60_000)
        context.close()


def test_a_page_in_another_encoding_is_named_until_it_is_saved_well(tab, preview):
    tab.goto(f"{preview.address}ja/index.html")
    file = preview.page("ja", "index")
    text = file.read_text(encoding="utf-8")
    file.write_bytes(text.encode("cp932"))
    error(tab).get_by_text(
        "book/ja/index.md:2: a source must be in UTF-8; this looks like Shift-JIS (cp932)"
    ).wait_for()
    file.write_text(text.replace("小さな", "小さい"), encoding="utf-8")
    error(tab).wait_for(state="detached")
    tab.get_by_text("小さい本").first.wait_for()


def test_a_browser_that_goes_away_in_a_request_is_no_error(tab, preview):
    place = urlsplit(preview.address)
    with socket.create_connection((place.hostname, place.port)) as connection:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))  # closed by a reset
        connection.sendall(b"GET /")
    tab.goto(preview.address)
    assert "Traceback" not in preview.said


def test_a_port_that_is_taken_is_an_error_if_it_was_asked_for(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        with (
            pytest.raises(BuildError, match=rf"(?s)port of its own.*Choose another.*--port {port}: Address already"),
            serving(tmp_path, ("en",), Board(), port),
        ):
            pass


def test_cells_are_found_in_the_text_of_a_page_with_what_they_load(tmp_path):
    page, code = tmp_path / "page.md", tmp_path / "code.py"
    code.write_text("3\n", encoding="utf-8")
    text = "---\nkernelspec: x\n---\n# Title\n```{code-cell}\n1\n```\ntext\n````{code-cell} ipython3\n```\n2\n````\n"
    text += "```{code-cell}\n:load: code.py\n```\n"
    found = cells_in(text, page)
    assert len(found) == 5
    assert cells_in(text.replace("text", "other text"), page) == found
    assert cells_in(text.replace("2\n", "3\n"), page) != found
    code.write_text("4\n", encoding="utf-8")
    assert cells_in(text, page) != found
