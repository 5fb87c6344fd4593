"""/api/reference: importing (operators), releases, finding one's task, coverage."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Any

from litestar import Response, get, post

from node.errors import Malformed, Unknown
from node.services import naming
from node.services.assembly import Services
from node.services.audit import Deed
from node.services.policy import Action, Viewer, audiences_of, require
from node.services.reference.coverage import Covered, as_csv, coverage_of
from node.services.reference.graph.prerequisites import circles_in
from node.services.reference.looking.finder import KINDS
from node.services.reference.proposing import propose
from node.store.clock import as_text
from node.store.content import catalogue, reference, reference_releases
from node.store.content.catalogue import Audiences
from node.web.access.viewing import require_reading

Body = dict[str, Any]
MOST_FOUND = 50


@post("/api/reference/imports", status_code=202, sync_to_thread=True)
def begin_import(services: Services, viewer: Viewer, data: Body) -> Body:
    """Import a folder of this machine: `kind` onet, esco or exposure; `folder`; `release`; `older`."""
    require(viewer, Action.OPERATE)
    folder = Path(str(data.get("folder") or ""))
    if not folder.is_absolute():
        raise Malformed("folder is the full path of a folder on the node's machine.")
    kind, release = str(data.get("kind", "")), str(data.get("release") or "")
    begun = services.reference.imports.begin(kind, folder, release, older=data.get("older") is True)
    services.audit.note(viewer, Deed.IMPORTED, kind, release)
    return asdict(begun)


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


@get("/api/reference/find", sync_to_thread=True)
def find(services: Services, viewer: Viewer, q: str, kind: str = "task", limit: int = 5) -> Body:
    """Tasks by a plain sentence about the work, or occupations by a job title: `kind` task or occupation."""
    require_reading(services, viewer)
    if kind not in KINDS:
        raise Malformed(f"There is no kind {kind[:40]!r} to find.", hint=f"One of {', '.join(KINDS)}.")
    finder, most = services.reference.finder, max(1, min(limit, MOST_FOUND))
    found = finder.tasks(q, most) if kind == "task" else finder.occupations(q, most)
    shown = [
        {
            "id": one.id, "title": one.title, "score": round(one.score, 4), "nearest": one.nearest,
            **({"occupation": one.occupation, "occupationTitle": naming.occupation_name(one.occupation)}
               if one.occupation else {}),
        }
        for one in found
    ]  # fmt: skip
    return {"found": shown}


@get("/api/reference/modules", sync_to_thread=True)
def modules_for(services: Services, viewer: Viewer, task: str, limit: int = 20) -> Body:
    """Modules for a task, from other trades too, within two bridges; each with its reason."""
    require_reading(services, viewer)
    offers = services.reference.bridges.offers(task, audiences_of(viewer), max(1, min(limit, 100)))
    with services.database.read() as session:
        rows = catalogue.find_items(session, [offer.uri for offer in offers], audiences_of(viewer))
    shown = [
        {
            "uri": one.uri,
            "title": rows[one.uri].title,
            "bridges": one.bridges,
            "bridge": one.bridge,
            "reason": one.reason,
        }
        for one in offers
        if one.uri in rows
    ]
    return {"task": task, "modules": shown}


@get("/api/reference/proposal", sync_to_thread=True)
def proposal(services: Services, viewer: Viewer, task: str) -> Body:
    """What a new module for a task begins with: occupations, skills, the level that nobody wrote for yet."""
    require_reading(services, viewer)
    with services.database.read() as session:
        return asdict(propose(session, services.reference.shelves, task, audiences_of(viewer)))


@get("/api/reference/coverage", sync_to_thread=True)
def coverage(services: Services, viewer: Viewer, occupation: str, form: str = "json") -> Response[Any]:
    """Which tasks of an occupation have modules; `form` json or csv."""
    require_reading(services, viewer)
    rows = covered(services, occupation, audiences_of(viewer))
    if form == "csv":
        return Response(as_csv(rows), media_type="text/csv")
    shown = [
        {
            "task": row.task.id, "statement": row.task.statement, "kind": row.task.kind,
            "decomposed": [book.uri for book in row.decompositions], "modules": [book.uri for book in row.modules],
            "levels": dict(row.levels), "freshest": round(row.freshest, 2), "hole": row.is_hole,
            "assistance": [asdict(part) for part in row.parts],
        }
        for row in rows
    ]  # fmt: skip
    holes = sum(row.is_hole for row in rows)
    title = naming.occupation_name(occupation)
    return Response({"occupation": occupation, "title": title, "holes": holes, "tasks": shown})


def covered(services: Services, occupation: str, audiences: Audiences) -> list[Covered]:
    """The coverage of an occupation that was imported. Raises Unknown."""
    with services.database.read() as session:
        if reference.find_occupation(session, occupation) is None:
            raise Unknown(
                f"This node knows no occupation {occupation[:100]}.",
                hint="`skillnet task find --kind occupation` finds them; `skillnet task import-onet` imports them.",
            )
        shelves, fresh = services.reference.shelves, services.freshening.values
        return coverage_of(session, shelves, fresh, occupation, audiences)


@get("/api/reference/circles", sync_to_thread=True)
def circles(services: Services, viewer: Viewer) -> list[Body]:
    """Skills that need one another in a circle, and the modules that say so."""
    require_reading(services, viewer)
    found = circles_in(services.reference.shelves.all(audiences_of(viewer)))
    return [{"skills": circle.skills, "modules": circle.modules} for circle in found]


HANDLERS = (begin_import, import_status, releases, find, modules_for, proposal, coverage, circles)
