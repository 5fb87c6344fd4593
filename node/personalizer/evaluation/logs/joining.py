"""Rows put in order, and those of one answer put together: none is predicted with its own label in sight."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from node.personalizer.evaluation.logs.rows import NO_CLOCK
from node.personalizer.learner.graph import FloatArray
from node.personalizer.learner.shared import Lesson

IndexArray = NDArray[np.intp]
NumberArray = NDArray[np.int32]
BoolArray = NDArray[np.bool_]
# One answer's rows stand together. Where the rows' number was given as their time, they lie a "second" apart.
SAME_ANSWER_WITHIN = 60.0
# Nobody's log is as long: what spans more was not counted in seconds.
LONGEST_SPAN = 4e9


class Rows(NamedTuple):
    """N rows in columns: places of users, lessons and parts of the split; `at` in seconds, −1 where there is none."""

    user: NumberArray
    lesson: NumberArray
    correct: FloatArray
    at: FloatArray
    part: NumberArray

    def at_places(self, places: IndexArray) -> Rows:
        """These rows, in this order."""
        user, lesson, correct, at, part = self
        return Rows(user[places], lesson[places], correct[places], at[places], part[places])


def clock(at: FloatArray) -> FloatArray:
    """In seconds, also where milliseconds were counted from a student's first; none where every row says zero."""
    if not len(at) or at.max() <= 0.0:  # how logs without a clock are published
        return np.full(len(at), NO_CLOCK)
    known = at[at >= 0.0]
    return np.where(at >= 0.0, at * 1e-3, at) if known.max() - known.min() > LONGEST_SPAN else at


def join(rows: Rows, turn: FloatArray, lessons: list[Lesson], tested: frozenset[int]) -> tuple[Rows, BoolArray]:
    """Users' rows together and in order, and which of them stay (N,). `turn` orders rows of users who lack a time.

    What repeats an answer for other skills is put into the row that stays, its lesson added to `lessons`. An answer
    with a row in `tested` parts is there altogether.
    """
    items: dict[str, int] = {}
    item_of = np.array([items.setdefault(one.item, len(items)) for one in lessons], dtype=np.int32)
    when = np.where(_lacking(rows.user, rows.at), turn, rows.at)
    order = _order(rows, when, turn, item_of[rows.lesson], lessons)
    rows, when, turn = rows.at_places(order), when[order], turn[order]
    beside = (np.diff(when) == 0) & (when[1:] >= 0) & (np.diff(order) == 1)
    same = (np.diff(turn) == 0) & (beside | (turn[1:] >= 0))
    return rows, _collapse(rows, when, same, item_of[rows.lesson], lessons, tested)


def _order(rows: Rows, when: FloatArray, turn: FloatArray, item: NumberArray, lessons: list[Lesson]) -> IndexArray:
    """By time for users who have one in every row, else as they stood; of one moment, an answer's rows together."""
    first = np.arange(len(item))
    if not len(item):
        return first
    when = np.where(_lacking(rows.user, when), first, when)
    grouped = np.lexsort((first, item, when, rows.user))
    begins = np.ones(len(item), dtype=np.bool_)
    begins[1:] = np.any([np.diff(column[grouped]) != 0 for column in (rows.user, when, item)], axis=0)
    several = ~(begins & np.append(begins[1:], True))
    for places in np.split(grouped[several], np.flatnonzero(begins[several])[1:]):
        first[places] = _answers(places.tolist(), rows, turn, lessons)
    return np.lexsort((np.arange(len(item)), first, when, rows.user))


def _answers(places: list[int], rows: Rows, turn: FloatArray, lessons: list[Lesson]) -> list[int]:
    """The first row of the answer that each row of one item and moment is of.

    Only what has the number of an answer, or brings other skills for the last of that result, is not a new one: where
    clocks are coarse, a moment holds several answers to an item.
    """
    found: list[int] = []
    skills: dict[int, set[str]] = {}
    last: dict[tuple[float, float], int] = {}
    for place in places:
        result, number, named = float(rows.correct[place]), float(turn[place]), lessons[rows.lesson[place]].skills
        first = last.get((result, number), place) if number >= 0 else place
        before = last.get((result, NO_CLOCK), place)
        if first == place and named and skills.get(before) and skills[before].isdisjoint(named):
            first = before
        skills.setdefault(first, set()).update(named)
        last[result, number] = last[result, NO_CLOCK] = first
        found.append(first)
    return found


def _lacking(user: NumberArray, when: FloatArray) -> BoolArray:
    """Rows of users who have no time in some row (N,)."""
    lacking: BoolArray = np.bincount(user, weights=when < 0)[user] > 0
    return lacking


def _collapse(
    rows: Rows, when: FloatArray, same: BoolArray, item: NumberArray, lessons: list[Lesson], tested: frozenset[int]
) -> BoolArray:
    kept = np.ones(len(item), dtype=np.bool_)
    if not len(item):
        return kept
    alike = np.abs(np.diff(when)) <= SAME_ANSWER_WITHIN
    for column in (rows.user, rows.correct, item):
        alike &= column[1:] == column[:-1]
    lesson, part, joined = rows.lesson, rows.part, dict[tuple[int, int], int]()
    holder = np.arange(len(item))
    for spot in np.flatnonzero(alike) + 1:
        held = holder[spot - 1]
        pair = (int(lesson[held]), int(lesson[spot]))
        found = joined[pair] if pair in joined else _join(lessons, pair, same=bool(same[spot - 1]))
        if found is not None:
            lesson[held], holder[spot], kept[spot] = found, held, False
            part[held] = part[spot] if int(part[spot]) in tested else part[held]
            if found != pair[0]:
                joined[pair] = found
    return kept


def _join(lessons: list[Lesson], pair: tuple[int, int], *, same: bool) -> int | None:
    """The lesson of two rows of one answer, None if they are two answers. `same`: what repeats the other is it."""
    first, second = lessons[pair[0]], lessons[pair[1]]
    if first.skills and second.skills and set(first.skills).isdisjoint(second.skills):
        lessons.append(Lesson(first.item, tuple(sorted((*first.skills, *second.skills)))))
        return len(lessons) - 1
    return pair[0] if same and set(second.skills) <= set(first.skills) else None
