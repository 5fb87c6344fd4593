"""The task that hears one host: it goes on whatever happens, and its row says how the host fares."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from federation.errors import HostUnreachable, StreamSilent
from node.services.assembly import Services
from node.services.following import peer_task
from node.services.following.budget import Budget
from node.services.following.describing import Described
from node.services.following.peer_task import PeerTask
from node.store.clock import DAY, now
from node.store.repositories import peers
from node.store.sessions import Session
from node.store.tables.peers import PeerRow

URL = "https://quiet.example"


class Quiet:
    """A link to a host that has nothing to be fetched."""

    def __init__(self, *_: Any) -> None: ...

    async def describe(self) -> Described:
        return Described("did:web:quiet.example")

    async def backfill(self) -> int:
        return 0


def _follow_until(services: Services, enough: asyncio.Event) -> None:
    """Have the host followed until `enough` is set."""

    async def met(*_: Any) -> None: ...

    async def follow() -> None:
        task = PeerTask(URL, services.database, None, Budget(1.0), met)  # type: ignore[arg-type]  # no means
        async with asyncio.timeout(30):
            await enough.wait()
        await task.stop()

    services.database.writer.write(lambda session: peers.save_peer(session, PeerRow(url=URL)))
    asyncio.run(follow())


def _row(services: Services) -> PeerRow:
    with services.database.read() as session:
        return peers.get_peer(session, URL)


def test_what_cannot_be_noted_ends_no_following(services: Services, monkeypatch: pytest.MonkeyPatch) -> None:
    """As while the database is away."""
    tries, often = [0], asyncio.Event()

    async def fail(*_: Any, **_more: Any) -> None:
        tries[0] += 1
        if tries[0] == 6:
            often.set()
        raise OSError

    monkeypatch.setattr(peer_task, "delay_after", lambda _failures, _jitter: 0.0)
    for step in ("_session", "_mark"):
        monkeypatch.setattr(PeerTask, step, fail)
    _follow_until(services, often)
    assert tries[0] >= 6


def test_a_host_that_publishes_nothing_for_long_is_heard_on_without_a_failure(
    services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    states: list[tuple[str, str, int]] = []
    thrice = asyncio.Event()

    class Silent(Quiet):
        async def follow(self, _cursor: int) -> None:
            row = _row(services)
            states.append((row.state, row.error, row.failures))
            if len(states) == 3:
                thrice.set()
                await asyncio.Event().wait()
            raise StreamSilent

    monkeypatch.setattr(peer_task, "PeerLink", Silent)
    _follow_until(services, thrice)
    assert states == [("live", "", 0)] * 3


def test_a_quiet_host_was_heard_until_its_stream_closed(services: Services, monkeypatch: pytest.MonkeyPatch) -> None:
    """Or an alert about peers unheard for a day would go off at the first blink."""
    left = asyncio.Event()

    class Closing(Quiet):
        async def follow(self, _cursor: int) -> None:
            def age(session: Session) -> None:
                peers.get_peer(session, URL).seen_at = now() - 2 * DAY

            await services.database.writer.awrite(age)
            raise HostUnreachable(URL)

    async def sleep(*_: Any) -> None:
        left.set()
        await asyncio.Event().wait()

    monkeypatch.setattr(peer_task, "PeerLink", Closing)
    monkeypatch.setattr(PeerTask, "_sleep", sleep)
    _follow_until(services, left)
    row = _row(services)
    assert row.state == "waiting"
    assert peers.lag_of(row) < timedelta(hours=1)
