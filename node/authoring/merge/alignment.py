"""The shortest edit from one sequence to another; among equals, the one that git finds.

E. W. Myers, "An O(ND) Difference Algorithm and Its Variations", Algorithmica 1 (1986), in linear space: the edit is cut
in two where its halves meet. Two edits of a file touch or do not touch depending on which shortest edit is taken, so a
merge that git makes cleanly is clean here only because ties are broken as there: the forward search goes first, from
its highest diagonal; lines that the other side lacks are set aside before; hunks that could stand in several places
stand where the other side has a hunk too, else as far down as they can.
"""

from collections import Counter
from collections.abc import Sequence
from itertools import groupby

Hunk = tuple[int, int, int, int]  # from, to in the original; from, to in the edited one
_Box = tuple[int, int, int, int]

_COST = 256  # from here on an edit may be longer than the shortest, so that time is bounded
_BUDGET = 8_000_000  # diagonals that are followed until any edit will do
_HASTY = 8
_MANY = 1024
_WINDOW = 100
_NEVER = 1 << 60


def hunks(old: Sequence[str], new: Sequence[str]) -> list[Hunk]:
    """Places of change in order; between two of them lies at least one common element."""
    numbers: dict[str, int] = {}
    left = [numbers.setdefault(item, len(numbers)) for item in old]
    right = [numbers.setdefault(item, len(numbers)) for item in new]
    removed, added = bytearray(len(left)), bytearray(len(right))
    start, end = _common_ends(left, right)
    kept = _kept(left, right, (start, len(left) - end), removed)
    kept_other = _kept(right, left, (start, len(right) - end), added)
    for box in _boxes([left[i] for i in kept], [right[i] for i in kept_other]):
        for index in kept[box[0] : box[1]]:
            removed[index] = 1
        for index in kept_other[box[2] : box[3]]:
            added[index] = 1
    _settle(left, removed, _gaps(added))
    _settle(right, added, _gaps(removed))
    return _runs(removed, added)


def _common_ends(left: list[int], right: list[int]) -> tuple[int, int]:
    most = min(len(left), len(right))
    start = next((i for i in range(most) if left[i] != right[i]), most)
    most -= start
    return start, next((i for i in range(most) if left[-1 - i] != right[-1 - i]), most)


def _kept(own: list[int], other: list[int], between: tuple[int, int], changed: bytearray) -> list[int]:
    """Places worth comparing. What the other side lacks is marked as changed, and so is what is very frequent there
    and stands among such lines."""
    often = min(_root(len(own)), _MANY)
    counts = Counter(other)
    found = [min(counts[item], often) for item in own]  # 0: nowhere, `often`: too often
    kept = []
    for index in range(*between):
        if found[index] == 0 or (found[index] == often and _is_lost(found, index, between, often)):
            changed[index] = 1
        else:
            kept.append(index)
    return kept


def _is_lost(found: list[int], index: int, between: tuple[int, int], often: int) -> bool:
    """Whether lines found nowhere surround this frequent one on both sides, and outnumber the frequent ones."""
    nowhere, frequent = 0, 2
    for step, limit in ((-1, max(between[0], index - _WINDOW) - 1), (1, min(between[1], index + _WINDOW + 1))):
        before = nowhere
        for near in range(index + step, limit, step):
            if found[near] not in (0, often):
                break
            nowhere += found[near] == 0
            frequent += found[near] == often
        if nowhere == before:
            return False
    return frequent * 4 < frequent + nowhere


def _root(number: int) -> int:
    """Roughly the square root: a power of two."""
    root = 1
    while number > 0:
        root, number = root * 2, number // 4
    return root


def _boxes(left: list[int], right: list[int]) -> list[_Box]:
    """Stretches of both that have nothing in common in the edit: one of the two is empty."""
    boxes: list[_Box] = []
    cost = max(_root(len(left) + len(right) + 3), _COST)
    size = len(left) + len(right) + 3
    ahead, back, spent = [0] * size, [0] * size, 0
    stack: list[_Box] = [(0, len(left), 0, len(right))]
    while stack:
        a, b, c, d = stack.pop()
        while a < b and c < d and left[a] == right[c]:
            a, c = a + 1, c + 1
        while a < b and c < d and left[b - 1] == right[d - 1]:
            b, d = b - 1, d - 1
        if a == b or c == d:
            boxes.append((a, b, c, d))
            continue
        search = _Search(left, right, (a, b, c, d), (ahead, back))
        i, j = search.middle(cost if spent < _BUDGET else _HASTY)
        spent += search.steps * search.steps
        stack += [(a, i, c, j), (i, b, j, d)]
    return boxes


