"""What the rules of a style sheet say in vain: what the same rule or a later one with the same selector takes back."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from nnbook.site.finish.matching import Reach

# What a property sets besides itself, by the beginnings of their names; what it leaves alone although it begins so.
_PARTS = {
    "background": ("background-",),
    "border": ("border-",),
    "border-bottom": ("border-bottom-",),
    "border-color": ("border-top-color", "border-right-color", "border-bottom-color", "border-left-color"),
    "border-left": ("border-left-",),
    "border-right": ("border-right-",),
    "border-style": ("border-top-style", "border-right-style", "border-bottom-style", "border-left-style"),
    "border-top": ("border-top-",),
    "border-width": ("border-top-width", "border-right-width", "border-bottom-width", "border-left-width"),
    "flex": ("flex-grow", "flex-shrink", "flex-basis"),
    "font": ("font-", "line-height"),
    "list-style": ("list-style-",),
    "margin": ("margin-",),
    "outline": ("outline-color", "outline-style", "outline-width"),
    "overflow": ("overflow-x", "overflow-y"),
    "padding": ("padding-",),
    "transition": ("transition-",),
}
_LEFT_ALONE = re.compile(
    r"background-blend-mode|border-(collapse|spacing|.*radius)|border-(inline|block).*|font-(feature|kerning|palette|variation"
    r"|optical|smooth|synthesis|display).*|(margin|padding)-(trim|inline|block).*|.*-(inline|block)-.*"
)
# Values that browsers have understood for so long that nothing must stand in for them.
_OLD = re.compile(r"(?:[\w\s#.,%/+*()\"'\\-]|!important)*")
_FUNCTION = re.compile(r"([\w-]+)\(")
_OLD_FUNCTIONS = {
    "calc",
    "clamp",
    "max",
    "min",
    "rgb",
    "rgba",
    "var",
    "translate",
    "translateX",
    "translateY",
    "rotate",
}
_NEW = re.compile(r"\b\d*(dvh|svh|lvh|cqw|cqi)\b|-webkit-|-moz-|fit-content|stretch|balance|pretty|auto-phrase")
# A name with a browser's own beginning, where all browsers of the last five years know it without.
_PREFIX = re.compile(
    r"-(?:ms|o)-(.+)|-moz-((?!text-size-adjust).+)|-webkit-((?:animation|box-shadow|filter|flex|transform|transition)[\w-]*"
    r"|align-[\w-]+|border-radius|box-sizing|justify-content|order)"
)
# Other selectors may be unknown to a browser, which then drops the whole rule.
_KNOWN_STATES = {"active", "after", "before", "checked", "disabled", "empty", "first-child", "focus", "focus-visible"}
_KNOWN_STATES |= {"focus-within", "hover", "is", "lang", "last-child", "not", "nth-child", "root", "target", "visited"}
_STATE = re.compile(r":([\w-]+)")
_OF_PART = re.compile(r"::|:(before|after)\b")
_OWN_ORDER = re.compile(r"@(layer|scope|starting-style)\b")


@dataclass
class Rule:
    """A rule that is kept: what stands before its braces, its declarations as (name, value), the rules inside.

    Attributes:
        reaches: for what each of the selectors holds.
    """

    head: str
    declarations: list[tuple[str, str]] = field(default_factory=list)
    rules: list["Rule"] = field(default_factory=list)
    selectors: list[str] = field(default_factory=list)
    reaches: list[Reach] = field(default_factory=list)


@dataclass(frozen=True)
class _Later:
    """A later declaration of a property, for one selector."""

    conditions: tuple[str, ...]
    important: bool
    selector: str
    reach: Reach

    def wins(self, conditions: tuple[str, ...], important: bool, selector: str, reach: Reach) -> bool:
        """Whether it wins over an earlier one wherever that holds: it holds there, too, and weighs as much."""
        if self.important < important or conditions[: len(self.conditions)] != self.conditions:
            return False
        if self.selector == selector:
            return True
        heavy = self.reach.weight >= reach.weight or self.important > important
        own_part = _OF_PART.search(selector)
        return heavy and not (reach.made or own_part) and reach.meant <= self.reach.sure


def without_vain(rules: list[Rule]) -> list[Rule]:
    """The `rules` without declarations that can't take effect."""
    later: dict[str, list[_Later]] = {}
    for conditions, rule in reversed([*_plain(rules)]):
        kept: list[tuple[str, str]] = []
        for name, value in reversed(rule.declarations):
            important = value.endswith("!important")
            if _comes_without_prefix(name, rule.declarations):
                continue
            wholes = [name, *(whole for whole in _PARTS if _is_part(name, whole))]
            others = [other for whole in wholes for other in later.get(whole, [])]
            each = zip(rule.selectors, rule.reaches, strict=True)
            if not all(any(other.wins(conditions, important, *one) for other in others) for one in each):
                kept.insert(0, (name, value))
            if _is_old(value) and all_known(rule.selectors):
                each = zip(rule.selectors, rule.reaches, strict=True)
                later.setdefault(name, []).extend(_Later(conditions, important, *one) for one in each)
        rule.declarations = kept
    return rules


def _plain(rules: list[Rule], conditions: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Rule]]:
    """Each rule that says how elements look, after the conditions under which it does."""
    for rule in rules:
        if rule.selectors and not rule.rules:
            yield conditions, rule
        elif not rule.selectors and not _OWN_ORDER.match(rule.head):
            yield from _plain(rule.rules, (*conditions, rule.head))


def _is_part(name: str, whole: str) -> bool:
    return name.startswith(_PARTS[whole]) and not _LEFT_ALONE.fullmatch(name)


def _is_old(value: str) -> bool:
    """Whether every browser understands a value, so that what stands before it is not for older ones."""
    return (
        bool(_OLD.fullmatch(value)) and _OLD_FUNCTIONS.issuperset(_FUNCTION.findall(value)) and not _NEW.search(value)
    )


def _comes_without_prefix(name: str, declarations: list[tuple[str, str]]) -> bool:
    """Whether the same stands in the rule under a name that all browsers know."""
    own = _PREFIX.fullmatch(name)
    return bool(own) and any(other in own.groups() for other, _ in declarations)  # type: ignore[union-attr]


def all_known(selectors: list[str]) -> bool:
    return all(_KNOWN_STATES.issuperset(_STATE.findall(selector)) for selector in selectors)
