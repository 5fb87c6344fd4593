"""How tests ask an engine."""

from __future__ import annotations

from node.search.engine import SearchEngine
from node.search.request import SearchRequest


def ids(engine: SearchEngine, text: str, **more: object) -> list[str]:
    """What is found, best first."""
    return [h.id for h in engine.search(SearchRequest(text, **more)).hits]
