"""Publishing one document under a practitioner's identity: a new version and its head in one signed commit."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from federation.cids import cid_for
from federation.codec import decode, encode
from federation.repository import Write
from node.errors import Conflict
from node.services.hosting.repositories import RepositoryHost
from node.store import catalogue, records
from node.store.catalogue import PUBLIC
from node.store.clock import as_text, now
from node.store.database import Database
from node.store.sessions import Session
from node.store.tables.catalogue import VersionRow
from schemas.authority import MODULE, MODULE_VERSION, TASK, TASK_VERSION
from schemas.datamodel import from_json
from schemas.identifiers import tid_from_micros

_HEADS = {MODULE_VERSION: MODULE, TASK_VERSION: TASK}
# What publishing adds; two states that differ in nothing else are the same state.
_ADDED = frozenset({"previous", "changeNote", "createdAt", "major", "accepts"})
# What a text does not carry and a new version keeps from the one before.
_KEPT = ("derivedFrom", "contributors")


@dataclass(frozen=True, slots=True)
class Published:
    """Where it stands now."""

    uri: str
    version_uri: str


def find_current(session: Session, did: str, collection: str, name: str) -> VersionRow | None:
    """The current version of an author's own item."""
    item = catalogue.find_item(session, f"at://{did}/{collection}/{name}", PUBLIC)
    return catalogue.find_version(session, item.version_uri, PUBLIC) if item else None


def publish(
    database: Database, host: RepositoryHost, did: str, value: Mapping[str, Any], change: str = ""
) -> Published:
    """Publish a version record's value. Raises Conflict when it says nothing new, Malformed against its lexicon."""
    collection = _HEADS[value["$type"]]
    with database.read() as session:
        current = find_current(session, did, collection, str(value.get("name", "")))
        head = records.find_record(session, did, collection, str(value.get("name", "")))
    stated: dict[str, Any] = from_json(dict(current.value)) if current else {}
    kept = {key: stated[key] for key in _KEPT if key in stated}
    new: dict[str, Any] = {**kept, **value}
    if current is not None and _content(new) == _content(stated):
        raise Conflict("Nothing has changed since the version that is published.", code="Unchanged")
    at = now()
    new |= {"createdAt": as_text(at)} | ({"changeNote": change} if change else {})
    if current is not None:
        new["previous"] = {"uri": current.uri, "cid": current.cid}
    rkey = str(tid_from_micros(at, 0))
    known = decode(head.block) if head else {}
    writes = [
        Write("create", str(value["$type"]), rkey, new),
        Write("update" if head else "create", collection, str(new["name"]), _head(did, new, rkey, known)),
    ]
    host.write(did, writes, validate=True)
    return Published(f"at://{did}/{collection}/{new['name']}", f"at://{did}/{value['$type']}/{rkey}")


def _head(did: str, version: Mapping[str, Any], rkey: str, known: Mapping[str, Any]) -> dict[str, Any]:
    """The head that shows `version`; what an earlier head says besides is kept."""
    current = {
        "uri": f"at://{did}/{version['$type']}/{rkey}",
        "cid": cid_for(encode(dict(version))),
    }
    return {
        **known,
        "$type": _HEADS[version["$type"]],
        "name": version["name"],
        "title": version["title"],
        "current": current,
        "createdAt": known.get("createdAt", version["createdAt"]),
        "updatedAt": version["createdAt"],
    }


def _content(value: Mapping[str, Any]) -> dict[str, Any]:
    return {key: entry for key, entry in value.items() if key not in _ADDED}
