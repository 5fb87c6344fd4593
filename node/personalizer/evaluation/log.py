"""Logs of answers in the contract's CSV form: `user_id,item_id,skill_id,correct,timestamp[,split]`.

`skill_id` may hold several ids joined by `~`. Some published logs repeat an answer once for every skill; such rows are
joined into one answer, because the second row would otherwise be predicted with the first one's label in sight.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from node.personalizer.errors import LogInvalid
from node.personalizer.learner.shared import Lesson

REQUIRED = ("user_id", "item_id", "skill_id", "correct", "timestamp")
TRAIN = "train"
TEST = "test"


class Answer(NamedTuple):
    """One answer. `at` in seconds, -1 where the log has no clock."""

    lesson: Lesson
    correct: float
    at: float


History = tuple[Answer, ...]


@dataclass(frozen=True, slots=True)
class Log:
    """Answers by user, in time order. `train` and `test` name users where the log is split, else both are empty.

    `collapsed`: rows that repeated an answer for another skill.
    """

    users: Mapping[str, History]
    train: tuple[str, ...]
    test: tuple[str, ...]
    collapsed: int

    @property
    def answers(self) -> int:
        """Over all users."""
        return sum(map(len, self.users.values()))


def parse_log(lines: Iterable[str]) -> Log:
    """Raises `LogInvalid` with the line. Users whose rows are not together are put together, order kept.

    A user who has both train and test rows counts for both; the test rows are then predicted after the train rows.
    """
    reader = csv.DictReader(lines)
    missing = [name for name in REQUIRED if name not in (reader.fieldnames or ())]
    if missing:
        raise LogInvalid(f"The log has no column {', '.join(missing)}.")
    rows: dict[str, list[Answer]] = {}
    splits: dict[str, set[str]] = {}
    lessons: dict[tuple[str, str], Lesson] = {}
    read = 0
    for user, split, answer in _rows(reader, lessons):
        rows.setdefault(user, []).append(answer)
        splits.setdefault(user, set()).add(split)
        read += 1
    users = {user: tuple(_collapse(answers)) for user, answers in rows.items()}
    return Log(
        users=users,
        train=tuple(user for user, found in splits.items() if TRAIN in found),
        test=tuple(user for user, found in splits.items() if TEST in found and TRAIN not in found),
        collapsed=read - sum(map(len, users.values())),
    )


def _rows(reader: csv.DictReader[str], lessons: dict[tuple[str, str], Lesson]) -> Iterator[tuple[str, str, Answer]]:
    for row in reader:
        try:
            correct, at = float(row["correct"]), float(row["timestamp"] or 0)
        except (TypeError, ValueError) as error:
            raise LogInvalid(f"Line {reader.line_num}: {error}.") from error
        if not 0.0 <= correct <= 1.0:
            raise LogInvalid(f"Line {reader.line_num}: correct is {correct}, not 0..1.")
        key = (row["item_id"], row["skill_id"])
        if key not in lessons:
            lessons[key] = Lesson(key[0], tuple(dict.fromkeys(filter(None, key[1].split("~")))))
        yield row["user_id"], row.get("split") or "", Answer(lessons[key], correct, at if at > 0 else -1.0)


def _collapse(answers: Sequence[Answer]) -> Iterator[Answer]:
    """Neighbouring rows on the same item, at the same time, with the same result and other skills are one answer."""
    held: Answer | None = None
    for answer in answers:
        if held is not None and _repeats(held, answer):
            held = held._replace(lesson=Lesson(held.lesson.item, held.lesson.skills + answer.lesson.skills))
            continue
        if held is not None:
            yield held
        held = answer
    if held is not None:
        yield held


def _repeats(held: Answer, answer: Answer) -> bool:
    same = held.lesson.item == answer.lesson.item and held[1:] == answer[1:]
    return same and set(held.lesson.skills).isdisjoint(answer.lesson.skills)


def fold_users(users: Sequence[str], folds: int, order: Sequence[int]) -> list[tuple[str, ...]]:
    """Users dealt into folds in the given order (a permutation)."""
    dealt: list[list[str]] = [[] for _ in range(folds)]
    for turn, place in enumerate(order):
        dealt[turn % folds].append(users[place])
    return [tuple(fold) for fold in dealt]
