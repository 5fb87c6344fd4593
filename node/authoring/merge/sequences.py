"""Three-way merge of two edited sequences with the one they came from.

Edits are taken as clean when at least one common element lies between them, as git does.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from node.authoring.merge.alignment import Hunk, hunks


@dataclass(frozen=True, slots=True)
class Chunk:
    """A stretch of the merge. `merged` is None where the two edits collide; `by_date`: a later date was taken.

    `proposal` is what could stand there, where that is known better than from the lines alone.
    """

    base: tuple[str, ...]
    ours: tuple[str, ...]
    theirs: tuple[str, ...]
    merged: tuple[str, ...] | None
    by_date: bool = False
    proposal: tuple[str, ...] | None = None


def merge_sequences(base: Sequence[str], ours: Sequence[str], theirs: Sequence[str]) -> list[Chunk]:
    """Chunks in order; each element of the three sequences is in exactly one."""
    left, right = hunks(base, ours), hunks(base, theirs)
    chunks: list[Chunk] = []
    at = at_ours = at_theirs = 0
    while left or right:
        start, end, left_count, right_count = _group(left, right)
        group_left, group_right = left[:left_count], right[:right_count]
        left, right = left[left_count:], right[right_count:]
        if start > at:
            same = tuple(base[at:start])
            chunks.append(Chunk(same, same, same, same))
            at_ours += start - at
            at_theirs += start - at
        end_ours = at_ours + (end - start) + _growth(group_left)
        end_theirs = at_theirs + (end - start) + _growth(group_right)
        chunks.append(_chunk(base[start:end], ours[at_ours:end_ours], theirs[at_theirs:end_theirs]))
        at, at_ours, at_theirs = end, end_ours, end_theirs
    if at < len(base):
        same = tuple(base[at:])
        chunks.append(Chunk(same, same, same, same))
    return chunks


def _group(left: list[Hunk], right: list[Hunk]) -> tuple[int, int, int, int]:
    """Stretch of the original covered by the first hunk and all that touch it; how many of each side are in it."""
    start = min(hunk[0][0] for hunk in (left, right) if hunk)
    end, count = start, [0, 0]
    grown = True
    while grown:
        grown = False
        for side, found in enumerate((left, right)):
            while count[side] < len(found) and (found[count[side]][0] <= end):
                end = max(end, found[count[side]][1])
                count[side] += 1
                grown = True
    return start, end, count[0], count[1]


def _growth(group: list[Hunk]) -> int:
    return sum((new_to - new_from) - (old_to - old_from) for old_from, old_to, new_from, new_to in group)


def _chunk(base: Sequence[str], ours: Sequence[str], theirs: Sequence[str]) -> Chunk:
    before, mine, yours = tuple(base), tuple(ours), tuple(theirs)
    return Chunk(before, mine, yours, settled(before, mine, yours))


def settled(before: tuple[str, ...], mine: tuple[str, ...], yours: tuple[str, ...]) -> tuple[str, ...] | None:
    """What one side alone changed, or both alike; None where they collide."""
    return yours if mine == before else mine if yours in (mine, before) else None
