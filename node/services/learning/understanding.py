"""A worker's words as tasks, skills and modules of the catalogue, by search. The words go no further than this node."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from node.services.learning.profile import Profile, StatedGoal
from node.services.learning.shelf import Shelf
from node.store.catalogue import MEMBERS
from node.store.tables.catalogue import ItemRow

if TYPE_CHECKING:
    from node.personalizer.worker import TaskInHand
    from node.search.result import Hit
    from node.services.finding.finder import Finder

LOOKED_AT = 30
SOME_WORDS = 0.6
LIKE_ENOUGH = 0.5
TASKS_OF_GOAL = 3
MODULES_OF_GOAL = 3
SKILLS_OF_GOAL = 6
SAME_WORK = 0.9


@dataclass(frozen=True, slots=True)
class Understood:
    """What was found for some words: items with how well each matches, 0..1, best first."""

    tasks: list[tuple[ItemRow, float]] = field(default_factory=list)
    modules: list[tuple[ItemRow, float]] = field(default_factory=list)

    @property
    def task(self) -> ItemRow | None:
        """The task that was most likely meant."""
        return next((row for row, match in self.tasks if match >= LIKE_ENOUGH), None)


class Understanding:
    """Searches this node's own index, as a member of the organisation."""

    def __init__(self, shelf: Shelf, finder: Finder) -> None:
        self._shelf = shelf
        self._finder = finder

    def of(self, text: str) -> Understood:
        """Tasks and modules that the words are about; nothing for no words."""
        from node.search.request import SearchRequest

        plain = _plain(text)
        if not plain:
            return Understood()
        request = SearchRequest(plain, audiences=MEMBERS, limit=LOOKED_AT, instant=False, snippets=False)
        hits = self._finder.search(request).hits
        rows = self._shelf.find_items(hit.id for hit in hits if hit.kind in ("task", "module"))
        found = [(rows[hit.id], _match(hit)) for hit in hits if hit.id in rows]
        return Understood(_of_kind(found, "task"), _of_kind(found, "module"))

    def task_in_hand(self, text: str) -> tuple[TaskInHand, ItemRow | None]:
        """The task that the worker faces, and the catalogue's task that it was taken for."""
        from node.personalizer.worker import TaskInHand

        understood = self.of(text)
        task = understood.task
        near = {row.uri: match * SAME_WORK for row, match in understood.tasks if row is not task}
        near |= {row.source: match * SAME_WORK for row, match in understood.tasks if row.source}
        in_hand = TaskInHand(
            title=text,
            uri=task.uri if task else None,
            skills=frozenset(task.skills) if task else frozenset(),
            near=near,
            matches={row.uri: match for row, match in understood.modules},
        )
        return in_hand, task

    def map_goals(self, profile: Profile) -> Profile:
        """Goals without tasks and skills get those that search proposes; the worker confirms or changes them."""
        return replace(
            profile,
            goals=tuple(goal if goal.is_mapped or goal.confirmed else self._map(goal) for goal in profile.goals),
        )

    def _map(self, goal: StatedGoal) -> StatedGoal:
        understood = self.of(goal.text)
        tasks = [row for row, match in understood.tasks if match >= LIKE_ENOUGH][:TASKS_OF_GOAL]
        modules = [row for row, match in understood.modules if match >= LIKE_ENOUGH][:MODULES_OF_GOAL]
        ids = dict.fromkeys(name for row in tasks for name in (row.uri, row.source) if name)
        skills = dict.fromkeys(skill for row in (*modules, *tasks) for skill in row.skills)
        return replace(goal, tasks=tuple(ids), skills=tuple(skills)[:SKILLS_OF_GOAL])


def _match(hit: Hit) -> float:
    return min(1.0, max(0.0, hit.parts.text)) * (1.0 if hit.parts.tier == "all" else SOME_WORDS)


def _of_kind(found: Iterable[tuple[ItemRow, float]], kind: str) -> list[tuple[ItemRow, float]]:
    return sorted(((row, match) for row, match in found if row.kind == kind), key=lambda pair: (-pair[1], pair[0].uri))


def _plain(text: str) -> str:
    """Words only: what somebody faces is a sentence, not a query with operators."""
    return " ".join("".join(letter if letter.isalnum() or letter in "'-’" else " " for letter in text).split())[:300]
