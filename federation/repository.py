"""One account's repository in memory: its tree of paths and CIDs, and its signed head.

Records' bytes are the node's to keep (a table); the tree holds only path → CID, so it can be rebuilt from that
table and checked against the signed root. Limits of one commit: https://atproto.com/specs/sync
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from federation.car import Block, car_header, car_section, write_car
from federation.cids import cid_text, parse_cid, raw_cid, trusted_cid
from federation.codec import encode
from federation.commit import SignedCommit, parse_commit, sign_commit
from federation.commit_result import CommitResult
from federation.errors import (
    BlockMissing,
    CodecError,
    CommitTooLarge,
    PathRepeated,
    RecordExists,
    RecordMissing,
    RecordUnfit,
    RevisionStale,
    TreeInvalid,
)
from federation.events import Action, RepoOp
from federation.keys import SigningKey
from federation.mst import Tree, build_tree
from federation.mst.tree import Source
from federation.paths import parse_path

MAX_OPS: Final = 200
MAX_COMMIT_BYTES: Final = 2_000_000
MAX_RECORD_BYTES: Final = 1_000_000


@dataclass(frozen=True, slots=True)
class Write:
    """A change that is wanted: `value` is the record (a map), None for a deletion."""

    action: Action
    collection: str
    rkey: str
    value: dict[str, Any] | None = None

    @property
    def path(self) -> str:
        """Where in the repository."""
        return f"{self.collection}/{self.rkey}"


class Repository:
    """A repository that takes writes. One writer at a time; a failed write leaves it as it was."""

    __slots__ = ("_tree", "head")

    def __init__(self, head: SignedCommit, tree: Tree) -> None:
        self.head = head
        self._tree = tree

    @classmethod
    def create(cls, did: str, key: SigningKey, rev: str) -> "Repository":
        """A new, empty repository with its first commit."""
        tree = Tree()
        root, _ = tree.flush()
        return cls(sign_commit(did, rev, root, key), tree)

    @classmethod
    def load(cls, commit_block: bytes, records: Iterable[tuple[str, str]]) -> "Repository":
        """Rebuild from all (path, CID) pairs, in any order. Raises TreeInvalid if they do not give the signed root."""
        head = parse_commit(commit_block)
        tree = build_tree(sorted([(path.encode(), trusted_cid(cid)) for path, cid in records]))
        root, _ = tree.flush()
        if root != head.data:
            raise TreeInvalid(f"the records of {head.did} do not give the root that was signed")
        return cls(head, tree)

    @classmethod
    def open(cls, commit_block: bytes, source: Source) -> "Repository":
        """Open with stored vertices, read through `source` (raw CID → block) when touched."""
        head = parse_commit(commit_block)
        return cls(head, Tree.load(head.data, source))

    @property
    def did(self) -> str:
        """Whose repository it is."""
        return self.head.did

    @property
    def rev(self) -> str:
        """The revision of the head."""
        return self.head.rev

    @property
    def commit_block(self) -> bytes:
        """The signed head."""
        return self.head.block

    @property
    def commit_cid(self) -> str:
        """The CID of the signed head."""
        return cid_text(self.head.cid)

    @property
    def data_cid(self) -> str:
        """The CID of the tree's root."""
        return cid_text(self.head.data)

    @property
    def head_car(self) -> bytes:
        """A CAR with the commit only: what a #sync event carries."""
        return write_car([self.head.cid], [(self.head.cid, self.head.block)])

    def find(self, path: str) -> str | None:
        """The CID of the record at a path, or None."""
        raw = self._tree.get(path.encode())
        return None if raw is None else cid_text(raw)

    def paths(self) -> Iterator[tuple[str, str]]:
        """All (path, CID), sorted."""
        return ((key.decode(), cid_text(value)) for key, value in self._tree.walk())

    def apply(self, writes: Sequence[Write], key: SigningKey, rev: str) -> CommitResult:
        """Make and sign one commit of all writes, or none: raises WriteRefused and changes nothing.

        No writes make an empty commit, as after a change of key. `rev` (a TID) must be later than the head's.
        """
        if rev <= self.rev:
            raise RevisionStale(f"{rev} is not later than {self.rev}")
        if len(writes) > MAX_OPS:
            raise CommitTooLarge(f"{len(writes)} writes, at most {MAX_OPS}")
        records, ops = self._plan(writes)
        try:
            for op in ops:
                self._change(op.path, op.cid)
            result = self._seal(ops, records, key, rev)
        except BaseException:
            self._undo(ops)
            raise
        self.head = result.commit
        return result

    def undo(self, result: CommitResult) -> None:
        """Take back the last commit, when it could not be made durable."""
        if self.head.cid != result.commit.cid:
            raise RevisionStale("only the last commit can be taken back")
        self._undo(result.ops)
        self.head = result.before

    def proof(self, path: str) -> list[Block]:
        """Commit and vertices that prove what is at a path, or that nothing is; the caller adds the record."""
        return [(self.head.cid, self.head.block), *self._tree.path_to(path.encode())]

    def record_proof(self, path: str, record: bytes | None) -> bytes:
        """The CAR of com.atproto.sync.getRecord."""
        blocks = self.proof(path)
        if record is not None:
            blocks.append((raw_cid(record), record))
        return write_car([self.head.cid], blocks)

    def export(self, find_record: Callable[[str], bytes | None], *, partial: bool = False) -> Iterator[bytes]:
        """The whole repository as a CAR, in pieces to stream, in pre-order.

        `find_record` gives a record's bytes by CID. With `partial` it may give None: for records the asker has.
        """
        yield car_header([self.head.cid])
        yield car_section(self.head.cid, self.head.block)
        for cid, block in self._tree.preorder():
            content = block if block is not None else find_record(cid_text(cid))
            if content is not None:
                yield car_section(cid, content)
            elif not partial:
                raise BlockMissing(f"record {cid_text(cid)} of {self.did}")

    def vertices(self) -> Iterator[Block]:
        """All vertices, for a store that begins to keep them."""
        return ((cid, block) for cid, block in self._tree.preorder() if block is not None)

    def _plan(self, writes: Sequence[Write]) -> tuple[dict[str, bytes], tuple[RepoOp, ...]]:
        records: dict[str, bytes] = {}
        ops: dict[str, RepoOp] = {}
        for write in writes:
            path = parse_path(write.path)
            if path in ops:
                raise PathRepeated(path)
            previous = self.find(path)
            if write.action == "create" and previous is not None:
                raise RecordExists(path)
            if write.action != "create" and previous is None:
                raise RecordMissing(path)
            cid = None
            if write.action != "delete":
                records[path] = _encode_record(path, write.value)
                cid = cid_text(raw_cid(records[path]))
            ops[path] = RepoOp(write.action, path, cid, previous)
        return records, tuple(ops.values())

    def _seal(self, ops: tuple[RepoOp, ...], records: dict[str, bytes], key: SigningKey, rev: str) -> CommitResult:
        root, fresh = self._tree.flush()
        proof = {root: fresh[root]} if root in fresh else dict([next(self._tree.path_to(b""))])
        for op in ops:
            self._tree.cover(op.path.encode(), proof)
        size = sum(map(len, proof.values())) + sum(map(len, records.values()))
        if size > MAX_COMMIT_BYTES:
            raise CommitTooLarge(f"{size} bytes of blocks, at most {MAX_COMMIT_BYTES}")
        return CommitResult(
            before=self.head,
            commit=sign_commit(self.did, rev, root, key),
            ops=ops,
            records=records,
            proof=proof,
            vertices_added=fresh,
            vertices_removed=frozenset(self._tree.take_dropped(fresh)),
        )

    def _change(self, path: str, cid: str | None) -> None:
        if cid is None:
            self._tree.delete(path.encode())
        else:
            self._tree.put(path.encode(), parse_cid(cid))

    def _undo(self, ops: Iterable[RepoOp]) -> None:
        for op in ops:
            self._change(op.path, op.prev)
        self._tree.flush()
        self._tree.dropped.clear()


def _encode_record(path: str, value: dict[str, Any] | None) -> bytes:
    if not isinstance(value, dict):
        raise RecordUnfit(f"{path}: a record is a map")
    try:
        block = encode(value)
    except CodecError as error:
        raise RecordUnfit(f"{path}: {error.detail}") from error
    if len(block) > MAX_RECORD_BYTES:
        raise RecordUnfit(f"{path}: {len(block)} bytes, at most {MAX_RECORD_BYTES}")
    return block