class _Search:
    """Looks for a place through which a shortest edit of one box goes, from both its corners.

    Diagonals are numbered by place in `left` minus place in `right`; `ahead` and `back` say how far each was followed.
    """

    def __init__(self, left: list[int], right: list[int], box: _Box, furthest: tuple[list[int], list[int]]) -> None:
        self.left, self.right, self.box = left, right, box
        self.ahead, self.back = furthest
        a, b, c, d = box
        self.shift = len(right) + 1
        self.steps = 0
        self.least, self.most = a - d, b - c
        self.begin, self.end = a - c, b - d
        self.odd = bool((self.begin - self.end) & 1)
        self.forward = [self.begin, self.begin]
        self.backward = [self.end, self.end]
        self.ahead[self.begin + self.shift] = a
        self.back[self.end + self.shift] = b

    def middle(self, cost: int) -> tuple[int, int]:
        """Where to cut the box in two. After `cost` steps: the furthest place that was reached."""
        while True:
            self.steps += 1
            place = self._go_ahead() or self._go_back()
            if place is not None:
                return place
            if self.steps >= cost:
                return self._furthest()

    def _widen(self, reach: list[int], furthest: list[int], outside: int) -> None:
        if reach[0] > self.least:
            reach[0] -= 1
            furthest[reach[0] - 1 + self.shift] = outside
        else:
            reach[0] += 1
        if reach[1] < self.most:
            reach[1] += 1
            furthest[reach[1] + 1 + self.shift] = outside
        else:
            reach[1] -= 1

    def _go_ahead(self) -> tuple[int, int] | None:
        left, right, ahead, back, shift = self.left, self.right, self.ahead, self.back, self.shift
        _, b, _, d = self.box
        self._widen(self.forward, ahead, -1)
        for diagonal in range(self.forward[1], self.forward[0] - 1, -2):
            at = diagonal + shift
            i = ahead[at - 1] + 1 if ahead[at - 1] >= ahead[at + 1] else ahead[at + 1]
            j = i - diagonal
            while i < b and j < d and left[i] == right[j]:
                i, j = i + 1, j + 1
            ahead[at] = i
            if self.odd and self.backward[0] <= diagonal <= self.backward[1] and back[at] <= i:
                return i, j
        return None

    def _go_back(self) -> tuple[int, int] | None:
        left, right, ahead, back, shift = self.left, self.right, self.ahead, self.back, self.shift
        a, _, c, _ = self.box
        self._widen(self.backward, back, _NEVER)
        for diagonal in range(self.backward[1], self.backward[0] - 1, -2):
            at = diagonal + shift
            i = back[at - 1] if back[at - 1] < back[at + 1] else back[at + 1] - 1
            j = i - diagonal
            while i > a and j > c and left[i - 1] == right[j - 1]:
                i, j = i - 1, j - 1
            back[at] = i
            if not self.odd and self.forward[0] <= diagonal <= self.forward[1] and i <= ahead[at]:
                return i, j
        return None

    def _furthest(self) -> tuple[int, int]:
        a, b, c, d = self.box
        forth, i_forth, near, i_near = -1, a, _NEVER, b
        for diagonal in range(self.forward[1], self.forward[0] - 1, -2):
            i = min(self.ahead[diagonal + self.shift], b, d + diagonal)
            if forth < 2 * i - diagonal:
                forth, i_forth = 2 * i - diagonal, i
        for diagonal in range(self.backward[1], self.backward[0] - 1, -2):
            i = max(self.back[diagonal + self.shift], a, c + diagonal)
            if 2 * i - diagonal < near:
                near, i_near = 2 * i - diagonal, i
        return (i_forth, forth - i_forth) if b + d - near < forth - a - c else (i_near, near - i_near)


def _gaps(changed: bytearray) -> list[bool]:
    """Whether there are changes behind each number of unchanged elements."""
    gaps = [False]
    for mark in changed:
        if mark:
            gaps[-1] = True
        else:
            gaps.append(False)
    return gaps


def _settle(items: list[int], changed: bytearray, gaps: list[bool]) -> None:
    """Move each run of changes that could stand in several places to where the other side has one, else down."""
    at, before = 0, 0  # `before`: unchanged elements so far
    while at < len(items):
        if not changed[at]:
            at, before = at + 1, before + 1
            continue
        run = _Run(items, changed, at, before)
        size = -1
        while size != run.end - run.start:
            size = run.end - run.start
            while run.up():
                pass
            highest = run.end
            faced = gaps[run.before]
            while run.down():
                faced = faced or gaps[run.before]
        if run.end != highest and faced:
            while not gaps[run.before] and run.up():
                pass
        at, before = run.end, run.before


class _Run:
    """Neighbouring changed elements, with as many unchanged ones above."""

    def __init__(self, items: list[int], changed: bytearray, start: int, before: int) -> None:
        self.items, self.changed, self.start, self.before = items, changed, start, before
        self.end = start
        self._absorb()

    def _absorb(self) -> None:
        while self.end < len(self.items) and self.changed[self.end]:
            self.end += 1
        while self.start > 0 and self.changed[self.start - 1]:
            self.start -= 1

    def up(self) -> bool:
        if self.start == 0 or self.items[self.start - 1] != self.items[self.end - 1]:
            return False
        self.start, self.end, self.before = self.start - 1, self.end - 1, self.before - 1
        self.changed[self.start], self.changed[self.end] = 1, 0
        self._absorb()
        return True

    def down(self) -> bool:
        if self.end == len(self.items) or self.items[self.start] != self.items[self.end]:
            return False
        self.changed[self.start], self.changed[self.end] = 0, 1
        self.start, self.end, self.before = self.start + 1, self.end + 1, self.before + 1
        self._absorb()
        return True


def _runs(removed: bytearray, added: bytearray) -> list[Hunk]:
    """Hunks of the two sets of marks, whose unmarked elements pair up in order."""
    lengths = [[(mark, sum(1 for _ in run)) for mark, run in groupby(marks)] for marks in (removed, added)]
    found: list[Hunk] = []
    i = j = 0
    gone, came = iter(lengths[0]), iter(lengths[1])
    left, right = next(gone, None), next(came, None)
    while left or right:
        old, new = i, j
        if left and left[0]:
            i, left = i + left[1], next(gone, None)
        if right and right[0]:
            j, right = j + right[1], next(came, None)
        if (old, new) != (i, j):
            found.append((old, i, new, j))
        elif left and right:
            same = min(left[1], right[1])
            i, j = i + same, j + same
            left = (0, left[1] - same) if left[1] > same else next(gone, None)
            right = (0, right[1] - same) if right[1] > same else next(came, None)
    return found
