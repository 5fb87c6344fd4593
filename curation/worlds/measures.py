"""How good an order of modules is, and what an attack changed in it."""

from dataclasses import dataclass

import numpy as np

from curation.arrays import Flags, Floats, Integers

TOP = 10
GRADES = 2.0


@dataclass(frozen=True, slots=True)
class Quality:
    """Of the order of all modules: NDCG of the first ten (gain = quality), Kendall's τ over the honest ones."""

    ndcg: float
    tau: float


def ranks_of(scores: Floats) -> Integers:
    """Place of every module, 1 for the best; equal scores in order of number."""
    ranks = np.empty(len(scores), np.int64)
    ranks[np.argsort(-scores, kind="stable")] = np.arange(1, len(scores) + 1)
    return ranks


def quality_of(scores: Floats, quality: Floats, junk: Flags) -> Quality:
    """Compare an order with the truth."""
    discount = 1.0 / np.log2(np.arange(2, TOP + 2))
    gain = np.exp2(GRADES * quality) - 1.0
    best = np.sort(gain)[::-1][:TOP]
    ordered = gain[np.argsort(ranks_of(scores))][:TOP]
    from scipy import stats

    tau = stats.kendalltau(scores[~junk], quality[~junk]).statistic
    return Quality(float((ordered * discount).sum() / (best * discount).sum()), float(tau))


def junk_share(scores: Floats, junk: Flags) -> float:
    """Share of the first ten places taken by junk."""
    return float((ranks_of(scores)[junk] <= TOP).sum()) / TOP


def places_gained(before: Floats, after: Floats, modules: Flags) -> float:
    """Median number of places that some modules rose."""
    return float(np.median((ranks_of(before) - ranks_of(after))[modules]))


def places_lost(before: Floats, after: Floats, modules: Integers) -> float:
    """Mean number of places that some modules fell."""
    return float((ranks_of(after) - ranks_of(before))[modules].mean())
