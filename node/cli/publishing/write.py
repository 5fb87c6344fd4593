"""Writes a plan: files first, then each version with its head, many documents in one signed commit."""

from __future__ import annotations

import secrets
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from federation.codec import cid_for, encode
from node.cli.publishing.plan import VERSIONS, Plan, Planned, complete, value_of
from node.cli.publishing.references import HEADS
from node.cli.publishing.repository import Repository
from node.cli.terminal.progress import Progress, silent
from node.errors import Conflict, NodeError
from schemas.datamodel import from_json
from schemas.identifiers import datetime_from_micros, tid_from_micros

MOST_DOCUMENTS = 50  # in one commit: two writes each, far below the 200 that hosts take
PAUSE = 0.2  # seconds between commits, so that relays and followers keep up: 250 documents a second at most
MOST_BYTES = 700_000  # of records in one commit: consumers take events of 2 MB, proofs included


class HostChangedRecord(NodeError):
    """The host stored something other than what was sent."""

    hint = "Its answer names another hash. Tell its operator; do not rely on this publication."


@dataclass(frozen=True, slots=True)
class Published:
    """One document as it now stands on the host."""

    planned: Planned
    version_uri: str
    version_cid: str

    def to_json(self) -> dict[str, Any]:
        """As `publish --json` prints it."""
        return {
            "path": str(self.planned.source.path),
            "kind": self.planned.source.kind,
            "name": self.planned.source.name,
            "action": self.planned.action,
            "inside": self.planned.inside,
            "uri": self.planned.uri,
            "version": {"uri": self.version_uri, "cid": self.version_cid},
        }


@dataclass(frozen=True, slots=True)
class _Draft:
    planned: Planned
    version: dict[str, Any]
    key: str
    cid: str
    size: int


def carry_out(
    plan: Plan,
    repository: Repository,
    note: str = "",
    micros: int | None = None,
    inside: Repository | None = None,
    progress: Progress = silent,
) -> list[Published]:
    """Publish what changed; answers for every document of the plan, in its order. Raises Conflict, Answered.

    `micros`: the time of writing, since 1970, for tests and demonstrations. `inside` as for `make_plan`. Broken off,
    the same command goes on where it stopped: what was published is unchanged by then.
    """
    at = time.time_ns() // 1000 if micros is None else micros
    made: dict[int, _Draft] = {}
    for place, entries in ((inside, [e for e in plan.changes if e.inside]),
                           (repository, [e for e in plan.changes if not e.inside])):  # fmt: skip
        if place is not None:
            made |= {id(draft.planned): draft for draft in _write_all(place, entries, note, at, progress)}
    return [_published(entry, made.get(id(entry)), repository.did) for entry in plan.entries]


def _write_all(
    repository: Repository, entries: Sequence[Planned], note: str, at: int, progress: Progress
) -> list[_Draft]:
    clock = secrets.randbelow(1024)
    drafts: list[_Draft] = []
    for number, entry in enumerate(entries):
        progress(f"preparing {entry.source.name}", number / len(entries) / 2)
        drafts.append(_draft(entry, repository, note, str(tid_from_micros(at + number, clock)), at))
    swap = repository.latest_commit() if drafts else ""
    done = 0
    for batch in _batches(drafts):
        if done:
            time.sleep(PAUSE)
        swap = _commit(batch, repository, swap, at)
        done += len(batch)
        progress(f"published {done} of {len(drafts)}", (1 + done / len(drafts)) / 2)
    return drafts


def _draft(planned: Planned, repository: Repository, note: str, key: str, at: int) -> _Draft:
    """The version's final value. Its hash is computed here, because the head beside it must name it."""
    blobs = {file.path: repository.upload(file.content, file.mime) for file in planned.files}
    value = complete(value_of(planned.source, planned.addresses, blobs), planned.stated)
    if planned.previous is not None:
        value["previous"] = planned.previous.reference
    if note:
        value["changeNote"] = note
    value["createdAt"] = str(datetime_from_micros(at))
    block = encode(from_json(value))
    return _Draft(planned, value, key, cid_for(block), len(block))


def _batches(drafts: Sequence[_Draft]) -> Iterator[list[_Draft]]:
    batch: list[_Draft] = []
    size = 0
    for draft in drafts:
        if batch and (len(batch) == MOST_DOCUMENTS or size + draft.size > MOST_BYTES):
            yield batch
            batch, size = [], 0
        batch.append(draft)
        size += draft.size
    if batch:
        yield batch


def _commit(batch: Sequence[_Draft], repository: Repository, swap: str, at: int) -> str:
    writes = [write for draft in batch for write in _writes(draft, repository.did, at)]
    try:
        results, commit = repository.apply(writes, swap)
    except NodeError as error:
        if getattr(error, "code", "") == "InvalidSwap":
            raise Conflict(
                "Something else was written to this repository meanwhile.", hint="Run the command again."
            ) from error
        raise
    told = [str(result.get("cid", "")) for result in results if "cid" in result]
    if told and told[::2] != [draft.cid for draft in batch]:
        raise HostChangedRecord
    return commit


def _writes(draft: _Draft, did: str, at: int) -> Iterator[dict[str, Any]]:
    """The new version, then the head that points to it."""
    kind, planned = draft.planned.source.kind, draft.planned
    collection = VERSIONS[kind]
    yield _write("create", collection, draft.key, draft.version)
    now = str(datetime_from_micros(at))
    head = {
        "createdAt": now,
        **(planned.head.value if planned.head else {}),
        "$type": HEADS[kind],
        "name": planned.source.name,
        "title": draft.version["title"],
        "current": {"uri": f"at://{did}/{collection}/{draft.key}", "cid": draft.cid},
        "updatedAt": now,
    }
    yield _write("update" if planned.head else "create", HEADS[kind], planned.source.name, head)


def _write(action: str, collection: str, key: str, value: dict[str, Any]) -> dict[str, Any]:
    kind = f"com.atproto.repo.applyWrites#{action}"
    return {"$type": kind, "collection": collection, "rkey": key, "value": value}


def _published(planned: Planned, draft: _Draft | None, did: str) -> Published:
    if draft is not None:
        return Published(planned, f"at://{did}/{VERSIONS[planned.source.kind]}/{draft.key}", draft.cid)
    current = planned.previous
    return Published(planned, current.uri if current else "", current.cid if current else "")
