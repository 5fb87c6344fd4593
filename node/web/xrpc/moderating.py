"""com.atproto.moderation.* and com.atproto.label.*: reports in, this node's labels out."""

from __future__ import annotations

import asyncio
from typing import Any

from litestar import WebSocket, websocket

from federation.frames import encode_error
from federation.labels import encode_labels
from node.errors import Malformed
from node.services.assembly import Services
from node.services.policy import Action, Viewer, require
from node.store.clock import as_text
from node.web.access.viewing import require_reading
from node.web.xrpc.methods import procedure, query
from node.web.xrpc.subscription import send_away, until_gone
from schemas.datamodel import to_json

Body = dict[str, Any]
MOST = 250
PATTERNS = 100
WAIT = 5.0  # seconds between looks for new labels; there are few, and nobody waits for one
MOST_CONSUMERS = 100
_consumers: dict[int, asyncio.Task[None]] = {}  # who sends to each, those that came first in front


@procedure("com.atproto.moderation.createReport")
def create_report(services: Services, viewer: Viewer, data: Body) -> Body:
    """A report about an account or a record, for this node's operator."""
    require(viewer, Action.REPORT)
    subject = data["subject"]
    about = subject.get("uri") or subject.get("did")
    if not isinstance(about, str):
        raise Malformed("The subject is a repoRef or a strongRef.")
    cid = str(subject.get("cid", ""))
    row = services.moderation.reports.make(viewer, about, data["reasonType"], data.get("reason", ""), cid=cid)
    return {
        "id": row.id,
        "reasonType": row.kind,
        "reason": row.reason,
        "subject": subject,
        "reportedBy": viewer.did or services.identity.did,
        "createdAt": as_text(row.at),
    }


@query("com.atproto.label.queryLabels")
def query_labels(
    services: Services,
    viewer: Viewer,
    uriPatterns: list[str],  # noqa: N803  the protocol's own name
    sources: list[str] | None = None,
    limit: int = 50,
    cursor: str = "",
) -> Body:
    """This node's own labels about what the patterns name."""
    require_reading(services, viewer)
    if sources and services.identity.did not in sources:
        return {"labels": []}
    after = int(cursor) if cursor.isascii() and cursor.isdigit() and len(cursor) < 19 else 0
    found, last = services.moderation.labelling.matching(uriPatterns[:PATTERNS], after, min(limit, MOST))
    body: Body = {"labels": [to_json(label) for label in found]}
    return body | ({"cursor": str(last)} if len(found) == limit else {})


@websocket("/xrpc/com.atproto.label.subscribeLabels")
async def subscribe_labels(socket: WebSocket[Any, Any, Any], services: Services) -> None:
    """Frames of labels after `cursor`; without one, only what is new.

    Where too many listen, who came first is sent away and comes back at its cursor: idle strangers shut nobody out.
    """
    await socket.accept()
    labelling, text = services.moderation.labelling, socket.query_params.get("cursor")
    last = await asyncio.to_thread(labelling.last_seq)
    cursor = last if text is None else int(text) if text.isascii() and text.isdigit() and len(text) < 19 else -1
    if not 0 <= cursor <= last:
        await socket.send_data(encode_error("FutureCursor"), mode="binary")
        await socket.close()
        return
    if len(_consumers) >= MOST_CONSUMERS:
        _consumers.pop(next(iter(_consumers))).cancel()
    sender = asyncio.create_task(_send(socket, services, cursor))
    tasks = (sender, asyncio.create_task(until_gone(socket)))
    _consumers[id(socket)] = sender
    try:
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        if sender.cancelled():
            await send_away(socket, tasks)
    finally:
        _consumers.pop(id(socket), None)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _send(socket: WebSocket[Any, Any, Any], services: Services, cursor: int) -> None:
    while True:
        found = await asyncio.to_thread(services.moderation.labelling.after, cursor, MOST)
        for seq, label in found:
            await socket.send_data(encode_labels(seq, [label]), mode="binary")
            cursor = seq
        if not found:
            await asyncio.sleep(WAIT)


HANDLERS = (create_report, query_labels, subscribe_labels)
