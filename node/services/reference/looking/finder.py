"""The lookups of the reference data in use: built when first asked for, kept until the next import."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from node.services.heavy import HeavyWork
from node.store.database import Database

if TYPE_CHECKING:
    from node.search.lookup.lookup import Lookup
    from node.services.reference.looking.tasks import TaskLookup

KINDS = ("task", "occupation")
LONGEST_TITLE = 3  # words; what is longer may be a sentence


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


class ReferenceFinder:
    """Occupations of O*NET (ESCO where there is none) and O*NET's tasks, by what people call them."""

    def __init__(
        self, database: Database, apart: HeavyWork | None = None, enrich: Callable[[Lookup], None] = lambda _: None
    ) -> None:
        self._database = database
        self._enrich = enrich
        self._apart = apart or HeavyWork()  # one of its own, which ends with the building and gives its memory back
        self._building = threading.Lock()
        self._lookups: _Lookups | None = None

    def forget(self) -> None:
        """Reference data changed."""
        self._lookups = None

    def occupations(self, text: str, limit: int = 10) -> list[FoundWork]:
        """Occupations by job title, or by a sentence about the work, best first."""
        lookups = self.built()
        said = lookups.tasks.formally(text) if len(text.split()) > LONGEST_TITLE else text
        found = lookups.occupations.find(said, limit)
        return [FoundWork(one.id, one.title, one.score, nearest=one.nearest) for one in found]

    def tasks(self, sentence: str, limit: int = 5) -> list[FoundWork]:
        """Tasks by a sentence about the work, best first."""
        found = self.built().tasks.find(sentence, limit)
        return [FoundWork(one.id, one.text, score, one.occupation) for one, score in found]

    def built(self) -> _Lookups:
        """The lookups, made now if they are not yet: some seconds, in a process of its own."""
        lookups = self._lookups
        if lookups is None:
            with self._building:
                lookups = self._lookups = self._lookups or self._build()
        return lookups

    def _build(self) -> _Lookups:
        from node.services.reference.looking.material import build

        try:
            lookups = _Lookups(*self._apart.run(build, self._database.url.render_as_string(hide_password=False)))
        finally:
            self._apart.stop()
        self._enrich(lookups.occupations)
        return lookups
