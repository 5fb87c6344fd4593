"""Accounts of practitioners: created with their own recovery key first, so that they can leave."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterable
from typing import Any

from federation.events import AccountEvent, IdentityEvent
from federation.frames import encode_account, encode_identity
from federation.keys import SigningKey, VerifyingKey
from federation.plc import PlcData, make_genesis
from node.errors import Conflict, Malformed
from node.services.hosting.blobs.draft import StoredBlob
from node.services.hosting.blobs.files import save_row
from node.services.hosting.blobs.letting_go import let_go
from node.services.hosting.blobs.store import BlobStore
from node.services.hosting.keyring import Keyring
from node.services.hosting.names import handle_for
from node.services.hosting.repositories import RepositoryHost
from node.services.hosting.stream import EventStream
from node.services.hosting.writable import require_not_taken_down
from node.services.outside import Outside
from node.services.sealing import Sealer
from node.settings.declared import Settings
from node.store.administration import facts
from node.store.clock import DAY, SECOND, as_text, now
from node.store.database import Database
from node.store.repositories import accounts, blobs
from node.store.sessions import Session
from node.store.tables.hosting import AccountRow, IdentityRow

BLOB_GRACE = DAY  # unnamed blobs are collected after this


class Accounts:
    """Creates and describes the accounts that this node hosts."""

    def __init__(
        self,
        settings: Settings,
        database: Database,
        host: RepositoryHost,
        keyring: Keyring,
        blob_folder: BlobStore,
        outside: Outside,
    ) -> None:
        self._settings = settings
        self._database = database
        self._host = host
        self._keyring = keyring
        self._directory = outside.directory
        self._blobs = blob_folder
        self._outside = outside

    def create(self, session: Session, row: AccountRow, key: SigningKey, stream: EventStream) -> None:
        """Store an account with an empty signed repository and announce it, inside the writer."""
        if accounts.find_account(session, row.handle) is not None:
            raise Conflict(f"The handle {row.handle} is taken.", code="HandleNotAvailable")
        row.sealed_key, row.created_at = self._keyring.seal(row.did, key), now()
        session.add(row)
        session.flush()
        did, handle, time = row.did, row.handle, as_text(now())
        active = row.status == "active"
        if active:
            stream.append(session, did, "identity", lambda seq: encode_identity(IdentityEvent(seq, did, handle, time)))
            stream.append(session, did, "account", lambda seq: encode_account(AccountEvent(seq, did, True, None, time)))
        self._host.create(session, did, announced=active)

    def create_practitioner(
        self, name: str, recovery_key: str, rotation: SigningKey, stream: EventStream
    ) -> AccountRow:
        """A did:plc account whose first rotation key is the practitioner's own, made on their side.

        `recovery_key` is a did:key; the node never sees its private half. Empty: the practitioner's program made
        none, and they add one by an operation later. Raises Malformed, Conflict.
        """
        keys: tuple[str, ...] = (rotation.did_key,)
        if recovery_key:
            VerifyingKey.parse_did_key(recovery_key)
            keys = (recovery_key, rotation.did_key)
        if recovery_key == rotation.did_key:
            raise Malformed("The recovery key must be the practitioner's own, not the node's.")
        key = SigningKey.generate()
        handle = handle_for(name, self._settings)
        data = PlcData.for_account(keys, key.did_key, handle, self._settings.public_url)
        did, operation = make_genesis(data, rotation)
        row = AccountRow(did=did, handle=handle, kind="practitioner")
        self._check_free(handle)
        self._outside.publish(did, operation)

        def work(session: Session) -> None:
            self._directory.submit(session, did, operation)
            self.create(session, row, key, stream)
            self.remember(session, row, key.did_key, data.to_document(did))

        self._database.writer.write(work)
        return row

    def receive(self, did: str, handle: str, key: SigningKey, stream: EventStream) -> AccountRow:
        """An account that moves in: empty and deactivated until its repository came and its document names this node.

        One that was deleted here may come back. Raises Conflict.
        """
        row = AccountRow(did=did, handle=handle, kind="practitioner", status="deactivated")

        def work(session: Session) -> None:
            known = accounts.find_account(session, did)
            if known is not None and known.status != "deleted":
                raise Conflict("The account is here already; sign in to it.", code="AlreadyExists")
            if known is not None:
                session.delete(known)
                session.flush()
            self.create(session, row, key, stream)
            self.remember(session, row, key.did_key, {})

        self._database.writer.write(work)
        return row

    def _check_free(self, handle: str) -> None:
        with self._database.read() as session:
            if accounts.find_account(session, handle) is not None:
                raise Conflict(f"The handle {handle} is taken.", code="HandleNotAvailable")

    def remember(self, session: Session, row: AccountRow, signing_key: str, document: dict[str, Any]) -> None:
        """Keep what the account's document says, inside the writer."""
        identity = IdentityRow(
            did=row.did,
            handle=row.handle,
            signing_key=signing_key,
            host=self._settings.public_url,
            document=document,
            checked_at=now(),
        )
        accounts.save_identity(session, identity)

    def document(self, did: str) -> dict[str, Any]:
        """The DID document of a hosted practitioner, from the stored operations."""
        history = self._directory.find_history(did)
        if history is not None:
            return history.to_document()
        with self._database.read() as session:
            identity = accounts.find_identity(session, did)
        return dict(identity.document) if identity else {}

    async def store_blob(self, did: str, body: AsyncIterable[bytes], claimed: str) -> StoredBlob:
        """Keep a blob that is being uploaded until a record names it.

        Raises TooLarge, reading no further, and NotAllowed where the operator took the account down. Of a picture
        nothing is kept but the picture; an account that moves in brings its blobs as they were signed.
        """
        moves_in = await asyncio.to_thread(self._moves_in, did)
        draft = await asyncio.to_thread(self._blobs.begin)
        try:
            async for piece in body:
                draft.add(piece)
            if not moves_in:
                await asyncio.to_thread(draft.lay_bare)
            stored = await asyncio.to_thread(draft.finish, claimed)

            def work(session: Session) -> None:
                require_not_taken_down(session, did)
                save_row(session, did, stored)
                draft.place()

            await self._database.writer.awrite(work)
        finally:
            draft.close()
        return stored

    def _moves_in(self, did: str) -> bool:
        with self._database.read() as session:
            require_not_taken_down(session, did)
            return accounts.get_status(session, did)[1] == "deactivated"

    def collect_blobs(self) -> int:
        """Forget blobs that no record names, past their grace; returns how many."""

        def work(session: Session) -> int:
            gone = blobs.list_unused(session, now() - BLOB_GRACE)
            for row in gone:
                session.delete(row)
            session.flush()
            orphans = {row.cid for row in gone if not blobs.is_held(session, row.cid)}
            let_go(session, self._database, self._blobs, orphans)
            return len(orphans)

        count = self._database.writer.write(work)
        self._blobs.settle()
        return count

    def sweep_blobs(self) -> None:
        """Remove files that no row names: left by a crash between a file's placing and its row's commit."""
        found = self._blobs.list_older(BLOB_GRACE / SECOND)
        self._database.writer.write(lambda session: let_go(session, self._database, self._blobs, found))


def load_rotation_key(database: Database, sealer: Sealer) -> SigningKey:
    """The node's own rotation key for did:plc, sealed in the database; made on first use."""
    with database.read() as session:
        fact = facts.find_fact(session, "rotation-key")
    if fact is not None:
        return SigningKey.from_bytes(sealer.open(bytes.fromhex(str(fact["sealed"])), "rotation-key"))
    key = SigningKey.generate()
    sealed = sealer.seal(key.to_bytes(), "rotation-key").hex()
    database.writer.write(lambda session: facts.save_fact(session, "rotation-key", {"sealed": sealed}))
    return key
