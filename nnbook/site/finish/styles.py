"""All style sheets of the site as one text that holds what its pages can use, and no more."""

import re
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import rcssmin
import tinycss2

from nnbook.site.finish.cascade import Rule, without_vain
from nnbook.site.finish.joining import joined
from nnbook.site.finish.matching import Matcher, Used
from nnbook.site.finish.selectors import split
from nnbook.site.finish.variables import declarations, resolved, with_short_names

# Icons are drawn by static/shell.css; the theme's font of them is left behind.
_LEFT_OUT_FONT = "font awesome"
_GROUPS = {"media", "supports", "layer", "container", "scope", "starting-style"}
_KEYFRAMES = re.compile(r"@(-\w+-)?keyframes\b")
_NAME = re.compile(r"[\w-]+")
_IN_SELECTOR = re.compile(r"""("[^"]*"|'[^']*')|\s*([>+~])\s*|\s+""")
_QUOTED_WORD = re.compile(r"""=["']([A-Za-z][\w-]*)["']\]""")
_LONG_VALUE = re.compile(
    r"""("[^"]*"|'[^']*'|url\([^)]*\))|(?<![\w.#-])0(?=\.\d)|#([\da-fA-F])\2([\da-fA-F])\3([\da-fA-F])\4(?![\w-])"""
)
_ADDRESS = re.compile(r"""url\(\s*(["']?)(?!data:|#|[a-z]+://)([^"')]+)\1\s*\)""")


def combine(sheets: Sequence[Path], used: Used, address: Callable[[Path], str], later: bool = False) -> str:
    """The rules of the style `sheets` that can apply, in their order, minified; imports are put in their place.

    Args:
        address: how the new style sheet refers to a file.
        later: whether it comes beside another one, so that it must call custom properties as that does.
    """
    matcher = Matcher(used)
    rules = _animated([rule for sheet in sheets for rule in _read(sheet, matcher, address)])
    rules = joined(resolved(without_vain(rules), used.properties))
    rules = rules if later else with_short_names(rules, used.properties)
    shown = " ".join(value for _, value in declarations(rule for rule in rules if not rule.head.startswith("@font")))
    return "".join(_written(rule, shown) for rule in rules)


def _read(sheet: Path, matcher: Matcher, address: Callable[[Path], str]) -> Iterator[Rule]:
    """The rules of one sheet that can apply."""

    def rebased(match: re.Match[str]) -> str:
        path, mark, rest = re.match(r"([^?#]*)([?#]?)(.*)", match[2]).groups()  # type: ignore[union-attr]
        return f'url("{address((sheet.parent / path).resolve())}{mark}{rest}")'

    def text(tokens: Any) -> str:
        return _in_few_bytes(_ADDRESS.sub(rebased, tinycss2.serialize(tokens).strip()))

    def kept(nodes: Any) -> Iterator[Rule]:
        for node in nodes:
            if node.type == "qualified-rule":
                reached = [(one, matcher.reach(one)) for one in split(node.prelude)]
                possible = {_selector(one): reach for one, reach in reached if reach.meant or reach.made}
                if possible:
                    yield filled(Rule("", selectors=[*possible], reaches=[*possible.values()]), node.content)
            elif node.type == "at-rule" and node.lower_at_keyword == "import":
                yield from imported(node)
            elif node.type == "at-rule" and node.lower_at_keyword != "charset":
                rule = Rule(f"@{node.at_keyword} {tinycss2.serialize(node.prelude).strip()}".strip())
                if node.lower_at_keyword in _GROUPS and node.content is not None:
                    rule.rules = list(kept(tinycss2.parse_rule_list(node.content, True, True)))
                    if rule.rules:
                        yield rule
                elif node.content is not None:
                    yield (
                        _whole(rule, node, text) if "keyframes" in node.lower_at_keyword else filled(rule, node.content)
                    )

    def filled(rule: Rule, content: Any) -> Rule:
        nested = []
        for item in tinycss2.parse_blocks_contents(content, True, True):
            if item.type == "declaration":
                mark = " !important" if item.important else ""
                rule.declarations.append((item.name, text(item.value) + mark))
            else:
                nested.append(item)
        rule.rules = list(kept(nested))
        return rule

    def imported(node: Any) -> Iterator[Rule]:
        first, *rest = [token for token in node.prelude if token.type != "whitespace"]
        target = first.value if first.type in ("string", "url") else first.arguments[0].value
        rules = list(_read((sheet.parent / target.partition("?")[0]).resolve(), matcher, address))
        condition = tinycss2.serialize(rest).strip()
        yield from [Rule(f"@media {condition}", [], rules)] if condition else rules

    yield from kept(tinycss2.parse_stylesheet(sheet.read_text(encoding="utf-8"), True, True))


def _in_few_bytes(value: str) -> str:
    """A `value` with its numbers and colours as short as they can be written; what is in quotes stays."""

    def shorter(match: re.Match[str]) -> str:
        return match[1] or (f"#{match[2]}{match[3]}{match[4]}" if match[2] else "")

    return _LONG_VALUE.sub(shorter, value)


def _selector(tokens: Any) -> str:
    """A selector as short as it can be said, so that the same one is the same text."""
    text = _IN_SELECTOR.sub(lambda match: match[1] or match[2] or " ", tinycss2.serialize(tokens).strip())
    return _QUOTED_WORD.sub(r"=\1]", re.sub(r"::(before|after)$", r":\1", text))


def _whole(rule: Rule, node: Any, text: Callable[[Any], str]) -> Rule:
    """A rule that is kept or dropped as a whole, such as @keyframes: its content as one nameless declaration."""
    rule.declarations.append(("", text(node.content)))
    return rule


def _animated(rules: list[Rule]) -> list[Rule]:
    """The `rules` without animations that no other rule names."""
    moving = (
        value
        for name, value in declarations(rules)
        if name.endswith(("animation", "animation-name")) or name[:2] == "--"
    )
    names = set(_NAME.findall(" ".join(moving)))
    return [rule for rule in rules if not _KEYFRAMES.match(rule.head) or rule.head.split()[-1] in names]


def _written(rule: Rule, shown: str) -> str:
    """The text of a rule, or nothing if nothing is left in it or it brings a font that is not shown."""
    if rule.head.startswith("@font-face") and not _is_shown(dict(rule.declarations), shown):
        return ""
    parts = ";".join(f"{name}:{value}" if name else value for name, value in rule.declarations)
    inner = "".join(_written(one, shown) for one in rule.rules)
    if not parts and not inner:
        return ""
    # Each rule alone: the minifier takes what is inside of a group for declarations, unless it is that of @media.
    outer = str(rcssmin.cssmin(f"{rule.head or ','.join(rule.selectors)}{{{parts}}}")).removesuffix("}")
    return f"{outer}{';' if parts and inner else ''}{inner}}}"


def _is_shown(face: dict[str, str], values: str) -> bool:
    """Whether some kept declaration can ask for this font."""
    family = face.get("font-family", "").strip("\"'").replace("\\", "")
    return bool(family) and not family.lower().startswith(_LEFT_OUT_FONT) and family in values
