"""The same elements in fewer bytes, without classes that nothing refers to and quotes that HTML doesn't ask for."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from nnbook.site.finish.shapes import attributes

_CLASS = re.compile(r"\.(-?[A-Za-z_][\w-]*)")
_PART_OF_CLASS = re.compile(r"""\[class[~|^$*]?=["']?([^"'\]]*)""")
# dl[class], a:not([href]):not([class]): there it makes a difference to have a class at all, but not to a with href.
_ANY_CLASS = re.compile(r"([a-z][\w-]*|)((?::not\(\[[\w-]+\]\))*)(?::not\(\[class\]\)|\[class\])")
_LACKS = re.compile(r":not\(\[([\w-]+)\]\)")
_OWN_ATTRIBUTE = re.compile(r"""\s+class=("[^"]*"|'[^']*')""")
_QUOTED = re.compile(r"""([^\s"'=<>/]+=)("[^"]*"|'[^']*')""")
_NEEDS_QUOTES = re.compile(r"""[\s"'=<>`]|/$|^$""")
_ALWAYS = ("nnb-", "notranslate")  # scripts put the names of classes together from parts; services for translation look


@dataclass(frozen=True)
class Told:
    """The classes that style sheets and scripts can tell from others."""

    classes: frozenset[str] = frozenset()
    parts: tuple[str, ...] = ()  # of the names of classes
    any_class: tuple[tuple[str, tuple[str, ...]], ...] = ()  # elements, and the attributes that they lack

    def shorter(self, name: str, text: str) -> str:
        """The `text` of a tag of the element `name`, without needless classes, its quotes kept."""
        own = _OWN_ATTRIBUTE.search(text)
        if not own or self._asks_for_any(name, text):
            return text
        classes = [one for one in dict.fromkeys(own[1][1:-1].split()) if self._tells(one)]
        return _OWN_ATTRIBUTE.sub(f' class="{" ".join(classes)}"' if classes else "", text, count=1)

    def _tells(self, name: str) -> bool:
        return name in self.classes or name.startswith(_ALWAYS) or any(part in name for part in self.parts)

    def _asks_for_any(self, name: str, text: str) -> bool:
        return any(
            element in ("", name) and not attributes(text).keys() & {*lacked} for element, lacked in self.any_class
        )


def told_by(styles: Iterable[str], words: frozenset[str]) -> Told:
    """What the kept `styles` and the `words` of scripts refer to."""
    text = "\n".join(styles)
    any_class = {(found[1], tuple(_LACKS.findall(found[2]))) for found in _ANY_CLASS.finditer(text)}
    return Told(
        words.union(_CLASS.findall(text)), tuple(sorted({*_PART_OF_CLASS.findall(text)})), tuple(sorted(any_class))
    )


def unquoted(text: str) -> str:
    """The `text` of a tag without the quotes that it doesn't need."""
    empty = text.endswith("/")  # as in <path d="M0 0"/>: it must not become part of the value
    shorter = _QUOTED.sub(_without_quotes, text.rstrip("/ ") if empty else text)
    return shorter + " /"[shorter.endswith(('"', "'")) :] if empty else shorter


def _without_quotes(attribute: re.Match[str]) -> str:
    value = attribute[2][1:-1]
    return attribute[0] if _NEEDS_QUOTES.search(value) else attribute[1] + value
