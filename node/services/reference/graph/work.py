"""The part of the graph that is reference data: tasks, their work activities, and how those are grouped."""

from __future__ import annotations

import math
import threading
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from sys import intern

from node.store.content import reference
from node.store.database import Database

_NONE: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Work:
    """Everything by id. Empty while nothing is imported."""

    skills: Mapping[str, Sequence[str]] = field(default_factory=dict)  # task → detailed activities
    tasks: Mapping[str, frozenset[str]] = field(default_factory=dict)  # detailed activity → tasks
    parents: Mapping[str, str] = field(default_factory=dict)  # activity → the one it is part of
    children: Mapping[str, Sequence[str]] = field(default_factory=dict)
    rarities: Mapping[str, float] = field(default_factory=dict)

    def skills_of(self, task: str) -> Sequence[str]:
        """The detailed activities of a task."""
        return self.skills.get(task, ())

    def tasks_with(self, skill: str) -> frozenset[str]:
        """The tasks that share a detailed activity."""
        return self.tasks.get(skill, _NONE)

    def siblings(self, skill: str) -> Sequence[str]:
        """Detailed activities in the same group, itself among them."""
        return self.children.get(self.parents.get(skill, ""), ())

    def rarity(self, skill: str) -> float:
        """How much is said by sharing an activity: 1 for one of a single task, less the more tasks have it."""
        return self.rarities.get(skill, 1.0)


class WorkGraph:
    """Reads the reference data once; made anew after an import. About 10 MB for O*NET."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._reading = threading.Lock()
        self._work: Work | None = None

    def forget(self) -> None:
        """Reference data changed."""
        self._work = None

    def get(self) -> Work:
        """The graph in use."""
        work = self._work
        if work is None:
            with self._reading:
                work = self._work = self._work or self._read()
        return work

    def _read(self) -> Work:
        skills: defaultdict[str, list[str]] = defaultdict(list)
        tasks: defaultdict[str, set[str]] = defaultdict(set)
        with self._database.read() as session:
            for task, skill in reference.links(session):
                code = intern(skill)
                skills[task].append(code)
                tasks[code].add(task)
            parents = reference.activity_groups(session)
        children: defaultdict[str, list[str]] = defaultdict(list)
        for child, parent in parents.items():
            children[parent].append(child)
        having = {code: frozenset(found) for code, found in tasks.items()}
        rarities = {code: 1.0 / (1.0 + math.log(len(found))) for code, found in having.items()}
        return Work(dict(skills), having, parents, dict(children), rarities)
