"""Publishing one document under a practitioner's identity: a new version and its head in one step.

Public ones become a signed commit; internal ones are kept on this node, in no repository.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from federation.cids import cid_for
from federation.codec import decode, encode
from federation.repository import Write
from node.errors import Conflict
from node.services.hosting.repositories import RepositoryHost
from node.services.internal.records import InternalRecords
from node.store.clock import as_text, now
from node.store.content import catalogue
from node.store.content.catalogue import PUBLIC, Audience, Audiences
from node.store.database import Database
from node.store.inside import internal
from node.store.repositories import records
from node.store.sessions import Session
from node.store.tables.catalogue import VersionRow
from schemas.authority import MODULE, MODULE_VERSION, PATH, PATH_VERSION, TASK, TASK_VERSION
from schemas.datamodel import from_json
from schemas.identifiers import tid_from_micros

HEADS = {MODULE_VERSION: MODULE, TASK_VERSION: TASK, PATH_VERSION: PATH}
# What publishing adds; two states that differ in nothing else are the same state.
_ADDED = frozenset({"previous", "changeNote", "createdAt", "major", "accepts"})
# What a text does not carry and a new version keeps from the one before.
_KEPT = ("derivedFrom", "contributors")


@dataclass(frozen=True, slots=True)
class Published:
    """Where it stands now."""

    uri: str
    version_uri: str


def find_current(
    session: Session, did: str, collection: str, name: str, audiences: Audiences = PUBLIC
) -> VersionRow | None:
    """The current version of an author's own item."""
    item = catalogue.find_item(session, f"at://{did}/{collection}/{name}", audiences)
    return catalogue.find_version(session, item.version_uri, audiences) if item else None


def publish(
    database: Database, host: RepositoryHost, did: str, value: Mapping[str, Any], change: str = ""
) -> Published:
    """Publish a version record's value. Raises Conflict when it says nothing new, Malformed against its lexicon."""
    with database.read() as session:
        published, writes = prepare(session, did, value, change, "public")
    host.write(did, writes, validate=True)
    return published


def publish_inside(
    database: Database, kept: InternalRecords, did: str, value: Mapping[str, Any], change: str = ""
) -> Published:
    """As `publish`, for the members of this node alone."""
    with database.read() as session:
        published, writes = prepare(session, did, {**value, "visibility": "organisation"}, change, "organisation")
    kept.write(did, writes)
    return published


def prepare(
    session: Session, did: str, value: Mapping[str, Any], change: str, audience: Audience
) -> tuple[Published, list[Write]]:
    """The version and the head that shows it. Raises Conflict when it says nothing new."""
    collection, name = HEADS[value["$type"]], str(value.get("name", ""))
    current = find_current(session, did, collection, name, frozenset({audience}))
    store = records if audience == "public" else internal
    head = store.find_record(session, did, collection, name)
    stated: dict[str, Any] = from_json(dict(current.value)) if current else {}
    new: dict[str, Any] = {**{key: stated[key] for key in _KEPT if key in stated}, **value}
    if current is not None and _content(new) == _content(stated):
        raise Conflict("Nothing has changed since the version that is published.", code="Unchanged")
    at = now()
    new |= {"createdAt": as_text(at)} | ({"changeNote": change} if change else {})
    if current is not None:
        new["previous"] = {"uri": current.uri, "cid": current.cid}
    rkey = str(tid_from_micros(at, 0))
    writes = [
        Write("create", str(value["$type"]), rkey, new),
        Write(
            "update" if head else "create", collection, name, _head(did, new, rkey, decode(head.block) if head else {})
        ),
    ]
    return Published(f"at://{did}/{collection}/{name}", f"at://{did}/{value['$type']}/{rkey}"), writes


def _head(did: str, version: Mapping[str, Any], rkey: str, known: Mapping[str, Any]) -> dict[str, Any]:
    """The head that shows `version`; what an earlier head says besides is kept."""
    current = {
        "uri": f"at://{did}/{version['$type']}/{rkey}",
        "cid": cid_for(encode(dict(version))),
    }
    return {
        **known,
        "$type": HEADS[version["$type"]],
        "name": version["name"],
        "title": version["title"],
        "current": current,
        "createdAt": known.get("createdAt", version["createdAt"]),
        "updatedAt": version["createdAt"],
    }


def _content(value: Mapping[str, Any]) -> dict[str, Any]:
    return {key: entry for key, entry in value.items() if key not in _ADDED}
