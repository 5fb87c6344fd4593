"""Records as programs are given them, and writes as they send them, by the protocol and by `/api`."""

from __future__ import annotations

from typing import Any

from federation.codec import decode
from federation.events import Action
from node.store.tables.hosting import RecordRow
from node.store.tables.internal import InternalRecordRow
from schemas.datamodel import to_json

_ACTIONS: dict[str, Action] = {"create": "create", "update": "update", "delete": "delete"}


def record_json(row: RecordRow | InternalRecordRow) -> dict[str, Any]:
    """Address, CID and value."""
    return {"uri": row.uri, "cid": row.cid, "value": to_json(decode(row.block))}


def find_action(tagged: str) -> Action | None:
    """What a write does by its `$type`, such as com.atproto.repo.applyWrites#create."""
    return _ACTIONS.get(tagged.rpartition("#")[2])
