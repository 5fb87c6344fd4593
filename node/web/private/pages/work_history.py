"""/me/history: what a worker did before. Shown first, kept as chosen, removable piece by piece."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from litestar import Response, get, post

from node.errors import Malformed
from node.services.assembly import Services
from node.services.policy import Viewer, require_worker
from node.web.contexts.cards import FieldProblem
from node.web.contexts.site import Site
from node.web.contexts.worker.work_history import HistoryPiece, WorkHistoryPage
from node.web.notices import redirect_with, show_once
from node.web.presenting import show
from node.web.private.pages.door import AnyRequest, Form, texts_of, worker_site
from node.web.private.pages.words import outcome_said, skill_title

if TYPE_CHECKING:
    from node.personalizer.history.pieces import Piece

NOTHING = "Nothing in it says what you did."
NOTHING_SAID = {
    "git": "It names no kind of file three times. With files named it is: git log --date=short --name-only",
}


@get("/me/history", sync_to_thread=True, include_in_schema=False)
def history_page(request: AnyRequest, services: Services, viewer: Viewer) -> Response[Any]:
    """What counts, and a place to bring more."""
    site = worker_site(request, services, viewer)
    return show_once(request, services, _page(services, site, viewer))


@post("/me/history/show", sync_to_thread=True, include_in_schema=False)
def show_history(request: AnyRequest, services: Services, viewer: Viewer, data: Form) -> Response[Any]:
    """What a text says; nothing is kept."""
    site = worker_site(request, services, viewer)
    text = str(data.get("text") or "")
    try:
        form, shown = services.learning.pieces(viewer).show(viewer, text)
    except Malformed as error:
        problem = FieldProblem(field="text", text=error.words)
        return show(services, _page(services, site, viewer, text=text, problems=(problem,)), status=400)
    if not shown:
        problem = FieldProblem(field="text", text=NOTHING_SAID.get(form, NOTHING))
        return show(services, _page(services, site, viewer, text=text, problems=(problem,)), status=400)
    pieces = tuple(_piece(one.piece, value=json.dumps(one.piece.to_dict())) for one in shown if not one.kept)
    if not pieces:
        return redirect_with(services, "/me/history", "All of it counts already.")
    return show(services, _page(services, site, viewer, shown=pieces))


@post("/me/history", sync_to_thread=True, include_in_schema=False)
def keep_history(services: Services, viewer: Viewer, data: Form) -> Response[Any]:
    """Let the chosen pieces count."""
    require_worker(viewer)
    try:
        chosen = [json.loads(value) for value in texts_of(data, "piece") if value]
    except ValueError as error:
        raise Malformed("This is no piece of history.") from error
    kept = services.learning.pieces(viewer).keep(viewer, chosen, datetime.now(UTC))
    count = {0: "None of them counts.", 1: "One of them counts now, a little."}
    return redirect_with(services, "/me/history", count.get(len(kept), f"{len(kept)} of them count now, a little."))


@post("/me/history/{piece:str}/remove", sync_to_thread=True, include_in_schema=False)
def remove_history(services: Services, viewer: Viewer, piece: str) -> Response[Any]:
    """As if it had never been brought."""
    services.learning.pieces(viewer).remove(viewer, piece)
    return redirect_with(services, "/me/history", "Removed. Nothing follows from it any more.")


def _page(
    services: Services,
    site: Site,
    viewer: Viewer,
    *,
    text: str = "",
    shown: tuple[HistoryPiece, ...] = (),
    problems: tuple[FieldProblem, ...] = (),
) -> WorkHistoryPage:
    kept = services.learning.pieces(viewer).list(viewer)
    return WorkHistoryPage(
        site=site,
        show_action="/me/history/show",
        keep_action="/me/history",
        text=text,
        shown=shown,
        kept=tuple(_piece(piece, remove=f"/me/history/{piece.id}/remove") for piece in kept),
        problems=problems,
    )


def _piece(piece: Piece, *, value: str = "", remove: str = "") -> HistoryPiece:
    said = ", ".join(filter(None, [piece.when, "" if piece.how == "alone" else outcome_said(piece.how)]))
    skills = tuple(skill_title(skill) for skill in piece.skills)
    return HistoryPiece(title=piece.title, said=said, skills=skills, value=value, remove=remove)


HANDLERS = (history_page, show_history, keep_history, remove_history)
