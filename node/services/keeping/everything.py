"""Everything that an organisation may take along, in open formats: `skillnet export --everything`.

Repositories as CAR files as the AT Protocol imports them, files under the names of their content, the rest as lines of
JSON. What is sealed for one person, and what opens a node, is not handed to its operator: see LEFT_OUT.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path
from typing import Any

from federation.codec import decode
from federation.errors import FederationError
from node.services.hosting.blobs.places import INTERNAL, PUBLIC, open_blobs
from node.services.hosting.blobs.store import BlobStore
from node.services.hosting.exporting import RepoUnavailable, export_repository
from node.services.hosting.names import node_did
from node.services.hosting.trees import Trees
from node.services.keeping.export_folder import ExportFolder
from node.services.keeping.opened import opened
from node.settings.declared import Settings, declared_settings
from node.store.inside import internal
from node.store.keeping import dumping
from node.store.repositories import blobs, records
from node.store.sessions import Session
from node.store.tables.hosting import HeadRow, RecordRow
from node.store.tables.internal import InternalRecordRow
from schemas.datamodel import to_json

FORMAT = 1
AT_ONCE = 500  # heads

# Tables as lines of JSON, without these columns.
TABLES: dict[str, tuple[str, ...]] = {
    "person": ("password",),
    "account": ("sealed_key",),
    "identity": (),
    "directory_operation": (),
    "peer": (),
    "rule": (),
    "report": (),
    "label": (),
    "labeler": (),
    "moderation": (),
    "audit": (),
    "tool_feed": (),
    "tool_release": (),
}
LEFT_OUT = {
    "what workers told and did": "Sealed for each of them: they take it along with `skillnet worker export`.",
    "drafts": "Nobody's but their writers'.",
    "passwords, second factors, sessions, tokens": "They open this node and no other.",
    "keys": "Accounts leave with their owners' recovery keys; for the same node elsewhere there is `skillnet backup`.",
    "what other hosts published": "It is theirs, and a new node fetches it anew.",
    "reference data": "It is imported from its publishers.",
    "the event stream, search index and scores": "They are computed from the rest.",
}
# Where each table that is not in TABLES went: into another file, or into a reason of LEFT_OUT.
ELSEWHERE: dict[str, frozenset[str]] = {
    "repositories": frozenset({"head", "record", "vertex"}),
    "files": frozenset({"blob"}),
    "internal": frozenset({"internal_record", "internal_blob"}),
    "what workers told and did": frozenset({"worker", "worker_entry", "feed_address"}),
    "drafts": frozenset({"draft"}),
    "passwords, second factors, sessions, tokens": frozenset({"token", "factor", "attempt"}),
    "keys": frozenset({"fact"}),
    "what other hosts published": frozenset(
        {"item", "version", "endorsement", "vouch", "credential", "profile", "organisation", "suggestion", "rejection"}
    ),
    "reference data": frozenset(
        {
            "reference_release", "reference_occupation", "reference_task", "reference_skill", "reference_link",
            "reference_crosswalk", "reference_exposure",
        }
    ),
    "the event stream, search index and scores": frozenset({"event", "job"}),
}  # fmt: skip
Progress = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Exported:
    """What lies in the folder; `resumed` files were there from an interrupted run.

    `missing`: CIDs of lost files and damaged records, and DIDs of damaged repositories.
    """

    path: Path
    repositories: int
    files: int
    resumed: int
    missing: tuple[str, ...]


def export_everything(settings: Settings, folder: Path, progress: Progress) -> Exported:
    """Fill a folder from one consistent state of a running or stopped node. Raises Conflict, DataFolderError, OSError.

    Interrupted, it is taken up again by the same call.
    """
    with opened(settings) as database:
        target = ExportFolder(folder)
        try:
            with database.read() as session:
                return _Everything(settings, session, target, progress).run()
        finally:
            target.leave()


class _Everything:
    def __init__(self, settings: Settings, session: Session, target: ExportFolder, progress: Progress) -> None:
        self._settings = settings
        self._session = session
        self._target = target
        self._progress = progress
        self._stores = open_blobs(settings)
        self._missing: set[str] = set()

    def run(self) -> Exported:
        repositories = self._repositories()
        self._records()
        self._files()
        self._internal()
        for name, without in TABLES.items():
            self._progress(name)
            lines = (body + b"\n" for body, _ in dumping.dump_table(self._session, name, without))
            self._target.put(f"tables/{name}.jsonl", lines)
        self._target.put("settings.json", [_json(_settings(self._settings))])
        self._target.put("about.json", [_json(self._about(repositories))])
        files = self._target.finish()
        missing = tuple(sorted(self._missing))
        return Exported(self._target.path, repositories, files, self._target.resumed, missing)

    def _repositories(self) -> int:
        trees, count = Trees(), 0
        for head in self._heads():
            self._progress(head.did)
            name = f"repositories/{head.did.replace(':', '_')}.car"
            try:
                self._target.put(name, export_repository(self._session, trees, head.did), head.commit_cid)
                count += 1
            except (RepoUnavailable, FederationError):
                self._missing.add(head.did)  # its records and files are there all the same
        return count

    def _heads(self) -> Iterator[HeadRow]:
        after = ""
        while heads := records.list_heads(self._session, hosted=True, after=after, limit=AT_ONCE):
            yield from heads
            after = heads[-1].did

    def _records(self) -> None:
        self._progress("records")
        rows = (row for head in self._heads() for row in records.iterate_records(self._session, did=head.did))
        self._target.put("records.jsonl", _lines(self._told(rows)))

    def _told(self, rows: Iterable[RecordRow | InternalRecordRow]) -> Iterator[dict[str, Any]]:
        for row in rows:
            try:
                value = to_json(decode(row.block))
            except FederationError:
                self._missing.add(row.cid)
                continue
            yield {"did": row.did, "collection": row.collection, "rkey": row.rkey, "cid": row.cid, "value": value}

    def _files(self) -> None:
        self._progress("files")
        rows = list(blobs.iterate_hosted(self._session))
        for cid in sorted({row.cid for row in rows}):
            self._file("files", self._stores[PUBLIC], cid)
        named = ({"did": row.did, "cid": row.cid, "mimeType": row.mime, "size": row.size} for row in rows)
        self._target.put("files.jsonl", _lines(named))

    def _internal(self) -> None:
        self._progress("internal")
        for cid in sorted(internal.list_named_blobs(self._session)):
            self._file("internal/files", self._stores[INTERNAL], cid)
        self._target.put("internal/records.jsonl", _lines(self._told(internal.iterate_all(self._session))))

    def _file(self, folder: str, store: BlobStore, cid: str) -> None:
        def body() -> Iterator[bytes]:
            found = store.find_whole(cid)
            if found is None:
                raise FileNotFoundError(cid)
            yield found

        try:
            self._target.put(f"{folder}/{cid}", body(), cid)
        except FileNotFoundError:
            self._missing.add(cid)

    def _about(self, repositories: int) -> dict[str, Any]:
        return {
            "format": FORMAT,
            "release": metadata.version("skillnet-node"),
            "at": datetime.now(UTC).isoformat(timespec="seconds"),
            "node": {"did": node_did(self._settings), "url": self._settings.public_url},
            "organisation": self._settings.organisation,
            "repositories": repositories,
            "missing": sorted(self._missing),
            "leftOut": LEFT_OUT,
            "description": "docs/how-to/leave-with-everything.md of SkillNet",
        }


def _settings(settings: Settings) -> dict[str, Any]:
    """What was set, but no secret: of those only that there is one."""
    found = {one.key: (one, getattr(settings, one.attribute)) for one in declared_settings()}
    changed = {key: value for key, (one, value) in found.items() if value != one.default and not one.secret}
    secret = [key for key, (one, value) in found.items() if value and one.secret]
    return {"settings": changed, "secretsLeftOut": secret}


def _json(value: dict[str, Any]) -> bytes:
    return json.dumps(value, ensure_ascii=False, indent=2).encode() + b"\n"


def _lines(values: Iterable[dict[str, Any]]) -> Iterator[bytes]:
    for value in values:
        yield json.dumps(value, ensure_ascii=False).encode() + b"\n"
