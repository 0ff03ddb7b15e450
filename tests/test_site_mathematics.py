"""Formulas become MathML whole, or not at all; and the font of the book has what they need."""

import re
import runpy
from itertools import chain
from pathlib import Path
from xml.etree import ElementTree

import pytest
from fontTools.ttLib import TTFont

from nnbook.site.extension.mathematics import mathml

ROOT = Path(__file__).parents[1]
FONT = ROOT / "nnbook" / "site" / "theme" / "fonts" / "nnbook-mathematics.woff2"

# What becomes of a formula on a line of its own, as `outline` writes it. Temml 0.13, which shares no code with our
# converter, makes the same of all of them, but for brackets that it groups and other characters for some accents.
FORMULAS = {
    # limits, sums, functions
    r"z = b + \sum_{i=1}^{784} w_i\, x_i": "z = b + underover(∑ {i = 1} 784) sub(w i) sub(x i)",
    r"\sum_{i=1}^{n} \sum_{j \ne i} x_{ij}": "underover(∑ {i = 1} n) under(∑ {j ≠ i}) sub(x {i j})",
    r"\sum\nolimits_i x_i": "sub(∑ i) sub(x i)",
    r"\prod_{k} p_k^{y_k}": "under(∏ k) subsup(p k sub(y k))",
    r"\int_0^1 f(x)\,dx": "subsup(∫ 0 1) f ( x ) d x",
    r"\lim_{h \to 0} \frac{f(x+h) - f(x)}{h}": "under(lim {h → 0}) frac({f ( x + h ) − f ( x )} h)",
    r"\operatorname*{argmax}_k z_k": "under(argmax k) sub(z k)",
    r"\operatorname*{arg\,max}_{k} z_k": "under(arg max k) sub(z k)",
    r"\operatorname{ReLU}(z) = \max(0, z)": "ReLU ( z ) = max ( 0 , z )",
    r"\operatorname{softmax}(\mathbf{z})_k": "softmax ( 𝐳 sub() k)",
    r"\max_{\lVert v \rVert = 1} v^\top A v": "under(max {‖ v ‖ = 1}) sup(v ⊤) A v",
    r"\sin^2 x + \log_2 n": "sup(sin 2) x + sub(log 2) n",
    r"\underset{k}{\operatorname{argmax}} z": "under(argmax k) z",
    # fractions, roots, binomials
    r"p_k = \frac{e^{z_k}}{\sum_{j=0}^{9} e^{z_j}}": "sub(p k) = frac(sup(e sub(z k)) {underover(∑ {j = 0} 9) "
    "sup(e sub(z j))})",
    r"\frac{\partial L}{\partial w_{ij}}": "frac({∂ L} {∂ sub(w {i j})})",
    r"\cfrac{1}{1 + \cfrac{1}{x}}": "frac(1 {1 + frac(1 x)})",
    r"\frac12 x + \tfrac{a}{b}": "frac(1 2) x + frac(a b)",
    r"\sqrt{1 + \sqrt{1 + x}}": "sqrt(1 + sqrt(1 + x))",
    r"\sqrt[3]{x^2}": "root(sup(x 2) 3)",
    r"\binom{n}{k} = {n \choose k}": "( frac(n k) ) = ( frac(n k) )",
    # brackets that grow
    r"\left( \frac{a}{b} \right)^{2}": "sup({( frac(a b) )} 2)",
    r"\left\{ \begin{aligned} a &= 1 \\ b &= 2 \end{aligned} \right.": "{ table(tr(td(a) td(= 1)) tr(td(b) td(= 2)))",
    r"\left. \frac{df}{dx} \right|_{x=0}": "sub({frac({d f} {d x}) |} {x = 0})",
    r"\left\{ x \,\middle|\, \frac{x}{2} > 1 \right\}": "{ x | frac(x 2) > 1 }",
    r"\left\lVert \frac{a}{b} \right\rVert": "‖ frac(a b) ‖",
    r"h_j = \max\Bigl(0,\ b_j + \sum_i w_{ji} x_i\Bigr)": "sub(h j) = max ( 0 , sub(b j) + under(∑ i) sub(w {j i}) "
    "sub(x i) )",
    r"\lVert \mathbf{w} \rVert_2^2": "‖ 𝐰 subsup(‖ 2 2)",
    r"\lfloor x \rfloor + \langle a, b \rangle": "⌊ x ⌋ + ⟨ a , b ⟩",
    # tables
    r"\begin{pmatrix} 1 & 2 \\ 3 & 4 \end{pmatrix}": "( table(tr(td(1) td(2)) tr(td(3) td(4))) )",
    r"\begin{bmatrix} a \\ b \\ c \end{bmatrix}": "[ table(tr(td(a)) tr(td(b)) tr(td(c))) ]",
    r"\left(\begin{array}{c|c} a & b \\ \hline c & d \end{array}\right)": "( table(tr(td(a) td(b)) tr(td(c) td(d))) )",
    r"f(x) = \begin{cases} x & \text{if } x > 0 \\ 0 & \text{それ以外} \end{cases}": "f ( x ) = { "
    "table(tr(td(x) td('if ' x > 0)) tr(td(0) td('それ以外')))",
    r"\begin{aligned} a + b &= c \\ d &= e \end{aligned}": "table(tr(td(a + b) td(= c)) tr(td(d) td(= e)))",
    r"a &= b \\ c &= d": "table(tr(td(a) td(= b)) tr(td(c) td(= d)))",
    r"\begin{gathered} a \\ b \end{gathered}": "table(tr(td(a)) tr(td(b)))",
    # what stands above, below and beside
    r"\hat{y} - \tilde{x} + \bar{z}": "over(y ˆ) − over(x ˜) + over(z ¯)",
    r"\vec{v} + \dot{x} + \ddot{x}": "over(v ⃗) + over(x ˙) + over(x ¨)",
    r"\hat{\mathbf{y}}_i": "sub(over(𝐲 ˆ) i)",
    r"\widehat{abc}": "over({a b c} ̂)",
    r"\overline{\overline{x} + y}": "over({over(x ‾) + y} ‾)",
    r"\underline{xy}": "under({x y} ̲)",
    r"\underbrace{a + b}_{n} + \overbrace{c}^{m}": "under(under({a + b} ⏟) n) + over(over(c ⏞) m)",
    r"\overset{!}{=} \underset{x}{y}": "over(= !) under(y x)",
    r"f'(x) + f'' + x'_i + g'^2": "sup(f ′) ( x ) + sup(f ″) + subsup(x i ′) + sup(g {′ 2})",
    r"x_i^2 + x^{2}_{i} + x^{y^z}": "subsup(x i 2) + subsup(x i 2) + sup(x sup(y z))",
    r"x^23": "sup(x 2) 3",
    r"{}_a^b X + \prescript{a}{b}{X}": "subsup({} a b) X + multiscripts(X prescripts() b a)",
    r"\nabla_{\mathbf{w}} L": "sub(∇ 𝐰) L",
    # alphabets, words, numbers
    r"\mathbf{z} = \mathbf{W}^{(1)} \mathbf{x} + \mathbf{b}": "𝐳 = sup(𝐖 {( 1 )}) 𝐱 + 𝐛",
    r"\mathbb{E}_{x \sim p}[x] \in \mathbb{R}^{100 \times 784}": "sub(𝔼 {x ∼ p}) [ x ] ∈ sup(ℝ {100 × 784})",
    r"\boldsymbol{\theta} + \mathcal{L}": "𝜽 + ℒ",
    r"\mathrm{d}x + D_{\mathrm{KL}}": "d x + sub(D KL)",
    r"\text{if } x \text{ is 正解 の数}": "'if ' x ' is 正解 の数'",
    r"\text{正解率} = \frac{\text{正解}}{\text{全体}}": "'正解率' = frac('正解' '全体')",
    r"\text{nothing but words}": "'nothing but words'",
    r"1{,}000 + 10^{-3}": "1 , 000 + sup(10 {− 3})",
    r"91.5\,\%": "91.5 %",
    # relations, arrows, dots, colours, room
    r"a \not= b \not\in C": "a ≠ b ∉ C",
    r"a \equiv b \pmod{n} + c \bmod d": "a ≡ b ( mod n ) + c mod d",
    r"x \le y \implies f(x) \le f(y)": "x ≤ y ⟹ f ( x ) ≤ f ( y )",
    r"\{ x \in A : x \mapsto y \mid z \}": "{ x ∈ A : x ↦ y ∣ z }",
    r"\xrightarrow{f} + \xrightarrow[g]{f}": "over(→ over(f {})) + underover(→ under(g {}) over(f {}))",
    r"x_1, \ldots, x_n + \cdots": "sub(x 1) , . . . , sub(x n) + ⋯",
    r"{\color{red} x} + \textcolor{blue}{y + 1}": "x + y + 1",
    r"\phantom{x} y \mkern3mu z \hspace{1em} w": "phantom(x) y z w",
}


