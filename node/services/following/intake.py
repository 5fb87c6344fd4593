"""Stores what was verified: records of ours, their catalogue rows, the new head and the cursor, in one transaction."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from federation.codec import decode
from federation.verify import KnownState, VerificationLimits, VerifiedCommit, VerifiedHead, VerifiedRepo
from node.errors import NodeError
from node.services.cataloguing.cataloguer import Cataloguer
from node.services.cataloguing.changes import RecordChange
from node.services.following.quotas import Quotas
from node.services.following.refusals import Refusal
from node.services.hosting.blobs.letting_go import let_go
from node.services.hosting.blobs.store import BlobStore
from node.services.hosting.writable import blobs_in
from node.services.withholding import Withholding
from node.store.clock import now
from node.store.database import Database
from node.store.repositories import accounts, blobs, peers, records
from node.store.repositories.records import Change
from node.store.sessions import Session
from node.store.tables.hosting import HeadRow
from node.store.tables.peers import RejectionRow
from schemas.authority import RECORD_TYPES
from schemas.errors import RecordInvalid
from schemas.validation import validate_record

WANTED = frozenset(RECORD_TYPES)
LIMITS = VerificationLimits(collections=WANTED)
MOST_TOLD = 50  # refused records of one event or repository that are recorded


class StateMoved(NodeError):
    """The repository changed between verifying and storing: another host brought it too, or ended it."""

    code = "StateMoved"


@dataclass(slots=True)
class Taken:
    """What an intake found: blobs that the new records name, and records that were refused."""

    blobs: set[tuple[str, str]] = field(default_factory=set)
    refused: list[Refusal] = field(default_factory=list)


class Intake:
    """Writes verified states of followed repositories."""

    def __init__(
        self,
        database: Database,
        cataloguer: Cataloguer,
        folder: BlobStore,
        quotas: Quotas,
        withholding: Withholding,
    ) -> None:
        self._database = database
        self._cataloguer = cataloguer
        self._folder = folder
        self._quotas = quotas
        self._withholding = withholding

    @property
    def largest_repository(self) -> int:
        """Bytes of one repository that may be received: no more than is kept of a whole host."""
        return min(LIMITS.repo_size, self._quotas.largest_repository)

    def state_of(self, did: str) -> KnownState | None:
        """The last verified state of a followed repository."""
        with self._database.read() as session:
            return _state(records.find_head(session, did))

    def follows(self, did: str, peer: str) -> bool:
        """Is `did` followed, and from this host?"""
        with self._database.read() as session:
            head = records.find_head(session, did)
        return head is not None and head.peer == peer

    def is_hosted(self, did: str) -> bool:
        """Does this node host `did` itself?"""
        with self._database.read() as session:
            head = records.find_head(session, did)
        return head is not None and head.hosted

    async def take_commit(self, peer: str, seq: int, commit: VerifiedCommit, state: KnownState | None) -> Taken:
        """Apply the changes of one event, verified against `state`, and move the host's cursor. Raises StateMoved."""
        taken = Taken()
        changes = []
        for op in commit.ops:
            collection, _, rkey = op.path.partition("/")
            if collection not in WANTED:
                continue
            if op.problem is not None:
                taken.refused.append(Refusal.of(op.problem))
                continue
            change = RecordChange(collection, rkey, op.cid or "", op.value)
            if self._accept(change, commit.did, taken):
                changes.append((change, op.block))

        def work(session: Session) -> None:
            if _state(records.find_head(session, commit.did)) != state:
                raise StateMoved(f"{commit.did} is not as it was when its event was verified.")
            self._quotas.charge(session, peer, [block for _, block in changes if block], new_account=state is None)
            self._store(session, peer, commit, changes)
            move_cursor(session, peer, seq)

        await self._database.writer.awrite(work)
        return taken

    async def take_repository(self, peer: str, repo: VerifiedRepo) -> Taken:
        """Replace what is known of a repository with its verified whole state."""
        taken = Taken()
        fresh: dict[str, tuple[RecordChange, bytes | None]] = {}
        for path, (cid, value) in repo.records.items():
            collection, _, rkey = path.partition("/")
            change = RecordChange(collection, rkey, cid, value)
            if self._accept(change, repo.did, taken):
                fresh[path] = (change, repo.blocks[path])
        taken.refused.extend(map(Refusal.of, repo.problems.values()))

        def work(session: Session) -> None:
            known = dict(records.list_paths(session, repo.did))
            gone = [_removal(path) for path in known if path not in fresh]
            changed = [item for path, item in fresh.items() if known.get(path) != item[0].cid]
            is_new = records.find_head(session, repo.did) is None
            self._quotas.charge(session, peer, [block for _, block in changed if block], new_account=is_new)
            self._store(session, peer, repo, [*changed, *((change, None) for change in gone)])

        await self._database.writer.awrite(work)
        return taken

    async def take_head(self, peer: str, head: VerifiedHead) -> None:
        """The same records under a newer commit, perhaps at another host: from now on it is followed from there."""

        def work(session: Session) -> None:
            row = records.find_head(session, head.did)
            if row is not None and row.data_cid == head.data_cid and row.rev < head.rev:
                row.peer, row.rev, row.commit_cid, row.commit_block = peer, head.rev, head.commit_cid, head.commit_block

        await self._database.writer.awrite(work)

    async def drop_repository(self, did: str) -> None:
        """Forget everything of a repository: its account was deleted or taken down at its host."""
        self._quotas.forget()

        def work(session: Session) -> None:
            gone = [_removal(path) for path, _ in records.list_paths(session, did)]
            self._cataloguer.apply(session, did, "", gone, now())
            records.delete_repository(session, did)
            accounts.delete_identity(session, did)
            let_go(session, self._database, self._folder, blobs.delete_blobs(session, did))

        await self._database.writer.awrite(work)

    async def drop_records(self, did: str, paths: Sequence[str]) -> None:
        """Forget single records of a repository that goes on being followed."""

        def work(session: Session) -> None:
            head = records.find_head(session, did)
            changes = [(_removal(path), None) for path in paths]
            self._count_blobs(session, did, changes)
            rows = [Change(change.collection, change.rkey, "", None) for change, _ in changes]
            rev = head.rev if head else ""
            records.apply_changes(session, did, rev, rows, now())
            self._cataloguer.apply(session, did, rev, [change for change, _ in changes], now())

        await self._database.writer.awrite(work)

    async def reject(self, peer: str, did: str, seq: int, refusal: Refusal) -> None:
        """Record a refusal for the operator and move the cursor past it."""
        row = RejectionRow(
            id=0, peer=peer, did=did[:200], seq=seq, code=refusal.code, detail=refusal.detail[:1000], at=now()
        )

        def work(session: Session) -> None:
            peers.add_rejection(session, row)
            if seq:
                move_cursor(session, peer, seq)

        await self._database.writer.awrite(work)

    async def reject_all(self, peer: str, did: str, refusals: Sequence[Refusal]) -> None:
        """Record refusals of single records: the repository went on without them."""
        rows = [RejectionRow(id=0, peer=peer, did=did[:200], code=r.code, detail=r.detail[:1000]) for r in refusals]

        def work(session: Session) -> None:
            for row in rows[:MOST_TOLD]:
                row.at = now()
                peers.add_rejection(session, row)

        if rows:
            await self._database.writer.awrite(work)

    def awaited(self, peer: str) -> list[tuple[str, str]]:
        """(DID, CID) of blobs that records followed from this host name and that are not here yet."""
        with self._database.read() as session:
            return blobs.list_awaited_of(session, peer)

    async def restart(self, peer: str) -> None:
        """The host's sequence numbers began anew: so does its cursor."""
        await self._database.writer.awrite(lambda session: move_cursor(session, peer, -1))

    async def tell(self, peer: str, fetched: int, expected: int) -> None:
        """How far the backfill of a host came."""

        def work(session: Session) -> None:
            row = peers.find_peer(session, peer)
            if row is not None:
                row.fetched, row.expected = fetched, expected

        await self._database.writer.awrite(work)

    async def skip(self, peer: str, seq: int) -> None:
        """Nothing of ours in this event: only the cursor moves."""
        await self._database.writer.awrite(lambda session: move_cursor(session, peer, seq))

    def _accept(self, change: RecordChange, did: str, taken: Taken) -> bool:
        """Hold a record against its lexicon; note its blobs."""
        if change.value is None:
            return True
        if self._withholding.keeps_out(did, change):
            return False
        try:
            validate_record(change.value, change.collection, change.rkey)
        except RecordInvalid as error:
            detail = f"{change.collection}/{change.rkey}: {error}"
            taken.refused.append(Refusal("record-invalid", detail))
            return False
        taken.blobs.update((did, cid) for cid in blobs_in(change.value))
        return True

    def _store(
        self,
        session: Session,
        peer: str,
        state: VerifiedCommit | VerifiedRepo,
        changes: Iterable[tuple[RecordChange, bytes | None]],
    ) -> None:
        changes, at = list(changes), now()
        self._count_blobs(session, state.did, changes)
        rows = [Change(change.collection, change.rkey, change.cid, block) for change, block in changes]
        records.apply_changes(session, state.did, state.rev, rows, at)
        self._cataloguer.apply(session, state.did, state.rev, [change for change, _ in changes], at)
        records.save_head(
            session,
            HeadRow(
                did=state.did,
                peer=peer,
                rev=state.rev,
                commit_cid=state.commit_cid,
                data_cid=state.data_cid,
                commit_block=state.commit_block,
                checked_at=at,
            ),
        )

    @staticmethod
    def _count_blobs(session: Session, did: str, changes: Iterable[tuple[RecordChange, bytes | None]]) -> None:
        """Keep count of the records that name each blob: one that is named no longer goes, here as at its host."""
        for change, block in changes:
            before = records.find_record(session, did, change.collection, change.rkey)
            for cid in blobs_in(change.value) if block is not None else ():
                blobs.await_blob(session, did, cid)
            for cid in blobs_in(decode(before.block)) if before is not None else ():
                blobs.count_use(session, did, cid, -1)

    def has_room(self, peer: str) -> bool:
        """May this host bring more? As reckoned last: who has used up its quota is not even asked for new accounts."""
        return self._quotas.has_room(peer)


def _state(head: HeadRow | None) -> KnownState | None:
    return KnownState(head.rev, head.data_cid) if head is not None and not head.hosted and head.rev else None


def _removal(path: str) -> RecordChange:
    collection, _, rkey = path.partition("/")
    return RecordChange(collection, rkey, "", None)


def move_cursor(session: Session, peer: str, seq: int) -> None:
    """The host was heard, up to `seq`."""
    row = peers.find_peer(session, peer)
    if row is not None:
        row.cursor, row.seen_at, row.failures, row.error = seq, now(), 0, ""
