"""Every repository of a host with records of ours: listed, fetched a few at a time, counted as it goes.

Nothing is remembered but the repositories themselves: what is up to date is passed over, so an interrupted backfill
goes on where it was.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence

from federation.errors import StatusUnexpected
from federation.xrpc_client import XrpcClient
from schemas.authority import RECORD_TYPES

MOST_REPOSITORIES = 100_000  # of one host
MOST_PAGES = 5_000
MOST_IDLE_PAGES = 50  # pages of a listing in a row that name nobody new
AT_ONCE = 4  # repositories fetched at a time
AHEAD = 64  # listed and not yet fetched
TELL_EVERY = 20  # repositories

Fetch = Callable[[str], Awaitable[bool]]
Tell = Callable[[int, int], Awaitable[None]]


class Listing:
    """The accounts of a host, each once; ends however the host goes on."""

    def __init__(self, client: XrpcClient, *, whole: bool) -> None:
        """`whole`: where the host cannot say who has records of ours, take everybody."""
        self._client = client
        self._whole = whole
        self._seen: set[str] = set()
        self._pages = self._idle = 0
        self.endless = False

    async def dids(self) -> AsyncIterator[str]:
        """DIDs with records of ours; all DIDs where the host cannot tell."""
        try:
            for collection in RECORD_TYPES:
                async for did in self._of(collection):
                    yield did
        except StatusUnexpected:
            if not self._whole:
                return
            async for did in self._all():
                yield did

    async def _of(self, collection: str) -> AsyncIterator[str]:
        cursor: str | None = None
        while not self._is_enough():
            dids, cursor = await self._client.list_repos_by_collection(collection, cursor)
            for did in self._new(dids):
                yield did
            if cursor is None or not dids:
                return

    async def _all(self) -> AsyncIterator[str]:
        cursor: str | None = None
        while not self._is_enough():
            repos, cursor = await self._client.list_repos(cursor)
            for did in self._new([repo.did for repo in repos if repo.active]):
                yield did
            if cursor is None or not repos:
                return

    def _new(self, dids: Sequence[str]) -> list[str]:
        new = [did for did in dict.fromkeys(map(str, dids)) if did not in self._seen]
        new = new[: MOST_REPOSITORIES - len(self._seen)]
        self._seen.update(new)
        self._pages += 1
        self._idle = 0 if new else self._idle + 1
        return new

    def _is_enough(self) -> bool:
        self.endless = self.endless or self._pages >= MOST_PAGES or self._idle >= MOST_IDLE_PAGES
        return self.endless or len(self._seen) >= MOST_REPOSITORIES


class Backfill:
    """One run through a host's repositories."""

    def __init__(self, listing: Listing, fetch: Fetch, tell: Tell) -> None:
        self._listing = listing
        self._fetch = fetch
        self._tell = tell
        self._queue: asyncio.Queue[str | None] = asyncio.Queue(AHEAD)
        self._expected = self._done = 0

    async def run(self, wanted: Callable[[str], bool]) -> int:
        """Fetch every wanted repository that is not up to date; returns how many were fetched."""
        async with asyncio.TaskGroup() as group:
            workers = [group.create_task(self._work()) for _ in range(AT_ONCE)]
            async for did in self._listing.dids():
                if wanted(did):
                    self._expected += 1
                    await self._queue.put(did)
            for _ in workers:
                await self._queue.put(None)
        await self._tell(self._done, self._expected)
        return sum(worker.result() for worker in workers)

    async def _work(self) -> int:
        fetched = 0
        while (did := await self._queue.get()) is not None:
            fetched += await self._fetch(did)
            self._done += 1
            if self._done % TELL_EVERY == 1:
                await self._tell(self._done, self._expected)
        return fetched
