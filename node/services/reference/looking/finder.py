"""The lookups of the reference data in use: built when first asked for, kept until the next import."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING

from node.store import reference
from node.store.database import Database
from node.store.sessions import Session

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
    """Occupations of every scheme and O*NET's tasks, by what people call them."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._building = threading.Lock()
        self._lookups: _Lookups | None = None

    def forget(self) -> None:
        """Reference data changed."""
        self._lookups = None

    def occupations(self, text: str, limit: int = 10) -> list[FoundWork]:
        """Occupations by job title or description, best first."""
        found = self._built().occupations.find(text, limit)
        return [FoundWork(one.id, one.title, one.score, nearest=one.nearest) for one in found]

    def tasks(self, sentence: str, limit: int = 5) -> list[FoundWork]:
        """Tasks by a sentence about the work, best first."""
        lookups = self._built()
        return [
            FoundWork(code, lookups.statements[code], score, code.partition("/")[0])
            for code, score in lookups.tasks.find(sentence, limit)
        ]

    def _built(self) -> _Lookups:
        lookups = self._lookups
        if lookups is None:
            with self._building:
                lookups = self._lookups = self._lookups or self._build()
        return lookups

    def _build(self) -> _Lookups:
        from node.search.lookup.entry import Entry
        from node.search.lookup.lookup import Lookup
        from node.services.reference.looking.tasks import Statement, TaskLookup

        with self._database.read() as session:
            rows = reference.list_occupations(session, "onet") or reference.list_occupations(session, "esco")
            statements = reference.statements(session)
            activities = _activities(session)
        tasks: dict[str, list[str]] = {}
        for code, text in statements.items():
            tasks.setdefault(code.partition("/")[0], []).append(text)
        occupations = Lookup(
            Entry(row.id, row.title, tuple(row.aliases), row.description, tuple(tasks.get(row.id, ()))) for row in rows
        )
        found = [
            Statement(code, code.partition("/")[0], text, " ".join(activities.get(code, ())))
            for code, text in statements.items()
        ]
        return _Lookups(occupations, TaskLookup(found, occupations), statements)


def _activities(session: Session) -> dict[str, list[str]]:
    """Task → titles of its activities."""
    titles = {row.id: row.title for row in reference.list_skills(session, "onet")}
    found: dict[str, list[str]] = {}
    for task, skill in reference.links(session):
        found.setdefault(task, []).append(titles.get(skill, ""))
    return found