ROWS = {"math", "semantics", "mrow", "mpadded"}  # nothing but what is in them, one after the other
NAMES_WITH_LIMITS = re.compile(r"\bunder\((?=(?:lim|max|argmax|arg max)\b)")


def outline(markup):
    """The structure of a formula: `sub(x i)` for xᵢ, braces round several signs in one place; no room between signs."""
    return " ".join(_signs(ElementTree.fromstring(markup.replace("&ApplyFunction;", "\u2061"))))


def _signs(element):
    text = re.sub("[\u2061-\u2064\ufe00]", "", re.sub("[\u00a0\u2009]", " ", "".join(element.itertext())))
    if element.tag in {"mi", "mn", "mo"}:
        return [text] if text else []
    if element.tag == "mtext":
        return [repr(text)] if text.strip() else []
    if element.tag in {"annotation", "mspace"}:
        return []
    inner = [_signs(child) for child in element]
    if element.tag in ROWS:
        return list(chain(*inner))
    if element.tag not in {"mtd", "msqrt"}:
        inner = [[" ".join(signs) if len(signs) == 1 else f"{{{' '.join(signs)}}}"] for signs in inner]
    return [f"{element.tag[1:]}({' '.join(chain(*inner))})"]


@pytest.mark.parametrize("tex", FORMULAS)
def test_a_formula_has_the_structure_that_latex_gives_it(tex):
    markup = mathml(tex, True)
    assert markup.startswith('<math display="block">')
    assert outline(markup) == FORMULAS[tex]


