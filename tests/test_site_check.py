"""`nnbook check`: a site that lacks something, leads nowhere or asks another host is not complete."""

import json

import pytest
from site_books import edit

from nnbook.site.book import Book
from nnbook.site.check import check

PAGE = """<!doctype html>
<html lang="{code}"><head>
<link rel="stylesheet" href="look.css?v=1">
<link rel="alternate" hreflang="en" href="https://example.org/en/a.html">
<style>b {{ background: url("data:image/png;base64,AA==") }}</style></head>
<body><h1 id="top">A</h1><img src="a%20b.png" srcset="a%20b.png 2x" alt="">
<a href="a.html#top">here</a> <a href="https://example.org/">there</a> <a href="mailto:a@example.org">mail</a>
<a href="#{code}-end">end</a><p id="{code}-end"></p><a href="../provenance.json">record</a>
<nnb-flow data-nnb-name="flow"></nnb-flow><a href="a.html#flow:image=7,class=3">that image</a>
</body></html>
"""


@pytest.fixture
def book(tmp_path):
    return Book(tmp_path, ("en", "ja"), ("a",), {})


@pytest.fixture
def site(tmp_path):
    site = tmp_path / "html"
    for code in ("en", "ja"):
        (site / code).mkdir(parents=True)
        (site / code / "a.html").write_text(PAGE.format(code=code), encoding="utf-8")
        (site / code / "look.css").write_text('@font-face { src: url("f.woff2") }\n', encoding="utf-8")
        (site / code / "a b.png").write_bytes(b"picture")
        (site / code / "f.woff2").write_bytes(b"font")
    (site / "index.html").write_text('<html lang="en"><a href="en/a.html">English</a></html>', encoding="utf-8")
    (site / "provenance.json").write_text(json.dumps({"datasets": {}, "experiments": {}, "versions": {}}))
    return site


def test_a_whole_site_has_no_findings(site, book):
    assert check(site, book) == []


@pytest.mark.parametrize(
    ("missing", "finding"),
    [
        ("ja/a.html", "ja/a.html: the page is missing"),
        ("index.html", "index.html: the page is missing"),
        ("ja/a b.png", "ja/a.html:6: leads nowhere: a%20b.png"),
        ("ja/look.css", "ja/a.html:3: leads nowhere: look.css?v=1"),
        ("en/f.woff2", "en/look.css:1: leads nowhere: f.woff2"),
    ],
)
def test_what_is_missing_is_found(site, book, missing, finding):
    (site / missing).unlink()
    assert finding in check(site, book)


@pytest.mark.parametrize(
    ("old", "new", "finding"),
    [
        ("a.html#top", "a.html#middle", "ja/a.html:7: no such anchor: a.html#middle"),
        ("#flow:image", "#film:image", "ja/a.html:9: no such anchor: a.html#film:image=7,class=3"),
        ('"#ja-end"', '"#fin"', "ja/a.html:8: no such anchor: #fin"),
        (
            "</body>",
            '<script src="https://cdn.example.org/x.js"></script>',
            "asks another host: https://cdn.example.org/x.js",
        ),
        ("</body>", '<img src="//example.org/x.png" alt="">', "asks another host: //example.org/x.png"),
        ("</body>", "<iframe src='http://example.org/'></iframe>", "asks another host: http://example.org/"),
        (
            "</body>",
            '<link rel="preload" href="https://example.org/f.woff2">',
            "asks another host: https://example.org/f",
        ),
        (
            "</body>",
            '<p style="background: url(https://example.org/p.png)">',
            "asks another host: https://example.org/p.png",
        ),
        (
            "b {",
            "@import 'https://example.org/f.css'; b {",
            "ja/a.html:5: asks another host: https://example.org/f.css",
        ),
        (
            "</body>",
            "<svg><image href='https://example.org/i.png'/></svg>",
            "asks another host: https://example.org/i.png",
        ),
        ("</body>", "<pre>Traceback (most recent call last): ...</pre>", "ja/a.html: a traceback is on the page"),
        ('lang="ja"', 'lang="en"', "ja/a.html:1: the page says that its language is 'en'"),
        ("../provenance.json", "../../elsewhere.txt", "ja/a.html:8: leads out of the site: ../../elsewhere.txt"),
    ],
)
def test_what_is_wrong_on_a_page_is_found(site, book, old, new, finding):
    (site.parent / "elsewhere.txt").touch()
    edit(site / "ja" / "a.html", old, new)
    findings = check(site, book)
    assert len(findings) == 1
    assert finding in findings[0]


def test_a_record_that_says_nothing_is_found(site, book):
    (site / "provenance.json").write_text("{}")
    assert [line for line in check(site, book) if line.startswith("provenance.json: says nothing of ")]
    (site / "provenance.json").write_text("no JSON")
    assert [line for line in check(site, book) if line.startswith("provenance.json: Expecting value")]
