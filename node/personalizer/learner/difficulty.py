"""How hard items are, learned across a node's workers: shared, and personal to none.

Each item's ease is a Gaussian around what its author's level says; every outcome moves it by a one-dimensional logistic
filter step, so that an item with few outcomes stays near its tag. An item is used only from the fifth worker on, as
with every aggregate: from the outcomes of a few it would say something about those few. And it changes only with five
workers more or fewer: whoever sees their own chances before and after one colleague would read the colleague in them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

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


class Learned(NamedTuple):
    """What is made of an item's pool: `ease` of so many `workers`. `used`: are there still enough of them?"""

    ease: float
    workers: int
    used: bool = True


def renew(before: Mapping[str, Learned], pool: Pool) -> dict[str, Learned]:
    """What was learned of items, with the pool of now; ease to two places."""
    found: dict[str, Learned] = {}
    for item in {**before, **pool.items}:
        workers = pool.items[item].workers if item in pool.items else 0
        kept, enough = before.get(item), workers >= LEAST_WORKERS
        if enough and (kept is None or abs(workers - kept.workers) >= LEAST_WORKERS):
            found[item] = Learned(round(pool.items[item].ease, 2), workers)
        elif kept is not None:  # also where none are left: from whoever comes next, those who went could be told
            found[item] = kept._replace(used=enough)
    return found
