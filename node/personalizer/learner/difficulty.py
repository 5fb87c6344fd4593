"""How hard items are, learned across a node's workers: shared, and personal to none.

Each item's ease is a Gaussian around what its author's level says; every outcome moves it by a one-dimensional logistic
filter step, so that an item with few outcomes stays near its tag. An item is used only from the third worker on: from
one worker's outcomes alone it would say something about that worker.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

from node.personalizer.learner.outcomes import Outcome
from node.personalizer.learner.prediction import predict
from node.personalizer.learner.shared import Shared, tag_ease
from node.personalizer.learner.state import LearnerState

PRIOR_VARIANCE = 0.64
LEAST_WORKERS = 3


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


def pool_outcome(pool: Pool, state: LearnerState, outcome: Outcome, shared: Shared) -> Pool:
    """The pool after one worker's outcome; `state` is the belief of them before it. A skip teaches nothing."""
    if outcome.weight == 0.0:
        return pool
    item = outcome.lesson.item
    found = pool.items.get(item) or Pooled(tag_ease(outcome.lesson.level), 1.0 / PRIOR_VARIANCE, 0)
    believed = replace(shared, items={**shared.items, item: found.ease})
    p = predict(state, outcome.lesson, believed, outcome.at).p
    precision = found.precision + outcome.weight * p * (1 - p)
    ease = found.ease + outcome.weight * (outcome.success - p) / precision
    first = item not in state.items
    return Pool({**pool.items, item: Pooled(ease, precision, found.workers + int(first))})


def share(shared: Shared, pool: Pool) -> Shared:
    """The shared parameters with every item that enough workers met."""
    known = {item: pooled.ease for item, pooled in pool.items.items() if pooled.workers >= LEAST_WORKERS}
    return replace(shared, items={**shared.items, **known})
