"""Find what an index lacks, has too much or holds in an older state, without reading all of it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from node.search.document import bucket_of
from node.search.engine import SearchEngine


@dataclass(frozen=True, slots=True)
class Drift:
    """Ids to index again, and ids to remove."""

    stale: tuple[str, ...]
    surplus: tuple[str, ...]

    def __bool__(self) -> bool:
        return bool(self.stale or self.surplus)


def bucket_sums(prints: Mapping[str, int]) -> dict[int, tuple[int, int]]:
    """Bucket → (documents, sum of fingerprints), for id → fingerprint as the catalogue has it."""
    sums: dict[int, tuple[int, int]] = {}
    for document_id, value in prints.items():
        bucket = bucket_of(document_id)
        count, total = sums.get(bucket, (0, 0))
        sums[bucket] = (count + 1, total + value)
    return sums


def find_drift(engine: SearchEngine, prints: Mapping[str, int]) -> Drift:
    """Compare the engine with the catalogue's id → fingerprint; only buckets that differ are read."""
    there = engine.stats().buckets
    here = bucket_sums(prints)
    differing = {bucket for bucket in there.keys() | here.keys() if there.get(bucket) != here.get(bucket)}
    expected = _by_bucket(prints, differing)
    stale: list[str] = []
    surplus: list[str] = []
    for bucket in sorted(differing):
        found = engine.fingerprints(bucket)
        wanted = expected[bucket]
        stale += sorted(i for i, value in wanted.items() if found.get(i) != value)
        surplus += sorted(found.keys() - wanted.keys())
    return Drift(tuple(stale), tuple(surplus))


def _by_bucket(prints: Mapping[str, int], buckets: Iterable[int]) -> dict[int, dict[str, int]]:
    dealt: dict[int, dict[str, int]] = defaultdict(dict)
    for document_id, value in prints.items():
        bucket = bucket_of(document_id)
        if bucket in buckets:
            dealt[bucket][document_id] = value
    return dealt
