"""What a text is for, found on its author's desk by its name: the front matter wants ids, and nobody knows them."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from litestar import Response, get

from node.errors import Malformed, Unreachable
from node.search.request import SearchRequest
from node.services import naming
from node.services.assembly import Services
from node.services.policy import Viewer
from node.store.content.catalogue import PUBLIC
from node.web.contexts.writing.write import FoundWork, WorkKey, WriteWork
from node.web.pages.authors import require_author
from node.web.pages.reading import AnyRequest
from node.web.presenting import show, site_of

FOUND, NAMED = 8, 4
LONGEST = 200  # characters of a question
KEYS: Mapping[str, WorkKey] = {
    "task": "tasks",
    "occupation-task": "tasks",
    "occupation": "occupations",
    "skill": "skills",
}


@get("/write/work", sync_to_thread=True, include_in_schema=False)
def found_work(request: AnyRequest, services: Services, viewer: Viewer, find: str = "") -> Response[Any]:
    """Tasks, occupations and skills with their ids, while somebody types what they are looking for."""
    require_author(viewer)
    find = " ".join(find.split())[:LONGEST]
    page = WriteWork(site=site_of(request, services, viewer), find=find, found=_found(services, find) if find else ())
    return show(services, page)


def _found(services: Services, find: str) -> tuple[FoundWork, ...]:
    """What search finds, and occupations that have a name here without being imported; each id once."""
    request = SearchRequest(find, PUBLIC, {"kind": tuple(KEYS)}, limit=FOUND, snippets=False)
    found = {code: FoundWork(id=code, title=name, key="occupations") for code, name in _named(find)}
    with suppress(Malformed, Unreachable):  # what has a name comes all the same
        hits = [hit for hit in services.finder.search(request).hits if hit.parts.tier == "all"]
        found |= {hit.id: FoundWork(id=hit.id, title=hit.title, key=KEYS[hit.kind]) for hit in hits}
    return tuple(found.values())


def _named(find: str) -> list[tuple[str, str]]:
    said = find.casefold().split()
    known = naming.known_occupations().items()
    return [(code, name) for code, name in known if all(word in name.casefold() for word in said)][:NAMED]


HANDLERS = (found_work,)
