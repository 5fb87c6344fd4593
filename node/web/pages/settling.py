"""After a change: the page that follows shows its effect, unless the node is very busy."""

from __future__ import annotations

from node.services.assembly import Services
from node.waiting import before_waiting

PATIENCE = 2.0  # seconds; a page that does not show the effect yet is better than one that does not come


def settle(services: Services, *, found: bool = False) -> None:
    """Wait until ranking (and search, with `found`) took the change in."""
    before_waiting()
    services.rankings.settle(PATIENCE)
    if found:
        services.finder.settle(PATIENCE)
