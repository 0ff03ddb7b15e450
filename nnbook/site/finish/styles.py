"""All style sheets of the site as one text that holds what its pages can use, and no more."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import rcssmin
import tinycss2

# Icons are drawn by static/shell.css; the theme's font of them is left behind.
_LEFT_OUT_FONT = "font awesome"
_ALTERNATIVES = {"is", "where", "has", "matches", "-webkit-any", "-moz-any"}
_GROUPS = {"media", "supports", "layer", "container", "scope", "starting-style"}
_PROPERTY = re.compile(r"--[\w-]+")
_VARIABLE = re.compile(r"var\(\s*(--[\w-]+)")
_ADDRESS = re.compile(r"""url\(\s*(["']?)(?!data:|#|[a-z]+://)([^"')]+)\1\s*\)""")


_OF_FIGURES = "nnb-"
_STATES = {"active", "copybtn", "hide", "scrolled", "success", "toggle"}


@dataclass(frozen=True)
class Used:
    """What occurs on the pages of a site, and the words in its scripts, which may make elements and classes later."""

    classes: frozenset[str] = frozenset()
    ids: frozenset[str] = frozenset()
    elements: frozenset[str] = frozenset()
    attributes: frozenset[str] = frozenset()
    properties: frozenset[str] = frozenset()
    words: frozenset[str] = frozenset()

    def has(self, kind: str, name: str) -> bool:
        """Whether something of this `kind` and `name` can be on a page."""
        if kind == "classes":
            # Scripts hold many words; what they set as a class has a hyphen, or is one of a few states. Those of
            # figures that answer put classes together from parts.
            answers = any(element.startswith(_OF_FIGURES) for element in self.elements)
            named = name in self.words and ("-" in name or name in _STATES)
            set_by_scripts = named or (answers and name.startswith(_OF_FIGURES))
        else:
            set_by_scripts = name in self.words
        return name in getattr(self, kind) or set_by_scripts


@dataclass
class _Rule:
    """A rule that is kept: what stands before its braces, its declarations as (name, value), the rules inside."""

    head: str
    declarations: list[tuple[str, str]] = field(default_factory=list)
    rules: list["_Rule"] = field(default_factory=list)


def combine(sheets: Sequence[Path], used: Used, address: Callable[[Path], str]) -> str:
    """The rules of the style `sheets` that can apply, in their order, minified; imports are put in their place.

    Args:
        address: how the new style sheet refers to a file.
    """
    rules = [rule for sheet in sheets for rule in _read(sheet, used, address)]
    properties = _properties_in_use(rules, used)
    shown = _declarations([rule for rule in rules if not rule.head.startswith("@font-face")])
    values = " ".join(value for name, value in shown if not name.startswith("--") or name in properties)
    return str(rcssmin.cssmin("".join(_written(rule, properties, values) for rule in rules)))


def _read(sheet: Path, used: Used, address: Callable[[Path], str]) -> Iterator[_Rule]:
    """The rules of one sheet that can apply."""

    def rebased(match: re.Match[str]) -> str:
        path, mark, rest = re.match(r"([^?#]*)([?#]?)(.*)", match[2]).groups()  # type: ignore[union-attr]
        return f'url("{address((sheet.parent / path).resolve())}{mark}{rest}")'

    def text(tokens: Any) -> str:
        return _ADDRESS.sub(rebased, tinycss2.serialize(tokens).strip())

    def kept(nodes: Any) -> Iterator[_Rule]:
        for node in nodes:
            if node.type == "qualified-rule":
                selectors = [tinycss2.serialize(one).strip() for one in _split(node.prelude) if _applies(one, used)]
                if selectors:
                    yield filled(_Rule(",".join(selectors)), node.content)
            elif node.type == "at-rule" and node.lower_at_keyword == "import":
                yield from imported(node)
            elif node.type == "at-rule" and node.lower_at_keyword != "charset":
                rule = _Rule(f"@{node.at_keyword} {tinycss2.serialize(node.prelude).strip()}".strip())
                if node.lower_at_keyword in _GROUPS and node.content is not None:
                    rule.rules = list(kept(tinycss2.parse_rule_list(node.content, True, True)))
                    if rule.rules:
                        yield rule
                elif node.content is not None:
                    yield (
                        _whole(rule, node, text) if "keyframes" in node.lower_at_keyword else filled(rule, node.content)
                    )

    def filled(rule: _Rule, content: Any) -> _Rule:
        nested = []
        for item in tinycss2.parse_blocks_contents(content, True, True):
            if item.type == "declaration":
                mark = " !important" if item.important else ""
                rule.declarations.append((item.name, text(item.value) + mark))
            else:
                nested.append(item)
        rule.rules = list(kept(nested))
        return rule

    def imported(node: Any) -> Iterator[_Rule]:
        first, *rest = [token for token in node.prelude if token.type != "whitespace"]
        target = first.value if first.type in ("string", "url") else first.arguments[0].value
        rules = list(_read((sheet.parent / target.partition("?")[0]).resolve(), used, address))
        condition = tinycss2.serialize(rest).strip()
        yield from [_Rule(f"@media {condition}", [], rules)] if condition else rules

    yield from kept(tinycss2.parse_stylesheet(sheet.read_text(encoding="utf-8"), True, True))


def _whole(rule: _Rule, node: Any, text: Callable[[Any], str]) -> _Rule:
    """A rule that is kept or dropped as a whole, such as @keyframes: its content as one nameless declaration."""
    rule.declarations.append(("", text(node.content)))
    return rule


def _split(tokens: Any) -> list[list[Any]]:
    """The selectors of a list, without their comments."""
    parts: list[list[Any]] = [[]]
    for token in tokens:
        if token.type == "literal" and token.value == ",":
            parts.append([])
        elif token.type != "comment":
            parts[-1].append(token)
    return parts


def _applies(selector: Sequence[Any], used: Used) -> bool:
    """Whether an element that the `selector` means can be on a page."""
    before = ""
    for token in selector:
        if token.type == "ident" and before == ".":
            found = used.has("classes", token.value)
        elif token.type == "ident" and before != ":":
            found = used.has("elements", token.lower_value)
        elif token.type == "hash":
            found = used.has("ids", token.value)
        elif token.type == "function" and before == ":" and token.lower_name in _ALTERNATIVES:
            found = any(_applies(one, used) for one in _split(token.arguments))
        elif token.type == "[] block":
            name = next((part.value for part in token.content if part.type == "ident"), "")
            found = not name.startswith("data-") or used.has("attributes", name) or _in_scripts(name, used)
        else:
            found = True
        if not found:
            return False
        before = token.value if token.type == "literal" else ""
    return True


def _in_scripts(name: str, used: Used) -> bool:
    """Whether scripts name the data attribute `name` as they do: data-two-words is dataset.twoWords."""
    first, *others = name.removeprefix("data-").split("-")
    return first + "".join(word.capitalize() for word in others) in used.words


def _declarations(rules: Sequence[_Rule]) -> Iterator[tuple[str, str]]:
    for rule in rules:
        yield from rule.declarations
        yield from _declarations(rule.rules)


def _properties_in_use(rules: Sequence[_Rule], used: Used) -> set[str]:
    """The custom properties that a kept declaration, a page or a script refers to, directly or through others."""
    definitions: dict[str, list[str]] = {}
    waiting = set(used.properties)
    for name, value in _declarations(rules):
        if name.startswith("--"):
            definitions.setdefault(name, []).append(value)
        else:
            waiting.update(_VARIABLE.findall(value))
    found: set[str] = set()
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting.update(inner for value in definitions.get(name, []) for inner in _VARIABLE.findall(value))
    return found


def _written(rule: _Rule, properties: set[str], values: str) -> str:
    """The text of a rule, or nothing if nothing refers to it or nothing is left in it."""
    if rule.head.startswith("@font-face") and not _is_shown(dict(rule.declarations), values):
        return ""
    if "keyframes" in rule.head.partition(" ")[0] and rule.head.split()[-1] not in values:
        return ""
    parts = [
        f"{name}:{value};" if name else value
        for name, value in rule.declarations
        if not name.startswith("--") or name in properties
    ]
    parts += [_written(inner, properties, values) for inner in rule.rules]
    content = "".join(parts)
    return f"{rule.head}{{{content}}}" if content else ""


def _is_shown(face: dict[str, str], values: str) -> bool:
    """Whether some kept declaration can ask for this font."""
    family = face.get("font-family", "").strip("\"'").replace("\\", "")
    return bool(family) and not family.lower().startswith(_LEFT_OUT_FONT) and family in values
