"""What a selector asks of the elements that it means, as tuples, so that it can be looked up."""

from collections.abc import Sequence
from typing import Any

_ALTERNATIVES = {"is", "where", "matches", "-webkit-any", "-moz-any"}
_COMBINATORS = {">", "+", "~"}
_NEVER = {"host"}  # outside of a shadow tree

# ("class", "on"), ("attribute", "type", "=", "button"), ("any", selectors); a compound is all that is asked of one
# element; a selector is compounds after their combinators.
Part = tuple[Any, ...]
Compound = tuple[Part, ...]
Selector = tuple[tuple[str, Compound], ...]


class UnknownSelectorError(Exception):
    """A selector that is not understood here."""


def split(tokens: Sequence[Any]) -> list[list[Any]]:
    """The selectors of a list, without their comments."""
    parts: list[list[Any]] = [[]]
    for token in tokens:
        if token.type == "literal" and token.value == ",":
            parts.append([])
        elif token.type != "comment":
            parts[-1].append(token)
    return parts


def parsed(tokens: Sequence[Any]) -> Selector:
    """The parts of one selector; of what depends on a state or a count, nothing is asked."""
    selector: list[tuple[str, list[Part]]] = [("", [])]
    before, combinator = "", ""
    for token in [token for token in tokens if token.type != "comment"]:
        literal = token.value if token.type == "literal" else ""
        if token.type == "whitespace" or literal in _COMBINATORS:
            combinator = literal or combinator or " "
            continue
        if combinator:
            selector.append((combinator, []))
            combinator = ""
        if literal not in (".", ":", "&", "*", ""):
            raise UnknownSelectorError
        selector[-1][1].extend(_asked(token, before))
        before = literal
    return tuple((how, tuple(compound)) for how, compound in selector)


def _asked(token: Any, before: str) -> list[Part]:
    """What a `token` of a selector asks of an element, after a dot, a colon or nothing."""
    if token.type == "literal":
        return []
    if token.type == "ident" and before == ".":
        return [("class", token.value)]
    if token.type == "ident" and before == ":":
        if token.lower_value == "root":
            return [("element", "html")]
        return [("never",)] if token.lower_value in _NEVER else []
    if token.type == "ident":
        return [("element", token.lower_value)]
    if token.type == "hash":
        return [("id", token.value)]
    if token.type == "[] block":
        return [_attribute(token.content)]
    if token.type == "function" and before == ":":
        if token.lower_name in _ALTERNATIVES:
            return [("any", tuple(parsed(one) for one in split(token.arguments)))]
        if token.lower_name == "has":
            return [("has", tuple(parsed(one) for one in split(token.arguments)))]
        return _asked_not(token.arguments) if token.lower_name == "not" else []
    raise UnknownSelectorError


def _asked_not(tokens: Sequence[Any]) -> list[Part]:
    """Of an element that is not so nothing is asked, but that it lacks a data attribute: scripts take none away."""
    blocks = [token for token in tokens if token.type == "[] block"]
    names = [_attribute(block.content)[1] for block in blocks if len(tokens) == len(block.content) == 1]
    return [("lacks", name) for name in names if name.startswith("data-")]


def _attribute(tokens: Sequence[Any]) -> Part:
    """What is asked of an attribute; of classes as a text, and of a value in whatever case, only that it is there."""
    name, *rest = [token for token in tokens if token.type not in ("whitespace", "comment")]
    if name.type != "ident":
        raise UnknownSelectorError
    if len(rest) != 2 or name.lower_value in ("class", "id"):
        return ("attribute", name.lower_value, "", "")
    return ("attribute", name.lower_value, rest[0].value, rest[1].value)


def specificity(tokens: Sequence[Any]) -> tuple[int, int, int]:
    """How much a selector weighs: its ids, its classes and the like, its elements."""
    weights = [(0, 0, 0)]
    before = ""
    for token in tokens:
        if token.type == "hash":
            weights.append((1, 0, 0))
        elif token.type == "[] block" or (token.type == "ident" and before == "."):
            weights.append((0, 1, 0))
        elif token.type == "ident":
            of_element = before != ":" or token.lower_value in ("before", "after")
            weights.append((0, 0, 1) if of_element else (0, 1, 0))
        elif token.type == "function" and token.lower_name in _ALTERNATIVES | {"not", "has"} - {"where"}:
            weights.append(max(specificity(one) for one in split(token.arguments)))
        elif token.type == "function" and token.lower_name != "where":
            weights.append((0, 1, 0))
        literal = token.value if token.type == "literal" else ""
        before = before + literal if literal == ":" else literal
    ids, classes, elements = zip(*weights, strict=True)
    return sum(ids), sum(classes), sum(elements)


def is_exact(tokens: Sequence[Any]) -> bool:
    """Whether a selector asks only for what stands on the page: for no state, no count, no attribute, no neighbour."""
    before = ""
    for token in tokens:
        literal = token.value if token.type == "literal" else ""
        plain = token.type in ("ident", "hash") and before != ":"
        one_of = token.type == "function" and token.lower_name == "is" and all(map(is_exact, split(token.arguments)))
        if not (plain or one_of or token.type in ("whitespace", "comment") or literal in (".", ">", ":")):
            return False
        before = literal
    return before != ":"
