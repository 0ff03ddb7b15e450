"""The scripts and the styles of figures, by figure: no modules, so they run from a folder, too.

A page loads `figures.js`, which is small (in the book it begins the script of every page): it waits for the reader to
come near a figure, and then loads what that figure names: `kit.js` and `kit.css`, which all share, and its own.
"""

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from pathlib import Path

from rjsmin import jsmin

from nnbook.localisation import SOURCE_LANGUAGE, catalogue

FIGURES = Path(__file__).parents[1]
KIT = Path(__file__).parent
ALSO = {  # what few figures share, by figure: folders with scripts
    "draw-digit": ("convolution",),
    "feature-maps": ("convolution",),
    "plane": ("trainer",),
    "pooling": ("slides",),
    "through": ("convolution",),
    "train-here": ("trainer",),
    "window": ("slides",),
}
AT_ONCE, AT_REST = "figures.js", "figures.css"
_NAME = re.compile(r"\bnnb-[a-z0-9-]+")  # of classes and elements
_KEY = re.compile(r"""["'`]([a-z_]+\.[a-z_]*)(["'`]|\$\{)""")


def sources(room: str) -> list[Path]:
    """The scripts of the folder `room`; those of the kit without the one that waits."""
    return sorted(path for path in (FIGURES / room).glob("*.js") if path.name != "runtime.js")


def tag_of(room: Path) -> str:
    """The name of the element whose script lies in the folder `room`: nnb-<tag>."""
    return room.name.replace("_", "-")


@lru_cache(maxsize=1)
def files() -> dict[str, str]:
    """By file name, all scripts and styles as they are published."""
    found = {AT_ONCE: _script([KIT / "runtime.js"])}
    for room in sorted(path for path in FIGURES.iterdir() if path.is_dir()):
        if scripts := sources(room.name):
            found[f"{tag_of(room)}.js"] = _script(scripts)
        if styles := sorted(path for path in room.glob("*.css") if path.name not in (AT_REST, "static.css")):
            found[f"{tag_of(room)}.css"] = "".join(style_of(path.read_text(encoding="utf-8")) for path in styles)
    return found


@lru_cache(maxsize=1)
def shared_style() -> str:
    """What the looks of all figures at rest share."""
    return (KIT / AT_REST).read_text(encoding="utf-8")


@lru_cache(maxsize=1)
def _styles_of_rooms() -> list[str]:
    return [path.read_text(encoding="utf-8") for path in sorted(FIGURES.glob("*/static.css"))]


def static_style() -> str:
    """The look of all figures at rest, what they share first."""
    return "\n".join([shared_style(), *_styles_of_rooms()])


def style_at_rest(html: str) -> str:
    """The looks at rest of those figures that stand in the `html` of a page, without what all share.

    A sheet that names nothing of the page can change nothing on it.
    """
    there = set(_NAME.findall(html))
    return "".join(style_of(sheet) for sheet in _styles_of_rooms() if there & _own_names(sheet))


@lru_cache
def _own_names(sheet: str) -> set[str]:
    names = set(_NAME.findall(sheet))
    return names - set(_NAME.findall(shared_style())) or names


def needed(tag: str) -> list[str]:
    """The names of the files that the element nnb-<tag> needs before it starts, what figures share first."""
    names = [f"{part}.{kind}" for part in ("kit", *ALSO.get(tag, ()), tag) for kind in ("css", "js")]
    return [name for name in names if name in files()]


@lru_cache
def words(tag: str) -> tuple[str, ...]:
    """The keys of the catalogue that an element's scripts name: whole or, as `kit.scale_${key}`, by their beginning."""
    rooms = (tag.replace("-", "_"), *ALSO.get(tag, ()), "kit")
    texts = (path.read_text(encoding="utf-8") for room in rooms for path in sources(room))
    named = [match.groups() for text in texts for match in _KEY.finditer(text)]
    whole = {key for key, end in named if end != "${"}
    begun = tuple(key for key, end in named if end == "${")
    return tuple(key for key in sorted(catalogue(SOURCE_LANGUAGE)) if key in whole or (begun and key.startswith(begun)))


def script(*tags: str) -> str:
    """All that a notebook needs to let the elements nnb-<tag> answer, or all elements there are, as one text."""
    return "\n".join(text for name, text in files().items() if name.endswith(".js") and _is_for(name, tags))


def style(*tags: str) -> str:
    """The look of what these elements add, or of all, as one text."""
    return "".join(text for name, text in files().items() if name.endswith(".css") and _is_for(name, tags))


def _is_for(name: str, tags: Iterable[str]) -> bool:
    wanted = [*tags]
    return not wanted or name == AT_ONCE or any(name in needed(tag) for tag in wanted)


def _script(paths: Iterable[Path]) -> str:
    """Scripts as one text, each in a function of its own, so that nothing but `nnbook` is shared."""
    return "\n".join(f"(()=>{{{jsmin(path.read_text(encoding='utf-8'))}\n}})();" for path in paths)


def style_of(text: str) -> str:
    """A style sheet without comments and indentation; rcssmin would take spaces that count inside of @container."""
    return re.sub(r"\n\s*", "\n", re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL)).lstrip()


def write(folder: Path, files: Mapping[str, str]) -> list[Path]:
    """Write texts by their file names into `folder` and give their paths."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        (folder / name).write_text(content, encoding="utf-8", newline="\n")
    return [folder / name for name in files]
