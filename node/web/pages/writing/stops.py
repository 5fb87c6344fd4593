"""The modules of a path on its author's desk: shown in order, moved, taken out, found and put in.

The text is what counts: every button changes its numbered list, and nothing else of it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from litestar import Response, get, post
from litestar.response import Redirect

from node.authoring.document import Stop
from node.authoring.names import module_address
from node.authoring.parse import parse_path
from node.authoring.stops.edit import add_stop, move_stop, remove_stop, turn_optional
from node.errors import Malformed, Unknown, Unreachable
from node.search.request import SearchRequest
from node.services.assembly import Services
from node.services.policy import Viewer
from node.store.content import catalogue
from node.store.content.catalogue import PUBLIC
from node.store.tables.catalogue import ItemRow
from node.web.contexts.writing.write import FoundModule, StopLine, StopsDesk, WriteFound, WriteStops
from node.web.pages.authors import require_author
from node.web.pages.forms import Form
from node.web.pages.links import href_of_item, query_of
from node.web.pages.names import Names
from node.web.pages.reading import AnyRequest
from node.web.pages.writing.desk import typed
from node.web.presenting import show, site_of

FOUND = 8
LONGEST = 200  # characters of a question
_EDITS: dict[str, Callable[[str, int], str]] = {
    "up": lambda text, place: move_stop(text, place, -1),
    "down": lambda text, place: move_stop(text, place, 1),
    "optional": turn_optional,
    "remove": remove_stop,
}


@post("/write/stops", sync_to_thread=True, include_in_schema=False)
def change_stops(request: AnyRequest, services: Services, viewer: Viewer, data: Form) -> Response[Any]:
    """Do to the list what the button says, and keep the draft."""
    require_author(viewer)
    draft = typed(services, viewer, data)
    draft = services.drafting.keep(viewer.name, replace(draft, body=_changed(services, draft.body, data.get("do", ""))))
    if "hx-request" not in request.headers:
        return Redirect("/write?" + query_of(draft=draft.id), status_code=303)
    stops = stop_lines(services, viewer.did, parse_path(draft.body).stops)
    page = WriteStops(site=site_of(request, services, viewer), stops=stops, text=draft.body)
    return show(services, page)


@get("/write/modules", sync_to_thread=True, include_in_schema=False)
def find_modules(request: AnyRequest, services: Services, viewer: Viewer, find: str = "") -> Response[Any]:
    """Modules that could be put in, while somebody types what they are looking for."""
    require_author(viewer)
    page = WriteFound(site=site_of(request, services, viewer), find=find, found=found_modules(services, find))
    return show(services, page)


def stops_desk(services: Services, did: str, stops: Sequence[Stop], find: str) -> StopsDesk:
    """The list for the page, with what was looked for."""
    return StopsDesk(
        search="/write/modules",
        find=find,
        found=found_modules(services, find),
        stops=stop_lines(services, did, stops),
    )


def found_modules(services: Services, find: str) -> tuple[FoundModule, ...]:
    """The best few, none for what is no question; what is kept inside cannot stand on a path that everybody sees."""
    if not find.strip():
        return ()
    request = SearchRequest(find[:LONGEST], PUBLIC, {"kind": ("module",)}, limit=FOUND, snippets=False)
    try:
        uris = [hit.id for hit in services.finder.search(request).hits]
    except (Malformed, Unreachable):  # the page with what was typed comes first
        return ()
    with services.database.read() as session:
        known = catalogue.find_items(session, uris, PUBLIC)
        names = Names(session, {row.did for row in known.values()})
    rows = [known[uri] for uri in uris if uri in known]
    return tuple(FoundModule(uri=row.uri, title=row.title, by=names.person(row.did)) for row in rows)


def stop_lines(services: Services, did: str, stops: Sequence[Stop]) -> tuple[StopLine, ...]:
    """The list as this node knows its modules."""
    uris = [module_address(stop.target, did) for stop in stops]
    with services.database.read() as session:
        known = catalogue.find_items(session, uris, PUBLIC)
    seen: Counter[str] = Counter()
    return tuple(
        _line(stop, known.get(uri), _key(stop.target, seen), number, len(stops))
        for number, (stop, uri) in enumerate(zip(stops, uris, strict=True), 1)
    )


def _line(stop: Stop, item: ItemRow | None, key: str, number: int, of: int) -> StopLine:
    return StopLine(
        title=item.title if item else stop.title or stop.target,
        href=href_of_item(item.uri) if item else None,
        retired=bool(item and item.retired),
        note=stop.note,
        optional=stop.optional,
        line=stop.line,
        number=number,
        last=number == of,
        key=key,
    )


def _key(target: str, seen: Counter[str]) -> str:
    """Names a stop wherever it moves to, so that the cursor stays on its button."""
    name = target.rpartition("/")[2]
    seen[name] += 1
    return f"{name}-{seen[name]}"


def _changed(services: Services, text: str, do: str) -> str:
    act, _, what = do.partition(" ")
    if act == "add":
        with services.database.read() as session:
            item = catalogue.find_item(session, what, PUBLIC)
        if item is None or item.kind != "module":
            raise Unknown("There is no such module on this node.")
        return add_stop(text, item.uri, item.title)
    if act not in _EDITS or not (what.isascii() and what.isdecimal()):
        raise Malformed("Up, down, may be skipped, take out or add?")
    return _EDITS[act](text, int(what) - 1)


HANDLERS = (change_stops, find_modules)
