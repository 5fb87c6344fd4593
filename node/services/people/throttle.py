"""Slows down guessing: after five failures for a name or an address, the wait doubles up to an hour."""

from __future__ import annotations

from functools import partial

from node.errors import TooMany
from node.store import people
from node.store.clock import SECOND, now
from node.store.database import Database
from node.store.sessions import Session
from node.store.tables.people import AttemptRow

FREE = 5
LONGEST = 3600


class Throttle:
    """Counts failures of `subjects` (a name, an address)."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def check(self, *subjects: str) -> None:
        """Raise TooMany while one of them has to wait."""
        with self._database.read() as session:
            rows = [people.find_attempts(session, subject) for subject in subjects]
        wait = max((row.until - now() for row in rows if row is not None and row.failures > FREE), default=0)
        if wait > 0:
            raise TooMany("Too many failed attempts to sign in.", retry_after=wait // SECOND + 1)

    def failed(self, *subjects: str) -> None:
        """Count one failure for each."""
        for subject in subjects:
            self._database.writer.write(partial(_count, subject=subject))

    def succeeded(self, *subjects: str) -> None:
        """Start again from zero."""
        for subject in subjects:
            row = AttemptRow(subject=subject, failures=0, until=0)
            self._database.writer.write(partial(people.save_attempts, row=row))


def _count(session: Session, subject: str) -> None:
    row = people.find_attempts(session, subject)
    failures = (row.failures if row else 0) + 1
    wait = min(LONGEST, 2 ** max(0, failures - FREE))
    people.save_attempts(session, AttemptRow(subject=subject, failures=failures, until=now() + wait * SECOND))
