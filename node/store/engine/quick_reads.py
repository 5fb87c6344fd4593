"""The few queries that strangers ask thousands of times a second, prepared, straight on SQLite, on the event loop.

One row by its primary key takes some ten microseconds: a thread and the mapper cost fifty times that. PostgreSQL has
no such door, and handlers ask in a thread there.
"""

from __future__ import annotations

import json
import sqlite3
from typing import NamedTuple

_RECORD = (
    "SELECT a.did, r.cid, r.block FROM account a JOIN record r ON r.did = a.did"
    " WHERE a.{name} = ? AND a.status = 'active' AND r.collection = ? AND r.rkey = ?"
)
_PROVEN = (
    "SELECT h.commit_cid, r.block FROM account a JOIN head h ON h.did = a.did"
    " JOIN record r ON r.did = a.did AND r.collection = ? AND r.rkey = ? WHERE a.did = ? AND a.status = 'active'"
)
_HEAD = "SELECT commit_cid, commit_block, records FROM head WHERE did = ? AND hosted"
_PATHS = "SELECT collection || '/' || rkey, cid FROM record WHERE did = ?"
_VERTEX = "SELECT block FROM vertex WHERE did = ? AND cid = ?"
_LIST = (
    "SELECT a.did, r.rkey, r.cid FROM account a JOIN record r ON r.did = a.did"
    " WHERE a.{name} = ? AND a.status = 'active' AND r.collection = ? AND r.rkey {compare} ?"
    " ORDER BY r.rkey {order} LIMIT ?"
)
_STANDING = (
    "SELECT a.did, h.commit_cid FROM account a JOIN head h ON h.did = a.did WHERE a.{name} = ? AND a.status = 'active'"
)
_PERSON = "SELECT name, display_name, password, signed_out_at, roles, did FROM person WHERE name = ?"
_HOLDER = (
    "SELECT p.name, p.display_name, p.password, p.signed_out_at, p.roles, p.did, t.scope, t.proven_at"
    " FROM token t JOIN person p ON p.name = t.person WHERE t.digest = ? AND t.kind = ? AND t.expires_at > ?"
)
KEPT, KEPT_SIZE = 4_096, 8_192  # records, bytes of each: at most 32 MB
PAGES, PAGE_SIZE = 64, 262_144  # pages of listings, bytes of each: at most 16 MB
LAST = "\U0010ffff"  # sorts behind every record key


class QuickPerson(NamedTuple):
    """A row of `person`; `password` is the hash."""

    name: str
    display_name: str
    password: str
    signed_out_at: int
    roles: tuple[str, ...]
    did: str


class QuickHead(NamedTuple):
    """What a row of `head` says of a hosted repository."""

    commit_cid: str
    commit_block: bytes
    records: int


class QuickReads:
    """A connection of its own that only the event loop's thread uses."""

    def __init__(self, path: str) -> None:
        self._connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False, cached_statements=32)
        self._connection.execute("PRAGMA query_only=ON")
        self._connection.execute("PRAGMA busy_timeout=1000")
        self.kept: dict[tuple[str, str], bytes] = {}  # (at-uri, CID) → the record as listings show it
        self.pages: dict[tuple[object, ...], bytes] = {}  # (what was asked, CID of the head) → the listing

    def keep(self, uri: str, cid: str, shown: bytes) -> None:
        """Remember how a record is shown; what a CID names never changes, so only space makes it go."""
        if len(self.kept) >= KEPT:
            self.kept.clear()
        if len(shown) <= KEPT_SIZE:
            self.kept[uri, cid] = shown

    def keep_page(self, key: tuple[object, ...], body: bytes) -> None:
        """Remember a page of a listing; its key holds the head's CID, so it is never read once something changed."""
        if len(self.pages) >= PAGES:
            self.pages.pop(next(iter(self.pages)), None)
        if len(body) <= PAGE_SIZE:
            self.pages[key] = body

    def forget(self) -> None:
        """Something was deleted: nothing of it stays in memory."""
        self.kept.clear()
        self.pages.clear()

    def find_record(self, repo: str, collection: str, rkey: str) -> tuple[str, str, bytes] | None:
        """(DID, CID, block) of a record of an active account, named by DID or handle."""
        query = _RECORD.format(name=_column(repo))
        row: tuple[str, str, bytes] | None = self._connection.execute(query, (repo, collection, rkey)).fetchone()
        return row

    def find_standing(self, repo: str) -> tuple[str, str] | None:
        """(DID, CID of the head) of an active account, named by DID or handle."""
        row: tuple[str, str] | None = self._connection.execute(_STANDING.format(name=_column(repo)), (repo,)).fetchone()
        return row

    def find_proven(self, did: str, collection: str, rkey: str) -> tuple[str, bytes] | None:
        """(CID of the head, block) of a record of an active account."""
        row: tuple[str, bytes] | None = self._connection.execute(_PROVEN, (collection, rkey, did)).fetchone()
        return row

    def find_head(self, did: str) -> QuickHead | None:
        """Where a hosted repository stands."""
        row = self._connection.execute(_HEAD, (did,)).fetchone()
        return None if row is None else QuickHead(*row)

    def list_paths(self, did: str) -> list[tuple[str, str]]:
        """(path, CID) of a repository's records, in any order."""
        return self._connection.execute(_PATHS, (did,)).fetchall()

    def find_vertex(self, did: str, cid: bytes) -> bytes | None:
        """The block of a stored vertex, by its raw CID."""
        row = self._connection.execute(_VERTEX, (did, cid)).fetchone()
        return None if row is None else row[0]

    def list_records(
        self, repo: str, collection: str, limit: int, cursor: str, *, reverse: bool
    ) -> list[tuple[str, str, str]]:
        """(DID, key, CID) of a collection's records, newest key first unless `reverse`, after `cursor`."""
        compare, order = (">", "ASC") if reverse else ("<", "DESC")
        query = _LIST.format(name=_column(repo), compare=compare, order=order)
        start = cursor or ("" if reverse else LAST)
        return self._connection.execute(query, (repo, collection, start, limit)).fetchall()

    def find_person(self, name: str) -> QuickPerson | None:
        """Who has this sign-in name."""
        row = self._connection.execute(_PERSON, (name,)).fetchone()
        return None if row is None else _person(*row)

    def find_holder(self, digest: str, kind: str, now: int) -> tuple[QuickPerson, str, int] | None:
        """Whose token of this kind this is while it holds, its scope, and when its person last showed who they are."""
        row = self._connection.execute(_HOLDER, (digest, kind, now)).fetchone()
        return None if row is None else (_person(*row[:6]), row[6], row[7])

    def find_account(self, name: str) -> tuple[str, str] | None:
        """(DID, kind) of the hosted account with this DID or handle."""
        query = f"SELECT did, kind FROM account WHERE {_column(name)} = ?"  # noqa: S608 - one of two names
        row: tuple[str, str] | None = self._connection.execute(query, (name,)).fetchone()
        return row

    def close(self) -> None:
        """Let go of the file."""
        self._connection.close()


def _person(name: str, display_name: str, password: str, signed_out_at: int, roles: str, did: str) -> QuickPerson:
    return QuickPerson(name, display_name, password, signed_out_at, tuple(json.loads(roles)), did)


def _column(repo: str) -> str:
    return "did" if repo.startswith("did:") else "handle"
