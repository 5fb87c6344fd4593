"""A hosted repository as a CAR, in pieces."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import closing

from node.errors import Malformed
from node.services.hosting.trees import Trees
from node.store.repositories import records
from node.store.sessions import Session

PIECE = 262_144  # bytes: a thread works some milliseconds on one, and others have their turn in between


class RepoUnavailable(Malformed):
    """The repository is not served at the moment."""


def export_repository(session: Session, trees: Trees, did: str, since: str = "") -> Iterator[bytes]:
    """The tree and the records of later revisions than `since`; they are read as the tree comes to them."""
    repository = trees.open_whole(session, did)
    with closing(records.iterate_in_tree_order(session, did)) as rows:

        def following(cid: str) -> bytes | None:
            found, rev, block = next(rows, ("", "", b""))
            if found != cid:
                raise RepoUnavailable("The records are not those of the tree.")
            return block if rev > since else None

        yield from _in_pieces(repository.export(following, partial=bool(since)))


def _in_pieces(blocks: Iterable[bytes]) -> Iterator[bytes]:
    piece = bytearray()
    for block in blocks:
        piece += block
        if len(piece) >= PIECE:
            yield bytes(piece)
            piece.clear()
    if piece:
        yield bytes(piece)
