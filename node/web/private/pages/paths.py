"""Following a path: it becomes a goal of the worker's, with what its modules build. Nobody else learns of it."""

from __future__ import annotations

from typing import Any

from litestar import Response, post

from node.errors import Unknown
from node.services.assembly import Services
from node.services.policy import Viewer, require_worker
from node.store.content import catalogue
from node.store.content.catalogue import MEMBERS
from node.store.sessions import Session
from node.store.tables.catalogue import ItemRow
from node.web.notices import redirect_with
from node.web.pages.links import href_of_item

MOST = 50  # tasks or skills of one goal


@post("/me/paths", sync_to_thread=True, include_in_schema=False)
def follow_path(services: Services, viewer: Viewer, uri: str) -> Response[Any]:
    """Make a path one of one's goals."""
    require_worker(viewer)
    with services.database.read() as session:
        item = catalogue.find_item(session, uri, MEMBERS)
        if item is None or item.kind != "path" or item.retired:
            raise Unknown("There is no such path here.", hint="It may have been taken out of use.")
        goal = _goal(session, item)
    goals = services.learning.profile(viewer).to_dict()["goals"]
    page = href_of_item(uri) or "/me"
    if any(known["text"] == goal["text"] for known in goals):
        return redirect_with(services, page, "This path is one of your goals already.")
    services.learning.change_profile(viewer, {"goals": [*goals, goal]})
    return redirect_with(services, page, "A goal of yours from now on: your lessons lead along it. Only you see that.")


def _goal(session: Session, item: ItemRow) -> dict[str, Any]:
    version = catalogue.find_version(session, item.version_uri, MEMBERS)
    stops: Any = version.value.get("modules") if version else None
    uris = [str(stop.get("module", "")) for stop in stops or ()]
    modules = catalogue.find_items(session, uris, MEMBERS)
    rows = [item, *(modules[uri] for uri in uris if uri in modules)]
    return {
        "text": item.title,
        "tasks": list(dict.fromkeys(task for row in rows for task in row.tasks))[:MOST],
        "skills": list(dict.fromkeys(skill for row in rows for skill in row.skills))[:MOST],
        "confirmed": True,
    }


HANDLERS = (follow_path,)
