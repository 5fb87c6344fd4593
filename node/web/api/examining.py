"""/api for operators: the doctor."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from litestar import get, post

from node.services.assembly import Services
from node.services.examining.doctor import Look
from node.services.policy import Action, Viewer, require
from node.store.clock import SECOND, as_text

Body = dict[str, Any]


@post("/api/doctor", status_code=200, sync_to_thread=True)
def look(services: Services, viewer: Viewer, data: Body) -> Body:
    """Look at everything now, index and catalogue compared; `serving` is false for a node that is stopped."""
    require(viewer, Action.OPERATE)
    return _body(services.doctor.look(serving=data.get("serving") is not False, asked=True))


@get("/api/doctor", sync_to_thread=True)
def last_look(services: Services, viewer: Viewer) -> Body | None:
    """What was seen last, and when; null when nobody has looked yet."""
    require(viewer, Action.OPERATE)
    last = services.doctor.last()
    return None if last is None else _body(last)


def _body(seen: Look) -> Body:
    return {
        "at": as_text(int(seen.at * SECOND)),
        "ok": not seen.wrong,
        "findings": [asdict(finding) for finding in seen.findings],
    }


HANDLERS = (look, last_look)
