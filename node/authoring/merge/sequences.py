"""Three-way merge of two edited sequences with the one they came from.

Edits are taken as clean when at least one common element lies between them, as git does (xdiff, xdl_do_merge).
"""

from collections.abc import Sequence
from dataclasses import dataclass

Hunk = tuple[int, int, int, int]  # from, to in the original; from, to in the edited one


@dataclass(frozen=True, slots=True)
class Chunk:
    """A stretch of the merge. `merged` is None where the two edits collide."""

    base: tuple[str, ...]
    ours: tuple[str, ...]
    theirs: tuple[str, ...]
    merged: tuple[str, ...] | None


def merge_sequences(base: Sequence[str], ours: Sequence[str], theirs: Sequence[str]) -> list[Chunk]:
    """Chunks in order; each element of the three sequences is in exactly one."""
    chunks = _merge(base, ours, theirs, (hunks(base, ours), hunks(base, theirs)))
    if all(chunk.merged is not None for chunk in chunks):
        return chunks
    # Where repeated elements leave a choice of edits, another choice may keep them apart.
    backwards = _merge(
        base[::-1], ours[::-1], theirs[::-1], (hunks(base[::-1], ours[::-1]), hunks(base[::-1], theirs[::-1]))
    )
    if all(chunk.merged is not None for chunk in backwards):
        return [_reversed(chunk) for chunk in reversed(backwards)]
    return chunks


def _reversed(chunk: Chunk) -> Chunk:
    merged = chunk.merged[::-1] if chunk.merged is not None else None
    return Chunk(chunk.base[::-1], chunk.ours[::-1], chunk.theirs[::-1], merged)


def _merge(
    base: Sequence[str], ours: Sequence[str], theirs: Sequence[str], edits: tuple[list[Hunk], list[Hunk]]
) -> list[Chunk]:
    left, right = edits
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


def hunks(old: Sequence[str], new: Sequence[str]) -> list[Hunk]:
    """Shortest edit from one sequence to the other, as places of change, each moved as far down as it can be.

    Where equal elements repeat, several shortest edits exist; moving down is the choice of git (xdl_change_compact),
    and what makes a merge that is clean there clean here.
    """
    from rapidfuzz.distance import Indel

    changes = [edit for edit in Indel.opcodes(old, new) if edit.tag != "equal"]
    found: list[Hunk] = []
    for index, edit in enumerate(changes):
        limit = changes[index + 1].src_start if index + 1 < len(changes) else len(old)
        hunk = _moved_down((edit.src_start, edit.src_end, edit.dest_start, edit.dest_end), old, new, limit)
        if found and found[-1][1] == hunk[0] and found[-1][3] == hunk[2]:
            hunk = (found[-1][0], hunk[1], found[-1][2], hunk[3])
            found.pop()
        found.append(hunk)
    return found


def _moved_down(hunk: Hunk, old: Sequence[str], new: Sequence[str], limit: int) -> Hunk:
    old_from, old_to, new_from, new_to = hunk
    if old_from != old_to and new_from != new_to:
        return hunk
    while old_to < limit and new_to < len(new):
        leaving = new[new_from] if old_from == old_to else old[old_from]
        if leaving != old[old_to]:
            break
        old_from, old_to, new_from, new_to = old_from + 1, old_to + 1, new_from + 1, new_to + 1
    return (old_from, old_to, new_from, new_to)


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
    merged = yours if mine == before else mine if yours in (mine, before) else None
    return Chunk(before, mine, yours, merged)
