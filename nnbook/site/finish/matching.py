"""Whether a selector can ever mean an element: one of the pages as they are, or as their scripts may change them.

What scripts do is not run but guessed on the safe side: an element may get every class and attribute that they name,
and an element of a kind that they make may stand anywhere. So a selector is given up only if it can't match.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from nnbook.site.finish.selectors import Compound, Part, Selector, UnknownSelectorError, is_exact, parsed, specificity
from nnbook.site.finish.shapes import Look, Shape, every, outline

_OF_FIGURES = "nnb-"
_STATES = {"active", "scrolled", "success"}
_TOGGLED = {"open"}  # by the browser itself


@dataclass(frozen=True)
class Reach:
    """For what a selector may hold, and for what it surely does.

    Attributes:
        meant: the elements of the pages for which it may hold.
        made: whether it may hold for what scripts make or move.
        sure: those for which it holds whatever happens.
    """

    meant: set[Shape]
    made: bool
    sure: set[Shape] = field(default_factory=set)
    weight: tuple[int, int, int] = (0, 0, 0)


@dataclass(frozen=True)
class Used:
    """What occurs on the pages of a site, and what its scripts may bring about later."""

    pages: Shape = field(default_factory=lambda: Shape(Look("")))
    properties: frozenset[str] = frozenset()  # custom ones that pages and scripts name
    words: frozenset[str] = frozenset()  # all words in scripts
    made: frozenset[str] = frozenset()  # the elements that scripts may make
    given: frozenset[str] = frozenset()  # the classes of these in markup that scripts hold

    @cached_property
    def shapes(self) -> list[Shape]:
        return list(every(self.pages))

    @cached_property
    def facts(self) -> list[object]:
        """All of this as texts, the same whenever the same rules can apply."""
        sets = (self.properties, self.words, self.made, self.given)
        return [outline(self.pages), *(sorted(names) for names in sets)]

    @cached_property
    def answers(self) -> bool:
        """Whether there are figures whose scripts put the names of classes together from parts."""
        return any(shape.look.element.startswith(_OF_FIGURES) for shape in self.shapes)

    @cached_property
    def ids(self) -> set[str]:
        return {shape.look.id for shape in self.shapes}

    def sets_class(self, name: str) -> bool:
        """Whether scripts may set a class: of their many words, one with a hyphen, or one of a few states."""
        named = name in self.words and ("-" in name or name in _STATES)
        return named or (self.answers and name.startswith(_OF_FIGURES))

    def sets_attribute(self, name: str, value: str) -> bool:
        """Whether scripts or the browser may set an attribute to a value; data-two-words is dataset.twoWords."""
        named = name in self.words or name.removeprefix("data-").replace("-", "") in self._small_words
        return name in _TOGGLED or (named and (value in self.words or not value.replace("-", "").isalpha()))

    @cached_property
    def _small_words(self) -> set[str]:
        return {word.lower() for word in self.words}


class Matcher:
    """Tells which selectors can match; remembers what it has found."""

    def __init__(self, used: Used) -> None:
        self._used = used
        self._everywhere = set(used.shapes)
        self._found: dict[Any, tuple[set[Shape], bool]] = {}  # for selectors and for compounds
        self._holding: dict[Part, set[Shape]] = {}
        self._moved: set[Shape] = set()  # by the scripts of figures, perhaps
        self._above: dict[Shape, set[Shape]] = {used.pages: set()}
        for shape in used.shapes:
            if shape.parent:
                self._above[shape] = {shape.parent, *self._above[shape.parent]}
            if any(one.look.element.startswith(_OF_FIGURES) for one in self._above[shape]):
                self._moved.add(shape)
            for part in _told_by(shape.look):
                self._holding.setdefault(part, set()).add(shape)

    def reach(self, tokens: Sequence[Any]) -> Reach:
        """For what the selector of these `tokens` holds."""
        try:
            selector = parsed(tokens)
        except UnknownSelectorError:
            return Reach(self._everywhere, True)
        meant, made = self._meant(selector)
        if not meant:
            return Reach(meant, made)
        sure = self._surely(selector) - self._moved if is_exact(tokens) else set()
        return Reach(meant, made, sure, specificity(tokens))

    def _surely(self, selector: Selector) -> set[Shape]:
        """The elements of the pages that a selector means even if scripts take classes away."""
        found: set[Shape] = set()
        for combinator, compound in selector:
            here = set.intersection(self._everywhere, *map(self._those_surely_with, compound))
            found = {shape for shape in here if not combinator or self._is_placed(shape, combinator, found)}
        return found

    def _those_surely_with(self, part: Part) -> set[Shape]:
        if part[0] == "any":
            return set[Shape]().union(*map(self._surely, part[1]))
        stays = part[0] != "class" or not self._used.sets_class(part[1])
        return self._those_with(part) if stays else set()

    def _meant(self, selector: Selector) -> tuple[set[Shape], bool]:
        """The elements of the pages that a selector means, and whether scripts may make another one."""
        if selector not in self._found:
            self._found[selector] = self._walked(selector)
        return self._found[selector]

    def _walked(self, selector: Selector) -> tuple[set[Shape], bool]:
        alike = []
        for _, compound in selector:
            alike.append(self._alike(compound))
            if not any(alike[-1]):
                return set(), False
        places, made = alike[0]
        for (combinator, _), (found, can_be_made) in zip(selector[1:], alike[1:], strict=True):
            if not places and not made:
                break
            # Scripts put what they make next to anything, and anything into what they make.
            places = found if made else {shape for shape in found if self._is_placed(shape, combinator, places)}
            made = can_be_made
        return places, made

    def _is_placed(self, shape: Shape, combinator: str, places: set[Shape]) -> bool:
        """Whether a shape stands by one of the `places` as a `combinator` says; what is between may be taken away."""
        if combinator in ("+", "~"):
            return not shape.before.isdisjoint(places)
        return shape.parent in places if combinator == ">" else not self._above[shape].isdisjoint(places)

    def _alike(self, compound: Compound) -> tuple[set[Shape], bool]:
        """The elements for which all of a `compound` may hold, and whether scripts may make another one."""
        if compound not in self._found:
            asked = [self._those_with(part) for part in compound if not self._comes_with_scripts(part)]
            found = set.intersection(*asked) if asked else self._everywhere
            self._found[compound] = found, all(self._can_be_made(part) for part in compound)
        return self._found[compound]

    def _comes_with_scripts(self, part: Part) -> bool:
        """Whether scripts may bring about this `part` of a selector at an element of a page."""
        match part:
            case ("class", name):
                return self._used.sets_class(name)
            case ("id", name):
                return name not in self._used.ids and name in self._used.words
            case ("attribute", name, _, value):
                return self._used.sets_attribute(name, value)
        return False

    def _can_be_made(self, part: Part) -> bool:
        """Whether this `part` of a selector may hold for an element that scripts make."""
        match part:
            case ("element", name):
                return name in self._used.made
            case ("class", name):
                return name in self._used.given or self._used.sets_class(name)
            case ("id", name):
                return name in self._used.words
            case ("any", selectors):
                return any(self._meant(selector)[1] for selector in selectors)
            case ("has" | "never", *_):
                return bool(self._those_with(part))
            case ("lacks", _):
                return True
        return self._comes_with_scripts(part)

    def _those_with(self, part: Part) -> set[Shape]:
        """The elements of the pages for which a `part` of a selector holds."""
        if part not in self._holding:
            self._holding[part] = self._sought(part)
        return self._holding[part]

    def _sought(self, part: Part) -> set[Shape]:
        match part:
            case ("attribute", name, operator, value):
                return {
                    shape
                    for shape in self._everywhere
                    if any(key == name and _fits(own, operator, value) for key, own in shape.look.attributes)
                }
            case ("lacks", name):
                return {shape for shape in self._everywhere if name not in dict(shape.look.attributes)}
            case ("any", selectors):
                return set[Shape]().union(*(self._meant(selector)[0] for selector in selectors))
            case ("has", selectors) if any(any(self._meant(selector)) for selector in selectors):
                return self._everywhere
        return set()


def _told_by(look: Look) -> list[Part]:
    """What a selector may ask of an element that looks like this, by its names."""
    return [("element", look.element), ("id", look.id), *(("class", name) for name in look.classes)]


def _fits(own: str | None, operator: str, value: str) -> bool:
    """Whether the value of an attribute is what is asked for; what is not known of it may be."""
    if own is None or not operator:
        return True
    own, value = own.lower(), value.lower()
    return {
        "=": own == value,
        "~=": own == value,
        "|=": own == value or own.startswith(f"{value}-"),
        "^=": own.startswith(value),
        "$=": own.endswith(value),
        "*=": value in own,
    }.get(operator, True)
