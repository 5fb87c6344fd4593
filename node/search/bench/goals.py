"""What is promised, by size of the catalogue. Milliseconds at the 95th percentile unless named otherwise."""

from __future__ import annotations

LARGE = 500_000

_SMALL = {"exact": 10.0, "keystroke": 15.0, "first letters": 15.0, "one typo and facets": 20.0, "browse facets": 25.0}
_ANY = 50.0


def query_goal(name: str, size: int) -> float:
    """Up to 100,000 documents each kind of question has its own; at a million none takes longer than 50 ms."""
    return _ANY if size >= LARGE else _SMALL[name]


def index_goal(size: int) -> float | None:
    """Seconds: 40 for 100,000 documents on two cores; nothing is promised for a million, or for a handful."""
    return 40.0 * size / 100_000 if 50_000 <= size < LARGE else None


MEMORY_MB = 250.0
UPSERT_MS = 50.0
HOSTILE_MS = 1000.0
VISIBLE_MS = 1000.0
