"""What cells showed, made ready for one page: one language of the words, no style of its own, pictures as files."""

import base64
import hashlib
import html
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

_PART = re.compile(r"<!--nnbook:([\w-]+)-->")
_STYLE = re.compile(r"<style data-nnbook>.*?</style>", re.DOTALL)
_FACTS = re.compile(r'\sdata-facts="([^"]*)"')
_PICTURE = re.compile(r"data:image/(png|webp);base64,([A-Za-z0-9+/=]+)")
PICTURE = "nnbook-picture:"  # stands for the way from a page to the folder of pictures
SMALL = 1200  # bytes of a picture that is better off inside the page than as one more request


def in_language(markup: str, language: str) -> str:
    """The part of a cell's `markup` that speaks `language`; markup without parts speaks all of them.

    Raises:
        ValueError: if the markup has parts but none in `language`.
    """
    parts = list(dict.fromkeys(_PART.findall(markup)))
    if parts and language not in parts:
        raise ValueError(
            f"a figure must be drawn in every language of the book; this one has {', '.join(parts)}, not {language}; "
            "add the language to _config.yml and build again"
        )
    for code in parts:
        markup = "".join(_pieces(markup, code, code == language))
    return _STYLE.sub("", markup)


def _pieces(markup: str, code: str, keep: bool) -> Iterator[str]:
    """The pieces of `markup` without the marks of one language, and without what is between them unless `keep`.

    By finding, not by an expression: the pictures of a film have millions of characters.
    """
    first, *rest = markup.split(f"<!--nnbook:{code}-->")
    yield first
    for piece in rest:
        inside, _, after = piece.partition(f"<!--/nnbook:{code}-->")
        if keep:
            yield inside
        yield after


def facts_of(markup: str) -> Any:
    """The facts that a figure carries, or None if this `markup` is no figure."""
    found = _FACTS.search(markup)
    return json.loads(html.unescape(found[1])) if found else None


def move_pictures(markup: str, folder: Path, address: str) -> str:
    """The `markup` with its larger pictures written into `folder`, named by content, and referred to by `address`.

    Args:
        address: what leads from the page to the folder, with a slash at its end.
    """

    def place(match: re.Match[str]) -> str:
        content = base64.b64decode(match[2])
        if len(content) <= SMALL:
            return match[0]
        name = f"{hashlib.sha256(content).hexdigest()[:32]}.{match[1]}"
        path = folder / name
        if not path.exists():
            folder.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        return address + name

    return _PICTURE.sub(place, markup)
