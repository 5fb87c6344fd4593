"""Answers of several servers as one.

The server's ranking score does not depend on what else is in its index, so scores of servers with the same settings
can be compared; counts are added.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import Any

Answer = Mapping[str, Any]


def merge(answers: Sequence[Answer], options: Mapping[str, Any]) -> Answer:
    """One answer with as many hits as were asked for."""
    if len(answers) == 1:
        return answers[0]
    hits = [hit for answer in answers for hit in answer["hits"]]
    hits.sort(key=_order(options))
    counts: dict[str, Counter[str]] = {}
    for answer in answers:
        for facet, values in answer.get("facetDistribution", {}).items():
            counts.setdefault(facet, Counter()).update(values)
    return {
        "hits": hits[: options.get("limit", len(hits))],
        "estimatedTotalHits": sum(int(answer.get("estimatedTotalHits", 0)) for answer in answers),
        "facetDistribution": counts,
    }


def _order(options: Mapping[str, Any]) -> Callable[[Mapping[str, Any]], tuple[float, str]]:
    if not options.get("sort"):
        return lambda hit: (-float(hit.get("_rankingScore", 0.0)), str(hit["id"]))
    name, _, direction = options["sort"][0].partition(":")
    sign = -1.0 if direction == "desc" else 1.0
    return lambda hit: (sign * float(hit.get(name, 0)), str(hit["id"]))
