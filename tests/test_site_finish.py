"""The step that finishes a site: rules that no page can use are gone, all others are there; nothing else is lost."""

import re
import shutil

import html5lib
import pytest
from nnbook.site.finish import finish
from nnbook.site.finish.matching import Used
from nnbook.site.finish.shapes import outline, tree
from nnbook.site.finish.shorter import told_by, unquoted
from nnbook.site.finish.styles import combine
from PIL import Image
from site_books import digests

from nnbook.site.errors import BuildError

PAGE_OF_STYLES = """<html data-theme="auto"><body>
<div class="cell on" id="top"><a>0</a><p class="on">a<a href="x">b</a></p><ul class="only"><li>c<li>d</ul></div>
<div class="cell"><nnb-demo></nnb-demo><input type="search"></div>
<div class="late"></div>
<aside id="pst-primary-sidebar" class="side"><b>menu</b></aside><dialog id="pst-primary-sidebar-modal"></dialog>
</body></html>"""
USED = Used(
    pages=tree([PAGE_OF_STYLES]),
    properties=frozenset({"--from-page"}),
    words=frozenset({"later-on", "active", "word", "twoWords", "i", "button", "type", "theme", "dark"}),
    made=frozenset({"i"}),
    given=frozenset({"from-data"}),
)


def combined(tmp_path, text, later=False, **more):
    """What is left of a style sheet; `more` are sheets beside it."""
    for name, content in {"main": text, **more}.items():
        (tmp_path / f"{name}.css").write_text(content, encoding="utf-8")
    return combine([tmp_path / "main.css"], USED, lambda path: f"there/{path.name}", later)


@pytest.mark.parametrize(
    "rule",
    [
        "p.on{color:red}",
        "#top>a:hover:before{color:red}",
        "p:not(.off){color:red}",
        ":is(.off,.on){color:red}",
        ".later-on{color:red}",  # a script may set it
        ".active{color:red}",
        ".nnb-made-of-parts{color:red}",
        "[data-theme=dark] p{color:red}",
        "[data-two-words]{color:red}",  # dataset.twoWords
        "[type=button]{color:red}",
        "*{color:red}",
        "@media print{p{color:red}}",
        "@supports (color:red){p{color:red}}",
        "p{color:red!important}",
        ".cell.on>p.on a{color:red}",
        "p~ul li+li{color:red}",
        ".only i.later-on{color:red}",  # a script may make it there
        "i>p{color:red}",  # and put the paragraph into it
        "i.from-data{color:red}",
        "dialog.side[open] b{color:red}",  # a drawer borrows what is in the sidebar
        "p:has(a){color:red}",
        "html:not([data-mode]) p{color:red}",
        "p{color:var(--a)}p.on{--a:var(--b);--b:red}",
        ".only{color:red}@media print{.only{color:blue}}",
        ".only{color:red;color:color-mix(in srgb,red,blue)}",  # which not every browser knows
        "html{--from-page:1}",
        "p{animation:turn 1s}@keyframes turn{from{rotate:0deg}to{rotate:90deg}}",
        "p{&:hover{color:red}}",
        "p{color:blue;&:hover{color:red}}",
        "@container (max-width:9px){p :is(a,b){color:red}}",  # in it, and not the paragraph itself
        "p{background:url(data:image/png;base64,AA==)}",
    ],
)
def test_rules_that_can_apply_are_kept(tmp_path, rule):
    assert combined(tmp_path, rule).replace(" !", "!") == rule