@pytest.mark.parametrize("tex", FORMULAS)
def test_a_formula_in_a_line_has_limits_of_names_beside_them(tex):
    """Those of sums too, but that is for browsers to see to."""
    markup = mathml(tex, False)
    assert markup.startswith("<math>")
    expected = FORMULAS[tex] if r"\underset" in tex else NAMES_WITH_LIMITS.sub("sub(", FORMULAS[tex])
    assert outline(markup) == expected


def test_colours_hold_for_what_they_are_given():
    root = ElementTree.fromstring(mathml(r"{\color{red} x} + y", False))
    (coloured,) = root.findall(".//*[@style]")
    assert "color:#FF0000" in coloured.get("style")
    assert [sign.text for sign in coloured] == ["x"]


def test_lines_and_columns_stand_where_they_should():
    columns = re.findall(r"text-align: (\w+)", mathml(r"a &= b \\ c &= d", True))
    assert columns == ["right", "left"] * 2
    assert mathml(r"\begin{array}{c|c} a & b \\ \hline c & d \end{array}", True).count("border-right") == 2


def test_the_latex_travels_along_for_programs_that_take_the_formula_over():
    tex = r"a < \frac{1}{b}"
    root = ElementTree.fromstring(mathml(tex, False))
    (source,) = root.iter("annotation")
    assert (source.get("encoding"), source.text) == ("application/x-tex", tex)


