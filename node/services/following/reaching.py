"""How identities of other hosts are learnt and remembered. A handle is kept only once it leads back to its account."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from federation.did.document import DidDocument
from federation.did.handle import HandleResolver
from federation.did.resolver import Resolver
from federation.errors import FederationError
from federation.safe_http import SafeClient
from federation.xrpc_client import XrpcClient
from node.store.clock import now
from node.store.database import Database
from node.store.repositories import accounts
from node.store.sessions import Session
from node.store.tables.hosting import IdentityRow
from schemas.identifiers import Handle

AT_ONCE = 8  # handles looked up at a time


class Identities:
    """Documents of other accounts: resolved, and remembered in the table."""

    def __init__(self, resolver: Resolver, http: SafeClient, database: Database) -> None:
        self._resolver = resolver
        self._http = http
        self._database = database
        self._gate = asyncio.Semaphore(AT_ONCE)
        self._lookups: set[asyncio.Task[None]] = set()
        self._asked: dict[str, str | None] = {}  # account → handle that was last looked up

    async def document(self, did: str, announced: Sequence[str]) -> DidDocument:
        """The current document. Raises what the resolver does."""
        document = await self._resolver.resolve(did, announced)
        with self._database.read() as session:
            known = accounts.find_identity(session, did)
        facts = (document.signing_key or "", document.pds or "")
        if known is None or (known.signing_key, known.host) != facts:
            handle = known.handle if known is not None and known.handle == document.handle else ""
            row = IdentityRow(did=did, handle=handle, signing_key=facts[0], host=facts[1], checked_at=now())
            await self._database.writer.awrite(lambda session: accounts.save_identity(session, row))
        if (known.handle if known is not None else "") != (document.handle or ""):
            self._look_up(document)
        return document

    def forget(self, did: str) -> None:
        """Resolve anew next time."""
        self._resolver.forget(did)
        self._asked.pop(did, None)

    def stop(self) -> None:
        """Look nothing up any more."""
        for task in self._lookups:
            task.cancel()

    def _look_up(self, document: DidDocument) -> None:
        """Ask where the claimed handle leads, beside the work: a slow answer holds nobody up."""
        if self._asked.get(document.did, "") == document.handle:
            return
        self._asked[document.did] = document.handle
        task = asyncio.create_task(self._confirm(document), name=f"handle of {document.did}")
        self._lookups.add(task)
        task.add_done_callback(self._lookups.discard)

    async def _confirm(self, document: DidDocument) -> None:
        async with self._gate:
            confirmed = await self._resolver_for(document).confirms(document)
        handle = document.handle if confirmed and document.handle else ""

        def work(session: Session) -> None:
            row = accounts.find_identity(session, document.did)
            if row is not None:
                # What only a closed network knows is taken on a host's word, so it may not name somebody else's.
                row.handle = "" if handle and accounts.holds_handle(session, handle, document.did) else handle

        await self._database.writer.awrite(work)

    def _resolver_for(self, document: DidDocument) -> HandleResolver:
        """Names of a closed network are known to the account's own host alone; all others to everybody."""
        from federation.did.dns import look_up_txt

        async def local(handle: Handle) -> str | None:
            if not handle.endswith(".test") or document.pds is None:
                return None
            try:
                return await XrpcClient(self._http, document.pds).resolve_handle(handle)
            except FederationError:
                return None

        return HandleResolver(self._http, look_up_txt, local)