@pytest.mark.parametrize(
    "rule",
    [
        ".off{color:red}",
        ".word{color:red}",  # scripts hold many words
        "p.on .off{color:red}",
        "#bottom{color:red}",
        "table{color:red}",
        ":is(.off,table){color:red}",
        "[data-bs-toggle]{color:red}",
        "@media print{.off{color:red}}",
        "p.only{color:red}",  # each occurs, but not at one element
        "p .only{color:red}",
        "ul>p{color:red}",
        "ul~p{color:red}",
        "b.from-data{color:red}",
        ".late a{color:red}",
        "p:has(table){color:red}",
        "input[type=reset]{color:red}",
        "html:not([data-theme]) p{color:red}",
        "html{--a:1;--b:var(--a)}",
        "@keyframes turn{from{rotate:0deg}}",
        '@font-face{font-family:"Unseen";src:url(unseen.woff2)}',
        "p{}",
        "/* nothing */",
    ],
)
def test_rules_that_can_not_apply_are_dropped(tmp_path, rule):
    assert combined(tmp_path, rule) == ""


def test_of_a_list_of_selectors_those_that_apply_are_kept(tmp_path):
    assert combined(tmp_path, ".off, p , .off.on,\n a{color:red}") == "p,a{color:red}"


@pytest.mark.parametrize(
    ("text", "shorter"),
    [
        ("p{color:red;color:blue}", "p{color:blue}"),
        ("p{margin-top:0;color:red}a{color:red}p{margin:1px}", "p,a{color:red}p{margin:1px}"),
        ("p{color:red!important}p{color:blue}", "p{color:red!important;color:blue}"),
        ("@media print{p{color:red}}p{color:blue}", "p{color:blue}"),
        ("p,a{color:red}p{color:blue}", "p,a{color:red}p{color:blue}"),
        ('a[href="x"]::before{top:0}a[href=x]:before{left:0}', "a[href=x]:before{top:0;left:0}"),
        ("p{color:red}a{color:red}", "p,a{color:red}"),
        ("p{top:0}ul{left:0}p{right:0}", "p{top:0;right:0}ul{left:0}"),
        ("a{top:0}#top{top:1px}a{left:0;top:2px}", "#top{top:1px}a{left:0;top:2px}"),
        ("ul{top:0}.only{top:1px}", ".only{top:1px}"),  # each list on the pages has the class
        ("ul{top:0}#top .only{left:0}#top>ul{top:1px}", "#top .only{left:0}#top>ul{top:1px}"),
        ("#top ul{top:0}.only{top:1px}",) * 2,  # which weighs less
        ("ul{top:0}.only:hover{top:1px}",) * 2,
        ("ul:before{top:0}.only{top:1px}",) * 2,
        ("a{top:0}p>a{top:1px}",) * 2,  # there is another one
        ("i{top:0}.on i{top:1px}",) * 2,  # made by scripts
        ("p{color:red}a::-own{color:red}", "p{color:red}a::-own{color:red}"),
        ("p{-webkit-box-shadow:none;box-shadow:none}", "p{box-shadow:none}"),
        ("p{-webkit-mask:none;mask:none}", "p{-webkit-mask:none;mask:none}"),
        ("p{--fade:1;animation:turn 1s}@keyframes fade{to{top:0}}", "p{animation:turn 1s}"),
        ("p{color:var(--nowhere,red)}", "p{color:red}"),
        ("p{color:var(--nowhere)}", "p{color:unset}"),
        (
            ":root{--a:1px;--b:2px}ul{top:var(--a)}.on{--b:3px;top:var(--b)}",
            ":root{--b:2px}ul{top:1px}.on{--b:3px;top:var(--b)}",
        ),
    ],
)
def test_what_is_said_in_vain_is_left_out(tmp_path, text, shorter):
    assert combined(tmp_path, text, later=True).replace(" !", "!") == shorter


def test_custom_properties_get_short_names_unless_something_else_names_them(tmp_path):
    text = (
        "p{--long-name:1px;--from-page:2px;margin:var(--long-name) var(--from-page)}p:hover{--long-name:3px;color:red}"
    )
    assert combined(tmp_path, text) == text.replace("--long-name", "--a")
    assert combined(tmp_path, text, later=True) == text
    typed = '@property --long-name{syntax:"<length>";inherits:true;initial-value:0px}'
    assert combined(tmp_path, typed + text).startswith('@property --a{syntax:"<length>"')


