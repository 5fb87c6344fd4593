"""Lines on which both sides worked, looked at word by word.

Figures behind these rules: docs/decisions/0014-merging.md, `skillnet evaluate merges`.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from node.authoring.merge.alignment import hunks
from node.authoring.merge.sequences import Chunk, merge_sequences

_PIECES = re.compile(r"\w+|\s+|[^\w\s]")
_LONGEST = 20_000
_PLACES = 2  # collisions in one file
_MORE = 2  # changes that one side may have beyond those of the other
_END = re.compile(r"\r\n?")

_Change = tuple[int, int, tuple[str, ...]]


def settle(chunks: Sequence[Chunk]) -> list[Chunk] | None:
    """Chunks without collision; None where one of them is not settled by `included`.

    At most two, and in both the same was changed further: who differs in many places, or in each another way, is at
    work on something of his own. And at a single place only if the side that made fewer changes made none elsewhere:
    then the whole file of the other side is what both wrote, and a little more.
    """
    found = {index: included(chunk) for index, chunk in enumerate(chunks) if chunk.merged is None}
    further = {one.further for one in found.values() if one}
    if None in found.values() or len(found) > _PLACES or len(further) > 1:
        return None
    sides = {one.is_ours for one in found.values() if one}
    if len(found) < _PLACES and any(_other_went_on(chunk, is_ours) for is_ours in sides for chunk in chunks):
        return None
    return [
        replace(chunk, merged=(one.text,)) if (one := found.get(index)) else chunk for index, chunk in enumerate(chunks)
    ]


@dataclass(frozen=True, slots=True)
class Included:
    """The text of the side that made all changes; what it changed beyond the other, from and to; which side that is."""

    text: str
    further: frozenset[tuple[str, str]]
    is_ours: bool


def included(chunk: Chunk) -> Included | None:
    """The text of the side that made every change of the other one and a little more; None where neither did.

    Nobody's change is lost, so there is nothing to choose: this is what both edits together give. Both must have
    changed some word in the same way and one of them another word too – spaces alone say nothing about who built on
    whom –, and at most two changes more: a side that rewrote the text is one that a person wants to read.
    """
    texts = ["".join(lines) for lines in (chunk.base, chunk.ours, chunk.theirs)]
    if chunk.proposal is not None or max(map(len, texts)) > _LONGEST:
        return None  # what was weighed by its keys is not settled by its words
    base, ours, theirs = (_PIECES.findall(text) for text in texts)
    mine, yours = _changes(base, ours), _changes(base, theirs)
    for less, more, ours_is_more in ((yours, mine, True), (mine, yours, False)):
        further = more - less
        if less <= more and len(further) <= _MORE and _has_words(base, less) and _has_words(base, further):
            beyond = frozenset(("".join(base[a:b]), "".join(new)) for a, b, new in further)
            return Included(texts[1] if ours_is_more else texts[2], beyond, ours_is_more)
    return None


def _other_went_on(chunk: Chunk, is_ours: bool) -> bool:
    """Whether the other side alone changed these lines."""
    other, own = (chunk.theirs, chunk.ours) if is_ours else (chunk.ours, chunk.theirs)
    return chunk.merged is not None and other not in (chunk.base, own)


def _changes(old: Sequence[str], new: Sequence[str]) -> set[_Change]:
    return {(start, end, tuple(new[first:last])) for start, end, first, last in hunks(old, new)}


def _has_words(base: Sequence[str], changes: set[_Change]) -> bool:
    return any(piece[0].isalnum() for start, end, new in changes for piece in (*base[start:end], *new))


def propose(chunk: Chunk) -> str:
    """What the lines could become, to be looked at: never empty-handed, and never done without asking.

    Both edits together where they touch different words; both additions, ours first; what one side edited and the
    other deleted; and where both changed the same words, ours of those. On real merges that git could not make, a
    third of the first kind was what the person then committed: good enough to show, not to do.
    """
    if chunk.proposal is not None:
        return "".join(chunk.proposal)
    base, ours, theirs = ("".join(lines) for lines in (chunk.base, chunk.ours, chunk.theirs))
    ends = "\r\n" if "\r\n" in ours else "\n"
    base, ours, theirs = (_END.sub("\n", text) for text in (base, ours, theirs))
    return _proposed(base, ours, theirs).replace("\n", ends)


def _proposed(base: str, ours: str, theirs: str) -> str:
    if not ours or not theirs:
        return ours or theirs
    if not base.strip():
        return ours if theirs.strip() in ours else theirs if ours.strip() in theirs else _joined(ours, theirs)
    split = _PIECES.findall if max(len(base), len(ours), len(theirs)) <= _LONGEST else _lines
    chunks = merge_sequences(split(base), split(ours), split(theirs))
    return "".join(piece for chunk in chunks for piece in (chunk.ours if chunk.merged is None else chunk.merged))


def _lines(text: str) -> list[str]:
    return text.splitlines(keepends=True)


def _joined(ours: str, theirs: str) -> str:
    return f"{ours}{theirs}" if ours.endswith("\n") else f"{ours}\n{theirs}"
