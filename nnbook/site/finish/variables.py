"""Custom properties: which are needed, and what can be said without them."""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import count, product
from string import ascii_lowercase

from nnbook.site.finish.cascade import Rule

_NAME = re.compile(r"(?<![\w-])--[\w-]+")
VARIABLE = re.compile(r"var\(\s*(--[\w-]+)")
_FLAT = re.compile(r"var\(\s*(--[\w-]+)\s*(?:,([^()]*))?\)")
_PLAIN = re.compile(r"(?!--)[\w#.%\s,-]+")
_FOR_ALL = {":root", "html"}


def resolved(rules: Sequence[Rule], named: frozenset[str]) -> list[Rule]:
    """The `rules` without the custom properties that nothing asks for or that have one value for all of the page.

    Args:
        named: the custom properties that pages, scripts and other style sheets name.
    """
    definitions: dict[str, list[str]] = {}
    for name, value in declarations(rules):
        if name.startswith("--"):
            definitions.setdefault(name, []).append(value)
    known = named | definitions.keys() | {rule.head.split()[-1] for rule in rules if rule.head.startswith("@property")}
    rules = _mapped(rules, lambda name, value: _without_unknown(name, value, known))
    constants = _constants(rules, named, definitions)
    rules = _mapped(rules, lambda _, value: _with_constants(value, constants))
    needed = _needed(rules, named)
    return _without(rules, needed)


def declarations(rules: Iterable[Rule]) -> Iterator[tuple[str, str]]:
    """All declarations in the `rules`; the content of animations is one without a name."""
    for rule in rules:
        yield from rule.declarations
        yield from declarations(rule.rules)


def _mapped(rules: Sequence[Rule], change: Callable[[str, str], str]) -> list[Rule]:
    return [
        replace(
            rule,
            declarations=[(name, change(name, value) if name else value) for name, value in rule.declarations],
            rules=_mapped(rule.rules, change),
        )
        for rule in rules
    ]


def _without_unknown(name: str, value: str, known: set[str] | frozenset[str]) -> str:
    """A `value` that doesn't ask for what is nowhere set; where nothing stands in for it, the value is void."""

    def instead(match: re.Match[str]) -> str:
        other = (match[2] or "").strip()
        return other if match[1] not in known and _PLAIN.fullmatch(other) else match[0]

    while (changed := _FLAT.sub(instead, value)) != value:
        value = changed
    asked = VARIABLE.findall(value)
    alone = _FLAT.search(value)
    if name.startswith("--") or len(asked) != 1 or asked[0] in known or not alone:
        return value
    empty = alone[2] is None or alone[2].strip().startswith("--")  # which is no value but the name of one
    return "unset" + " !important" * value.endswith("!important") if empty else value


def _constants(rules: Sequence[Rule], named: frozenset[str], definitions: dict[str, list[str]]) -> dict[str, str]:
    """The custom properties with one value for all of the page, where saying the value itself is shorter."""
    asked = Counter(name for _, value in declarations(rules) for name in VARIABLE.findall(value))
    found = {}
    for rule in rules:
        for name, value in rule.declarations:
            if not (name.startswith("--") and _FOR_ALL.issuperset(rule.selectors) and rule.selectors):
                continue
            alone = len(definitions[name]) == 1 and name not in named and not VARIABLE.search(value) and value
            longer = asked[name] * (len(value) - len(f"var({name})")) > len(f"{name}:{value};")
            if alone and not longer:
                found[name] = value
    return found


def _with_constants(value: str, constants: dict[str, str]) -> str:
    return _FLAT.sub(lambda match: constants.get(match[1], match[0]), value)


def _needed(rules: Sequence[Rule], named: frozenset[str]) -> set[str]:
    """The custom properties that a declaration, a page or a script refers to, directly or through others."""
    definitions: dict[str, list[str]] = {}
    waiting = set(named)
    for name, value in declarations(rules):
        if name.startswith("--"):
            definitions.setdefault(name, []).append(value)
        else:
            waiting.update(VARIABLE.findall(value))
    found: set[str] = set()
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting.update(inner for value in definitions.get(name, []) for inner in VARIABLE.findall(value))
    return found


def _without(rules: Sequence[Rule], needed: set[str]) -> list[Rule]:
    """The `rules` without custom properties that are not `needed`."""
    return [
        replace(
            rule,
            declarations=[one for one in rule.declarations if not one[0].startswith("--") or one[0] in needed],
            rules=_without(rule.rules, needed),
        )
        for rule in rules
    ]


def with_short_names(rules: Sequence[Rule], named: frozenset[str]) -> list[Rule]:
    """The `rules` with names of one letter or two for the custom properties that nothing else names.

    Args:
        named: the custom properties that pages, scripts and other style sheets name; they keep their names.
    """
    texts = (text for declaration in declarations(rules) for text in declaration)
    used = Counter(name for text in texts for name in _NAME.findall(text) if name not in named)
    letters = ("".join(some) for length in count(1) for some in product(ascii_lowercase, repeat=length))
    free = (f"--{some}" for some in letters if f"--{some}" not in named)
    short = {name: next(free) for name, _ in used.most_common()}

    def renamed(text: str) -> str:
        return _NAME.sub(lambda match: short.get(match[0], match[0]), text)

    def changed(rule: Rule) -> Rule:
        declarations = [(renamed(name), renamed(value)) for name, value in rule.declarations]
        return replace(rule, head=renamed(rule.head), declarations=declarations, rules=[*map(changed, rule.rules)])

    return [*map(changed, rules)]
