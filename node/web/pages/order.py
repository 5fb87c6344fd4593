"""The order of lists: by rank with places for the little known, or freshest first while nothing is ranked."""

from __future__ import annotations

from collections.abc import Sequence

from node.services.assembly import Services
from node.store.content import catalogue
from node.store.content.catalogue import Audiences
from node.store.sessions import Session
from node.web.pages.cards import Placed

NEWEST_LOOKED_AT = 100  # candidates for the places of the little known, or for the freshest
BEST_LOOKED_AT = 100


def is_ranked(services: Services) -> bool:
    """Does this node trust anybody but itself?"""
    return services.rankings.unranked_reason() is None


def in_order(services: Services, uris: Sequence[str], task: str | None = None) -> list[Placed]:
    """Best first; `uris` newest first."""
    if is_ranked(services):
        return [Placed(uri, exploring) for uri, exploring in services.rankings.explore(uris, task)]
    looked_at = list(uris[:NEWEST_LOOKED_AT])
    fresh = dict(zip(looked_at, services.freshening.values(looked_at), strict=True))
    return [Placed(uri) for uri in sorted(looked_at, key=lambda uri: -fresh[uri])]


def best_modules(services: Services, session: Session, audiences: Audiences, limit: int) -> list[Placed]:
    """The first of all modules."""
    newest = catalogue.list_uris(session, audiences, "module")
    if not is_ranked(services):
        return in_order(services, newest)[:limit]
    best = services.rankings.order(newest)[:BEST_LOOKED_AT]
    return in_order(services, list(dict.fromkeys((*newest[:NEWEST_LOOKED_AT], *best))))[:limit]
