"""How hard items are, learned across a node's workers: shared, and personal to none.

Each item's ease is a Gaussian around what its author's level says; every outcome moves it by a one-dimensional logistic
filter step, so that an item with few outcomes stays near its tag. An item is used only from the fifth worker on, as
with every aggregate: from the outcomes of a few it would say something about those few.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

from node.personalizer.learner.outcomes import Outcome
from node.personalizer.learner.prediction import predict, sigmoid
from node.personalizer.learner.shared import Shared, tag_ease
from node.personalizer.learner.state import LearnerState

PRIOR_VARIANCE = 0.64
LEAST_WORKERS = 5


class Pooled(NamedTuple):
    """`ease` log-odds, `precision` 1/variance, `workers` how many contributed."""

    ease: float
    precision: float
    workers: int


@dataclass(frozen=True, slots=True)
class Pool:
    """Item → what was pooled."""

    items: Mapping[str, Pooled]

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON values."""
        return {item: list(pooled) for item, pooled in self.items.items()}

    @classmethod
    def from_dict(cls, value: Mapping[str, Any]) -> Pool:
        """The reverse of `to_dict`."""
        return cls({item: Pooled(float(e), float(p), int(n)) for item, (e, p, n) in value.items()})


class Pooling:
    """A pool while many outcomes are put into it, in place."""

    def __init__(self, items: dict[str, Pooled] | None = None) -> None:
        self.items = {} if items is None else items

    def hear(self, state: LearnerState, outcome: Outcome, shared: Shared) -> None:
        """One worker's outcome; `state` is the belief of them before it."""
        if outcome.weight == 0.0:
            return
        item = outcome.lesson.item
        tagged = tag_ease(outcome.lesson.level)
        found = self.items.get(item) or Pooled(tagged, 1.0 / PRIOR_VARIANCE, 0)
        # Only the item's own ease matters here; whatever else is shared, skills included, stays as it is.
        believed = predict(state, outcome.lesson, shared, outcome.at).logit - shared.ease(outcome.lesson)
        p = sigmoid(believed + found.ease)
        precision = found.precision + outcome.weight * p * (1 - p)
        ease = found.ease + outcome.weight * (outcome.success - p) / precision
        self.items[item] = Pooled(ease, precision, found.workers + int(item not in state.items))


def merge(pools: Iterable[Pool], tags: Mapping[str, float]) -> Pool:
    """Pools of different workers as one: precisions add up, the prior counted once. `tags`: item → ease by its tag."""
    prior = 1.0 / PRIOR_VARIANCE
    sums: dict[str, tuple[float, float, int]] = {}
    for pool in pools:
        for item, (ease, precision, workers) in pool.items.items():
            before = tags.get(item, 0.0)
            weighted, total, number = sums.get(item, (prior * before, prior, 0))
            gained = precision * ease - prior * before
            sums[item] = (weighted + gained, total + precision - prior, number + workers)
    return Pool({item: Pooled(weighted / total, total, number) for item, (weighted, total, number) in sums.items()})


def share(shared: Shared, pool: Pool, *, keep: bool = True) -> Shared:
    """The shared parameters with every item that enough workers met; with `keep`, those of before stay too."""
    known = {item: pooled.ease for item, pooled in pool.items.items() if pooled.workers >= LEAST_WORKERS}
    return replace(shared, items={**shared.items, **known} if keep else known)
