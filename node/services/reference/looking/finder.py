"""The lookups of the reference data in use: read or made when first asked for, kept until the next import."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from node.logs import get_logger
from node.services.heavy import HeavyWork
from node.services.reference.looking.kept import KeptFile, digest_of_source
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
        self,
        database: Database,
        kept: KeptFile,
        apart: HeavyWork | None = None,
        enrich: Callable[[Lookup], None] = lambda _: None,
    ) -> None:
        self._database = database
        self._kept = kept
        self._enrich = enrich
        self._apart = apart or HeavyWork()  # one of its own, which ends with the building and gives its memory back
        self._building = threading.Lock()
        self._lookups: _Lookups | None = None
        self._log = get_logger("reference")

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
        """The lookups, read now or made now if they are not here yet."""
        lookups = self._lookups
        if lookups is None:
            with self._building:
                lookups = self._lookups = self._lookups or self._get()
        return lookups

    def _get(self) -> _Lookups:
        with self._database.read() as session:
            digest = digest_of_source(session)
        lookups = self._read(digest) or self._make(digest)
        self._enrich(lookups.occupations)
        return lookups

    def _read(self, digest: str) -> _Lookups | None:
        """A fraction of a second; None when nothing sound was kept."""
        from node.search.errors import TablesDamaged
        from node.services.reference.looking.material import read

        path = self._kept.find(digest)
        try:
            return _Lookups(*read(path.read_bytes())) if path else None
        except (TablesDamaged, OSError) as error:
            self._log.warning("the lookups that were kept are made again", error=str(error))
            return None

    def _make(self, digest: str) -> _Lookups:
        """Some seconds, in a process of its own."""
        from node.services.reference.looking.material import build, read

        try:
            content = self._apart.run(build, self._database.url.render_as_string(hide_password=False))
        finally:
            self._apart.stop()
        try:
            self._kept.keep(digest, content)
        except OSError as error:
            self._log.warning("the lookups are not kept", error=str(error))
        return _Lookups(*read(content))
