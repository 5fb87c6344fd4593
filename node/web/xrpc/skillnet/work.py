"""org.skillnet.task.findTasks, getCoverage, listModules: from what people say to tasks, and from tasks to modules."""

from __future__ import annotations

from typing import Any

from litestar import Request

from node.errors import Malformed
from node.services import naming
from node.services.assembly import Services
from node.services.reference.coverage import Covered, coverage_of
from node.services.reference.looking.finder import KINDS, FoundWork
from node.store.content import reference
from node.store.content.catalogue import PUBLIC
from node.web.xrpc.skillnet.reading import reading
from node.web.xrpc.skillnet.summaries import millionths, offers_of, page, parameters_of

AnyRequest = Request[Any, Any, Any]
Body = dict[str, Any]
MOST_OFFERS, LONGEST_TITLE = 200, 1000


@reading("org.skillnet.task.findTasks")
def find_tasks(request: AnyRequest, services: Services) -> Body:
    """Tasks by a plain sentence about the work, or occupations by a job title or a sentence."""
    asked = parameters_of(request, "org.skillnet.task.findTasks")
    if asked["kind"] not in KINDS:
        raise Malformed(f"There is no kind {asked['kind'][:40]!r} to find.", hint=f"One of {', '.join(KINDS)}.")
    finder = services.reference.finder
    find = finder.tasks if asked["kind"] == "task" else finder.occupations
    return {"found": [_found(one) for one in find(asked["q"], asked["limit"])]}


def _found(one: FoundWork) -> Body:
    return {
        "id": one.id,
        "title": one.title[:LONGEST_TITLE],
        "score": millionths(min(one.score, 1.0)),
        **({"occupation": one.occupation} if one.occupation else {}),
        **({"occupationTitle": naming.occupation_name(one.occupation)} if one.occupation else {}),
        **({"nearest": one.nearest[:LONGEST_TITLE]} if one.nearest else {}),
    }


@reading("org.skillnet.task.getCoverage")
def get_coverage(request: AnyRequest, services: Services) -> Body:
    """Which tasks of an occupation have modules in the public catalogue."""
    asked = parameters_of(request, "org.skillnet.task.getCoverage")
    occupation, shelves, fresh = asked["occupation"], services.reference.shelves, services.freshening.values
    with services.database.read() as session:
        if reference.find_occupation(session, occupation) is None:
            raise Malformed("This node knows no such occupation.", code="NotFound")
        rows = coverage_of(session, shelves, fresh, occupation, PUBLIC)
    shown, more = page(rows, asked)
    holes = sum(row.is_hole for row in rows)
    title = naming.occupation_name(occupation)
    return {"occupation": occupation, "title": title, "holes": holes, "tasks": [_covered(row) for row in shown], **more}


def _covered(row: Covered) -> Body:
    levels = [{"level": level, "modules": count} for level, count in row.levels.items() if count]
    return {
        "id": row.task.id,
        "title": row.task.statement[:LONGEST_TITLE],
        "decompositions": len(row.decompositions),
        "modules": len(row.modules),
        "levels": levels,
        "freshest": millionths(row.freshest),
    }


@reading("org.skillnet.task.listModules")
def list_modules(request: AnyRequest, services: Services) -> Body:
    """Modules for a task, from other trades too, within two bridges; each with its reason."""
    asked = parameters_of(request, "org.skillnet.task.listModules")
    with services.database.read() as session:
        offers, more = page(offers_of(services, session, asked["id"], MOST_OFFERS), asked)
    return {"modules": offers, **more}


HANDLERS = (find_tasks, get_coverage, list_modules)
