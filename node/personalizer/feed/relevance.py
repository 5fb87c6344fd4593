"""How much each candidate has to do with this worker: `α·task + (1−α)/2·(goal + role)`.

A prerequisite of something relevant inherits `0.6·r·(1−ready)`, in two passes: what must come first comes first.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from node.personalizer.feed.columns import Columns, FloatArray, IndexArray, family_of
from node.personalizer.worker import Goal, TaskInHand, WorkerView

FOR_FEED = 0.2
FOR_TASK = 0.8
INHERITED = 0.6
PASSES = 2
BY_SKILL = 0.7
OF_THE_TASK = 0.6
MOST_OF_IT = 0.5
ANY_OCCUPATION = 0.35
NEXT_TO, SAME_FAMILY = 0.7, 0.5
OTHER_TOOL = 0.4
MADE_FOR_MANY = 0.7
OTHER_TASK = 0.25
GUESSED = 0.7
# Who says where they stand on a skill says that it is part of their work.
PLACED_ON = 0.25


@dataclass(frozen=True, slots=True, eq=False)
class Relevance:
    """All (N,). `total` with what was inherited; `goal_of`: the best goal, `heir_of`: what it prepares for, or −1."""

    total: FloatArray
    task: FloatArray
    goal: FloatArray
    role: FloatArray
    goal_of: IndexArray
    heir_of: IndexArray


def judge(columns: Columns, worker: WorkerView, task: TaskInHand | None, ready: FloatArray, alpha: float) -> Relevance:
    """`ready` (N,): how ready the worker is for each candidate."""
    tasks = _face(columns, task) if task else _by_ids(columns.by_task, dict.fromkeys(worker.tasks, 1.0), len(ready))
    role = _role(columns, worker)
    elsewhere = (role == 0) & bool(worker.occupations)
    goal, goal_of = _goals(columns, worker.goals, elsewhere)
    direct = alpha * tasks + (1 - alpha) / 2 * (goal + role)
    direct *= 1 + PLACED_ON * _share(columns, worker.placements)
    total, heir_of = _inherit(columns, direct, ready)
    return Relevance(total, tasks, goal, role, goal_of, heir_of)


def _face(columns: Columns, task: TaskInHand) -> FloatArray:
    """What serves the task, and what the worker's words match: of several for one task, the nearest to the words."""
    ids = {**task.near, **({task.uri: 1.0} if task.uri else {})}
    size = len(columns.candidates)
    found = OF_THE_TASK * np.maximum(_by_ids(columns.by_task, ids, size), BY_SKILL * _share(columns, task.skills))
    for uri, match in task.matches.items():
        place = columns.by_uri.get(uri)
        if place is not None:
            found[place] += (1.0 - found[place]) * match
    return found


def _goals(columns: Columns, goals: Iterable[Goal], elsewhere: NDArray[np.bool_]) -> tuple[FloatArray, IndexArray]:
    """How well each candidate serves the best goal, and which that is: of those served alike, the closest.

    `elsewhere` (N,): which candidates are of another trade.
    """
    size = len(columns.candidates)
    best, closest, best_of = np.zeros(size), np.zeros(size), np.full(size, -1, dtype=np.intp)
    for i, goal in enumerate(goals):
        tasks = _by_ids(columns.by_task, dict.fromkeys(goal.tasks, 1.0), size)
        share = _share(columns, goal.skills)
        share[elsewhere & (share < MOST_OF_IT)] = 0.0  # a broad skill in common: a lesson of another trade
        served = np.maximum(tasks, BY_SKILL * share if goal.tasks else share) * (GUESSED if goal.guessed else 1.0)
        # By the skills, then the tasks; then the goal that names less.
        close = served + 1e-3 * share + 1e-4 * tasks - 1e-6 * len(goal.tasks | goal.skills)
        best_of = np.where((served > 0) & (close > closest), i, best_of)
        best, closest = np.maximum(best, served), np.maximum(closest, close)
    return best, best_of


def _role(columns: Columns, worker: WorkerView) -> FloatArray:
    size = len(columns.candidates)
    role = _by_ids(columns.by_occupation, _near(columns, worker.occupations), size)
    role[columns.no_occupation] = ANY_OCCUPATION
    role[columns.broad] *= MADE_FOR_MANY
    if worker.tasks:
        theirs = _by_ids(columns.by_task, dict.fromkeys(worker.tasks, 1.0), size) > 0
        role[~(theirs | columns.no_task)] *= OTHER_TASK
    if worker.tools:
        used = _by_ids(columns.by_tool, _tools_of(columns, worker.tools), size) > 0
        role[~(used | columns.no_tool)] *= OTHER_TOOL
    return role


def _tools_of(columns: Columns, tools: Iterable[str]) -> dict[str, float]:
    """The catalogue's tools that the worker's own words may mean: “Haas” is “Haas control” too, and the reverse."""
    own = [frozenset(tool.casefold().split()) for tool in tools if tool.strip()]
    named = {tool: frozenset(tool.split()) for tool in columns.by_tool}
    return {tool: 1.0 for tool, words in named.items() if any(words <= mine or mine <= words for mine in own)}


def _near(columns: Columns, occupations: Iterable[str]) -> dict[str, float]:
    """Occupations → 1 for one's own; less for those that the classification puts beside it, the nearer the more."""
    near: dict[str, float] = {}
    for own in occupations:
        for family, value in zip(family_of(own), (NEXT_TO, SAME_FAMILY), strict=False):
            near.update((theirs, max(value, near.get(theirs, 0.0))) for theirs in columns.families.get(family, ()))
        near[own] = 1.0
    return near


def _share(columns: Columns, skills: Iterable[str]) -> FloatArray:
    """Which part of each candidate's skills is among these (N,)."""
    share = np.zeros(len(columns.candidates))
    for skill in skills:
        share[columns.by_skill.get(skill, [])] += 1.0
    return share / np.maximum(1, columns.counts)


def _by_ids(places: Mapping[str, list[int]], ids: Mapping[str, float], size: int) -> FloatArray:
    found = np.zeros(size)
    for key, value in ids.items():
        if value > 0 and key in places:
            found[places[key]] = np.maximum(found[places[key]], value)
    return found


def _inherit(columns: Columns, direct: FloatArray, ready: FloatArray) -> tuple[FloatArray, IndexArray]:
    total, heir_of = direct.copy(), np.full(len(direct), -1, dtype=np.intp)
    if not len(columns.needs):
        return total, heir_of
    later, first = columns.needs.T
    for _ in range(PASSES):
        passed = INHERITED * total[later] * (1.0 - ready[later])
        for edge in np.flatnonzero(passed > total[first]):
            if passed[edge] > total[first[edge]]:
                total[first[edge]] = passed[edge]
                heir_of[first[edge]] = later[edge]
    return total, heir_of
