"""An account's life after it was made: deactivated, active again, moved in, erased. Each step is announced."""

from __future__ import annotations

from itertools import groupby
from typing import Protocol

from federation.codec import decode
from federation.events import AccountEvent, IdentityEvent
from federation.frames import encode_account, encode_identity
from federation.verify import VerifiedRepo
from node.errors import Malformed
from node.services.cataloguing.cataloguer import Cataloguer
from node.services.cataloguing.changes import RecordChange
from node.services.hosting.blobs.letting_go import let_go
from node.services.hosting.blobs.store import BlobStore
from node.services.hosting.keyring import Keyring
from node.services.hosting.repositories import RepositoryHost
from node.services.hosting.stream import EventStream
from node.store.clock import as_text, now
from node.store.database import Database
from node.store.engine.writer import on_commit
from node.store.repositories import accounts, blobs, records
from node.store.sessions import Session
from node.store.tables.hosting import AccountRow

TAKEN_DOWN = "takendown"  # by the operator, as the protocol spells it


class Companion(Protocol):
    """What an account has besides its repository, such as what it keeps inside; it shares the account's fate."""

    def hide(self, session: Session, did: str) -> None: ...
    def show(self, session: Session, did: str) -> None: ...
    def erase(self, session: Session, did: str) -> None: ...


class Lifecycle:
    """Changes what an account is, in one durable step each."""

    def __init__(  # noqa: PLR0913, PLR0917  wired in one place, by name of type
        self,
        database: Database,
        host: RepositoryHost,
        keyring: Keyring,
        stream: EventStream,
        cataloguer: Cataloguer,
        blob_folder: BlobStore,
        companion: Companion,
    ) -> None:
        self._database = database
        self._host = host
        self._keyring = keyring
        self._stream = stream
        self._cataloguer = cataloguer
        self._blobs = blob_folder
        self._companion = companion

    def deactivate(self, did: str, status: str = "deactivated") -> None:
        """Serve it no longer, in stored frames neither; everything is kept. `takendown`: the operator did it.

        Who resumes the stream before that sees a gap, then what became of the account, and fetches it anew if it is
        active again.
        """

        def work(session: Session) -> None:
            row = accounts.get_account(session, did)
            if row.status in (status, "deleted", TAKEN_DOWN):  # its person does not turn that into something milder
                return
            row.status = status
            self._stream.purge(session, did)
            self._announce_account(session, row)
            self._cataloguer.apply(session, did, "", _removals(session, did), now())
            self._companion.hide(session, did)

        self._database.writer.write(work)

    def activate(self, did: str) -> None:
        """Serve it (again): catalogue its records, announce account, identity and where the repository stands."""

        def work(session: Session) -> None:
            row = accounts.get_account(session, did)
            if row.status == "active":
                return
            if row.status == "deleted":
                raise Malformed("The account was deleted.")
            row.status = "active"
            self._announce_account(session, row)
            self.announce_identity(session, did)
            repository = self._host.trees.load(session, did)
            self._host.announce_state(session, repository)
            self._catalogue(session, did, repository.rev)
            self._companion.show(session, did)

        self._database.writer.write(work)

    def announce_identity(self, session: Session, did: str) -> None:
        """Tell the stream that the identity's document changed, inside the writer."""
        handle, time = accounts.get_account(session, did).handle, as_text(now())
        self._stream.append(
            session, did, "identity", lambda seq: encode_identity(IdentityEvent(seq, did, handle, time))
        )

    def import_repository(self, did: str, verified: VerifiedRepo) -> None:
        """Put a verified repository in the place of the one here; the account is not active yet. Raises Malformed."""

        def work(session: Session) -> None:
            if accounts.get_account(session, did).status != "deactivated":
                raise Malformed("Only the repository of a deactivated account can be replaced.")
            self._host.replace(session, did, verified)

        self._database.writer.write(work)

    def erase(self, did: str) -> None:
        """Delete account, repository, blobs, catalogue rows and the content of stored frames; a tombstone stays."""

        def work(session: Session) -> None:
            row = accounts.get_account(session, did)
            self._companion.erase(session, did)
            self._cataloguer.apply(session, did, "", _removals(session, did), now())
            self._stream.purge(session, did)
            records.delete_repository(session, did)
            let_go(session, self._database, self._blobs, blobs.delete_blobs(session, did))
            accounts.delete_identity(session, did)
            row.status, row.sealed_key, row.handle = "deleted", b"", did
            self._announce_account(session, row)
            on_commit(session, lambda: self._forget(did))

        self._database.writer.write(work)
        if self._database.quick is not None:
            self._database.quick.forget()
        self._database.drop_former()
        self._database.scrub()

    def _forget(self, did: str) -> None:
        self._host.drop(did)
        self._keyring.forget(did)

    def _announce_account(self, session: Session, row: AccountRow) -> None:
        did, active, time = row.did, row.status == "active", as_text(now())
        status = None if active else row.status
        self._stream.append(
            session, did, "account", lambda seq: encode_account(AccountEvent(seq, did, active, status, time))
        )

    def _catalogue(self, session: Session, did: str, rev: str) -> None:
        """Every record as when it was first seen here."""
        rows = sorted(records.iterate_records(session, did=did), key=lambda row: row.first_seen)
        for at, group in groupby(rows, key=lambda row: row.first_seen):
            changes = [RecordChange(row.collection, row.rkey, row.cid, decode(row.block)).sound() for row in group]
            self._cataloguer.apply(session, did, rev, changes, at)


def _removals(session: Session, did: str) -> list[RecordChange]:
    paths = (path.partition("/") for path, _ in records.list_paths(session, did))
    return [RecordChange(collection, rkey, "", None) for collection, _, rkey in paths]
