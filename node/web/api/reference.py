"""/api/reference: importing (operators), releases, finding one's task, coverage."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Any

from litestar import get, post

from node.errors import Malformed
from node.services.assembly import Services
from node.services.policy import Action, Viewer, require
from node.store import reference_releases
from node.store.clock import as_text
from node.web.api.reading import require_reading

Body = dict[str, Any]


@post("/api/reference/imports", status_code=202, sync_to_thread=True)
def begin_import(services: Services, viewer: Viewer, data: Body) -> Body:
    """Import a folder of this machine: `kind` onet, esco or exposure; `folder`; `release`; `older`."""
    require(viewer, Action.OPERATE)
    folder = Path(str(data.get("folder") or ""))
    if not folder.is_absolute():
        raise Malformed("folder is the full path of a folder on the node's machine.")
    kind, release = str(data.get("kind", "")), str(data.get("release") or "")
    return asdict(services.reference.imports.begin(kind, folder, release, older=data.get("older") is True))


@get("/api/reference/imports", sync_to_thread=True)
def import_status(services: Services, viewer: Viewer) -> Body:
    """How far the running import is, or what the last one did."""
    require(viewer, Action.OPERATE)
    return asdict(services.reference.imports.status)


@get("/api/reference/releases", sync_to_thread=True)
def releases(services: Services, viewer: Viewer) -> list[Body]:
    """Which releases are in use here, with their attribution."""
    require_reading(services, viewer)
    with services.database.read() as session:
        rows = reference_releases.list_current(session)
    return [
        {
            "scheme": row.scheme, "version": row.version, "title": row.title, "attribution": row.attribution,
            "license": row.licence, "date": row.date, "importedAt": as_text(row.imported_at), **row.facts,
        }
        for row in rows
    ]  # fmt: skip


HANDLERS = (begin_import, import_status, releases)
