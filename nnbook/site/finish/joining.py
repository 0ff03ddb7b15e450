"""Rules that can be said as one: with the same selectors, the same declarations or the same condition."""

import re

from nnbook.site.finish.cascade import Rule, all_known
from nnbook.site.finish.matching import Reach

_OWN_BEGINNING = re.compile(r"^-(?:webkit|moz|ms|o)-")
# Properties that set one another, although their names begin otherwise; others do so only if they begin with one word.
_FAMILIES = {
    "align": "place",
    "block": "size",
    "bottom": "inset",
    "column": "gap",
    "columns": "gap",
    "grid": "gap",
    "height": "size",
    "inline": "size",
    "justify": "place",
    "left": "inset",
    "line": "font",
    "max": "size",
    "min": "size",
    "page": "break",
    "right": "inset",
    "row": "gap",
    "top": "inset",
    "white": "text",
    "width": "size",
    "word": "overflow",
}
_BARRIER = re.compile(r"@(layer|scope)\b")


def joined(rules: list[Rule]) -> list[Rule]:
    """The `rules`, each as part of an earlier one where none between them sets the same for the same element."""
    made: list[tuple[Rule, set[str]]] = []
    for rule in rules:
        rule.rules = joined(rule.rules)
        if not rule.declarations and not rule.rules:
            continue
        families = _families(rule)
        for earlier, its in reversed(made):
            if _take(earlier, rule):
                its |= families
                break
            if _BARRIER.match(earlier.head) or (_meet(earlier, rule) and (its & families or "all" in its | families)):
                made.append((rule, families))
                break
        else:
            made.append((rule, families))
    return [rule for rule, _ in made]


def _meet(one: Rule, other: Rule) -> bool:
    """Whether two rules may hold for the same element."""
    ours, theirs = _reaches(one), _reaches(other)
    both_made = any(reach.made for reach in ours) and any(reach.made for reach in theirs)
    return both_made or any(not reach.meant.isdisjoint(its.meant) for reach in ours for its in theirs)


def _reaches(rule: Rule) -> list[Reach]:
    return rule.reaches + [reach for inner in rule.rules for reach in _reaches(inner)]


def _take(earlier: Rule, rule: Rule) -> bool:
    """Let the `earlier` rule say what `rule` says, if it can."""
    if earlier.selectors and rule.selectors and not (earlier.rules or rule.rules):
        if earlier.selectors == rule.selectors:
            earlier.declarations += rule.declarations
        elif earlier.declarations == rule.declarations and all_known(earlier.selectors + rule.selectors):
            for selector, reach in zip(rule.selectors, rule.reaches, strict=True):
                if selector not in earlier.selectors:
                    earlier.selectors.append(selector)
                    earlier.reaches.append(reach)
        else:
            return False
        return True
    if earlier.head == rule.head and rule.head.startswith("@media"):
        earlier.rules = joined(earlier.rules + rule.rules)
        return True
    return False


def _families(rule: Rule) -> set[str]:
    """What a rule and those in it set, each with all that sets the same."""
    families = {_family(name) for name, _ in rule.declarations if name}
    return families.union(*map(_families, rule.rules))


def _family(name: str) -> str:
    if name.startswith("--"):
        return name
    word = _OWN_BEGINNING.sub("", name).partition("-")[0]
    return _FAMILIES.get(word, word)
