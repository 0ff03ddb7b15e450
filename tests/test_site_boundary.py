"""Nothing from outside of the book gets into a page, and nothing in its text runs, whoever sent that text."""

import re

import pytest
from PIL import Image
from site_books import build, edit, page_text, write_book

from nnbook.pipeline import BuildError
from nnbook.site import boundary

SECRET = "root-of-all-secrets"


@pytest.fixture
def book(tmp_path):
    return make_book(tmp_path)


def make_book(tmp_path):
    """A book beside a folder that is none of its business."""
    (tmp_path / "machine").mkdir()
    for name in ("secret.txt", "secret.md", "secret.csv", "secret.py", "secret.html"):
        (tmp_path / "machine" / name).write_text(f"{SECRET}\n")
    (tmp_path / "machine" / "secret.png").write_bytes(b"\x89PNG\r\n\x1a\n" + SECRET.encode())
    root = write_book(tmp_path / "small", cell="1 + 1")
    for code in ("en", "ja"):  # a page without cells is set in little time
        (root / "book" / code / "weights.md").write_text("(about-weights)=\n# W\n\n```{math}\n:label: eq-sum\nx\n```\n")
        (root / "book" / code / "index.md").write_text("(home)=\n# H\n\nThe end.\n")
    (root / "book" / "shared.md").write_text("What is *shared*.\n")
    (root / "book" / "shared.csv").write_text("one,two\n")
    (root / "book" / "shared.html").write_text("<b>bold</b>\n")
    (root / "book" / "_static" / "one.txt").write_text("one\n")
    Image.new("L", (2, 2)).save(root / "book" / "_static" / "x.png")
    return root


FILE = r"lie in the folder book/; got .*secret\.\w+; copy it there"
OUTSIDE = {
    "include": "```{include} ../../../machine/secret.md\n```",
    "include of the system": "```{include} </../../../../../../../../../../etc/passwd>\n```",
    "include as code": "```{include} ../../../machine/secret.py\n:code: python\n```",
    "include in a note": ":::{note}\n```{include} ../../../machine/secret.md\n```\n:::",
    "include in reStructuredText": "```{eval-rst}\n.. include:: ../../../machine/secret.md\n```",
    "literalinclude": "```{literalinclude} ../../../machine/secret.py\n```",
    "literalinclude compared": "```{literalinclude} ../shared.md\n:diff: ../../../machine/secret.txt\n```",
    "raw": "```{raw} html\n:file: ../../../machine/secret.html\n```",
    "raw in reStructuredText": "```{eval-rst}\n.. raw:: html\n   :file: ../../../machine/secret.html\n```",
    "raw by address": "```{raw} html\n:url: file:///tmp/secret.html\n```",
    "table": "```{csv-table} T\n:file: ../../../machine/secret.csv\n```",
    "table by address": "```{csv-table} T\n:url: file:///tmp/secret.csv\n```",
    "download": "{download}`get <../../../machine/secret.txt>`",
    "link": "[get](../../../machine/secret.txt)",
    "link to a path": "[get](path:../../../machine/secret.txt)",
    "picture": "![see](../../../machine/secret.png)",
    "picture with signs": "![see](..%2F..%2F..%2Fmachine/secret.png)",
    "figure": "```{figure} ../../../machine/secret.png\nSee\n```",
    "link to the system": "[get](file:///machine/secret.txt)",
}


def test_an_absolute_path_leads_out(book):
    secret = book.parent / "machine" / "secret.csv"
    text = f"```{{csv-table}} T\n:file: {secret}\n```\n\n```{{raw}} html\n:file: {secret}\n```"
    for code in ("en", "ja"):
        edit(book / "book" / code / "index.md", "The end.", text)
    with pytest.raises(BuildError, match=FILE) as caught:
        build(book)
    assert len(re.findall("lie in the folder", str(caught.value))) == 4


def test_what_lies_in_the_book_is_shown(book):
    text = (
        "```{include} ../shared.md\n```\n\n```{include} /../shared.md\n:literal:\n```\n\n"
        "```{csv-table} T\n:file: ../shared.csv\n```\n\n```{raw} html\n:file: ../shared.html\n```\n\n"
        "{download}`get <../_static/one.txt>` and [it](../_static/one.txt)\n\n"
        "```{eval-rst}\n.. include:: ../shared.md\n```\n\n"
        "`[x](javascript:alert)` and <kbd title='on top'>A</kbd> <!-- a <b>remark</b> -->\n\n"
        "<details>\n\nfolded\n\n</details>"
    )
    for code in ("en", "ja"):
        edit(book / "book" / code / "index.md", "The end.", text)
    page = page_text(build(book).output / "en" / "index.html")
    assert page.count("What is <em>shared</em>.") == 2
    assert '<span class="n">shared</span><span class="o">*.</span>' in page
    assert "<b>bold</b>" in page
    assert "<td>" in page or "<th" in page
    assert len(re.findall(r'href="_downloads/\w+/one\.txt"', page)) == 2


@pytest.mark.parametrize("name", ["ja/index.md", "_static/more.txt", "ja/more.png", "ja/part"])
def test_symbolic_links_that_lead_out_are_refused(book, name):
    link = book / "book" / name
    link.unlink(missing_ok=True)
    link.symlink_to(book.parent / "machine" / "secret.txt" if "." in name else book.parent / "machine")
    with pytest.raises(BuildError, match=rf"in book/ must lead to a place in it(.|\n)*book/{name}: leads to .*machine"):
        build(book)


