"""Formulas as MathML, made when the book is built: nothing to load, to run or to wait for at reading time.

A converter can drop what it does not know without a word. So it is held in check: what it is known to set wrong and
elements that browsers do not draw are refused, and every letter, digit and sign of the formula must come out again.
The LaTeX travels along unseen, for whoever takes the formula into a document of their own.
"""

import html
import re
import unicodedata
from collections import Counter
from functools import lru_cache
from typing import Any
from xml.etree.ElementTree import fromstring

from docutils import nodes
from math_core import LatexError, LatexToMathML
from sphinx.locale import _
from sphinx.util import logging
from sphinx.util.math import get_node_equation_number

from nnbook.site.extension.places import place_of
from nnbook.site.plain import text_of

LOGGER = logging.getLogger(__name__)

# What https://www.w3.org/TR/mathml-core/ defines and browsers draw, without what needs a script.
_DRAWN = re.compile(
    r"math|mfrac|mi|mmultiscripts|mn|mo|mover|mpadded|mphantom|mprescripts|mroot|mrow|ms|mspace|msqrt|mstyle|"
    r"msub|msubsup|msup|mtable|mtd|mtext|mtr|munder|munderover|semantics|b|i"
)
_NUMBERING = re.compile(r"\\(begin\{(?:align|equation|gather|multline|alignat|flalign)\}|tag\b|label\b|ref\b|eqref\b)")
_COMMENT = re.compile(r"(?<!\\)%")
# What is converted without an error, but not to what LaTeX sets; and what to write instead.
_SET_WRONG = {
    r"\\mathop\b": r"\mathop would have its limits beside it; write \operatorname*{...}",
    r"\\def\b": "a command of one's own would hold for this formula alone; write out what it stands for",
    r"\\\\\s*\[": r"the length after \\ would be printed; leave it out",
    r"\A(?!.*\\left\b).*\\middle\b": r"\middle would have no ends to be between; write \left and \right around it",
}
_NOT_SHOWN = re.compile(
    r"\\(?:begin|end)\{[a-zA-Z*]+\}(?:\{[^{}]*\})?|\\[hvm]space\*?\{[^{}]*\}|\\(?:text)?color\{[^{}]*\}"
    r"|\\m?kern\s*-?[\d.]+\s*[a-z]{2}|\\not\s*[=<>]|\\(?:[a-zA-Z]+|[^a-zA-Z])"
)
_WITH_NAME = re.compile(r"\\(?:operatorname\*?|text(?!color)\w*|math\w+|mbox)(?=\s*\{)")
_SIGNS = "+=<>(),;/"  # those that are set as they are written
_ANNOTATION = re.compile(r"<annotation.*?</annotation>", re.DOTALL)
# A line above; the converter writes the character for one below.
_LINE_ABOVE = ("\u0332</mo></mover>", "\u203e</mo></mover>")


@lru_cache(maxsize=1)
def _converter() -> LatexToMathML:
    return LatexToMathML(fancy_error=False, annotation=True)


@lru_cache(maxsize=4096)
def mathml(tex: str, display: bool) -> str:
    """The MathML of a formula.

    Args:
        tex: the formula in LaTeX, without dollars.
        display: whether it stands on a line of its own.

    Raises:
        ValueError: if the formula can't be converted, or something of it was lost.
    """
    rule = "a formula must be LaTeX that becomes MathML whole"
    if _NUMBERING.search(tex) or _COMMENT.search(tex):
        raise ValueError(
            f"{rule}; {tex!r} numbers itself or holds a comment; use aligned or gathered between $$, a label after the "
            r"closing $$, and \% for a percent sign"
        )
    for wrong, reason in _SET_WRONG.items():
        if re.search(wrong, tex, re.DOTALL):
            raise ValueError(f"{rule}; in {tex!r} {reason}")
    try:
        markup = _converter().convert_with_local_state(lines(tex), displaystyle=display)
    except LatexError as error:
        raise ValueError(f"{rule}; {tex!r} can't be converted: {error}; write it another way") from None
    shown = _ANNOTATION.sub("", markup)
    unknown = [name for name in sorted(set(re.findall(r"<(\w+)", shown))) if not _DRAWN.fullmatch(name)]
    if unknown:
        raise ValueError(
            f"{rule}; {tex!r} needs <{'>, <'.join(unknown)}>, which browsers do not draw; write it another way"
        )
    lost = _characters(_shown(tex)) - _characters(html.unescape(re.sub(r"<[^>]*>", "\n", shown)))
    if lost or not re.search(r"<m(?:[ino]|text)\b", shown):
        raise ValueError(f"{rule}; {tex!r} lost {''.join(sorted(lost)) or 'everything'!r}; write it another way")
    return markup.replace(*_LINE_ABOVE)


def plain(tex: str) -> str:
    """A formula as text without markup, such as x_i, for titles.

    Raises:
        ValueError: as `mathml`.
    """
    return text_of(fromstring(mathml(tex, display=False)))


def lines(tex: str) -> str:
    """A formula of several lines in the environment that sets lines."""
    if r"\\" not in tex or r"\begin" in tex:
        return tex
    return rf"\begin{{aligned}}{tex}\end{{aligned}}"


def _shown(tex: str) -> str:
    """The formula without what is not shown by itself: the names of commands and environments, lengths, colours."""
    return _NOT_SHOWN.sub(" ", _WITH_NAME.sub(" ", tex))


def _characters(text: str) -> Counter[str]:
    """How often each letter, digit and sign stands in `text`, whatever its style (𝐱 is an x)."""
    plain = unicodedata.normalize("NFKC", text)
    return Counter(character for character in plain if character.isalnum() or character in _SIGNS)


def visit_inline(translator: Any, node: nodes.math) -> None:
    """Write an inline formula."""
    translator.body.append(_convert(node, display=False))
    raise nodes.SkipNode


def visit_block(translator: Any, node: nodes.math_block) -> None:
    """Write a formula on a line of its own, with its number and label."""
    translator.body.append(translator.starttag(node, "div", CLASS="math"))
    if node["number"]:
        translator.body.append(f'<span class="eqno">({get_node_equation_number(translator, node)})')
        translator.add_permalink_ref(node, _("Link to this equation"))
        translator.body.append("</span>")
    translator.body.append(_convert(node, display=True) + "</div>\n")
    raise nodes.SkipNode


def _convert(node: nodes.math | nodes.math_block, display: bool) -> str:
    try:
        return mathml(node.astext().strip(), display)
    except ValueError as error:
        LOGGER.warning(str(error), location=place_of(node, node.astext().strip().partition("\n")[0]))
        return ""
