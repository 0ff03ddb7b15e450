"""How a language wants to be written, as far as a pattern can tell; a language has a line here for each rule.

No checker on PyPI knows Japanese prose (textlint, which does, is a program for Node.js), and these are few.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from nnbook.site.parity import GAP, Prose

_SAID = re.compile("「[^「」]*」")  # as somebody says it
_JAPANESE = "ぁ-ゖァ-ヺー々一-鿿"
_KOREAN = "가-힣"
_PAUSES = r"\s*(?:\$\$|`{3,}\{math\}|[-*+] |\d+\. )"  # what a paragraph may lead to without an end


@dataclass(frozen=True)
class Rule:
    """Something that is not written in a language.

    Attributes:
        wrong: what finds it; its last letter is the place.
        says: the rule, what came ({}) and the remedy.
        is_running: whether it is about the paragraphs of pages alone, and not about labels, tables and lists.
    """

    wrong: str
    says: str
    is_running: bool = False


_DIGITS = Rule("[０-９]+", "digits are of half width; got {!r}; write them as in English")
_OPEN = "a paragraph ends with a sign such as {}; this one ends in {{!r}}; write the sign"
RULES = {
    "es": [
        Rule(r"(?:\A|(?<=\?))[^?¿]*\?", "a question begins with ¿; got {!r}; write the sign before it"),
        Rule(r"(?:\A|(?<=!))[^!¡]*!", "an exclamation begins with ¡; got {!r}; write the sign before it"),
    ],
    "ja": [
        _DIGITS,
        Rule("[ｦ-ﾟ]+", "katakana are of full width; got {!r}; write them so"),
        Rule(
            f"(?<=[{_JAPANESE}])[,.!?:;](?=[{_JAPANESE}「]|\\Z)",
            "punctuation is of full width; got {!r}; write a sign of Japanese",
        ),
        Rule("[、。]{2,}", "one sign of punctuation is enough; got {!r}; keep one"),
        Rule(
            "(?:である|であった|だった|だろう|[^くたん]だ|ではない|(?<!まし|でし)た|(?<![でま])す|[くぶむる]|[持立待打]つ)。",
            "sentences end in です・ます; this one ends in {!r}; end it so",
            is_running=True,
        ),
        Rule(f"[{_JAPANESE}]\\Z", _OPEN.format("。"), is_running=True),
    ],
    "ko": [
        _DIGITS,
        Rule(r"(?<!니)다\.(?![”\"’'])", "sentences end in 합니다; this one ends in {!r}; end it so", is_running=True),
        Rule(f"[{_KOREAN}]\\Z", _OPEN.format("a full stop"), is_running=True),
    ],
}


def mistakes(prose: Prose, language: str, after: str) -> Iterator[tuple[int, str]]:
    """Where and how a piece of `prose` is not as its language wants it; `after` is what follows it in the file."""
    text = prose.text.rstrip("* \n")
    told = _SAID.sub(lambda said: GAP * len(said[0]), text)
    for rule in RULES.get(language, ()):
        if rule.is_running and not prose.is_running:
            continue
        for match in re.finditer(rule.wrong, told if rule.is_running else text):
            if not (rule.wrong.endswith("\\Z") and rule.is_running and re.match(_PAUSES, after)):
                yield match.end() - 1, rule.says.format(match[0][-20:])
