"""A record as programs are given it, by the protocol and by `/api`."""

from __future__ import annotations

from typing import Any

from federation.codec import decode
from node.store.tables.hosting import RecordRow
from node.store.tables.internal import InternalRecordRow
from schemas.datamodel import to_json


def record_json(row: RecordRow | InternalRecordRow) -> dict[str, Any]:
    """Address, CID and value."""
    return {"uri": row.uri, "cid": row.cid, "value": to_json(decode(row.block))}
