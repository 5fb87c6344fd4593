"""Which addresses may be reached, and how identities of other hosts are learnt and remembered."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

from federation.addresses import AddressPolicy
from federation.did.document import DidDocument
from federation.did.resolver import Resolver
from federation.plc import History
from node.services.directory import Directory
from node.settings.declared import Settings
from node.store import accounts
from node.store.clock import now
from node.store.database import Database
from node.store.tables.hosting import IdentityRow


@dataclass(frozen=True)
class _LocalPolicy(AddressPolicy):
    """Also lets in what lives at `localhost`, on any port: demonstrations and tests."""

    def allows_private(self, host: str, port: int) -> bool:
        return host == "localhost" or super().allows_private(host, port)


def policy_of(settings: Settings) -> AddressPolicy:
    """Where this node may connect to."""
    allowed = frozenset(settings.allow_private)
    return _LocalPolicy(allowed) if settings.allow_localhost else AddressPolicy(allowed)


class DirectoryMirror:
    """Keeps proven histories in this node's own directory, so that an account outlives its host's."""

    def __init__(self, directory: Directory, database: Database) -> None:
        self._directory = directory
        self._database = database

    async def find(self, did: str) -> History | None:
        """The history that was kept."""
        return await asyncio.to_thread(self._directory.find_history, did)

    async def keep(self, history: History) -> None:
        """Keep it."""
        await self._database.writer.awrite(lambda session: self._directory.mirror(session, history))


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
