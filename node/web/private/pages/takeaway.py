"""/me/data: what is kept and what for, who else looked, everything as a download, and the end of it."""

from __future__ import annotations

import asyncio
import io
import json
import re
import zipfile
from typing import Any

from litestar import Response, get, post
from litestar.datastructures import UploadFile

from node.errors import Malformed, NodeError, Unknown
from node.services.assembly import Services
from node.services.policy import Action, Viewer, require_proven
from node.store.clock import moment_of
from node.web.contexts.cards import FieldProblem
from node.web.contexts.site import Site
from node.web.contexts.worker.own_data import Access, Holding, OwnDataPage
from node.web.notices import redirect_with, show_once
from node.web.pages.forms import Multipart
from node.web.presenting import show
from node.web.private.answers import PRIVATE
from node.web.private.pages.asked import asked_cookie
from node.web.private.pages.door import AnyRequest, Form, text_of, worker_site
from node.web.private.pages.words import sentence

ERASED = "Everything about you is erased, and the key to it destroyed. Nobody can bring it back."
LEFT = " Some files still hold some of it; tell the operator."
_NAMES = {
    "history": "Work history",
    "notice": "Notices",
    "profile": "Your profile",
    "outcome": "Outcomes",
    "correction": "Your word on skills",
    "feedback": "What you said to the feed",
    "day": "Lists by day",
    "offer": "Items you were offered",
    "receipt": "What you opened",
    "lesson": "Lessons as adapted for you",
    "feed-address": "Private feed address",
}


@get("/me/data", sync_to_thread=True, include_in_schema=False)
def data_page(request: AnyRequest, services: Services, viewer: Viewer) -> Response[Any]:
    """Everything kept, by kind."""
    site = worker_site(request, services, viewer)
    return show_once(request, services, _page(services, site, viewer))


@get("/me/data/export", sync_to_thread=True, include_in_schema=False)
def export(request: AnyRequest, services: Services, viewer: Viewer) -> Response[bytes]:
    """A zip: every entry as JSON Lines, each lesson as readable text."""
    worker_site(request, services, viewer)
    headers = {**PRIVATE, "Content-Disposition": f'attachment; filename="{viewer.name}-skillnet.zip"'}
    return Response(_packed(services, viewer), media_type="application/zip", headers=headers)


@post("/me/data/erase", sync_to_thread=True, include_in_schema=False)
def erase(request: AnyRequest, services: Services, viewer: Viewer, data: Form) -> Response[Any]:
    """Destroy the worker's key and every row, once the account's name was typed."""
    require_proven(viewer, Action.OWN)
    site = worker_site(request, services, viewer)
    if text_of(data, "confirm") != viewer.name:
        problem = FieldProblem(field="confirm", text=f"That is not “{viewer.name}”. Nothing was erased.")
        return show(services, _page(services, site, viewer, problem), status=400)
    erased = services.learning.forget(viewer)
    files = "One file was" if erased.files == 1 else f"{erased.files} files were"
    looked = f" {files} read afterwards: none holds any of it." if not erased.left else LEFT
    answer = redirect_with(services, "/me/data", ERASED + looked)
    answer.cookies.append(asked_cookie(services, viewer, ""))
    return answer


def _page(services: Services, site: Site, viewer: Viewer, *problems: FieldProblem) -> OwnDataPage:
    learning = services.learning
    return OwnDataPage(
        site=site,
        holdings=tuple(
            Holding(name=_NAMES.get(h.kind, h.kind), count=h.count, purpose=sentence(h.purpose))
            for h in learning.holdings(viewer)
        ),
        accesses=tuple(
            Access(at=moment_of(row.at), by=row.actor, why=sentence(row.action))
            for row in services.audit.doors_opened(viewer.name)
        ),
        export="/me/data/export",
        erase_action="/me/data/erase",
        confirm=viewer.name,
        problems=problems,
    )


def _packed(services: Services, viewer: Viewer) -> bytes:
    lines = list(services.learning.export(viewer))
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("everything.jsonl", "".join(lines))
        for receipt in _lessons_in(lines):
            name, text = _readable(services, viewer, receipt)
            if text:
                file.writestr(f"lessons/{name}-{receipt[:8]}.md", text)
    return packed.getvalue()


def _lessons_in(lines: list[str]) -> list[str]:
    entries = (json.loads(line) for line in lines)
    return [entry["id"] for entry in entries if entry["type"] == "lesson"]


def _readable(services: Services, viewer: Viewer, receipt: str) -> tuple[str, str]:
    """A file name and the text of a lesson; no text for one that was withdrawn or is gone."""
    try:
        lesson = services.learning.lesson(viewer, receipt)
    except Unknown:
        return "", ""
    name = re.sub(r"[^\w]+", "-", lesson.item.title.lower()).strip("-")[:60] or "lesson"
    return name, "" if lesson.withdrawn else f"# {lesson.item.title}\n\n{lesson.text}"


@post("/me/data/pack", sync_to_thread=True, include_in_schema=False)
def pack(request: AnyRequest, services: Services, viewer: Viewer, data: Form) -> Response[Any]:
    """Everything in one file sealed with the worker's passphrase."""
    site = worker_site(request, services, viewer)
    try:
        sealed = services.learning.moving(viewer).pack(viewer, text_of(data, "passphrase"))
    except Malformed as error:
        problem = FieldProblem(field="passphrase", text=error.message)
        return show(services, _page(services, site, viewer, problem), status=400)
    headers = {**PRIVATE, "Content-Disposition": f'attachment; filename="{viewer.name}.skillnet-worker"'}
    return Response(sealed, media_type="application/octet-stream", headers=headers)


@post("/me/data/bring", include_in_schema=False)
async def bring(request: AnyRequest, services: Services, viewer: Viewer, data: Multipart) -> Response[Any]:
    """Put in what another node packed."""
    site = worker_site(request, services, viewer)
    file = data.get("file")
    sealed = await file.read() if isinstance(file, UploadFile) else b""
    moving = services.learning.moving(viewer)
    try:
        number = await asyncio.to_thread(moving.unpack, viewer, sealed, str(data.get("passphrase") or ""))
    except NodeError as error:
        problem = FieldProblem(field="file", text=error.words)
        return show(services, _page(services, site, viewer, problem), status=400)
    return redirect_with(services, "/me/data", "One entry came." if number == 1 else f"{number} entries came.")


HANDLERS = (data_page, export, erase, pack, bring)
