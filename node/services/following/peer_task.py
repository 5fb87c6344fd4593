"""One peer, followed forever: session after session; a dead one is tried ever more rarely and says when next."""

from __future__ import annotations

import asyncio
import contextlib
import random
from collections.abc import Awaitable, Callable

from federation.errors import StreamSilent
from node.logs import get_logger
from node.services.following.budget import Budget, Quarantined, quarantine_seconds
from node.services.following.describing import Described
from node.services.following.peer_link import PeerLink
from node.services.following.peer_repositories import Means
from node.store.clock import SECOND, now
from node.store.database import Database
from node.store.repositories import peers
from node.store.sessions import Session
from node.store.tables.peers import PeerRow

FIRST_DELAY, LONGEST_DELAY = 1.0, 600.0

Met = Callable[[Described, PeerRow], Awaitable[None]]


def delay_after(failures: int, jitter: float) -> float:
    """Seconds until the next try: doubling from one second to ten minutes, ± a quarter (`jitter` in 0..1)."""
    steady = min(LONGEST_DELAY, FIRST_DELAY * 2.0 ** min(failures - 1, 20))
    return steady * (0.75 + jitter / 2)


class PeerTask:
    """Runs the sessions of one peer; `met` is told each time the peer has said who it is and is caught up with."""

    def __init__(self, url: str, database: Database, means: Means, budget: Budget, met: Met) -> None:
        self._url = url
        self._database = database
        self._means = means
        self._budget = budget
        self._met = met
        self._nudge = asyncio.Event()
        self._is_open = False
        self._log = get_logger("following")
        self._task = asyncio.create_task(self._run(), name=f"follow {url}")

    async def stop(self) -> None:
        """Let go of the peer; its cursor is saved as events are taken."""
        self._task.cancel()
        await asyncio.gather(self._task, return_exceptions=True)

    def nudge(self) -> None:
        """Try at once if it waits, in quarantine too."""
        self._nudge.set()

    async def _run(self) -> None:
        failures = 0
        await self._serve_out()
        while True:
            try:
                await self._session()
            except Exception as error:  # noqa: BLE001 - whatever a host does, it is tried again and its words are shown
                try:
                    failures = await self._rest(error, failures)
                except Exception as unnoted:  # noqa: BLE001 - nothing that cannot be noted ends the following
                    self._log.warning("what a peer does is not noted", peer=self._url, problem=_words(unnoted))
                    await self._sleep(delay_after(failures + 1, _jitter()))

    async def _rest(self, error: Exception, failures: int) -> int:
        """Leave it alone for a while; how many tries have failed in a row."""
        if (reason := _quarantine_in(error)) is not None:
            await self._quarantine(reason)
            return failures
        failures = 1 if self._row().state == "live" else failures + 1
        delay = delay_after(failures, _jitter())
        await self._mark("waiting", error=_words(error), failures=failures, delay=delay)
        self._log.info("peer unreachable", peer=self._url, error=_words(error), next_in=round(delay, 1))
        await self._sleep(delay)
        return failures

    async def _serve_out(self) -> None:
        """A quarantine outlives a restart of the node."""
        row = self._row()
        if row.state == "quarantined" and row.next_try > now():
            await self._sleep((row.next_try - now()) / SECOND)

    async def _quarantine(self, reason: Quarantined) -> None:
        """Leave the host alone: an hour at first, twice as long each time, up to a day."""
        strikes = self._row().strikes + 1
        delay = quarantine_seconds(strikes)
        await self._mark("quarantined", error=reason.message, failures=strikes, delay=delay, strikes=strikes)
        self._log.warning("peer quarantined", peer=self._url, reason=reason.message, seconds=delay)
        await self._sleep(delay)

    async def _sleep(self, delay: float) -> None:
        self._nudge.clear()
        # Not wait_for: before Python 3.12 it forgets a cancellation that comes with the nudge.
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(delay):
                await self._nudge.wait()

    async def _session(self) -> None:
        """Describe, backfill, follow."""
        link = PeerLink(self._url, self._means, self._budget)
        described = await link.describe()
        await self._mark("backfill", described=described)
        fetched = await link.backfill()
        self._log.info("backfill done", peer=self._url, repositories=fetched)
        row = self._row()
        await self._met(described, row)
        await self._mark("live")
        while True:
            # Who publishes nothing is no failure; whether the host still answers shows when the stream is opened anew.
            with contextlib.suppress(StreamSilent):
                await link.follow(self._row().cursor)

    def _row(self) -> PeerRow:
        with self._database.read() as session:
            return peers.get_peer(session, self._url)

    async def _mark(
        self,
        state: str,
        *,
        described: Described | None = None,
        error: str = "",
        failures: int = 0,
        delay: float = 0.0,
        strikes: int | None = None,
    ) -> None:
        was_open, self._is_open = self._is_open, state == "live"

        def work(session: Session) -> None:
            row = peers.find_peer(session, self._url)
            if row is None:
                return
            if was_open:  # until now, however long ago it had something to say
                row.seen_at = now()
            row.state, row.error, row.failures = state, error[:500], failures
            row.next_try = now() + int(delay * SECOND) if delay else 0
            row.strikes = row.strikes if strikes is None else strikes
            if described is not None:
                row.did, row.organisation, row.kind = described.did, described.organisation, described.kind
                row.seen_at, row.expected, row.fetched = now(), 0, 0

        await self._database.writer.awrite(work)


def _jitter() -> float:
    return random.random()  # noqa: S311 - spreads retries, no secret


def _quarantine_in(error: BaseException) -> Quarantined | None:
    """The quarantine that an error is, or that a group of them holds."""
    if isinstance(error, BaseExceptionGroup):
        return next(filter(None, map(_quarantine_in, error.exceptions)), None)
    return error if isinstance(error, Quarantined) else None


def _words(error: BaseException) -> str:
    if isinstance(error, BaseExceptionGroup):
        return _words(error.exceptions[0])
    return str(error) or type(error).__name__
