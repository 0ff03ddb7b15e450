"""What cells showed, made ready for one page: one language of the words, no style, pictures and data as files."""

import base64
import hashlib
import html
import json
import re
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any

from nnbook.localisation import direction
from nnbook.site.errors import write_whole

_PICTURE = re.compile(r"data:image/(avif|png|webp);base64,([A-Za-z0-9+/=]+)")
_DATA = re.compile(r"data-nnb-data='([^']*)' data-nnb-words='([^']*)'")
PICTURES, DATA = "_images", "_data"  # the folders beside the pages
SMALL = 200  # bytes of a picture that is better off inside the page than as one more request
SMALL_DATA = 150  # characters of a figure's data and words that are better off inside the page, too
SMALL_VALUE = (
    600  # characters of a value that is better off in the file of one figure than in one that several may need
)
LATER = "later"  # the name of a value in the data of a figure that is loaded when the figure's script asks for it
_FIGURE = re.compile(r'<div (?=class="nnb[ "])')  # how the element of a figure begins
_PART = re.compile(r"<!--nnbook:([\w-]+)-->")
_STYLE = re.compile(r"<style data-nnbook>.*?</style>", re.DOTALL)
_FACTS = re.compile(r'\sdata-facts="([^"]*)"')
TO_PICTURES = "nnbook-pictures:"  # stands for the way from a page to the folder of pictures


def in_language(markup: str, language: str) -> str:
    """The part of a cell's `markup` that speaks `language`; markup without parts speaks all of them.

    A language that has no words for figures gets those of the source language, which is the first.
    """
    parts = list(dict.fromkeys(_PART.findall(markup)))
    spoken = language if language in parts else next(iter(parts), language)
    for code in parts:
        markup = "".join(_pieces(markup, code, code == spoken))
    if spoken != language:
        markup = _FIGURE.sub(f'<div lang="{spoken}" dir="{direction(spoken)}" ', markup)
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


@lru_cache(maxsize=256)
def facts_of(markup: str) -> Any:
    """The facts that a figure carries, not to be changed, or None if this `markup` is no figure."""
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
        return address + keep(content, match[1], folder)

    return _PICTURE.sub(place, markup)


def keep(content: bytes, suffix: str, folder: Path) -> str:
    """Write a file named by its `content` into the `folder` and give its name."""
    name = f"{_digest(content)}.{suffix}"
    if not (folder / name).exists():
        write_whole(folder / name, content)
    return name


def move_data(markup: str, folder: Path, address: str) -> str:
    """The `markup` with the data and the words of each figure written into `folder` as a script, and referred to.

    Figures load it before they start, and with it what it refers to: a large value in it has a script of its own. A
    script is named by its content, so a value that several figures need, such as the weights of a network, is one file
    and is loaded once. Arguments as for `move_pictures`.
    """

    def place(match: re.Match[str]) -> str:
        if len(match[1]) + len(match[2]) <= SMALL_DATA:
            return match[0]
        data, words = (json.loads(html.unescape(written)) for written in match.groups())
        slim = {name: _moved(value, folder, address) for name, value in data.items() if name != LATER}
        if LATER in data:
            of_later = _without_texts(data[LATER], folder, address)
            slim[LATER] = f"nnb-later:{address}{_file(of_later, folder)}"
        return f'data-nnb-file="{address}{_file({"data": slim, "words": words}, folder)}"'

    return _DATA.sub(place, markup)


@lru_cache(maxsize=256)
def with_files(markup: str, pages: Path, up: str) -> str:
    """The `markup` of a figure as it stands in a page: without its facts, with pictures and data as files.

    Args:
        pages: the folder of the pages, where the files' folders are.
        up: what leads from the page to it, such as "../".
    """
    slim = _FACTS.sub("", markup)  # the prose quotes them while the page is made, no reader asks for them
    text = move_pictures(slim, pages / PICTURES, f"{up}{PICTURES}/")
    return move_data(text.replace(TO_PICTURES, f"{up}{PICTURES}/"), pages / DATA, f"{up}{DATA}/")


def _moved(value: Any, folder: Path, address: str) -> Any:
    """The `value` with its large texts, or itself if it is still large then, replaced by what the script looks for."""
    slim = _without_texts(value, folder, address)
    if len(json.dumps(slim, ensure_ascii=False, separators=(",", ":"))) <= SMALL_VALUE:
        return slim
    return f"nnb-file:{address}{_file(slim, folder)}"


def _without_texts(value: Any, folder: Path, address: str) -> Any:
    if isinstance(value, str) and len(value) > SMALL_VALUE:
        return f"nnb-file:{address}{_file(value, folder)}"
    if isinstance(value, list):
        return [_without_texts(part, folder, address) for part in value]
    if isinstance(value, dict):
        return {name: _without_texts(part, folder, address) for name, part in value.items()}
    return value


def _file(value: Any, folder: Path) -> str:
    """Write a `value` as a script into `folder` and give its name."""
    written = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    name = f"{_digest(written.encode())}.js"
    path = folder / name
    if not path.exists():
        write_whole(path, f"nnbook.deliver({json.dumps(name)},{written})\n".encode())
    return name


def _digest(content: bytes) -> str:
    """What names a file: short, since pages hold hundreds of such names, and long enough to be one of its kind."""
    return hashlib.sha256(content).hexdigest()[:16]
