"""Logs of answers in the contract's CSV form: `user_id,item_id,skill_id,correct,timestamp[,split]`.

`skill_id` may hold several ids joined by `~`. Some published logs repeat an answer once for every skill; such rows are
joined into one answer, because the second row would otherwise be predicted with the first one's label in sight.

Held in columns, 25 bytes an answer: histories are made for the users that are walked.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from node.personalizer.evaluation.rows import NO_CLOCK, read_rows
from node.personalizer.learner.graph import FloatArray
from node.personalizer.learner.shared import Lesson

IndexArray = NDArray[np.intp]
BoolArray = NDArray[np.bool_]
# One answer's rows stand together. Where the rows' number was given as their time, they lie a "second" apart.
SAME_ANSWER_WITHIN = 60.0


class Answer(NamedTuple):
    """One answer. `at` in seconds, −1 where the log has no clock."""

    lesson: Lesson
    correct: float
    at: float


History = tuple[Answer, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Log:
    """N answers of U users, each user's together and in order. `starts` (U + 1,) where each begins.

    `lesson` (N,) places in `lessons`, `correct`, `at`, and `part` (N,) places in `splits`, the names in the split
    column. `collapsed`: rows that repeated an answer.
    """

    names: tuple[str, ...]
    starts: IndexArray
    lessons: Sequence[Lesson]
    splits: tuple[str, ...]
    lesson: NDArray[np.int32]
    correct: FloatArray
    at: FloatArray
    part: NDArray[np.int32]
    collapsed: int

    @property
    def answers(self) -> int:
        """Over all users."""
        return len(self.lesson)

    @property
    def users(self) -> Mapping[str, History]:
        """All histories by name."""
        return {name: self.history(user) for user, name in enumerate(self.names)}

    def history(self, user: int, parts: frozenset[int] | None = None) -> History:
        """A user's answers, or those in these parts of the split."""
        chosen = range(self.starts[user], self.starts[user + 1])
        return tuple(
            Answer(self.lessons[self.lesson[i]], float(self.correct[i]), float(self.at[i]))
            for i in chosen
            if parts is None or int(self.part[i]) in parts
        )

    def is_in(self, user: int, parts: frozenset[int]) -> BoolArray:
        """Which of a user's answers are in these parts of the split."""
        return np.isin(self.part[self.starts[user] : self.starts[user + 1]], list(parts))

    def users_in(self, parts: frozenset[int]) -> list[int]:
        """Who has answers in these parts of the split."""
        inside = np.isin(self.part, list(parts))
        owner = np.repeat(np.arange(len(self.names)), np.diff(self.starts))
        return [int(user) for user in np.unique(owner[inside])]


@dataclass(slots=True, eq=False)
class _Columns:
    """What is read, row by row."""

    user: array[int] = field(default_factory=lambda: array("i"))
    lesson: array[int] = field(default_factory=lambda: array("i"))
    correct: array[float] = field(default_factory=lambda: array("d"))
    at: array[float] = field(default_factory=lambda: array("d"))
    part: array[int] = field(default_factory=lambda: array("i"))
    users: dict[str, int] = field(default_factory=dict)
    lessons: dict[tuple[str, tuple[str, ...]], int] = field(default_factory=dict)
    splits: dict[str, int] = field(default_factory=dict)


def parse_log(lines: Iterable[str]) -> Log:
    """Raises `LogInvalid` with the line. A user's rows are put together; by time where each of them has one."""
    read = _Columns()
    for row in read_rows(lines):
        read.user.append(read.users.setdefault(row.user, len(read.users)))
        read.lesson.append(read.lessons.setdefault((row.item, row.skills), len(read.lessons)))
        read.correct.append(row.correct)
        read.at.append(row.at)
        read.part.append(read.splits.setdefault(row.split, len(read.splits)))
    user, at = np.asarray(read.user, dtype=np.int32), np.asarray(read.at, dtype=np.float64)
    if not len(at) or at.max() <= 0.0:  # zero in every row is how logs without a clock are published
        at = np.full(len(at), NO_CLOCK)
    order = _order(user, at, len(read.users))
    lessons = [Lesson(item, skills) for item, skills in read.lessons]
    lesson, correct = np.asarray(read.lesson, dtype=np.int32)[order], np.asarray(read.correct)[order]
    user, at, part = user[order], at[order], np.asarray(read.part, dtype=np.int32)[order]
    kept = _collapse((user, part, correct, at), lesson, lessons)
    starts = np.concatenate([[0], np.cumsum(np.bincount(user[kept], minlength=len(read.users)))])
    return Log(
        names=tuple(read.users),
        starts=starts.astype(np.intp),
        lessons=lessons,
        splits=tuple(read.splits),
        lesson=lesson[kept],
        correct=correct[kept],
        at=at[kept],
        part=part[kept],
        collapsed=int((~kept).sum()),
    )


def _order(user: NDArray[np.int32], at: FloatArray, users: int) -> IndexArray:
    """Users' rows together; by time for those who have one in every row, else as they stood."""
    timeless = np.bincount(user, weights=at < 0, minlength=users) > 0
    return np.lexsort((np.where(timeless[user], 0.0, at), user))


def _collapse(columns: tuple[NDArray[np.generic], ...], lesson: NDArray[np.int32], lessons: list[Lesson]) -> BoolArray:
    """Which rows stay (N,). What repeats an answer for other skills is put into the row that stays, in `lesson`."""
    user, part, correct, at = columns
    kept = np.ones(len(lesson), dtype=np.bool_)
    if not len(lesson):
        return kept
    items: dict[str, int] = {}
    item = np.array([items.setdefault(one.item, len(items)) for one in lessons], dtype=np.int32)[lesson]
    alike = np.abs(np.diff(at)) <= SAME_ANSWER_WITHIN
    for column in (user, part, correct, item):
        alike &= column[1:] == column[:-1]
    joined: dict[tuple[int, int], int] = {}
    holder = np.arange(len(lesson))
    for spot in np.flatnonzero(alike) + 1:
        held = holder[spot - 1]
        pair = (int(lesson[held]), int(lesson[spot]))
        found = joined[pair] if pair in joined else _join(lessons, pair, moment=at[held] == at[spot] != NO_CLOCK)
        if found is not None:
            lesson[held], holder[spot], kept[spot] = found, held, False
            if found != pair[0]:
                joined[pair] = found
    return kept


def _join(lessons: list[Lesson], pair: tuple[int, int], *, moment: bool) -> int | None:
    """The lesson of two rows of one answer, None if they are two answers. `moment`: at the same known time."""
    first, second = lessons[pair[0]], lessons[pair[1]]
    if first.skills and second.skills and set(first.skills).isdisjoint(second.skills):
        lessons.append(Lesson(first.item, tuple(sorted((*first.skills, *second.skills)))))
        return len(lessons) - 1
    return pair[0] if moment and set(second.skills) <= set(first.skills) else None


def fold_users(users: Sequence[int], folds: int, order: Sequence[int]) -> list[tuple[int, ...]]:
    """Users dealt into folds in the given order (a permutation)."""
    dealt: list[list[int]] = [[] for _ in range(folds)]
    for turn, place in enumerate(order):
        dealt[turn % folds].append(users[place])
    return [tuple(fold) for fold in dealt]
