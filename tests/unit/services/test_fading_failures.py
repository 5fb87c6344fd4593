"""Failures of an address that many share fade, each once; those of a name stay until who bears it comes in."""

from __future__ import annotations

import pytest

from node.services.assembly import Services
from node.services.people.throttle import FADES, Throttle
from node.store.administration import people
from node.store.clock import SECOND, now
from node.store.sessions import Session
from node.store.tables.people import AttemptRow


def _plant(services: Services, subject: str, failures: int) -> None:
    """As many, the last of which waited until three fadings ago."""
    row = AttemptRow(subject=subject, failures=failures, until=now() - 3 * FADES * SECOND - SECOND)
    services.database.writer.write(lambda session: people.save_attempts(session, row))


def _failures(session: Session, subject: str) -> int:
    row = people.find_attempts(session, subject)
    return row.failures if row else 0


@pytest.mark.parametrize(
    ("subject", "left"), [("address:10.0.0.1", 5), ("mail-address:10.0.0.1", 5), ("name:anna", 8), ("mail:anna", 8)]
)
def test_what_fades_is_taken_off_once(services: Services, subject: str, left: int) -> None:
    _plant(services, subject, 8)
    throttle = Throttle(services.database)
    for _ in range(3):
        throttle.take_back(throttle.begin("name:somebody", subject))
        with services.database.read() as session:
            assert _failures(session, subject) == left
