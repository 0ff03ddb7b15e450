"""What elements say as plain text, formulas too: for titles, which browsers, cards and lists of contents do not set."""

from xml.etree.ElementTree import Element

_BETWEEN = {"msub": "_", "munder": "_", "msup": "^", "mover": "^", "mfrac": "/"}
_BEFORE = {"msqrt": "√"}


def text_of(element: Element) -> str:
    """What can be read in the `element`, its white space made one space each; of a formula x_i, x^2, a/b."""
    return " ".join(_said(element).split())


def _said(element: Element) -> str:
    name = element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""
    if name in {"", "annotation"}:
        return ""
    parts = [_said(child) for child in element]
    if name == "msubsup" and len(parts) == 3:
        return "{}_{}^{}".format(*parts)
    if name in _BETWEEN:
        return _BETWEEN[name].join(parts)
    tails = [child.tail or "" for child in element]
    inside = "".join(part for pair in zip(parts, tails, strict=True) for part in pair)
    return f"{_BEFORE.get(name, '')}{element.text or ''}{inside}"
