"""What one commit changed: made by a repository, stored by the node, announced in a frame."""

from collections.abc import Iterator
from dataclasses import dataclass

from federation.car import Block, write_car
from federation.cids import cid_text, raw_cid
from federation.commit import SignedCommit
from federation.events import RepoOp


@dataclass(frozen=True, slots=True)
class CommitResult:
    """What one commit changed: all that has to be stored and announced. CIDs are text, blocks keyed by raw CIDs.

    `proof` is what the event carries besides commit and records: the vertices with which the operations can be
    undone. `vertices_added` and `vertices_removed` keep a store of vertices, where there is one, in step.
    """

    before: SignedCommit
    commit: SignedCommit
    ops: tuple[RepoOp, ...]
    records: dict[str, bytes]
    proof: dict[bytes, bytes]
    vertices_added: dict[bytes, bytes]
    vertices_removed: frozenset[bytes]

    @property
    def did(self) -> str:
        """Whose repository it is."""
        return self.commit.did

    @property
    def rev(self) -> str:
        """The new revision."""
        return self.commit.rev

    @property
    def since(self) -> str:
        """The revision before."""
        return self.before.rev

    @property
    def commit_block(self) -> bytes:
        """The signed commit."""
        return self.commit.block

    @property
    def commit_cid(self) -> str:
        """The CID of the commit."""
        return cid_text(self.commit.cid)

    @property
    def data_cid(self) -> str:
        """The CID of the tree's root now."""
        return cid_text(self.commit.data)

    @property
    def prev_data(self) -> str:
        """The CID of the tree's root before."""
        return cid_text(self.before.data)

    @property
    def blocks(self) -> dict[str, bytes]:
        """Every block of the event by CID: commit, vertices, records."""
        return {cid_text(cid): block for cid, block in self._sections()}

    @property
    def car(self) -> bytes:
        """The event's CAR slice: commit first, then vertices from the root down, then records."""
        return write_car([self.commit.cid], self._sections())

    def _sections(self) -> Iterator[Block]:
        yield self.commit.cid, self.commit.block
        yield from self.proof.items()
        for block in self.records.values():
            yield raw_cid(block), block
