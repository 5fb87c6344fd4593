"""Trees of hosted repositories: in memory as far as they fit; the vertices of large ones also in a table.

A tree is rebuilt from its records in some four microseconds each, so a small one is not stored. A large one is opened
from its stored vertices and read where it is touched: a proof costs eight of them, however many records there are.
"""

from __future__ import annotations

import threading
from collections import OrderedDict

from federation.cids import trusted_cid
from federation.commit_result import CommitResult
from federation.repository import Repository
from node.errors import NotAllowed
from node.store.repositories import records, vertices
from node.store.sessions import Session
from node.store.tables.hosting import HeadRow

STORED_FROM = 5_000  # a repository with more records than this has its vertices stored
WRITING, READING = 300_000, 150_000  # records in all trees kept in memory for the writer, for readers: 300 bytes each
TOUCHED = 2_000  # as how many records a tree counts that is read where it is touched
ONE_PATH = 30  # and as how many more with every proof: so many entries have the vertices of one path


class _Kept:
    """Repositories in memory; those not used for longest go when all together hold too many records."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._sizes = 0
        self._kept: OrderedDict[str, tuple[Repository, int]] = OrderedDict()

    def find(self, did: str) -> Repository | None:
        found = self._kept.get(did)
        if found is None:
            return None
        self._kept.move_to_end(did)
        return found[0]

    def put(self, did: str, repository: Repository, size: int) -> None:
        self.drop(did)
        self._kept[did] = (repository, size)
        self._sizes += size
        while self._sizes > self._most and len(self._kept) > 1:
            self.drop(next(iter(self._kept)))

    def grow(self, did: str, size: int) -> None:
        repository, before = self._kept[did]
        self.put(did, repository, before + size)

    def drop(self, did: str) -> None:
        self._sizes -= self._kept.pop(did, (None, 0))[1]


class Trees:
    """`load`, `keep` and `follow` are the writer's; the other methods may be called from any thread."""

    def __init__(self) -> None:
        self._writing = _Kept(WRITING)
        self._reading = _Kept(READING)
        self._opened = _Kept(READING // 2)
        self._door = threading.Lock()  # of what readers keep; never held while a tree is built
        self._stored: set[str] = set()  # of those in the writer's memory: vertices are in the table
        self._session: Session | None = None  # the writer's at the moment

    def load(self, session: Session, did: str) -> Repository:
        """The writer's repository, opened or rebuilt and checked against its signed root if need be."""
        self._session = session
        repository = self._writing.find(did)
        if repository is None:
            head = get_head(session, did)
            if vertices.find_vertex(session, did, trusted_cid(head.data_cid)) is None:
                self._stored.discard(did)
                return Repository.load(head.commit_block, records.list_paths(session, did))
            self._stored.add(did)
            repository = Repository.open(head.commit_block, lambda cid: self._find(did, cid))
        return repository

    def _find(self, did: str, cid: bytes) -> bytes | None:
        return None if self._session is None else vertices.find_vertex(self._session, did, cid)

    def keep(self, did: str, repository: Repository, count: int) -> None:
        """Keep the writer's repository, which holds `count` records, for the next commit."""
        self._writing.put(did, repository, TOUCHED if did in self._stored else count + 1)

    def follow(self, session: Session, repository: Repository, result: CommitResult, count: int) -> None:
        """Keep the stored vertices in step with a commit; begin to store them when there are many records."""
        did = result.did
        if did in self._stored:
            vertices.put_vertices(session, did, result.vertices_added.items())
            vertices.remove_vertices(session, did, result.vertices_removed)
        elif count > STORED_FROM:
            self.store(session, repository)

    def store(self, session: Session, repository: Repository) -> None:
        """Store all vertices of a repository anew."""
        vertices.delete_vertices(session, repository.did)
        vertices.put_vertices(session, repository.did, repository.vertices())
        self._stored.add(repository.did)

    def find_reader(self, did: str, commit_cid: str) -> Repository | None:
        """The readers' copy of a repository, if it is in memory and stands at this commit."""
        with self._door:
            known = self._reading.find(did)
        return known if known is not None and known.commit_cid == commit_cid else None

    def keep_reader(self, did: str, repository: Repository, count: int) -> None:
        """Keep a repository for other readers, who never change it."""
        with self._door:
            self._reading.put(did, repository, count + 1)

    def find_opened(self, did: str, commit_cid: str) -> Repository | None:
        """A large repository that the event loop has opened, if it stands at this commit."""
        with self._door:
            known = self._opened.find(did)
            if known is None or known.commit_cid != commit_cid:
                return None
            self._opened.grow(did, ONE_PATH)
        return known

    def keep_opened(self, did: str, repository: Repository) -> None:
        """Keep a large repository for further proofs; the event loop's alone, since it reads through its connection."""
        with self._door:
            self._opened.put(did, repository, ONE_PATH)

    def open_whole(self, session: Session, did: str) -> Repository:
        """A repository of its own for a reader: the writer's may change meanwhile."""
        head = get_head(session, did)
        known = self.find_reader(did, head.commit_cid)
        if known is None:
            known = Repository.load(head.commit_block, records.list_paths(session, did))
            self.keep_reader(did, known, head.records)
        return known

    def open_for_proof(self, session: Session, did: str) -> Repository:
        """As `open_whole`, but a large repository is read only where it is touched, and while `session` is open."""
        head = get_head(session, did)
        if head.records > STORED_FROM and vertices.find_vertex(session, did, trusted_cid(head.data_cid)) is not None:
            return Repository.open(head.commit_block, lambda cid: vertices.find_vertex(session, did, cid))
        return self.open_whole(session, did)

    def drop(self, did: str) -> None:
        """Forget the trees in memory: the repository was erased or replaced, or a commit was taken back."""
        self._writing.drop(did)
        self._stored.discard(did)
        with self._door:
            self._reading.drop(did)
            self._opened.drop(did)


def get_head(session: Session, did: str) -> HeadRow:
    """The head of a hosted repository. Raises NotAllowed."""
    head = records.find_head(session, did)
    if head is None or not head.hosted:
        raise NotAllowed(f"{did} has no repository on this node.", code="RepoNotFound")
    return head
