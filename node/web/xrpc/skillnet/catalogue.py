"""org.skillnet.catalogue.*: the public catalogue, for other nodes and programs."""

from __future__ import annotations

from typing import Any

from litestar import Request

from node.search.request import SearchRequest, Sort
from node.search.result import Hit
from node.services.assembly import Services
from node.store.content import catalogue
from node.store.content.catalogue import PUBLIC
from node.store.tables.catalogue import ItemRow
from node.web.xrpc.skillnet.reading import reading
from node.web.xrpc.skillnet.summaries import millionths, offset_of, page, parameters_of, summaries_of, whole_item

AnyRequest = Request[Any, Any, Any]
Body = dict[str, Any]
_ITEM_KINDS = ("module", "task", "path")


@reading("org.skillnet.catalogue.search")
def search(request: AnyRequest, services: Services) -> Body:
    """What the words find, best first."""
    asked = parameters_of(request, "org.skillnet.catalogue.search")
    kinds = [kind for kind in asked.get("kind", _ITEM_KINDS) if kind in _ITEM_KINDS]
    if not kinds:
        return {"hits": [], "total": 0}
    offset = offset_of(asked)
    found = services.finder.search(_question(asked, kinds, offset))
    with services.database.read() as session:
        rows = catalogue.find_items(session, [hit.id for hit in found.hits], PUBLIC)
    entries = {entry["uri"]: entry for entry in summaries_of(services, rows.values())}
    hits = [_hit(entries[hit.id], hit) for hit in found.hits if hit.id in entries]
    facets = [
        {"name": name, "value": item.value, "count": item.count} for name, all_ in found.facets.items() for item in all_
    ]
    return {
        "hits": hits,
        "total": found.total,
        **({"facets": facets} if facets else {}),
        **({"didYouMean": found.did_you_mean} if found.did_you_mean else {}),
        **({"cursor": str(offset + asked["limit"])} if found.hits and found.total > offset + asked["limit"] else {}),
    }


def _question(asked: Body, kinds: list[str], offset: int) -> SearchRequest:
    names = ("layer", "level", "language", "occupation", "task", "skill", "organisation")
    filters = {n: (v if isinstance(v, list) else [v]) for n in names if (v := asked.get(n))}
    return SearchRequest(
        text=asked.get("q", ""),
        audiences=PUBLIC,
        filters={"kind": kinds, **filters},
        facets=("kind", "layer", "level", "language") if asked["facets"] else (),
        sort=Sort.NEWEST if asked["sort"] == "new" else Sort.RELEVANCE,
        limit=asked["limit"],
        offset=offset,
    )


def _hit(entry: Body, hit: Hit) -> Body:
    return {
        "entry": entry,
        **({"snippet": hit.snippet} if hit.snippet else {}),
        "versions": hit.versions,
        "relevance": millionths(hit.parts.text),
        "reasons": [hit.parts.sentence()],
    }


@reading("org.skillnet.catalogue.suggest")
def suggest(request: AnyRequest, services: Services) -> Body:
    """Titles for what is being typed."""
    asked = parameters_of(request, "org.skillnet.catalogue.suggest")
    found = services.finder.suggest(asked["q"], PUBLIC, asked["limit"], asked.get("kind", ()))
    items = [{"text": s.title, "kind": s.kind, **({"uri": s.id} if s.kind in _ITEM_KINDS else {})} for s in found]
    return {"suggestions": items}


@reading("org.skillnet.catalogue.getModule")
def get_module(request: AnyRequest, services: Services) -> Body:
    """A module with its head and a version."""
    asked = parameters_of(request, "org.skillnet.catalogue.getModule")
    return whole_item(services, asked["uri"], asked.get("version"), "module")


@reading("org.skillnet.catalogue.getTask")
def get_task(request: AnyRequest, services: Services) -> Body:
    """A task with its head and a version."""
    asked = parameters_of(request, "org.skillnet.catalogue.getTask")
    return whole_item(services, asked["uri"], asked.get("version"), "task")


def _fits(row: ItemRow, asked: Body) -> bool:
    named = {"occupation": row.occupations, "task": row.tasks, "skill": row.skills}
    return all(asked[name] in values for name, values in named.items() if asked.get(name))


def _listed(services: Services, asked: Body, kind: str) -> tuple[list[Body], Body]:
    with services.database.read() as session:
        rows = catalogue.list_items(session, PUBLIC, kind=kind, did=asked.get("author") or "")
    shown, more = page([row for row in rows if _fits(row, asked)], asked)
    return summaries_of(services, shown), more


@reading("org.skillnet.catalogue.listModules")
def list_modules(request: AnyRequest, services: Services) -> Body:
    """Modules by author, occupation, task or skill."""
    modules, more = _listed(services, parameters_of(request, "org.skillnet.catalogue.listModules"), "module")
    return {"modules": modules, **more}


HANDLERS = (search, suggest, get_module, get_task, list_modules)
