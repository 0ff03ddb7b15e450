"""The role {value}: a number or a name in the prose that comes from the run, written the way prose writes it."""

from collections.abc import Callable, Mapping
from types import UnionType
from typing import Any

from docutils import nodes
from sphinx.util.docutils import SphinxRole

from nnbook.localisation import class_name, count, decimal, percent


class ValueNode(nodes.inline):
    """Stands where a value will be written, once all figures of the page are known."""


class ValueRole(SphinxRole):
    """``{value}`label:path|form` ``."""

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        node = ValueNode(self.rawtext, "", reference=self.text)
        self.set_source_info(node)
        return [node], []


def write(reference: str, sources: Mapping[str, Any], language: str) -> str:
    """The text for a `reference` such as `fig-confusion:accuracy|percent`.

    Args:
        sources: by name what can be quoted: the facts of each figure of the page, and the records of the book under
            `experiment` and `dataset`.

    Raises:
        ValueError: if there is no such source, path or form, or the value does not have the form.
    """
    place, bar, form = reference.partition("|")
    source, _, path = place.partition(":")
    if source not in sources:
        known = ", ".join(sorted(sources))
        raise ValueError(
            f"a value must name a figure of its page; got {source!r} in {reference!r}; choose among: {known}"
        )
    value = _look_up(sources[source], path, place)
    try:
        return _WRITERS[form if bar else "text"](value, language)
    except KeyError:
        forms = ", ".join(_WRITERS)
        problem = f"{form!r} can't write {value!r}" if form in _WRITERS else f"got the form {form!r}"
        raise ValueError(f"a value must be written in one of the forms {forms}; {problem} in {reference!r}") from None


def _look_up(facts: Any, path: str, place: str) -> Any:
    """The value at a `path` such as `cells.0.count`."""
    here = facts
    for step in path.split("."):
        parts = {str(at): part for at, part in enumerate(here)} if isinstance(here, list) else here
        if not isinstance(parts, Mapping) or step not in parts:
            known = (", ".join(parts) if isinstance(parts, Mapping) else "") or "none"
            raise ValueError(f"a value must name a fact that exists; got {step!r} in {place!r}; choose among: {known}")
        here = parts[step]
    return here


def _of(kinds: type | UnionType, value: Any, lowest: float = float("-inf"), highest: float = float("inf")) -> Any:
    fits = isinstance(value, kinds) and not isinstance(value, bool)
    if not fits or not (isinstance(value, str) or lowest <= value <= highest):
        raise KeyError
    return value


# KeyError: the value is not of the kind that the form writes; so does `class_name` for a class that is not known.
_WRITERS: dict[str, Callable[[Any, str], str]] = {
    "percent": lambda value, language: percent(_of(int | float, value, 0, 1), language, 1),
    "percent0": lambda value, language: percent(_of(int | float, value, 0, 1), language, 0),
    "points": lambda value, language: decimal(100 * _of(int | float, value, -1, 1), language, 1),
    "count": lambda value, language: count(_of(int, value), language),
    "number2": lambda value, language: decimal(_of(int | float, value), language),
    "class": lambda value, language: class_name(str(_of(int | str, value)), language),
    "text": lambda value, language: str(_of(int | str, value)),
}
