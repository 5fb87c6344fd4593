"""Order = text relevance × curation × freshness, the same for every engine: `text · (1 + λ · curation) · freshness`.

λ is at most 0.5: measured, a factor of up to 2 leaves only 60% of the relevant top ten where text alone put it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from node.search.request import Scores
from node.search.result import Parts

WEIGHT = 0.5
MOST_WEIGHT = 0.5
LEAST_FRESHNESS = 0.05
"""What is surely stale sinks, and can still be found."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A document that matches. `text` is relevance relative to the best one, 0 < text ≤ 1."""

    id: str
    family: str
    text: float
    tier: str = "all"


@dataclass(frozen=True, slots=True)
class Placed:
    """A candidate with its score explained, and how many of its fork family are among the candidates."""

    id: str
    parts: Parts
    versions: int = 1


def blend(
    candidates: Sequence[Candidate], scores: Scores | None, weight: float = WEIGHT
) -> list[tuple[Candidate, Parts]]:
    """Best first; ties by id, so that the order is the same everywhere. Without scores text alone decides."""
    factor = min(max(weight, 0.0), MOST_WEIGHT)
    ids = [c.id for c in candidates]
    curation = scores.curation(ids) if scores else [0.0] * len(ids)
    freshness = scores.freshness(ids) if scores else [1.0] * len(ids)
    blended = [
        (candidate, _parts(candidate, _unit(c), max(_unit(f), LEAST_FRESHNESS), factor))
        for candidate, c, f in zip(candidates, curation, freshness, strict=True)
    ]
    return sorted(blended, key=lambda pair: (-pair[1].score, pair[0].id))


def place(blended: Iterable[tuple[Candidate, Parts]], *, group: bool) -> list[Placed]:
    """Keep the best of each fork family and count the others; all of them when not grouping."""
    if not group:
        return [Placed(c.id, parts) for c, parts in blended]
    best: dict[str, Placed] = {}
    for candidate, parts in blended:
        known = best.get(candidate.family)
        if known is None:
            best[candidate.family] = Placed(candidate.id, parts)
        else:
            best[candidate.family] = Placed(known.id, known.parts, known.versions + 1)
    return list(best.values())


def relative(scored: Sequence[tuple[str, str, float]], *, below: float = 1.0, tier: str = "all") -> list[Candidate]:
    """(id, family, engine's score), best first → candidates whose text is at most `below`."""
    most = max((score for _, _, score in scored), default=0.0)
    return [Candidate(i, family, below * (score / most if most > 0 else 1.0), tier) for i, family, score in scored]


def _parts(candidate: Candidate, curation: float, freshness: float, weight: float) -> Parts:
    score = candidate.text * (1 + weight * curation) * freshness
    return Parts(candidate.text, curation, freshness, weight, score, candidate.tier)


def _unit(value: float) -> float:
    return min(max(float(value), 0.0), 1.0)
