"""Choosing: greedy on `u / (1+same skill so far) · (.7+.3/√(1+same layer so far)) / minutes^.9` within the minutes."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from node.personalizer.feed.appraisal import Appraisal
from node.personalizer.feed.columns import Columns, FloatArray
from node.personalizer.feed.utility import READY_AT

STRETCH_FROM = 0.5
STRETCH_TO = 0.65
LONGEST_CHAIN = 3


@dataclass(frozen=True, slots=True)
class Pick:
    """A chosen candidate; the best that stayed out (None if there was none) and what variety did for it, in logs."""

    spot: int
    loser: int | None = None
    variety: float = 0.0


@dataclass(frozen=True, slots=True)
class Limits:
    """At most so many items, of them stretch items (p .5–.65), and of them what is out of reach without all help."""

    items: int
    stretches: int
    guided: int


@dataclass(slots=True)
class Basket:
    """What is chosen so far. `variety` (N,) is the factor for sameness; `open` (N,) marks what may still be chosen."""

    columns: Columns
    minutes: float
    picks: list[Pick] = field(default_factory=list)
    same_skill: FloatArray = field(init=False)
    same_layer: FloatArray = field(init=False)
    open: NDArray[np.bool_] = field(init=False)

    def __post_init__(self) -> None:
        size = len(self.columns.candidates)
        self.same_skill, self.same_layer = np.zeros(size), np.zeros(size)
        self.open = np.ones(size, dtype=np.bool_)

    @property
    def variety(self) -> FloatArray:
        """Falls with every item on the same skill or of the same layer."""
        factor: FloatArray = (0.7 + 0.3 / np.sqrt(1 + self.same_layer)) / (1 + self.same_skill)
        return factor

    def take(self, spot: int, minutes: float) -> Pick:
        """Put a candidate in."""
        pick = Pick(spot)
        self.picks.append(pick)
        self.minutes -= minutes
        self.open[spot] = False
        for skill in self.columns.candidates[spot].lesson.skills:
            self.same_skill[self.columns.by_skill[skill]] += 1.0
        self.same_layer[self.columns.layer == self.columns.layer[spot]] += 1.0
        return pick


def choose(appraisal: Appraisal, basket: Basket, limits: Limits, *, at_once: bool = False) -> list[Pick]:
    """Fill the basket. `at_once`: what an item requires need not come before it."""
    minutes, p = appraisal.columns.minutes, appraisal.estimates.p
    density = appraisal.worth / minutes**0.9
    stretch, guided = (p >= STRETCH_FROM) & (p < STRETCH_TO), p < STRETCH_FROM
    offers: list[tuple[int, FloatArray, FloatArray]] = []
    left = limits
    while left.items > 0:
        fits = basket.open & (minutes <= basket.minutes)
        if left.stretches <= 0:
            fits &= ~stretch
        if left.guided <= 0:
            fits &= ~guided
        variety = basket.variety
        offer = np.where(fits, density * variety, 0.0)
        spot = best(offer)
        if spot is None:
            break
        spot = spot if at_once else _what_leads_to(appraisal, spot, offer)
        basket.take(spot, float(minutes[spot]))
        left = Limits(left.items - 1, left.stretches - int(stretch[spot]), left.guided - int(guided[spot]))
        offers.append((spot, offer, variety))
    return [_compared(spot, np.where(basket.open, offer, 0.0), variety) for spot, offer, variety in offers]


def _what_leads_to(appraisal: Appraisal, spot: int, offer: FloatArray) -> int:
    """What this candidate requires and the worker could not do yet comes before it, if it is offered; else itself."""
    needs = appraisal.columns.needs
    for _ in range(LONGEST_CHAIN):
        first = needs[needs[:, 0] == spot, 1]
        first = first[appraisal.estimates.p[first] < READY_AT]
        leading = None if not len(first) else best(offer[first])
        if leading is None:
            break
        spot = int(first[leading])
    return spot


def _compared(spot: int, others: FloatArray, variety: FloatArray) -> Pick:
    """A runner-up that was chosen next would be none: only those that stayed out are compared."""
    loser = best(others)
    if loser is None:
        return Pick(spot)
    return Pick(spot, loser, math.log(variety[loser]) - math.log(variety[spot]))


def best(utility: FloatArray) -> int | None:
    """The place of the largest positive value; ties go to the earlier."""
    if not len(utility):
        return None
    first = int(np.argmax(utility))
    return first if utility[first] > 0 else None


def best_among(appraisal: Appraisal, basket: Basket, spots: Iterable[int], minutes: float) -> int | None:
    """The best of these that is still open and takes no longer; None if there is none."""
    fit = [s for s in spots if basket.open[s] and appraisal.columns.minutes[s] <= minutes and appraisal.worth[s] > 0]
    return max(fit, key=lambda spot: (appraisal.worth[spot], -spot), default=None)
