"""How a translated page stands to its source: which blocks are in step, which are behind, and which are missing."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import chain

from nnbook.site.translations import ties
from nnbook.site.translations.blocks import ENTRY, Block
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
        moved: whether the source has it elsewhere now.
    """

    state: str
    source: list[Block]
    translation: list[Block]
    line: int
    was: tuple[str, ...] = ()
    moved: bool = False

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
        known: its ties. What no tie knows yet is taken to be in step as far as the structure goes.
        translation: the translated page.
    """
    (entries, source), (theirs, translation) = map(_apart, (ties.countable(source), ties.countable(translation)))
    keyed = by_key(entries, [tie for tie in known if tie.kind.startswith(ENTRY)], theirs)
    known = [tie for tie in known if not tie.kind.startswith(ENTRY)]
    clusters = [_Cluster([place]) for place in range(len(known))]
    new = _follow_source(clusters, known, source)
    extra = _follow_translation(clusters, known, translation)
    clusters = _each(clusters)
    clusters += _newly_tied(clusters, source, new, translation, extra)
    found = [standing for cluster in clusters if (standing := _standing(cluster, known))]
    return sorted([*_in_order(found, source), *keyed], key=_place)


def by_key(source: Iterable[Block], known: Iterable[Tie], translation: Iterable[Block]) -> list[Standing]:
    """As `standings`, for entries, which belong together by their kinds; their order is each language's own."""
    mine, theirs = ({block.kind: block for block in side} for side in (source, translation))
    tied, found, line = {tie.kind: tie for tie in known}, list[Standing](), 1
    for key in dict.fromkeys([*mine, *theirs]):
        tie, left, right = tied.get(key), mine.get(key), theirs.get(key)
        line = right.line if right else line
        ours, other = ([block] if block else [] for block in (left, right))
        was = tie.source if tie else ()
        copied = key.startswith(ENTRY) and (tie is None or tie.copied)  # a word may be the same in both languages
        if left is None:
            state = EXTRA if tie is None else REMOVED if was else OWN
        elif right is None or (copied and _is_copied(_Cluster([], ours, other), was)):
            state = UNTRANSLATED
        else:
            state = CURRENT if tie is None or was == (left.digest,) else CHANGED
        found.append(Standing(state, ours, other, line, was))
    return found


def _apart(page: Sequence[Block]) -> tuple[list[Block], list[Block]]:
    """The entries of a page, and its other blocks."""
    entries = [block for block in page if block.kind.startswith(ENTRY)]
    return entries, [block for block in page if not block.kind.startswith(ENTRY)]


def _place(standing: Standing) -> tuple[int, bool]:
    return standing.line, not standing.translation


def behind(found: Iterable[Standing]) -> list[Standing]:
    """Those whose source has changed since."""
    return [standing for standing in found if standing.state in BEHIND]


def counts(found: Iterable[Standing]) -> dict[str, int]:
    """How many there are of each state."""
    counted = Counter(standing.state for standing in found)
    return {state: counted[state] for state in STATES}


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


def _newly_tied(
    clusters: Sequence[_Cluster],
    source: Sequence[Block],
    new: Sequence[Block],
    translation: Sequence[Block],
    extra: Sequence[Block],
) -> list[_Cluster]:
    """Clusters for `new` and `extra` blocks that no tie knows: those behind the same tied block belong together."""
    found, mine, theirs = list[_Cluster](), _runs(clusters, source, new), _runs(clusters, translation, extra)
    for before in dict.fromkeys([*mine, *theirs]):
        for pair in ties.pairs(mine.get(before, []), theirs.get(before, [])):
            left, right = map(list, pair)
            found.append(_Cluster([], left, right))
    return found


def _runs(
    clusters: Sequence[_Cluster], page: Sequence[Block], unknown: Sequence[Block]
) -> dict[int | None, list[Block]]:
    """The `unknown` blocks of a page, by the cluster of the last known block before them."""
    owners = {id(block): id(cluster) for cluster in clusters for block in (*cluster.source, *cluster.translation)}
    wanted, runs, before = {id(block) for block in unknown}, dict[int | None, list[Block]](), None
    for block in page:
        if id(block) in wanted:
            runs.setdefault(before, []).append(block)
        else:
            before = owners.get(id(block), before)
    return runs


def _each(clusters: Sequence[_Cluster]) -> list[_Cluster]:
    return list({id(cluster): cluster for cluster in clusters}.values())


def _standing(cluster: _Cluster, known: Sequence[Tie]) -> Standing | None:
    was = tuple(chain.from_iterable(known[place].source for place in cluster.places))
    if not cluster.source and not cluster.translation:
        return None
    state = CURRENT
    copied = all(known[place].copied for place in cluster.places)  # or nothing is known of it
    if not cluster.translation or (copied and _is_copied(cluster, was)):
        state = UNTRANSLATED if cluster.source else REMOVED
    elif not cluster.source:
        state = REMOVED if was else OWN if all(map(_is_own, cluster.translation)) or cluster.places else EXTRA
    elif cluster.events:
        state = MOVED if cluster.events == {MOVED} else CHANGED
    line = cluster.translation[0].line if cluster.translation else 0
    return Standing(
        state, cluster.source, cluster.translation, line, was, MOVED in cluster.events and bool(cluster.source)
    )


def _is_copied(cluster: _Cluster, was: Sequence[str]) -> bool:
    """Whether a block with words still is what the source says, or said."""
    prose = {block.digest for block in cluster.translation if block.is_prose}
    return bool(prose) and prose <= {*was, *(block.digest for block in cluster.source)}


def _is_own(block: Block) -> bool:
    return block.kind == "note" and f"{_OWN_CLASS}\n" in block.text.replace(" ", "\n")


def _in_order(found: list[Standing], source: Sequence[Block]) -> list[Standing]:
    """All by their place in the translation; what is missing there stands behind what comes before it in the source."""
    owners = {id(block): standing for standing in found for block in standing.source}
    last = 1
    for block in source:
        standing = owners[id(block)]
        if standing.translation:
            last = max(block.last_line for block in standing.translation)
        elif not standing.line:
            standing.line = last
    return sorted(found, key=_place)
