"""/api for authors: changes that others suggest, and what became of them."""

from __future__ import annotations

from typing import Any

from litestar import get

from federation.codec import decode
from node.services.assembly import Services
from node.services.policy import Viewer, audiences_of
from node.services.writing.suggesting import Suggested, states_of
from node.store.content import suggestions
from node.store.inside import internal
from node.store.repositories import records
from node.store.sessions import Session
from node.web.access.viewing import require_reading
from node.web.api.reading import get_item, handles_of, summary_of
from schemas.datamodel import to_json

Body = dict[str, Any]


@get("/api/suggestions", sync_to_thread=True)
def list_suggestions(services: Services, viewer: Viewer, uri: str) -> Body:
    """Suggestions for a module or task that this node knows, newest first: open, accepted or declined."""
    require_reading(services, viewer)
    audiences = audiences_of(viewer)
    with services.database.read() as session:
        row = get_item(session, uri, viewer)
        found = states_of(session, suggestions.list_suggestions(session, audiences, item_uri=row.uri), audiences)
        handles = handles_of(session, {row.did, *(one.row.did for one in found)})
        shown = [_shown(session, one, handles) for one in found]
    return {"item": summary_of(services, row, handles), "suggestions": shown}


def _shown(session: Session, one: Suggested, handles: dict[str, str]) -> Body:
    store = records if one.row.audience == "public" else internal
    record = store.find_record_by_uri(session, one.row.uri)
    return {
        "uri": one.row.uri, "cid": one.row.cid, "by": one.row.did, "handle": handles.get(one.row.did, ""),
        "state": one.state, "reason": one.reason, "value": to_json(decode(record.block)) if record else {},
    }  # fmt: skip


HANDLERS = (list_suggestions,)
