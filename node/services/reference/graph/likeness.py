"""Which occupations are alike, by work activities, by tools and by words – and what it is that they share."""

from __future__ import annotations

import math
import re
import threading
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache

from node.store.content import reference
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
        self._counted = {code: Counter(found) for code, found in features.items()}
        self._having = defaultdict[str, list[str]](list)
        for code, counted in self._counted.items():
            for feature in counted:
                self._having[feature].append(code)
        whole = len(self._counted)
        self._rarity = {feature: math.log(1 + whole / len(codes)) for feature, codes in self._having.items()}
        self._lengths = {code: self._length(found) for code, found in self._counted.items()}

    def _length(self, found: Mapping[str, int]) -> float:
        rarity = self._rarity
        return math.sqrt(sum((_weight(count) * rarity[feature]) ** 2 for feature, count in found.items())) or 1.0

    def of(self, code: str) -> dict[str, float]:
        """Occupation → 0..1."""
        found: defaultdict[str, float] = defaultdict(float)
        for feature, count in self._counted.get(code, {}).items():
            own = _weight(count) * self._rarity[feature] ** 2 / self._lengths[code]
            for other in self._having[feature]:
                found[other] += own * _weight(self._counted[other][feature]) / self._lengths[other]
        found.pop(code, None)
        return found

    def shared(self, one: str, other: str) -> tuple[str, ...]:
        """The rarest features of both."""
        both = self._counted.get(one, {}).keys() & self._counted.get(other, {}).keys()
        return tuple(sorted(both, key=lambda feature: (-self._rarity[feature], feature))[:SHOWN])


@cache
def _weight(count: int) -> float:
    """What having a feature so many times counts."""
    return 1 + math.log(count)


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
            rows = list(reference.tools_and_words(session))
        tools = {code: [name for name, _ in used] for code, used, _ in rows}
        words = {code: _WORD.findall(text.lower()) for code, _, text in rows}
        return {"activities": _Measure(activities), "tools": _Measure(tools), "words": _Measure(words)}
