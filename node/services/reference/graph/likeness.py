"""Which occupations are alike, by work activities, by tools and by words – and what it is that they share."""

from __future__ import annotations

import math
import re
import threading
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from node.store import reference
from node.store.database import Database

WEIGHTS = {"activities": 0.5, "tools": 0.2, "words": 0.3}
SHOWN = 3  # shared things that a reason names
_WORD = re.compile(r"[a-z]{4,}")


@dataclass(frozen=True, slots=True)
class Likeness:
    """Another occupation: 0..1 in all and by each measure, and the rarest things that both have."""

    occupation: str
    value: float
    parts: Mapping[str, float]
    shared: Mapping[str, tuple[str, ...]]


class _Measure:
    """Cosine over weighted features: a feature that few have says more (idf)."""

    def __init__(self, features: Mapping[str, Iterable[str]]) -> None:
        counted = {code: Counter(found) for code, found in features.items()}
        having = Counter(feature for found in counted.values() for feature in found)
        self._rarity = {feature: math.log(1 + len(counted) / count) for feature, count in having.items()}
        self._weights = {code: self._scaled(found) for code, found in counted.items()}
        self._having: defaultdict[str, list[tuple[str, float]]] = defaultdict(list)
        for code, weights in self._weights.items():
            for feature, weight in weights.items():
                self._having[feature].append((code, weight))

    def _scaled(self, found: Counter[str]) -> dict[str, float]:
        """Weights of an occupation's features, of length 1 in all."""
        weights = {feature: (1 + math.log(count)) * self._rarity[feature] for feature, count in found.items()}
        length = math.sqrt(sum(weight * weight for weight in weights.values())) or 1.0
        return {feature: weight / length for feature, weight in weights.items()}

    def of(self, code: str) -> dict[str, float]:
        """Occupation → 0..1."""
        found: defaultdict[str, float] = defaultdict(float)
        for feature, own in self._weights.get(code, {}).items():
            for other, weight in self._having[feature]:
                found[other] += own * weight
        found.pop(code, None)
        return found

    def shared(self, one: str, other: str) -> tuple[str, ...]:
        """The rarest features of both."""
        both = self._weights.get(one, {}).keys() & self._weights.get(other, {}).keys()
        return tuple(sorted(both, key=lambda feature: (-self._rarity[feature], feature))[:SHOWN])


class OccupationLikeness:
    """Made when first asked (about half a second for O*NET); made anew after an import."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._making = threading.Lock()
        self._measures: dict[str, _Measure] | None = None

    def forget(self) -> None:
        """Reference data changed."""
        self._measures = None

    def of(self, code: str, limit: int = 10) -> list[Likeness]:
        """The occupations most like this one."""
        measures = self._made()
        parts = {name: measure.of(code) for name, measure in measures.items()}
        total: defaultdict[str, float] = defaultdict(float)
        for name, found in parts.items():
            for other, value in found.items():
                total[other] += WEIGHTS[name] * value
        best = sorted(total.items(), key=lambda entry: (-entry[1], entry[0]))[:limit]
        return [
            Likeness(
                other, value, {name: parts[name].get(other, 0.0) for name in measures},
                {name: measure.shared(code, other) for name, measure in measures.items()},
            )
            for other, value in best
        ]  # fmt: skip

    def _made(self) -> dict[str, _Measure]:
        measures = self._measures
        if measures is None:
            with self._making:
                measures = self._measures = self._measures or self._make()
        return measures

    def _make(self) -> dict[str, _Measure]:
        activities: defaultdict[str, list[str]] = defaultdict(list)
        with self._database.read() as session:
            for task, skill in reference.links(session):
                activities[task.partition("/")[0]].append(skill)
            rows = reference.list_occupations(session, "onet")
        tools = {row.id: [name for name, _ in row.tools] for row in rows}
        words = {row.id: _WORD.findall(f"{row.title} {row.description}".lower()) for row in rows}
        return {"activities": _Measure(activities), "tools": _Measure(tools), "words": _Measure(words)}
