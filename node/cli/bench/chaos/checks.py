"""What must hold in a data folder after whatever happened: looked for in its tables and files themselves."""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

from federation.codec import blob_cid
from federation.commit import parse_commit
from federation.errors import FederationError
from federation.events import CommitEvent
from federation.frames import parse_frame
from federation.keys import VerifyingKey
from federation.repository import Repository
from node.services.audit import Audit
from node.services.hosting.blobs.in_folder import path_of
from node.store.database import Database
from node.store.repositories import accounts, blobs, events, records
from node.store.sessions import Session
from node.store.tables.hosting import HeadRow

HELD = ("blobs", "internal", "ranking", "keys")  # folders in which unfinished files would pile up


def find_wrong(data: Path, database_url: str = "", *, restored: bool = False) -> list[str]:
    """What is wrong in the folder of a node, running or not, and in its database; nothing when all is well.

    A `restored` one numbers its events on from far ahead: the gap tells followers to look anew.
    """
    database = Database(database_url or f"sqlite:///{data / 'skillnet.db'}")
    try:
        wrong = [f"database file: {line}" for line in database.damage()]
        wrong += [] if Audit(database, data).check().ok else ["the chain of the audit log is broken"]
        with database.read() as session:
            wrong += _stream(session)
            if not restored and _has_gap(session):
                wrong.append("the stream has a gap")
            for account in accounts.list_accounts(session):
                head = records.find_head(session, account.did)
                if head is not None and account.status == "active":
                    wrong += [f"{account.handle}: {line}" for line in _repository(session, head)]
                    wrong += [f"{account.handle}: {line}" for line in _blobs(session, head.did, data / "blobs")]
    finally:
        database.close()
    return wrong


def _has_gap(session: Session) -> bool:
    count, first, last = events.count_events(session), events.first_seq(session), events.last_seq(session)
    return count > 0 and count != last - first + 1


def _stream(session: Session) -> Iterator[str]:
    """Revisions go up, and no repository stands behind what was announced of it."""
    told: dict[str, str] = {}
    for _, frame in events.list_frames(session, 0, 1_000_000):
        event = parse_frame(frame)
        if isinstance(event, CommitEvent):
            if event.rev <= told.get(event.did, ""):
                yield f"{event.did}: revision {event.rev} comes after {told[event.did]}"
            told[event.did] = event.rev
    for did, rev in told.items():
        head = records.find_head(session, did)
        if head is not None and head.rev < rev:
            yield f"{did} stands at {head.rev}, but {rev} was announced"


def _repository(session: Session, head: HeadRow) -> Iterator[str]:
    """Tree and rows are the same, under a signature of the account's key; every block has its hash."""
    identity = accounts.find_identity(session, head.did)
    try:
        Repository.load(head.commit_block, records.list_paths(session, head.did))
        if identity is not None:
            parse_commit(head.commit_block).verify(VerifyingKey.parse_did_key(identity.signing_key))
    except FederationError as error:
        yield f"the repository does not verify: {error}"


def _blobs(session: Session, did: str, folder: Path) -> Iterator[str]:
    """Every blob that a record names is there, and is what its name says."""
    for cid in blobs.list_blobs(session, did, limit=10_000):
        path = path_of(folder, cid)
        if not path.exists() or blob_cid(sha256(path.read_bytes()).digest()) != cid:
            yield f"the file {cid} is missing or damaged"


def find_unfinished(data: Path) -> list[str]:
    """Files that somebody began and nobody will finish."""
    places = [data / name for name in HELD]
    found = [path for place in places if place.is_dir() for path in place.rglob("*") if path.is_file()]
    return [str(path.relative_to(data)) for path in found if path.name.startswith(".") or path.suffix == ".draft"]
