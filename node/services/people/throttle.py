"""Slows down guessing: after five failures for a name or an address, the wait doubles up to an hour.

A stranger, even one with a thousand addresses, makes a known name wait for strangers only: a browser in which that
person has signed in before shows a cookie that says so, and is counted by itself (OWASP's "device cookies").
"""

from __future__ import annotations

from functools import partial
from ipaddress import IPv6Address, ip_address, ip_network

from node.errors import TooMany
from node.store import people
from node.store.clock import SECOND, now
from node.store.database import Database
from node.store.sessions import Session
from node.store.tables.people import AttemptRow

FREE = 5
LONGEST = 3600


def subjects_of(name: str, address: str, device: str = "") -> tuple[str, ...]:
    """What a sign-in is counted by: the device that this person is known to use, or else name and address."""
    if device:
        return (f"device:{device}",)
    return (f"name:{name[:64]}", f"address:{_neighbourhood(address[:64])}")


def _neighbourhood(address: str) -> str:
    """One household or server: an IPv4 address, an IPv6 network of 64 bits."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return address
    return str(ip_network((parsed, 64), strict=False)) if isinstance(parsed, IPv6Address) else address


class Throttle:
    """Counts failures of `subjects` (a name, an address, a device)."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def check(self, *subjects: str) -> None:
        """Raise TooMany while one of them has to wait."""
        with self._database.read() as session:
            rows = [people.find_attempts(session, subject) for subject in subjects]
        wait = max((row.until - now() for row in rows if row is not None and row.failures > FREE), default=0)
        if wait > 0:
            raise TooMany("Too many failed attempts to sign in.", retry_after=wait // SECOND + 1)

    def failed(self, *subjects: str) -> int:
        """Count one failure for each; how many the first has now."""
        counts = [self._database.writer.write(partial(_count, subject=subject)) for subject in subjects]
        return counts[0]

    def succeeded(self, *subjects: str) -> None:
        """Start again from zero."""
        for subject in subjects:
            row = AttemptRow(subject=subject, failures=0, until=0)
            self._database.writer.write(partial(people.save_attempts, row=row))


def _count(session: Session, subject: str) -> int:
    row = people.find_attempts(session, subject)
    failures = (row.failures if row else 0) + 1
    wait = min(LONGEST, 2 ** max(0, failures - FREE))
    people.save_attempts(session, AttemptRow(subject=subject, failures=failures, until=now() + wait * SECOND))
    return failures
