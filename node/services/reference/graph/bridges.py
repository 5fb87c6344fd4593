"""“Modules for my task”: those made for it, and those that a shared skill or activity brings over from another trade.

A bridge is a way from the task to the module: none (made for this very task), one (it builds a skill that the task
takes; it was made for another task that is the same detailed work activity), two (the other task's activity is
in the same group of activities). Nearer ways come first; within them the share of the task's activities that
the other task has too, rare activities counting more.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from node.services.reference.graph.shelves import Book, Shelves
from node.services.reference.graph.work import Work, WorkGraph
from node.services.reference.words import Words
from node.store.content.catalogue import Audiences

DIRECT, SKILL, ACTIVITY, GROUP = 3, 2, 1, 0
MOST_OTHERS = 400  # other tasks looked at behind one bridge
LONGEST_TITLE = 90


@dataclass(frozen=True, slots=True)
class Offer:
    """A module, the ids on the way to it, how near that way is (0..4), and the same in words."""

    uri: str
    bridge: tuple[str, ...]
    nearness: float
    reason: str

    @property
    def bridges(self) -> int:
        """How many: 0, 1 or 2."""
        return {DIRECT: 0, SKILL: 1, ACTIVITY: 1, GROUP: 2}[int(self.nearness)]


class Bridges:
    """Answers in some milliseconds at full O*NET and ten thousand modules."""

    def __init__(self, graph: WorkGraph, shelves: Shelves, words: Words) -> None:
        self._graph = graph
        self._shelves = shelves
        self._words = words

    def offers(self, task: str, audiences: Audiences, limit: int = 50) -> list[Offer]:
        """Modules for a task (reference id or at-uri), nearest first."""
        search = _Search(self._graph.get(), self._shelves, audiences, self._family(task, audiences))
        search.direct()
        search.by_skill()
        search.by_activity()
        if len(search.found) < limit:
            search.by_group()
        best = sorted(search.found.values(), key=lambda way: (-way.nearness, -way.book.updated_at, way.book.uri))
        self._words.tasks([way.bridge[-1] for way in best[:limit] if way.bridge and "/" in way.bridge[-1]])
        return [Offer(way.book.uri, way.bridge, way.nearness, self._reason(way)) for way in best[:limit]]

    def related(self, task: str, audiences: Audiences, limit: int = 20) -> list[tuple[str, tuple[str, ...]]]:
        """Reference tasks that share activities with this one, with the activities; most shared first."""
        work, family = self._graph.get(), self._family(task, audiences)
        shared: dict[str, list[str]] = {}
        for skill in family.skills:
            for other in work.tasks_with(skill):
                if other not in family.tasks:
                    shared.setdefault(other, []).append(skill)
        ranked = sorted(shared.items(), key=lambda entry: (-sum(map(work.rarity, entry[1])), entry[0]))
        return [(other, tuple(skills)) for other, skills in ranked[:limit]]

    def _family(self, task: str, audiences: Audiences) -> Family:
        """A task with what decomposes it, or with what it decomposes."""
        book = self._shelves.find(task)
        source = book.source if book is not None else task
        decompositions = self._shelves.at("source", source, audiences, "task") if source else []
        books = [*([book] if book is not None else []), *decompositions]
        tasks = dict.fromkeys(filter(None, (task, source, *(other.uri for other in books))))
        skills = dict.fromkeys((*self._graph.get().skills_of(source), *(s for other in books for s in other.skills)))
        return Family(tuple(tasks), tuple(skills))

    def _reason(self, way: Way) -> str:
        if way.kind == DIRECT:
            return "Made for this very task."
        skill = self._skill(way.bridge[0])
        if way.kind == SKILL:
            return f"It builds “{skill}”, which this task takes."
        other = way.bridge[-1]
        if "/" not in other:
            return f"It builds “{self._skill(other)}”, which like this task is part of “{skill}”."
        trade = self._words.occupation(other.partition("/")[0]) or "another trade"
        title = _short(self._words.task(other) or other)
        return f"From another trade: made for “{title}” ({trade}), because both are “{skill}”."

    def _skill(self, code: str) -> str:
        return self._words.skill(code) or code.replace("-", " ")


@dataclass(frozen=True, slots=True)
class Family:
    """The ids under which one piece of work is known, and the skills it takes."""

    tasks: tuple[str, ...]
    skills: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Way:
    """A way that was found to a module."""

    book: Book
    kind: int
    nearness: float
    bridge: tuple[str, ...]


class _Search:
    """The best way to each module."""

    def __init__(self, work: Work, shelves: Shelves, audiences: Audiences, family: Family) -> None:
        self.found: dict[str, Way] = {}
        self._work, self._shelves, self._audiences, self._family = work, shelves, audiences, family
        self._served = shelves.served() - set(family.tasks)
        self._total = sum(map(work.rarity, family.skills)) or 1.0

    def direct(self) -> None:
        """Made for this task."""
        for task in self._family.tasks:
            self._take(self._shelves.at("task", task, self._audiences), DIRECT, 1.0, ())

    def by_skill(self) -> None:
        """They build a skill that the task takes."""
        for skill in self._family.skills:
            share = self._work.rarity(skill) / self._total
            self._take(self._shelves.at("skill", skill, self._audiences), SKILL, share, (skill,))

    def by_activity(self) -> None:
        """Made for another task that is the same activity."""
        for skill in self._family.skills:
            for other in self._others(self._work.tasks_with(skill)):
                shared = set(self._work.skills_of(other)) & set(self._family.skills)
                share = sum(map(self._work.rarity, shared)) / self._total
                self._take(self._made_for(other), ACTIVITY, share, (skill, other))

    def by_group(self) -> None:
        """Made for another task whose activity is of the same group."""
        for skill in self._family.skills:
            for near in self._work.siblings(skill):
                if near in self._family.skills:
                    continue
                share = self._work.rarity(near) * self._work.rarity(skill) / self._total
                group = self._work.parents[skill]
                self._take(self._shelves.at("skill", near, self._audiences), GROUP, share, (group, skill, near))
                for other in self._others(self._work.tasks_with(near)):
                    self._take(self._made_for(other), GROUP, share, (group, skill, near, other))

    def _others(self, tasks: frozenset[str]) -> Sequence[str]:
        """Tasks among these that anything was made for, without this one."""
        return sorted(tasks & self._served)[:MOST_OTHERS]

    def _made_for(self, task: str) -> Sequence[Book]:
        """For the reference task, or for what somebody made of it."""
        return self._shelves.made_for(task, self._audiences)[1]

    def _take(self, books: Iterable[Book], kind: int, share: float, bridge: tuple[str, ...]) -> None:
        nearness = kind + min(0.99, share)
        for book in books:
            known = self.found.get(book.uri)
            if known is None or known.nearness < nearness:
                self.found[book.uri] = Way(book, kind, nearness, bridge)


def _short(text: str) -> str:
    return text if len(text) <= LONGEST_TITLE else text[: LONGEST_TITLE - 1].rsplit(" ", 1)[0] + "…"
