"""Slows down guessing: after five failures for a name or an address, the wait doubles up to an hour.

A stranger, even one with a thousand addresses, makes a known name wait for strangers only: a browser in which that
person has signed in before shows a cookie that says so, and is counted by itself (OWASP's "device cookies"). Behind one
address may be a whole office: its failures fade, or their slips of a day would make all wait who come with a new phone.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from ipaddress import IPv6Address, ip_address, ip_network

from node.errors import TooMany
from node.store.administration import people
from node.store.clock import SECOND, now
from node.store.database import Database
from node.store.sessions import Session
from node.store.tables.people import AttemptRow

FREE = 5
LONGEST = 3600
FADES = 60  # seconds without a wait after which an address has one failure less
_SHARED = ("address:", "mail-address:")
LONGEST_NAMED = 254  # characters: of a mail address (RFC 5321)


def subjects_of(name: str, address: str, device: str = "") -> tuple[str, ...]:
    """What a sign-in is counted by: the device that this person is known to use, or else name and address."""
    if device:
        return (f"device:{device}",)
    return (f"name:{name[:LONGEST_NAMED]}", f"address:{neighbourhood(address)}")


def attempts_of(name: str) -> tuple[str, ...]:
    """All that is counted under a person's name: the next who has it begins anew."""
    named = name[:LONGEST_NAMED]
    return (f"name:{named}", f"mail-name:{named}", f"code:{name}")


def neighbourhood(address: str) -> str:
    """One household or server: an IPv4 address, in IPv6 clothes too, or an IPv6 network of 64 bits."""
    try:
        parsed = ip_address(address := address[:64])
    except ValueError:
        return address
    if not isinstance(parsed, IPv6Address):
        return address
    # All of IPv4 in these clothes is one network of 64 bits: one stranger would make everybody wait.
    return str(parsed.ipv4_mapped or ip_network((parsed, 64), strict=False))


@dataclass(frozen=True, slots=True)
class Attempt:
    """One attempt to sign in, counted as a failure until it is known to be none. `failures` of the first subject."""

    failures: int
    before: tuple[tuple[str, int], ...]  # (subject, until when it had to wait)
    counted: tuple[int, ...]  # until when each has to wait now


class Throttle:
    """Counts failures of `subjects` (a name, an address, a device)."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def begin(self, *subjects: str) -> Attempt:
        """Count an attempt before it is made: a thousand at once guess no more than a thousand one by one.

        Raises TooMany while a subject has to wait.
        """
        return self._database.writer.write(partial(_begin, subjects=subjects))

    def succeeded(self, attempt: Attempt) -> None:
        """The first subject starts again from zero, the others are as if there had been no attempt."""
        first = AttemptRow(subject=attempt.before[0][0], failures=0, until=0)

        def work(session: Session) -> None:
            _take_back(session, attempt)
            people.save_attempts(session, first)

        self._database.writer.write(work)

    def take_back(self, attempt: Attempt) -> None:
        """It could not be made."""
        self._database.writer.write(lambda session: _take_back(session, attempt))


def _begin(session: Session, subjects: tuple[str, ...]) -> Attempt:
    rows = [_find(session, subject) for subject in subjects]
    wait = max((row.until - now() for row in rows if row.failures > FREE), default=0)
    if wait > 0:
        raise TooMany("Too many failed attempts to sign in.", retry_after=wait // SECOND + 1)
    before = tuple((row.subject, row.until) for row in rows)
    counted = [_count(session, subject) for subject in subjects]
    return Attempt(counted[0].failures, before, tuple(row.until for row in counted))


def _find(session: Session, subject: str) -> AttemptRow:
    """What it stands at now. What has faded is taken off once: `until` moves along with it."""
    row = people.find_attempts(session, subject) or AttemptRow(subject=subject, failures=0, until=0)
    if not subject.startswith(_SHARED):
        return row
    faded = min(row.failures, max(0, now() - row.until) // (FADES * SECOND))
    return AttemptRow(subject=subject, failures=row.failures - faded, until=row.until + faded * FADES * SECOND)


def _count(session: Session, subject: str) -> AttemptRow:
    failures = _find(session, subject).failures + 1
    wait = min(LONGEST, 2 ** max(0, failures - FREE))
    counted = AttemptRow(subject=subject, failures=failures, until=now() + wait * SECOND)
    people.save_attempts(session, counted)
    return counted


def _take_back(session: Session, attempt: Attempt) -> None:
    for (subject, before), counted in zip(attempt.before, attempt.counted, strict=True):
        row = people.find_attempts(session, subject)
        if row is not None and row.failures:
            until = before if row.until == counted else row.until  # somebody may have failed meanwhile
            people.save_attempts(session, AttemptRow(subject=subject, failures=row.failures - 1, until=until))