@pytest.mark.parametrize(
    ("tex", "message"),
    [
        (r"\unknown{x}", r"can't be converted: .*unknown.*; write it another way"),
        (r"\frac{1}{", r"can't be converted"),
        (r"a & b", r"can't be converted"),
        (r"\sum_{\substack{a \\ b}}", r"can't be converted"),
        (r"\begin{alignedat}{2} a &= b \end{alignedat}", r"can't be converted"),
        (r"\text{a $x$ b}", r"can't be converted"),
        (r"\boxed{x}", r"needs <menclose>, which browsers do not draw"),
        (r"\cancel{x}", r"needs <menclose>, which browsers do not draw"),
        (r"\texttt{relu}(x)", r"needs <code>, which browsers do not draw"),
        (r"a % b", r"holds a comment"),
        (r"\begin{align} a &= b \end{align}", r"numbers itself"),
        (r"a \tag{1}", r"numbers itself"),
        (r"\phantom{}", r"lost 'everything'"),
        (r"\color{red}{}", r"lost 'everything'"),
        (r"\mathchoice{a}{b}{c}{d}", r"lost 'acd'"),
        (r"\mathop{\mathrm{argmin}}_x", r"\\mathop would have its limits beside it; write \\operatorname\*\{...\}"),
        (r"\def\R{\mathbb{R}} x \in \R", r"own would hold for this formula alone; write out what it stands for"),
        (r"\begin{aligned} a \\[2pt] b \end{aligned}", r"length after \\\\ would be printed; leave it out"),
        (r"x \middle| y", r"\\middle would have no ends to be between; write \\left and \\right around it"),
    ],
)
def test_what_would_be_garbled_is_refused(tex, message):
    with pytest.raises(ValueError, match=message):
        mathml(tex, False)


@pytest.mark.parametrize(("tex", "lost"), [("a + b", "'[+]b'"), (r"a \\ \text{正解}", "'正解'"), ("a < 1", "'1<'")])
def test_a_converter_that_drops_something_is_noticed(monkeypatch, tex, lost):
    class Careless:
        def convert_with_local_state(self, tex, displaystyle):
            return f"<math><mi>a</mi><annotation>{tex}</annotation></math>"

    monkeypatch.setattr("nnbook.site.extension.mathematics._converter", Careless)
    mathml.cache_clear()
    with pytest.raises(ValueError, match=f"lost {lost}; write it another way"):
        mathml(tex, False)
    mathml.cache_clear()


@pytest.fixture(scope="module")
def script():
    return runpy.run_path(str(ROOT / "scripts" / "make_mathematics_font.py"))


@pytest.fixture(scope="module")
def font():
    with TTFont(FONT) as font:
        yield font


def lacking(script, font, formulas):
    """What the font lacks, by formula."""
    needed = {f"{place}: {tex}": script["glyphs"](tex) - set(map(chr, font.getBestCmap())) for place, tex in formulas}
    return {formula: sorted(characters) for formula, characters in needed.items() if characters}


def test_the_font_has_every_glyph_of_the_formulas_of_the_book(script, font):
    formulas = list(script["formulas"]())
    assert len({tex for _, tex in formulas}) > 5
    assert lacking(script, font, formulas) == {}, "run scripts/make_mathematics_font.py"


def test_a_glyph_that_the_font_lacks_is_named(script, font):
    formulas = [("a.md", r"x + \aleph_0"), ("b.md", r"\text{正解} = h"), ("c.md", r"\mathfrak{g}")]
    assert lacking(script, font, formulas) == {r"a.md: x + \aleph_0": ["ℵ"], r"c.md: \mathfrak{g}": ["𝔤"]}


def test_letters_are_looked_for_in_the_shape_that_browsers_draw(script):
    assert script["glyphs"](r"h + \mathrm{d}x + \max \theta") == set("ℎ+d𝑥max𝜃")


def test_the_font_is_small_goes_by_its_own_name_and_has_its_licence_beside_it(font):
    assert FONT.stat().st_size <= 17_000
    assert "MATH" in font
    assert font["name"].getDebugName(1) == "nnbook Mathematics"
    licence = FONT.with_name("nnbook-mathematics-OFL.txt").read_text(encoding="utf-8")
    assert licence.count(font["name"].getDebugName(0)) == 1
    assert "SIL OPEN FONT LICENSE Version 1.1" in licence
