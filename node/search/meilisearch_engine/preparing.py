"""An index with the settings it needs, made or brought up to date."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from node.search.meilisearch_engine.servers import Server

_ORDERED = frozenset({"searchableAttributes", "rankingRules"})
"""In other lists order means nothing, and the server keeps its own."""


def prepare(server: Server, name: str, settings: Mapping[str, Any]) -> None:
    """Make the index when it is missing; push settings that differ. The server does this after what came before."""
    from meilisearch.errors import MeilisearchApiError

    try:
        server.client.get_raw_index(name)
        there = server.index(name).get_settings()
    except MeilisearchApiError as error:
        if error.code != "index_not_found":
            raise
        server.outbox.add(server.client.create_index(name, {"primaryKey": "key"}))
        there = {}
    wanted = {key: value for key, value in settings.items() if not _same(key, value, there.get(key))}
    if wanted:
        server.outbox.add(server.index(name).update_settings(wanted))


def _same(key: str, wanted: Any, there: Any) -> bool:
    if isinstance(wanted, Mapping):
        if key == "synonyms":
            return bool(wanted == there)
        return isinstance(there, Mapping) and all(_same(k, v, there.get(k)) for k, v in wanted.items())
    if isinstance(wanted, list) and isinstance(there, list) and key not in _ORDERED:
        return sorted(map(str, wanted)) == sorted(map(str, there))
    return bool(wanted == there)
