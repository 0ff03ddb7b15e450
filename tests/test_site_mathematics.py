"""Formulas become MathML whole, or not at all."""

import re

import pytest

from nnbook.site.extension.mathematics import mathml

# From the book and harder: what each must say when its letters are read in order.
FORMULAS = {
    r"z = b + \sum_{i=1}^{784} w_i\, x_i": "z=b+∑i=1784wixi",
    r"p_k = \frac{e^{z_k}}{\sum_{j=0}^{9} e^{z_j}}": "pk=ezk∑j=09ezj",
    r"x \le y \implies f(x) \le f(y)": "x≤y⟹f(x)≤f(y)",
    r"\operatorname{ReLU}(z) = \max(0, z)": "ReLU(z)=max(0,z)",
    r"\operatorname*{arg\,max}_k z_k": "argmaxkzk",
    r"\mathbf{z} = W\mathbf{x} + \mathbf{b}": "𝐳=W𝐱+𝐛",
    r"\boldsymbol{w}^\top \boldsymbol{x}": "𝒘⊤𝒙",
    r"f(x)=\begin{cases} x & \text{if } x > 0 \\ 0 & \text{otherwise} \end{cases}": "f(x)={xifx>00otherwise",
    r"\begin{pmatrix} 1 & 2 \\ 3 & 4 \end{pmatrix}": "(1234)",
    r"\frac{\partial L}{\partial w_{ij}}": "∂L∂wij",
    r"\lVert \mathbf{w} \rVert_2^2 + \lambda \bar{x}": "‖𝐰‖22+λx¯",
    r"\text{正解率} = \frac{\text{正解}}{\text{全体}}": "正解率=正解全体",
    r"\left( \frac12 \right)^{2}, \quad \tfrac{a}{b}": "(12)2,ab",
    r"h_j = \max\Bigl(0,\ b_j + \sum_i w_{ji} x_i\Bigr)": "hj=max(0,bj+∑iwjixi)",
    r"\underbrace{a+b}_{c} \xrightarrow{f} \sqrt[3]{x^{(1)}}": "a+b⏟c→fx(1)3",
    r"\begin{array}{cc} a & b\\ c & d\end{array}": "abcd",
    r"x^23": "x23",
    r"\hat{y}' \mapsto \mathbb{R}^{100 \times 784}": "yˆ′↦ℝ100×784",
    r"91.5\,\%": "91.5%",
}


@pytest.mark.parametrize("display", [False, True])
@pytest.mark.parametrize("tex", FORMULAS)
def test_formulas_come_out_whole(tex, display):
    markup = mathml(tex, display)
    text = re.sub(r"<[^>]*>|&ApplyFunction;|\s|[\u2061-\u2064]", "", markup).replace("&gt;", ">")
    assert text == FORMULAS[tex]
    assert ('display="block"' in markup) == display


def test_lines_are_aligned_without_saying_so():
    assert mathml("a &= b \\\\\nc &= d", True).count("<mtr>") == 2


@pytest.mark.parametrize(
    ("tex", "message"),
    [
        (r"\unknown{x}", r"can't be converted: .*unknown.*; write it another way"),
        (r"\frac{1}{", r"can't be converted"),
        (r"a & b", r"can't be converted"),
        (r"\boxed{x}", r"needs <menclose>, which browsers do not draw"),
        (r"a % b", r"holds a comment"),
        (r"\begin{align} a &= b \end{align}", r"numbers itself"),
        (r"a \tag{1}", r"numbers itself"),
        (r"\phantom{}", r"lost 'everything'"),
        (r"\color{red}{}", r"lost 'everything'"),
    ],
)
def test_what_would_be_garbled_is_refused(tex, message):
    with pytest.raises(ValueError, match=message):
        mathml(tex, False)


def test_a_converter_that_drops_a_letter_is_noticed(monkeypatch):
    class Careless:
        def convert_with_local_state(self, tex, displaystyle):
            return "<math><mi>a</mi></math>"

    monkeypatch.setattr("nnbook.site.extension.mathematics._converter", Careless)
    mathml.cache_clear()
    with pytest.raises(ValueError, match="'a \\+ b' lost 'b'"):
        mathml("a + b", False)
    mathml.cache_clear()
