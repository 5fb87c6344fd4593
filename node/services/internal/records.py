"""Internal records: stored beside the repositories, never in one, so that nothing that syncs can meet them."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from federation.cids import cid_for
from federation.codec import decode, encode
from federation.repository import Write
from node.authoring.pictures.picture import bare
from node.errors import Conflict, Malformed
from node.services.cataloguing.cataloguer import Cataloguer
from node.services.cataloguing.changes import RecordChange
from node.services.hosting.blobs.draft import StoredBlob
from node.services.hosting.blobs.files import keep_bytes
from node.services.hosting.blobs.letting_go import let_go
from node.services.hosting.blobs.store import BlobStore
from node.services.hosting.repositories import Refuse
from node.services.hosting.writable import blobs_in, check_record, require_not_taken_down, require_writable
from node.store.administration import people
from node.store.clock import DAY, SECOND, now
from node.store.database import Database
from node.store.inside import drafts, internal
from node.store.repositories import blobs, records
from node.store.sessions import Session
from node.store.tables.internal import InternalBlobRow, InternalRecordRow
from schemas.authority import (
    ENDORSEMENT,
    MODULE,
    MODULE_VERSION,
    PATH,
    PATH_VERSION,
    SUGGESTION,
    TASK,
    TASK_VERSION,
)

# What may be kept inside; people, vouches and credentials are public by nature.
COLLECTIONS = frozenset({MODULE, MODULE_VERSION, TASK, TASK_VERSION, PATH, PATH_VERSION, ENDORSEMENT, SUGGESTION})
SWEPT = DAY  # so long may bytes lie whose row is still coming
GRACE = 30 * DAY  # files that no record and no draft names are kept this long


class PublicAlready(Conflict):
    """A public record stands at that place."""

    hint = "What is public cannot be called back; give the internal one a name of its own."


class InternalRecords:
    """Writes and reads what members alone may see."""

    def __init__(self, database: Database, cataloguer: Cataloguer, folder: BlobStore) -> None:
        self._database = database
        self._cataloguer = cataloguer
        self._folder = folder
        self._refuse: Refuse = lambda _did, _collection, _rkey, _value: None

    def refuse(self, refuse: Refuse) -> None:
        """Ask `refuse` before a record is put."""
        self._refuse = refuse

    def write(self, did: str, writes: Sequence[Write]) -> list[str]:
        """Put and remove records in one durable step; the CIDs of those put. Raises Malformed, Conflict."""
        return self._database.writer.write(lambda session: self.commit(session, did, writes))

    def commit(self, session: Session, did: str, writes: Sequence[Write]) -> list[str]:
        """As `write`, inside the writer."""
        require_writable(session, did, writes)
        changes = [self._apply(session, did, write) for write in writes]
        self._cataloguer.apply_internal(session, did, changes, now())
        return [change.cid for change in changes if change.value is not None]

    def _apply(self, session: Session, did: str, write: Write) -> RecordChange:
        if write.collection not in COLLECTIONS:
            raise Malformed(f"{write.collection} cannot be kept inside.")
        old = internal.delete_record(session, did, write.collection, write.rkey)
        self._count(session, did, old.block if old else None, -1)
        if write.value is None:
            return RecordChange(write.collection, write.rkey, "", None)
        if records.find_record(session, did, write.collection, write.rkey) is not None:
            raise PublicAlready
        self._refuse(did, write.collection, write.rkey, write.value)
        check_record(write, validate=True)
        block = encode(write.value)
        row = InternalRecordRow(did=did, collection=write.collection, rkey=write.rkey, cid=cid_for(block), block=block)
        row.first_seen = old.first_seen if old else now()
        internal.save_record(session, row)
        self._count(session, did, block, +1)
        return RecordChange(write.collection, write.rkey, row.cid, decode(block))

    @staticmethod
    def _count(session: Session, did: str, block: bytes | None, difference: int) -> None:
        """Keep the use counts of files; a public blob of the same account may be named too."""
        for cid in blobs_in(decode(block)) if block else ():
            counted = internal.count_use(session, did, cid, difference)
            if not counted and difference > 0 and blobs.find_blob(session, did, cid) is None:
                raise Malformed(f"The blob {cid} has not been uploaded.", code="BlobNotFound")

    def put_blob(self, did: str, body: bytes, claimed: str = "") -> StoredBlob:
        """Keep a file in the internal folder; of a picture nothing but the picture.

        Raises TooLarge, and NotAllowed where the operator took the account down.
        """

        def save(session: Session, stored: StoredBlob) -> None:
            require_not_taken_down(session, did)
            row = InternalBlobRow(did=did, cid=stored.cid, mime=stored.mime, size=stored.size, stored_at=now())
            internal.save_blob(session, row)

        return keep_bytes(self._database, self._folder, bare(body), claimed, save)

    def find_blob(self, cid: str) -> bytes | None:
        """The bytes of an internal file."""
        return self._folder.find(cid)

    def erase(self, session: Session, did: str) -> None:
        """Remove everything of an account, its drafts too, inside the writer."""
        for person in people.list_people(session):
            if person.did == did:
                drafts.delete_drafts(session, person.name)
        rows = internal.list_records(session, did)
        changes = [RecordChange(row.collection, row.rkey, "", None) for row in rows]
        self._cataloguer.apply_internal(session, did, changes, now())
        self._let_go(session, internal.delete_everything(session, did))

    def hide(self, session: Session, did: str) -> None:
        """Show an account's internal records no longer; they are kept."""
        rows = internal.list_records(session, did)
        changes = [RecordChange(row.collection, row.rkey, "", None) for row in rows]
        self._cataloguer.apply_internal(session, did, changes, now())

    def show(self, session: Session, did: str) -> None:
        """Show them again."""
        rows = sorted(internal.list_records(session, did), key=lambda row: row.first_seen)
        for row in rows:
            change = RecordChange(row.collection, row.rkey, row.cid, decode(row.block))
            self._cataloguer.apply_internal(session, did, [change], row.first_seen)

    def collect(self) -> int:
        """Forget files that nothing names, past their grace; returns how many."""

        def work(session: Session) -> int:
            gone = internal.delete_blobs(session, internal.list_unused(session, now() - GRACE))
            self._let_go(session, gone)
            return len(gone)

        count = self._database.writer.write(work)
        self._folder.settle()
        return count

    def sweep(self) -> None:
        """Remove bytes that no row names: left by a crash between a file's placing and its row's commit."""
        found = self._folder.list_older(SWEPT / SECOND)
        self._database.writer.write(lambda session: self._let_go(session, found))

    def _let_go(self, session: Session, cids: Collection[str]) -> None:
        let_go(session, self._database, self._folder, cids, internal.is_held)
