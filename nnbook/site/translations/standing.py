"""How a translated page stands to its source: which blocks are in step, which are behind, and which are missing."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path

from nnbook.site.translations import ties
from nnbook.site.translations.blocks import Block
from nnbook.site.translations.ties import Tie

CURRENT, CHANGED, MOVED, REMOVED = "current", "changed", "moved", "removed"
UNTRANSLATED, OWN, EXTRA = "untranslated", "own", "extra"
STATES = (CURRENT, CHANGED, MOVED, REMOVED, UNTRANSLATED, EXTRA, OWN)
BEHIND = (CHANGED, MOVED, REMOVED)
_OWN_CLASS = "translation"  # of a note that its language has of its own


@dataclass
class Standing:
    """Blocks of a translation, and how they stand to the blocks of the source that they translate.

    Attributes:
        state: one of `STATES`.
        source: the blocks as the source has them now; none if they were removed, or are the translation's own.
        translation: the blocks of the translation; none if they are missing in it.
        line: where in the translated page it is, or belongs.
        was: the digests of what the source said when both were last in step.
    """

    state: str
    source: list[Block]
    translation: list[Block]
    line: int
    was: tuple[str, ...] = ()

    @property
    def kind(self) -> str:
        """What kind of block it is."""
        return (self.translation or self.source)[0].kind


@dataclass
class _Cluster:
    """Ties that changed together, with what each side has now."""

    places: list[int]  # of the ties
    source: list[Block] = field(default_factory=list)
    translation: list[Block] = field(default_factory=list)
    events: set[str] = field(default_factory=set)


def standings(source: Sequence[Block], known: Sequence[Tie], translation: Sequence[Block]) -> list[Standing]:
    """How every block stands, in the order of the translation.

    Args:
        source: the page in the source language, as it is now.
        known: its ties; without any, the two pages are taken to be in step as far as their structure goes.
        translation: the translated page.
    """
    source, translation = ties.countable(source), ties.countable(translation)
    known = known or ties.made(source, translation)
    clusters = [_Cluster([place]) for place in range(len(known))]
    new = _follow_source(clusters, known, source)
    extra = _follow_translation(clusters, known, translation)
    found = [_standing(cluster, known) for cluster in _each(clusters)]
    found += [Standing(OWN if _is_own(block) else EXTRA, [], [block], block.line) for block in extra]
    missing = [Standing(UNTRANSLATED, [block], [], 0) for block in new]
    return _in_order([standing for standing in found if standing], missing, source)


def behind(found: Iterable[Standing]) -> list[Standing]:
    """Those whose source has changed since."""
    return [standing for standing in found if standing.state in BEHIND]


def counts(found: Iterable[Standing]) -> dict[str, int]:
    """How many there are of each state."""
    counted = Counter(standing.state for standing in found)
    return {state: counted[state] for state in STATES}


def page_of(
    root: Path, language: str, page: str, source: Sequence[Block], translation: Sequence[Block]
) -> list[Standing]:
    """The standings of a page of the book in the folder `root`."""
    return standings(source, ties.read(ties.file_of(root, language, page)), translation)


def _follow_source(clusters: list[_Cluster], known: Sequence[Tie], source: Sequence[Block]) -> list[Block]:
    """Find what each tie's source blocks have become; gives those that nothing is tied to."""
    owners = [place for place, tie in enumerate(known) for _ in tie.source]
    old, now = [digest for tie in known for digest in tie.source], [block.digest for block in source]
    steps = list(ties.changes(old, now))
    inserted = [place for change, _, places in steps if change == "insert" for place in places]
    moved = {now[place]: place for place in reversed(inserted) if now[place] in old}
    for change, was, places in steps:
        touched = [owners[place] for place in was]
        if change == "group":
            _merge(clusters, touched)
        for owner in touched[:1]:
            clusters[owner].source += [source[place] for place in places]
        for place, owner in zip(was, touched, strict=True):
            if change == "delete" and old[place] in moved:
                clusters[owner].source.append(source[moved[old[place]]])
                clusters[owner].events.add(MOVED)
            elif change != "equal":
                clusters[owner].events.add(REMOVED if change == "delete" else CHANGED)
    taken = {id(block) for cluster in clusters for block in cluster.source}
    return [source[place] for place in inserted if id(source[place]) not in taken]


def _follow_translation(clusters: list[_Cluster], known: Sequence[Tie], translation: Sequence[Block]) -> list[Block]:
    """Find what each tie's translated blocks have become; gives those that nothing is tied to."""
    owners = [place for place, tie in enumerate(known) for _ in tie.translation]
    old, extra = [digest for tie in known for digest in tie.translation], list[Block]()
    for change, was, places in ties.changes(old, [block.digest for block in translation]):
        touched = [owners[place] for place in was]
        if change == "group":
            _merge(clusters, touched)
        if touched:
            clusters[touched[0]].translation += [translation[place] for place in places]
        else:
            extra += [translation[place] for place in places]
    return extra


def _merge(clusters: list[_Cluster], places: Sequence[int]) -> None:
    """Make one cluster of those at `places`."""
    first = clusters[places[0]]
    for place in places[1:]:
        other = clusters[place]
        if other is not first:
            first.places += other.places
            first.source += other.source
            first.translation += other.translation
            first.events |= other.events
            for moved in other.places:
                clusters[moved] = first


def _each(clusters: Sequence[_Cluster]) -> list[_Cluster]:
    return list({id(cluster): cluster for cluster in clusters}.values())


def _standing(cluster: _Cluster, known: Sequence[Tie]) -> Standing | None:
    was = tuple(chain.from_iterable(known[place].source for place in cluster.places))
    line = cluster.translation[0].line if cluster.translation else 0
    if not cluster.source and not cluster.translation:
        return None
    state = CURRENT
    if not was:
        state = OWN if all(map(_is_own, cluster.translation)) else EXTRA
    elif not cluster.translation:
        state = UNTRANSLATED
    elif not cluster.source:
        state = REMOVED
    elif _is_copied(cluster):
        state = UNTRANSLATED
    elif cluster.events:
        state = MOVED if cluster.events == {MOVED} else CHANGED
    return Standing(state, cluster.source, cluster.translation, line, was)


def _is_copied(cluster: _Cluster) -> bool:
    """Whether the translation still is what the source says."""
    prose = [block for block in cluster.translation if block.is_prose]
    return bool(prose) and {block.digest for block in prose} <= {block.digest for block in cluster.source}


def _is_own(block: Block) -> bool:
    return block.kind == "note" and f"{_OWN_CLASS}\n" in block.text.replace(" ", "\n")


def _in_order(found: list[Standing], missing: list[Standing], source: Sequence[Block]) -> list[Standing]:
    """All by their place in the translation; what is missing there stands behind what comes before it in the source."""
    ends = {id(block): standing for standing in found for block in standing.source if standing.translation}
    last = 1
    lines = {}
    for block in source:
        if standing := ends.get(id(block)):
            last = max(other.last_line for other in standing.translation)
        lines[id(block)] = last
    absent = [*missing, *(standing for standing in found if not standing.translation)]
    for standing in absent:
        standing.line = lines[id(standing.source[0])]
    present = [standing for standing in found if standing.translation]
    return sorted([*present, *absent], key=lambda standing: (standing.line, not standing.translation))
