"""Fetches the blobs that followed records name, in the background, checked against their hashes."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable

from federation.errors import FederationError
from federation.xrpc_client import XrpcClient
from node.errors import NodeError
from node.logs import get_logger
from node.services.hosting.blob_folder import BlobFolder
from node.store import blobs
from node.store.clock import now
from node.store.database import Database
from node.store.sessions import Session
from node.store.tables.hosting import BlobRow

WAITING = 10_000  # more are fetched after the next start
TRIES = 3


class BlobFetcher:
    """A queue of blobs to fetch, worked off one by one."""

    def __init__(self, database: Database, folder: BlobFolder, limit: int) -> None:
        self._database = database
        self._folder = folder
        self._limit = limit
        self._queue: asyncio.Queue[tuple[XrpcClient, str, str, int]] = asyncio.Queue(WAITING)
        self._task: asyncio.Task[None] | None = None
        self._log = get_logger("blobs")

    def start(self) -> None:
        """Begin to fetch."""
        self._task = asyncio.create_task(self._run(), name="blobs")

    def stop(self) -> None:
        """Fetch no more."""
        if self._task is not None:
            self._task.cancel()

    def want(self, client: XrpcClient, named: Iterable[tuple[str, str]]) -> None:
        """Queue (DID, CID) pairs."""
        for did, cid in sorted(named):
            if not self._queue.full():
                self._queue.put_nowait((client, did, cid, 1))

    async def _run(self) -> None:
        while True:
            client, did, cid, attempt = await self._queue.get()
            try:
                await self._fetch(client, did, cid)
            except (FederationError, NodeError) as error:
                self._log.info("blob not fetched", did=did, cid=cid, error=str(error), attempt=attempt)
                if attempt < TRIES and not self._queue.full():
                    self._queue.put_nowait((client, did, cid, attempt + 1))

    async def _fetch(self, client: XrpcClient, did: str, cid: str) -> None:
        with self._database.read() as session:
            named = blobs.find_named_blob(session, did, cid)
            if named is None or named.used == 0 or blobs.find_blob(session, did, cid) is not None:
                return  # let go again meanwhile, or here already
        body = await client.get_blob(did, cid, self._limit)
        stored = await asyncio.to_thread(self._folder.put, body)
        if stored.cid != cid:
            await self._drop_unused(stored.cid)
            raise NodeError(f"{client.host} sent other bytes than {cid}.")
        row = BlobRow(did=did, cid=cid, mime=stored.mime, size=stored.size, stored_at=now())
        if not await self._database.writer.awrite(lambda session: blobs.fulfil(session, row)):
            await self._drop_unused(cid)

    async def _drop_unused(self, cid: str) -> None:
        def is_held(session: Session) -> bool:
            return blobs.is_held(session, cid)

        if not await self._database.writer.awrite(is_held):
            await asyncio.to_thread(self._folder.remove, cid)
