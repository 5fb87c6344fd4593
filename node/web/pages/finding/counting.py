"""How many modules serve what, from the search index."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from node.services.assembly import Services
from node.store.content.catalogue import Audiences

_MODULES = {"kind": ("module",)}


def modules_by(services: Services, audiences: Audiences, *facets: str) -> Mapping[str, Mapping[str, int]]:
    """Facet → value → modules that have it, most first; the hundred most frequent values."""
    from node.search.request import SearchRequest

    asked = SearchRequest(audiences=audiences, filters=_MODULES, facets=facets, limit=0)
    found = services.finder.glance(asked).facets
    return {name: {value.value: value.count for value in values} for name, values in found.items()}


def modules_for_tasks(services: Services, audiences: Audiences, tasks: Iterable[str]) -> dict[str, int]:
    """Modules that name each of these tasks."""
    from node.search.request import SearchRequest

    return {
        task: services.finder.glance(
            SearchRequest(audiences=audiences, filters={**_MODULES, "task": (task,)}, limit=0)
        ).total
        for task in tasks
    }