def test_other_words_on_a_page_leave_its_outline_as_it_is():
    same, other = PAGE_OF_STYLES.replace("menu", "list"), PAGE_OF_STYLES.replace("<b>", "<b class='on'>")
    assert outline(tree([PAGE_OF_STYLES])) == outline(tree([same])) != outline(tree([other]))


def test_imports_are_put_in_their_place_and_addresses_lead_to_the_files(tmp_path):
    text = '@import "base.css"; @import url("print.css") print; p{background:url("../pictures/a.png?v=1")}'
    made = combined(tmp_path, text, base=".on{color:red}", print="a{color:red}")
    assert made == '.on{color:red}@media print{a{color:red}}p{background:url("there/a.png?v=1")}'


def test_a_font_that_is_shown_is_kept_and_the_font_of_icons_is_not(tmp_path):
    face = '@font-face{font-family:"%s";src:url("there/f.woff2")}'
    text = (
        f"{face % 'Digits'}{face % 'Font Awesome 6 Free'}"
        + 'ul{font-family:"Digits"}.on{font:1em "Font Awesome 6 Free"}'
    )
    made = combined(tmp_path, text)
    assert face % "Digits" in made
    assert "@font-face" not in made.replace(face % "Digits", "")


PAGE = """<!doctype html>
<html lang="{code}">
<head>
<meta charset="utf-8" />
<link rel="stylesheet" href="_static/a.css?v=1" />
<link rel="stylesheet" href="_static/b.css?v=2" />
<link rel="next" title="Loaded ahead by some" href="other.html" />
<script>let inline = "<p>";</script>
<script defer="defer" src="_static/used.js?v=3"></script>
</head>
<body>
   <p class="on">A line
      and another   </p>
<pre><span></span><span class="n">kept</span>{two}
   as it is</pre>
<button class="{icon}">x</button>
<img src="picture.png" alt="a < b"><img src="picture.png" alt=""><img src="picture.png" alt="" width="9">
</body>
</html>
"""


@pytest.fixture
def site(tmp_path):
    for code in ("en", "ja"):
        static = tmp_path / "site" / code / "_static"
        static.mkdir(parents=True)
        (static.parent / "page.html").write_text(PAGE.format(two="  ", code=code, icon="on"), encoding="utf-8")
        (static / "a.css").write_text(".on{color:red}.off{color:red}", encoding="utf-8")
        (static / "b.css").write_text(
            ".on{color:blue;background:url(shown.png)}.icon-sun{--icon:1}.icon-sun{mask-position:var(--icon)}",
            encoding="utf-8",
        )
        (static / "used.js").write_text("document.body.className = 'x';", encoding="utf-8")
        (static / "unused.js").write_text("", encoding="utf-8")
        for name in ("_static/shown.png", "_static/unseen.png", "picture.png"):
            Image.new("L", (40, 30)).save(static.parent / name)
    return tmp_path / "site"


def test_all_languages_share_one_style_sheet_in_the_order_of_the_old_ones(site, tmp_path):
    finish(site, tmp_path / "cache")
    (style,) = site.rglob("*.css")
    assert style.read_text("utf-8") == '.on{color:blue;background:url("../en/_static/shown.png")}'
    for code in ("en", "ja"):
        page = (site / code / "page.html").read_text(encoding="utf-8")
        assert re.findall(r"<link[^>]*>", page) == [f"<link rel=stylesheet href=../_static/{style.name}>"]


def test_a_style_sheet_that_a_script_loads_later_is_kept_with_what_can_apply(site, tmp_path):
    static = site / "en" / "_static"
    later = "@media print { .on { top: 0 } }\n.on { color: var(--ink) }\n.off { color: red }"
    (static / "later.css").write_text(later, encoding="utf-8")
    (static / "a.css").write_text(":root{--ink:blue;--unused:red}", encoding="utf-8")
    (static / "used.js").write_text('link.href = "later.css";', encoding="utf-8")
    finish(site, tmp_path / "cache")
    assert (static / "later.css").read_text(encoding="utf-8") == "@media print{.on{top:0}}.on{color:var(--ink)}"
    sheets = "".join(path.read_text(encoding="utf-8") for path in (site / "_static").glob("site.*.css"))
    assert ":root{--ink:blue}" in sheets


