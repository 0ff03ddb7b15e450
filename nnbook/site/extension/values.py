"""The role {value}: a number or a name in the prose that comes from the run, written the way prose writes it."""

from collections.abc import Callable, Mapping
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
    """The value at a `path` such as `cells.0.count`; the first step may be a name that holds dots."""
    here = facts
    for step in path.split("."):
        options = [str(index) for index in range(len(here))] if isinstance(here, list) else list(_mapping(here))
        if step not in options:
            known = ", ".join(options) or "none"
            raise ValueError(f"a value must name a fact that exists; got {step!r} in {place!r}; choose among: {known}")
        here = here[int(step)] if isinstance(here, list) else here[step]
    return here


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _number(value: Any, lowest: float = float("-inf"), highest: float = float("inf")) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not lowest <= value <= highest:
        raise KeyError
    return value


def _whole(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise KeyError
    return value


def _plain(value: Any) -> str:
    if isinstance(value, bool) or not isinstance(value, int | str):
        raise KeyError
    return str(value)


# KeyError: the value is not of the kind that the form writes; so does `class_name` for a class that is not known.
_WRITERS: dict[str, Callable[[Any, str], str]] = {
    "percent": lambda value, language: percent(_number(value, 0, 1), language, 1),
    "percent0": lambda value, language: percent(_number(value, 0, 1), language, 0),
    "points": lambda value, language: decimal(100 * _number(value, -1, 1), language, 1),
    "count": lambda value, language: count(_whole(value), language),
    "number2": lambda value, language: decimal(_number(value), language),
    "class": lambda value, language: class_name(_plain(value), language),
    "text": lambda value, language: _plain(value),
}
