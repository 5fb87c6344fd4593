"""The lookups of the reference data in use: built when first asked for, kept until the next import."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING

from node.services.heavy import HeavyWork
from node.store.database import Database

if TYPE_CHECKING:
    from node.search.lookup.lookup import Lookup
    from node.services.reference.looking.tasks import TaskLookup

KINDS = ("task", "occupation")


@dataclass(frozen=True, slots=True)
class FoundWork:
    """A task or an occupation, how near it came (0..1 within one answer), and for a task whose it is."""

    id: str
    title: str
    score: float
    occupation: str = ""
    nearest: str = ""


@dataclass(frozen=True, slots=True)
class _Lookups:
    occupations: Lookup
    tasks: TaskLookup
    statements: dict[str, str]


class ReferenceFinder:
    """Occupations of O*NET (ESCO where there is none) and O*NET's tasks, by what people call them."""

    def __init__(self, database: Database, heavy: HeavyWork) -> None:
        self._database = database
        self._heavy = heavy
        self._building = threading.Lock()
        self._lookups: _Lookups | None = None

    def forget(self) -> None:
        """Reference data changed."""
        self._lookups = None

    def occupations(self, text: str, limit: int = 10) -> list[FoundWork]:
        """Occupations by job title or description, best first."""
        found = self.built().occupations.find(text, limit)
        return [FoundWork(one.id, one.title, one.score, nearest=one.nearest) for one in found]

    def tasks(self, sentence: str, limit: int = 5) -> list[FoundWork]:
        """Tasks by a sentence about the work, best first."""
        lookups = self.built()
        return [
            FoundWork(code, lookups.statements[code], score, code.partition("/")[0])
            for code, score in lookups.tasks.find(sentence, limit)
        ]

    def built(self) -> _Lookups:
        """The lookups, made now if they are not yet: some seconds, in the worker process."""
        lookups = self._lookups
        if lookups is None:
            with self._building:
                lookups = self._lookups = self._lookups or self._build()
        return lookups

    def _build(self) -> _Lookups:
        from node.services.reference.looking.material import build, load_material

        with self._database.read() as session:
            material = load_material(session)
        occupations, tasks = self._heavy.run(build, material) if material.occupations else build(material)
        return _Lookups(occupations, tasks, {one.id: one.text for one in material.statements})
