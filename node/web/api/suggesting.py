"""/api for authors: changes that others suggest, and what became of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from litestar import get

from federation.codec import decode
from node.services.assembly import Services
from node.services.policy import Viewer, audiences_of
from node.store import catalogue, records
from node.store.sessions import Session
from node.web.api.reading import get_item, handles_of, require_reading, summary_of
from schemas.authority import SUGGESTION
from schemas.datamodel import to_json

Body = dict[str, Any]
MOST = 200  # suggestions in one answer, newest first


@get("/api/suggestions", sync_to_thread=True)
def suggestions(services: Services, viewer: Viewer, uri: str) -> Body:
    """Suggestions for a module or task that this node knows, newest first: open, accepted or declined."""
    require_reading(services, viewer)
    with services.database.read() as session:
        row = get_item(session, uri, viewer)
        versions = catalogue.list_versions(session, row.uri, audiences_of(viewer))
        accepted = {uri for version in versions for uri in _accepted_by(version.value)}
        declined = _declined(session, row.uri)
        found = _found(session, row.uri)
        handles = handles_of(session, {row.did, *(str(one["by"]) for one in found)})
    for one in found:
        one["handle"] = handles.get(one["by"], "")
        one["state"] = "accepted" if one["uri"] in accepted else "declined" if one["uri"] in declined else "open"
        one["reason"] = declined.get(one["uri"], "")
    return {"item": summary_of(services, row, handles), "suggestions": found}


def _found(session: Session, item_uri: str) -> list[Body]:
    found = []
    for row in records.iterate_records(session, [SUGGESTION]):
        value: Any = to_json(decode(row.block))
        if isinstance(value, dict) and value.get("module") == item_uri:
            uri = f"at://{row.did}/{row.collection}/{row.rkey}"
            found.append({"uri": uri, "cid": row.cid, "by": row.did, "value": value, "rkey": row.rkey})
    found.sort(key=lambda one: str(one.pop("rkey")), reverse=True)
    return found[:MOST]


def _accepted_by(value: Mapping[str, Any]) -> set[str]:
    return {str(one.get("uri")) for one in value.get("accepts", [])}


def _declined(session: Session, item_uri: str) -> dict[str, str]:
    """Suggestion → the author's reason, from the head."""
    row = records.find_record_by_uri(session, item_uri)
    head: Any = to_json(decode(row.block)) if row is not None else {}
    answers = head.get("declines", []) if isinstance(head, Mapping) else []
    return {str(one["suggestion"]["uri"]): str(one.get("reason", "")) for one in answers}


HANDLERS = (suggestions,)