def test_a_cell_takes_code_from_the_book_alone(book):
    for code in ("en", "ja"):
        head = "---\nfile_format: mystnb\nkernelspec:\n  name: python3\n---\n"
        cell = "\n```{code-cell} ipython3\n:load: ../../../machine/secret.py\n```\n"
        (book / "book" / code / "index.md").write_text(f"{head}(home)=\n# H\n{cell}")
    with pytest.raises(BuildError, match=rf"index\.md:10: .*{FILE}"):
        build(book)


LINK, HTML = "a link must lead to a page or a file; ", "HTML in a page must run and load nothing; "
SHOWABLE = "what EPUB and paper can show, and ask no other site for anything; "
RUNS = {
    "[x](javascript:alert(1))": LINK,
    "[x](JavaScript:alert(1))": LINK,
    "[x](data:text/html;base64,AAAA)": LINK,
    "[x](vbscript:x)": LINK,
    "```{eval-rst}\n`x <javascript:alert(1)>`_\n```": LINK,
    "```{image} ../_static/x.png\n:target: javascript:alert(1)\n```": LINK,
    "```{button-link} javascript:alert(1)\n```": LINK,
    ":::{card} x\n:link: javascript:alert(1)\n:::": LINK,
    "<script>alert(1)</script>": HTML,
    "```{raw} html\n<script src='x.js'></script>\n```": HTML,
    "a <b onclick='alert(1)'>b</b>": HTML,
    "a <a href='java&#10;script:alert(1)'>b</a>": HTML,
    "<div title='\n\n<p title=\"' onclick=alert(1) x='\">\n\n</p></div>": HTML,
    "<iframe srcdoc='x'></iframe>": SHOWABLE,
    "<svg><style><img src=x onerror=alert(1)></style></svg>": HTML,
    "```{eval-rst}\n.. role:: h(raw)\n   :format: html\n\n:h:`<img src=x onerror=alert(1)>`\n```": HTML,
}


@pytest.fixture(scope="module")
def refused(tmp_path_factory):
    """What a build says of each of the texts above, each on a page of its own; the secret is nowhere."""
    root = make_book(tmp_path_factory.mktemp("refused"))
    texts = [*OUTSIDE.values(), *RUNS]
    for number, text in enumerate(texts):
        edit(root / "_toc.yml", "      - file: weights\n", f"      - file: weights\n      - file: p{number}\n")
        for code in ("en", "ja"):
            (root / "book" / code / f"p{number}.md").write_text(f"(p{number})=\n# P\n\nBefore.\n\n{text}\n\nAfter.\n")
    with pytest.raises(BuildError, match="free of warnings") as caught:
        build(root)
    assert not (root / "_build" / "html").exists()
    assert SECRET not in str(caught.value)
    assert all(SECRET.encode() not in path.read_bytes() for path in root.rglob("*") if path.is_file())
    found = {text: [] for text in texts}
    for line in caught.value.findings:
        number = int(re.match(r"(?:en|ja)  book/(?:en|ja)/p(\d+)\.md:([5-9]|1\d): ", line)[1])
        found[texts[number]].append(line)
    return found


@pytest.mark.parametrize("text", OUTSIDE.values(), ids=OUTSIDE)
def test_what_leads_out_of_the_book_is_refused_with_its_place(refused, text):
    assert len(refused[text]) == 2, "one line in each language"
    kinds = f"({FILE}|folder book/; .*(passwd>|file:///\\S+); copy|a page or a file; got .*secret.txt; write)"
    assert all(re.search(kinds, line) for line in refused[text]), refused[text]


@pytest.mark.parametrize("text", RUNS, ids=range(len(RUNS)))
def test_text_that_would_run_is_refused_with_its_place(refused, text):
    assert len(refused[text]) == 2, "one line in each language"
    assert any(re.search(rf"{RUNS[text]}got .*; (use|write|show)", line) for line in refused[text]), refused[text]


@pytest.mark.parametrize(
    ("head", "setting"),
    [
        ("mystnb: {execution_mode: inline}", "mystnb: execution_mode"),
        ("myst: {enable_extensions: [substitution]}", "myst: enable_extensions: substitution"),
    ],
)
def test_the_head_of_a_page_switches_on_no_code(book, head, setting):
    for code in ("en", "ja"):
        page = book / "book" / code / "index.md"
        page.write_text(f"---\n{head}\n---\n{page.read_text()}\n" + "{{ env.app.confdir }}\n")
    with pytest.raises(
        BuildError, match=rf"index\.md:1: the text of a page must not run code; its head has {setting}; "
    ):
        build(book)


def test_html_of_everyday_use_is_no_danger():
    for markup in (
        "<details open><summary>More</summary>",
        "</details>",
        '<a href="../provenance.json">x</a>',
        '<img src="data:image/png;base64,AAAA" alt="a > b">',
        "<style>p > b {color: red}</style>",
        "<!-- <p> left out -->",
        "a < b & c <br/>",
    ):
        assert boundary.dangers(markup) == [], markup