def test_what_nothing_refers_to_is_left_out(site, tmp_path):
    finish(site, tmp_path / "cache")
    names = {path.relative_to(site / "en").as_posix() for path in (site / "en").rglob("*") if path.is_file()}
    assert names == {"page.html", "picture.png", "_static/shown.png", "_static/used.js"}


def test_pages_are_tidied_and_pictures_keep_their_room(site, tmp_path):
    finish(site, tmp_path / "cache")
    page = (site / "en" / "page.html").read_text(encoding="utf-8")
    assert "<p class=on>A line\nand another\n</p>" in page.replace("another   </p>", "another\n</p>")
    assert "<pre>kept  \n   as it is</pre>" in page
    assert "<button type=button class=on>" in page
    assert '<img src=picture.png alt="a < b" width=40 height=30>' in page
    assert '<img src=picture.png alt="" width=9 loading=lazy>' in page
    assert '<script defer src="_static/used.js?v=3">' in page
    assert "'sha256-" in page
    assert '<meta charset="utf-8">' in page  # other programs read what is said about a page


@pytest.mark.parametrize(
    ("tag", "shorter"),
    [
        (' class="std on reference"', " class=on"),
        (' id="a" class="std"', " id=a"),
        (' class="nnb-of-parts notranslate std"', ' class="nnb-of-parts notranslate"'),
        (' class="highlight-python"', " class=highlight-python"),  # [class*=light-]
        (' class="by-script"', " class=by-script"),
        (' href="a/" alt="" title="a b" data-a="x=1" data-b=\'{"a":1}\'',) * 2,
        (' data-a="1" r="2"/', " data-a=1 r=2 /"),
        (' r="2" d="M0 0" /', ' r=2 d="M0 0"/'),
    ],
)
def test_tags_lose_what_nothing_refers_to_and_needless_quotes(tag, shorter):
    told = told_by([".on{color:red}[class*=light-]{color:red}dl[class]{color:red}"], frozenset({"by-script"}))
    assert unquoted(told.shorter("p", tag)) == shorter
    assert told.shorter("dl", tag) == tag


def test_a_finished_page_is_the_same_document(site, tmp_path):
    def elements(path):
        page = html5lib.parse(path.read_text(encoding="utf-8"), namespaceHTMLElements=False)
        return [
            (one.tag, one.get("id"), one.get("src"), one.get("alt"), one.get("class"))
            for one in page.find("body").iter()
        ]

    page = site / "en" / "page.html"
    before = elements(page)
    finish(site, tmp_path / "cache")
    code = [one for one in before if one[4] == "n"]
    assert elements(page) == [one for one in before if one not in code and one != ("span", None, None, None, None)]


def test_the_same_site_gives_the_same_bytes_with_and_without_the_cache(site, tmp_path):
    copies = []
    for name in ("first", "second", "third"):
        copy = tmp_path / name / "site"
        copy.parent.mkdir()
        shutil.copytree(site, copy)
        finish(copy, tmp_path / ("other" if name == "third" else "cache"))
        copies.append(digests(copy))
    assert copies[0] == copies[1] == copies[2]


def test_an_icon_that_is_not_drawn_is_an_error_that_says_what_to_do(site, tmp_path):
    path = site / "ja" / "page.html"
    path.write_text(PAGE.format(two="  ", code="ja", icon="icon fa-solid fa-lg fa-rocket icon-sun"), encoding="utf-8")
    with pytest.raises(BuildError, match=r"(?s)Every icon.*Draw the icon.*ja/page.html: fa-rocket$"):
        finish(site, tmp_path / "cache")
