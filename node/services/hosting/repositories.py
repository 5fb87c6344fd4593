"""Hosted repositories: writes become signed commits, stored, catalogued and announced in one durable transaction."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from federation.codec import decode
from federation.commit_result import CommitResult
from federation.events import SyncEvent
from federation.frames import encode_commit, encode_sync
from federation.repository import Repository, Write
from federation.verify import VerifiedRepo
from node.errors import Conflict, Malformed
from node.services.cataloguing.cataloguer import Cataloguer
from node.services.cataloguing.changes import RecordChange
from node.services.hosting.kept_inside import refuse_internal
from node.services.hosting.keyring import Keyring
from node.services.hosting.stream import EventStream
from node.services.hosting.trees import STORED_FROM, Trees
from node.services.hosting.writable import blobs_in, check_record, require_writable
from node.store.clock import as_text, now
from node.store.database import Database
from node.store.engine.writer import on_rollback
from node.store.inside import internal
from node.store.repositories import blobs, records, vertices
from node.store.repositories.records import Advance, Change
from node.store.sessions import Session
from node.store.tables.hosting import HeadRow
from schemas.authority import ENDORSEMENT, MODULE, PATH, TASK
from schemas.identifiers import parse_tid, tid_from_micros

_KEYED_ALIKE = frozenset({MODULE, TASK, PATH, ENDORSEMENT})  # a public record takes the place of an internal one


Refuse = Callable[[str, str, str, Any], None]  # (DID, collection, key, value): raises for what may not come back
Decision = Callable[[Session], Sequence[Write]]


class SwapFailed(Conflict):
    """The repository or record has changed meanwhile."""

    status = 400  # the protocol's own
    code = "InvalidSwap"


class RepositoryHost:
    """The repositories of this node's accounts. All methods that change run inside the writer."""

    def __init__(self, database: Database, keyring: Keyring, stream: EventStream, cataloguer: Cataloguer) -> None:
        self._database = database
        self._keyring = keyring
        self._stream = stream
        self._cataloguer = cataloguer
        self._refuse: Refuse = lambda _did, _collection, _rkey, _value: None
        self.trees = Trees()
        self._clock = 0
        self._clock_id = 0

    def refuse(self, refuse: Refuse) -> None:
        """Ask `refuse` before a record is put."""
        self._refuse = refuse

    def write(self, did: str, writes: Sequence[Write], *, swap: str = "", validate: bool | None = None) -> CommitResult:
        """Commit `writes` to the repository of `did`; returns once it is durable."""
        return self._database.writer.write(lambda session: self.commit(session, did, writes, swap, validate))

    async def awrite(
        self, did: str, writes: Sequence[Write], *, swap: str = "", validate: bool | None = None
    ) -> CommitResult:
        """As `write`, from the event loop."""
        return await self._database.writer.awrite(lambda session: self.commit(session, did, writes, swap, validate))

    def write_decided(
        self, did: str, decide: Decision, *, swap: str = "", validate: bool | None = None
    ) -> CommitResult | None:
        """As `write`, for writes that depend on what is there: `decide` runs inside the writer. None: nothing to do."""

        def work(session: Session) -> CommitResult | None:
            writes = decide(session)
            return self.commit(session, did, writes, swap, validate) if writes else None

        return self._database.writer.write(work)

    def create(self, session: Session, did: str, *, announced: bool = True) -> None:
        """An empty signed repository for a new account, announced with #sync unless the account moves in."""
        key = self._keyring.key_of(session, did)
        repository = Repository.create(did, key, self._next_rev(""))
        self._save_head(session, repository, 0)
        self._keep(session, did, repository, 0)
        if announced:
            self.announce_state(session, repository)

    def announce_state(self, session: Session, repository: Repository) -> None:
        """Tell the stream where a repository stands, whatever was said of it before; inside the writer."""
        did, rev, car, time = repository.did, repository.rev, repository.head_car, as_text(now())
        self._stream.append(session, did, "sync", lambda seq: encode_sync(SyncEvent(seq, did, rev, car, time)))

    def commit(
        self, session: Session, did: str, writes: Sequence[Write], swap: str = "", validate: bool | None = None
    ) -> CommitResult:
        """One signed commit with all of `writes`. Raises Malformed, Conflict, NotAllowed."""
        require_writable(session, did, writes)
        for write in writes:
            check_record(write, validate)
            if write.value is not None:
                refuse_internal(session, write.value)
                self._refuse(did, write.collection, write.rkey, write.value)
        repository = self.trees.load(session, did)
        if swap and swap != repository.commit_cid:
            raise SwapFailed
        on_rollback(session, lambda: self.drop(did))  # the tree in memory is ahead of the disk: build it anew
        result = repository.apply(writes, self._keyring.key_of(session, did), self._next_rev(repository.rev))
        count = self._store(session, result, repository, writes, checked=validate is not False)
        self._keep(session, did, repository, count)
        self.trees.follow(session, repository, result, count)
        return result

    def recommit(self, session: Session, did: str) -> CommitResult:
        """An empty commit, as after a change of key: the head must verify under the current document."""
        repository = self.trees.load(session, did)
        on_rollback(session, lambda: self.drop(did))
        result = repository.apply([], self._keyring.key_of(session, did), self._next_rev(repository.rev))
        head = records.find_head(session, did)
        count = head.records if head else 0
        self._save_head(session, repository, count)
        time = as_text(now())
        self._stream.append(session, did, "commit", lambda seq: encode_commit(result, seq, time))
        self._keep(session, did, repository, count)
        return result

    def replace(self, session: Session, did: str, verified: VerifiedRepo) -> None:
        """Put an imported repository in the place of the one here, under a new commit by the account's own key.

        Raises what `refuse` was given raises, for a record that may not come back.
        """
        for path, (_, value) in verified.records.items():
            collection, _, rkey = path.partition("/")
            self._refuse(did, collection, rkey, value)
        fresh = {path: cid for path, (cid, _) in verified.records.items()}
        repository = Repository.load(verified.commit_block, fresh.items())
        head = records.find_head(session, did)
        rev = self._next_rev(max(repository.rev, head.rev if head else ""))
        repository.apply([], self._keyring.key_of(session, did), rev)
        known = dict(records.list_paths(session, did))
        changes = [_change_at(path, "", None) for path in known if path not in fresh]
        changes += [
            _change_at(path, cid, verified.blocks[path]) for path, cid in fresh.items() if known.get(path) != cid
        ]
        records.apply_changes(session, did, rev, changes, now())
        blobs.reset_uses(session, did)
        for _, value in verified.records.values():
            for blob in blobs_in(value):
                blobs.await_blob(session, did, blob)
        self._save_head(session, repository, len(fresh))
        self.drop(did)
        vertices.delete_vertices(session, did)
        if len(fresh) > STORED_FROM:
            self.trees.store(session, repository)
        self._keep(session, did, repository, len(fresh))

    def _store(
        self, session: Session, result: CommitResult, repository: Repository, writes: Sequence[Write], *, checked: bool
    ) -> int:
        """Store and announce a commit; how many records the repository holds now."""
        did, at = result.did, now()
        replaced = [op.prev for op in result.ops if op.prev]
        blocks = records.find_blocks(session, did, replaced) if replaced else {}
        self._count_blobs(session, did, [blocks[cid] for cid in replaced], -1)
        cids = {op.path: op.cid or "" for op in result.ops}
        changes = [
            Change(write.collection, write.rkey, cids[write.path], result.records.get(write.path)) for write in writes
        ]
        records.apply_changes(session, did, result.rev, changes, at)
        for change in changes:
            if change.collection in _KEYED_ALIKE and change.block is not None:
                internal.delete_record(session, did, change.collection, change.rkey)
        self._count_blobs(session, did, list(result.records.values()), +1)
        grown = sum((op.prev is None) - (op.cid is None) for op in result.ops)
        head = repository.head
        advance = Advance(did, head.rev, result.commit_cid, result.data_cid, head.block, grown, at)
        count = records.advance_head(session, advance)
        seen = [RecordChange.of(change) for change in changes]
        self._cataloguer.apply(session, did, result.rev, seen if checked else [item.sound() for item in seen], at)
        kind = "deletion" if any(op.action == "delete" for op in result.ops) else "commit"
        self._stream.append(session, did, kind, lambda seq: encode_commit(result, seq, as_text(at)))
        return count

    @staticmethod
    def _count_blobs(session: Session, did: str, blocks: list[bytes], difference: int) -> None:
        """Keep the use counts of the blobs that these records name; a new record may only name blobs that are here."""
        for block in blocks:  # equal records share a block and count each
            for blob in blobs_in(decode(block)) if b"$type" in block and b"blob" in block else ():
                if not blobs.count_use(session, did, blob, difference) and difference > 0:
                    raise Malformed(f"The blob {blob} has not been uploaded.", code="BlobNotFound")

    @staticmethod
    def _save_head(session: Session, repository: Repository, count: int) -> None:
        records.save_head(session, head_of(repository, count))

    def _next_rev(self, previous: str) -> str:
        """A TID above `previous` and above every one given out by this process."""
        floor = max(self._clock, _micros(previous))
        self._clock = max(now(), floor + 1)
        return str(tid_from_micros(self._clock, self._clock_id))

    def _keep(self, session: Session, did: str, repository: Repository, count: int) -> None:
        self.trees.keep(did, repository, count)
        on_rollback(session, lambda: self.drop(did))

    def drop(self, did: str) -> None:
        """Forget the tree in memory: the repository was erased or replaced."""
        self.trees.drop(did)


def head_of(repository: Repository, count: int) -> HeadRow:
    """What is stored of where a hosted repository of `count` records stands."""
    return HeadRow(
        did=repository.did,
        hosted=True,
        rev=repository.rev,
        commit_cid=repository.commit_cid,
        data_cid=repository.data_cid,
        commit_block=repository.commit_block,
        records=count,
        checked_at=now(),
    )


def _change_at(path: str, cid: str, block: bytes | None) -> Change:
    collection, _, rkey = path.partition("/")
    return Change(collection, rkey, cid, block)


def _micros(rev: str) -> int:
    return parse_tid(rev).micros if rev else 0
