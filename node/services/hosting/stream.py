"""The event stream: sequence numbers inside the writer, frames to consumers only after they are durable."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Callable

from node.store.clock import SECOND, now
from node.store.database import Database
from node.store.engine.writer import on_commit, on_rollback
from node.store.repositories import events
from node.store.sessions import Session

RING, RING_BYTES = 4_096, 8_000_000  # newest frames kept in memory: they close the gap between backlog and live
BATCH = 200  # frames read from the table at a time


class EventStream:
    """Announces what was committed. `append` runs in the writer; `frames` on the event loop."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._ring: deque[tuple[int, bytes]] = deque()
        self._ring_bytes = 0
        self._assigned: int | None = None  # None: whether the last ones became durable is the table's to say
        self._durable = 0
        self._loop: asyncio.AbstractEventLoop | None = None
        self._news = asyncio.Event()
        self._is_waking = False
        self.consumers = 0
        self._told: list[Callable[[int], None]] = []

    def start(self, loop: asyncio.AbstractEventLoop | None = None) -> None:
        """Find where the stream stands; consumers are woken on `loop`."""
        with self._database.read() as session:
            self._durable = events.last_seq(session)
        self._loop = loop

    def listen(self, told: Callable[[int], None]) -> None:
        """Call `told` in the writer's thread with each number that became durable; it must be quick."""
        self._told.append(told)

    def hear(self, seq: int) -> None:
        """Another process made the events up to `seq` durable; called in any thread."""
        if seq > self._durable:
            self._durable = seq
            self._wake_all()

    @property
    def last_seq(self) -> int:
        """The newest durable sequence number."""
        return self._durable

    def append(self, session: Session, did: str, kind: str, encode: Callable[[int], bytes]) -> int:
        """Give the next number to the frame that `encode(seq)` makes, inside the running transaction.

        A commit whose answer was lost with the connection counts as taken back and may be durable all the same.
        """
        before = events.last_seq(session) if self._assigned is None else self._assigned
        seq = self._assigned = before + 1
        on_rollback(session, self._forget_assigned)
        frame = encode(seq)
        events.add_event(session, seq, did, kind, frame, now())
        on_commit(session, lambda: self._publish(seq, frame))
        return seq

    def purge(self, session: Session, did: str) -> None:
        """Empty the stored frames of an account that is served no longer, in table and memory."""
        events.empty_frames(session, did)
        on_commit(session, self._empty_ring)

    def forget_recent(self, session: Session) -> None:
        """Let the table alone answer for recent frames, once the running change to it is durable."""
        on_commit(session, self._empty_ring)

    def prune(self, session: Session, window: int) -> int:
        """Drop events older than `window` seconds."""
        return events.prune_events(session, now() - window * SECOND)

    async def frames(self, cursor: int) -> AsyncIterator[bytes]:
        """Frames after `cursor`, forever: first the backlog in batches, then live."""
        while True:
            for seq, frame in await self.following(cursor):
                yield frame
                cursor = seq

    async def following(self, cursor: int) -> list[tuple[int, bytes]]:
        """The next (number, frame)s after `cursor`, as soon as there are any."""
        while True:
            news = self._news
            batch = self._after(cursor)
            if batch:
                return batch
            await news.wait()

    def _after(self, cursor: int) -> list[tuple[int, bytes]]:
        if cursor >= self._durable:
            return []
        recent = self._recent(cursor)
        if recent is not None:
            return recent
        with self._database.read() as session:
            return events.list_frames(session, cursor, BATCH)

    def _recent(self, cursor: int) -> list[tuple[int, bytes]] | None:
        """What the ring holds after `cursor`, read from its newest end; None where the table must be asked."""
        while True:
            found: list[tuple[int, bytes]] = []
            try:
                if not self._ring or self._ring[0][0] > cursor + 1:
                    return None
                for item in reversed(self._ring):
                    if item[0] <= cursor:
                        break
                    found.append(item)
            except (RuntimeError, IndexError):  # the writer's thread added one or cleared it meanwhile
                continue
            found.reverse()
            return found if found and found[0][0] == cursor + 1 else None

    def oldest_seq(self) -> int:
        """The oldest sequence number still kept."""
        with self._database.read() as session:
            return events.first_seq(session)

    def _forget_assigned(self) -> None:
        self._assigned = None

    def _publish(self, seq: int, frame: bytes) -> None:
        if self._ring and seq != self._ring[-1][0] + 1:
            self._empty_ring()  # one between is in the table alone
        self._ring.append((seq, frame))
        self._ring_bytes += len(frame)
        while len(self._ring) > RING or self._ring_bytes > RING_BYTES:
            self._ring_bytes -= len(self._ring.popleft()[1])
        self._durable = seq
        self._wake_all()
        for told in self._told:
            told(seq)

    def _empty_ring(self) -> None:
        self._ring.clear()
        self._ring_bytes = 0

    def _wake_all(self) -> None:
        if self._loop is not None and not self._loop.is_closed() and not self._is_waking:
            self._is_waking = True  # one call for all that a transaction announces
            self._loop.call_soon_threadsafe(self._wake)

    def _wake(self) -> None:
        self._is_waking = False  # what is announced from here on is not seen by those who wake now
        news, self._news = self._news, asyncio.Event()
        news.set()
