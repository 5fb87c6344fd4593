"""/api/me, continued: work history, checks, notices, rewording, moving; and what an operator may know of groups."""

from __future__ import annotations

import base64
from datetime import UTC, datetime
from typing import Any

from litestar import Response, Router, delete, get, post

from node.errors import Malformed
from node.services.assembly import Services
from node.services.policy import Viewer
from node.web.private.answers import add_private_headers

Body = dict[str, Any]


@post("/history/preview", status_code=200, sync_to_thread=True)
def preview_history(services: Services, viewer: Viewer, data: Body) -> Body:
    """What `text` (a JSON Resume, list, table, xAPI/cmi5 statements or git log) says. Nothing is kept."""
    form, shown = services.learning.pieces(viewer).show(viewer, _text(data, "text"), str(data.get("form") or ""))
    return {"form": form, "pieces": [piece.to_dict() for piece in shown]}


@post("/history", status_code=201, sync_to_thread=True)
def keep_history(services: Services, viewer: Viewer, data: Body) -> Body:
    """Let these `pieces` of a preview count."""
    chosen = data.get("pieces")
    if not isinstance(chosen, list) or not all(isinstance(piece, dict) for piece in chosen):
        raise Malformed("pieces is a list of pieces, as the preview gives them.")
    kept = services.learning.pieces(viewer).keep(viewer, chosen, _now())
    return {"pieces": [piece.to_dict() for piece in kept]}


@get("/history", sync_to_thread=True)
def see_history(services: Services, viewer: Viewer) -> Body:
    """What counts, newest first."""
    return {"pieces": [piece.to_dict() for piece in services.learning.pieces(viewer).list(viewer)]}


@delete("/history/{piece:str}", status_code=200, sync_to_thread=True)
def remove_history(services: Services, viewer: Viewer, piece: str) -> Body:
    """As if it had never been brought; `*` for all."""
    services.learning.pieces(viewer).remove(viewer, piece)
    return {}


@get("/check", sync_to_thread=True)
def see_check(services: Services, viewer: Viewer) -> Body:
    """Did it hold up? What to ask today, null when nothing."""
    found = services.learning.checks(viewer).find(viewer, _now())
    return {"check": found.to_dict() if found else None}


@post("/check", status_code=201, sync_to_thread=True)
def answer_check(services: Services, viewer: Viewer, data: Body) -> Body:
    """How the real task went since `receipt`: alone, with-a-hint, with-help, not; skipped when it did not come up."""
    kept = services.learning.checks(viewer).answer(viewer, _text(data, "receipt"), _text(data, "outcome"), _now())
    return {"receipt": kept.id, "outcome": kept.how}


@post("/notice", status_code=200, sync_to_thread=True)
def take_notice(services: Services, viewer: Viewer) -> Body:
    """Something to say now? At most as often as you allow, four hours apart, never in quiet hours."""
    return {"notice": services.learning.notices(viewer).take(viewer, _now())}


@get("/lessons/{receipt:str}/passages", sync_to_thread=True)
def see_passages(services: Services, viewer: Viewer, receipt: str) -> Body:
    """Passages that the language model may reword, and how they differ from what the author wrote."""
    found = services.learning.rewording(viewer).passages(viewer, receipt)
    return {"passages": [passage.to_dict() for passage in found]}


@post("/lessons/{receipt:str}/passages/{block:str}", status_code=200, sync_to_thread=True)
def reword_passage(services: Services, viewer: Viewer, receipt: str, block: str, data: Body) -> Body:
    """Have it reworded: `wish` is plain, shorter or fuller."""
    desk = services.learning.rewording(viewer)
    return desk.reword(viewer, receipt, block, str(data.get("wish") or "plain"), _now()).to_dict()


@delete("/lessons/{receipt:str}/passages/{block:str}", status_code=200, sync_to_thread=True)
def take_rewording_back(services: Services, viewer: Viewer, receipt: str, block: str) -> Body:
    """The author's words again."""
    return services.learning.rewording(viewer).take_back(viewer, receipt, block, _now()).to_dict()


@post("/pack", status_code=200, sync_to_thread=True)
def pack(services: Services, viewer: Viewer, data: Body) -> Response[bytes]:
    """Everything kept about you, sealed with `passphrase`: for another node."""
    sealed = services.learning.moving(viewer).pack(viewer, _text(data, "passphrase"))
    headers = {"Content-Disposition": f'attachment; filename="{viewer.name}.skillnet-worker"'}
    return Response(sealed, media_type="application/octet-stream", headers=headers)


@post("/unpack", status_code=200, sync_to_thread=True)
def unpack(services: Services, viewer: Viewer, data: Body) -> Body:
    """Bring what another node packed: `sealed` in base64, and its `passphrase`. Nothing may be kept here yet."""
    try:
        sealed = base64.b64decode(str(data.get("sealed") or ""), validate=True)
    except ValueError as error:
        raise Malformed("sealed is the file in base64.") from error
    return {"entries": services.learning.moving(viewer).unpack(viewer, sealed, _text(data, "passphrase"))}


@get("/api/groups", sync_to_thread=True)
def see_groups(services: Services, viewer: Viewer) -> Body:
    """For operators: numbers of groups of five or more, counted once a week."""
    return services.learning.groups(viewer)


def _now() -> datetime:
    return datetime.now(UTC)


def _text(data: Body, name: str) -> str:
    value = data.get(name)
    if not isinstance(value, str) or not value.strip():
        raise Malformed(f"{name} is a text.")
    return value


HANDLERS = (
    Router(
        "/api/me",
        route_handlers=[
            preview_history, keep_history, see_history, remove_history, see_check, answer_check, take_notice,
            see_passages, reword_passage, take_rewording_back, pack, unpack,
        ],
        after_request=add_private_headers,
    ),
    Router("/", route_handlers=[see_groups], after_request=add_private_headers),
)  # fmt: skip
