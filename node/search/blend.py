"""Order = text relevance × curation × freshness, the same for every engine: `text · (1 + λ · curation) · freshness`.

λ is at most 0.5: measured, a factor of up to 2 leaves only 60% of the relevant top ten where text alone put it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import repeat

from node.search.request import Scores, SearchRequest, Sort
from node.search.result import Parts

WEIGHT = 0.5
MOST_WEIGHT = 0.5
ALL = slice(None)
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
    """A candidate with what its place rests on, and how many of its fork family are among the candidates."""

    candidate: Candidate
    curation: float
    freshness: float
    weight: float
    versions: int = 1

    @property
    def parts(self) -> Parts:
        """The explanation."""
        text, tier = self.candidate.text, self.candidate.tier
        score = text * (1 + self.weight * self.curation) * self.freshness
        return Parts(text, self.curation, self.freshness, self.weight, score, tier)


Blended = tuple[float, Candidate, float, float]
"""Score, candidate, curation, freshness."""


def blend(candidates: Sequence[Candidate], scores: Scores | None, weight: float = WEIGHT) -> list[Blended]:
    """Best first; ties by id, so that the order is the same everywhere. Without scores text alone decides."""
    factor = _factor(weight)
    ids = [c.id for c in candidates]
    curation = map(_unit, scores.curation(ids)) if scores else repeat(0.0, len(ids))
    freshness = map(_lasting, scores.freshness(ids)) if scores else repeat(1.0, len(ids))
    blended = [
        (candidate.text * (1 + factor * c) * f, candidate, c, f)
        for candidate, c, f in zip(candidates, curation, freshness, strict=True)
    ]
    return sorted(blended, key=lambda one: (-one[0], one[1].id))


def place(blended: Sequence[Blended], part: slice = ALL, *, group: bool, weight: float = WEIGHT) -> list[Placed]:
    """Keep the best of each fork family and count the others, or keep all; then the part of them that is shown."""
    factor = _factor(weight)
    if not group:
        return [Placed(one[1], one[2], one[3], factor) for one in blended[part]]
    versions = Counter([one[1].family for one in blended])
    if len(versions) == len(blended):
        return [Placed(one[1], one[2], one[3], factor) for one in blended[part]]
    kept = list({one[1].family: one for one in reversed(blended)}.values())[::-1]
    order = {one[1].id: i for i, one in enumerate(blended)}
    kept.sort(key=lambda one: order[one[1].id])
    return [Placed(one[1], one[2], one[3], factor, versions[one[1].family]) for one in kept[part]]


def show(candidates: Sequence[Candidate], request: SearchRequest) -> list[Placed]:
    """The part that was asked for. What is sorted by a property keeps the order that the candidates came in."""
    if request.limit <= 0:
        return []  # only counts are wanted: nothing is put in order by verdicts
    blended = blend(candidates, request.scores)
    if request.sort is not Sort.RELEVANCE:
        order = {c.id: i for i, c in enumerate(candidates)}
        blended.sort(key=lambda one: order[one[1].id])
    part = slice(request.offset, request.offset + request.limit)
    return place(blended, part, group=request.group_forks)


def relative(scored: Sequence[tuple[str, str, float]], *, below: float = 1.0, tier: str = "all") -> list[Candidate]:
    """(id, family, engine's score), best first → candidates whose text is at most `below`."""
    most = max((score for _, _, score in scored), default=0.0)
    return [Candidate(i, family, below * (score / most if most > 0 else 1.0), tier) for i, family, score in scored]


def _factor(weight: float) -> float:
    return min(max(weight, 0.0), MOST_WEIGHT)


def _unit(value: float) -> float:
    return min(max(float(value), 0.0), 1.0)


def _lasting(value: float) -> float:
    return max(_unit(value), LEAST_FRESHNESS)
