"""Fetches the blobs that followed records name, in the background, checked against their hashes.

Each host has a queue of its own, so a slow one delays nobody else's pictures. What is not fetched stays awaited in the
table and is asked for again when the host is next connected to.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable

from federation.errors import FederationError
from federation.xrpc_client import XrpcClient
from node.errors import NodeError
from node.logs import get_logger
from node.services.hosting.blobs.store import BlobStore
from node.store.clock import now
from node.store.database import Database
from node.store.repositories import blobs
from node.store.sessions import Session
from node.store.tables.hosting import BlobRow

WAITING = 10_000  # of one host; more are fetched when it is next connected to
TRIES = 3
HOSTS_AT_ONCE = 16


class BlobFetcher:
    """One queue for each host, worked off one by one."""

    def __init__(self, database: Database, folder: BlobStore, limit: int) -> None:
        self._database = database
        self._folder = folder
        self._limit = limit
        self._queues: dict[str, list[tuple[str, str]]] = {}
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._gate = asyncio.Semaphore(HOSTS_AT_ONCE)
        self._log = get_logger("blobs")

    def stop(self) -> None:
        """Fetch no more."""
        for task in self._tasks.values():
            task.cancel()

    def want(self, client: XrpcClient, named: Iterable[tuple[str, str]]) -> None:
        """Queue (DID, CID) pairs."""
        queue = self._queues.setdefault(client.host, [])
        queue.extend(sorted(set(named).difference(queue))[: WAITING - len(queue)])
        task = self._tasks.get(client.host)
        if queue and (task is None or task.done()):
            self._tasks[client.host] = asyncio.create_task(self._work_off(client, queue), name=f"blobs {client.host}")

    async def _work_off(self, client: XrpcClient, queue: list[tuple[str, str]]) -> None:
        async with self._gate:
            while queue:
                did, cid = queue.pop(0)
                await self._try(client, did, cid)

    async def _try(self, client: XrpcClient, did: str, cid: str) -> None:
        for attempt in range(1, TRIES + 1):
            try:
                await self._fetch(client, did, cid)
            except (FederationError, NodeError) as error:
                self._log.info("blob not fetched", peer=client.host, cid=cid, error=str(error), attempt=attempt)
            else:
                return

    async def _fetch(self, client: XrpcClient, did: str, cid: str) -> None:
        with self._database.read() as session:
            named = blobs.find_named_blob(session, did, cid)
            if named is None or named.used == 0 or blobs.find_blob(session, did, cid) is not None:
                return  # let go again meanwhile, or here already
        body = await client.get_blob(did, cid, self._limit)
        draft = await asyncio.to_thread(self._folder.begin)
        try:
            draft.add(body)
            stored = await asyncio.to_thread(draft.finish)
            if stored.cid != cid:
                raise NodeError(f"{client.host} sent other bytes than {cid}.")
            row = BlobRow(did=did, cid=cid, mime=stored.mime, size=stored.size, stored_at=now())

            def work(session: Session) -> None:
                if blobs.fulfil(session, row):
                    draft.place()

            await self._database.writer.awrite(work)
        finally:
            draft.close()
