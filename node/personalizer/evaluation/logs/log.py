"""Logs of answers in the contract's CSV form, `user_id,item_id,skill_id,correct,timestamp[,split]`, or in others'.

`skill_id` may hold several ids joined by `~`. Some published logs repeat an answer once for every skill; such rows are
joined into one answer, because the second row would otherwise be predicted with the first one's label in sight.

Held in columns, 24 bytes an answer: histories are made for the users that are walked.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from node.personalizer.errors import LogInvalid
from node.personalizer.evaluation.logs.forms import read_rows
from node.personalizer.evaluation.logs.joining import Rows, clock, join
from node.personalizer.evaluation.logs.rows import NO_CLOCK, Row
from node.personalizer.learner.graph import FloatArray
from node.personalizer.learner.shared import Lesson

IndexArray = NDArray[np.intp]
BoolArray = NDArray[np.bool_]
# What is scored, and what is trained on: what others hold back to choose settings by is, for none are chosen here.
TEST = frozenset({"test", "testing"})
TRAIN = frozenset({"train", "training", "val", "valid", "validation", "dev"})
IN_TRAINING, IN_TEST = "train", "test"


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
    turn: array[float] = field(default_factory=lambda: array("d"))
    part: array[int] = field(default_factory=lambda: array("i"))
    users: dict[str, int] = field(default_factory=dict)
    lessons: dict[tuple[str, tuple[str, ...]], int] = field(default_factory=dict)
    splits: dict[str, int] = field(default_factory=dict)

    def add(self, row: Row) -> None:
        """One row more."""
        self.user.append(self.users.setdefault(row.user, len(self.users)))
        self.lesson.append(self.lessons.setdefault((row.item, row.skills), len(self.lessons)))
        self.correct.append(row.correct)
        self.at.append(row.at)
        self.turn.append(row.turn)
        self.part.append(self.splits.setdefault(row.split, len(self.splits)))


def parse_log(lines: Iterable[str], test: Iterable[str] | None = None) -> Log:
    """Raises `LogInvalid` with the line. A user's rows are put together; by time where each of them has one.

    `test`: the other part of a split that was published in two files; whom both name is in both.
    """
    read = _Columns()
    for row in read_rows(lines) if test is None else _both(lines, test):
        read.add(row)
    user, at = np.asarray(read.user, dtype=np.int32), clock(np.asarray(read.at, dtype=np.float64))
    rows = Rows(user, np.asarray(read.lesson, dtype=np.int32), np.asarray(read.correct), at, np.asarray(read.part))
    lessons = [Lesson(item, skills) for item, skills in read.lessons]
    turn = np.asarray(read.turn)
    turn = turn if np.isfinite(turn).all() else np.full(len(turn), NO_CLOCK)
    tested = frozenset(place for name, place in read.splits.items() if name in TEST)
    found, kept = join(rows, turn, lessons, tested)
    starts = np.concatenate([[0], np.cumsum(np.bincount(found.user[kept], minlength=len(read.users)))])
    return Log(
        names=tuple(read.users),
        starts=starts.astype(np.intp),
        lessons=lessons,
        splits=tuple(read.splits),
        lesson=found.lesson[kept],
        correct=found.correct[kept],
        at=found.at[kept],
        part=found.part[kept],
        collapsed=int((~kept).sum()),
    )


def _both(train: Iterable[str], test: Iterable[str]) -> Iterator[Row]:
    """Numbers of rows begin anew in the test file: what is tested comes after what was trained on."""
    last = NO_CLOCK
    for row in _part(train, "training"):
        last = max(last, row.turn)
        yield row._replace(split=IN_TRAINING)
    for row in _part(test, "test", mark="test "):
        yield row._replace(split=IN_TEST, turn=row.turn if row.turn < 0 else last + 1 + row.turn)


def _part(lines: Iterable[str], name: str, mark: str = "") -> Iterator[Row]:
    rows = read_rows(lines, mark)
    first = next(rows, None)
    if first is None:
        raise LogInvalid(f"The {name} part holds no answers.")
    yield first
    yield from rows


def fold_users(users: Sequence[int], folds: int, order: Sequence[int]) -> list[tuple[int, ...]]:
    """Users dealt into folds in the given order (a permutation)."""
    dealt: list[list[int]] = [[] for _ in range(folds)]
    for turn, place in enumerate(order):
        dealt[turn % folds].append(users[place])
    return [tuple(fold) for fold in dealt]
