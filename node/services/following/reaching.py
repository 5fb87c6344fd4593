"""How identities of other hosts are learnt and remembered."""

from __future__ import annotations

from collections.abc import Sequence

from federation.did.document import DidDocument
from federation.did.resolver import Resolver
from node.store import accounts
from node.store.clock import now
from node.store.database import Database
from node.store.tables.hosting import IdentityRow


class Identities:
    """Documents of other accounts: resolved, and remembered in the table."""

    def __init__(self, resolver: Resolver, database: Database) -> None:
        self._resolver = resolver
        self._database = database

    async def document(self, did: str, announced: Sequence[str]) -> DidDocument:
        """The current document. Raises what the resolver does."""
        document = await self._resolver.resolve(did, announced)
        row = IdentityRow(
            did=did,
            handle=document.handle or "",
            signing_key=document.signing_key or "",
            host=document.pds or "",
            checked_at=now(),
        )
        with self._database.read() as session:
            known = accounts.find_identity(session, did)
        if known is None or (known.handle, known.signing_key, known.host) != (row.handle, row.signing_key, row.host):
            await self._database.writer.awrite(lambda session: accounts.save_identity(session, row))
        return document

    def forget(self, did: str) -> None:
        """Resolve anew next time."""
        self._resolver.forget(did)
