"""What a candidate is worth now: `r·(v + .5·due)·(.3+.7·ready)·z·curation·freshness·minutes^.8·.85^seen`.

`v` and `z` are expected values over what is believed of the worker, not those of its middle: where little is known, a
lesson may be right for much of what they may be, and what is learned of them by it is worth having.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from node.personalizer.feed.columns import Columns, FloatArray, IndexArray
from node.personalizer.feed.estimates import Estimates, mean_over
from node.personalizer.feed.relevance import Relevance
from node.personalizer.learner.outcomes import MASTERED
from node.personalizer.levels import COMPETENT, get_standard

AIM = 0.75
# The design has 0.6. In the simulator 0.8 gains 4% more under the five laws together; wider still gains more there, but
# then what is out of reach comes before what leads to it.
WIDTH = 0.8
# Gauss–Hermite: five places on the belief, in standard deviations, and how much each counts.
_PLACES, _SHARES = np.polynomial.hermite_e.hermegauss(5)
_SHARES = _SHARES / _SHARES.sum()
SLOPE = 1.5
USUAL_STANDARD = COMPETENT
READY_AT = 0.75
SEEN_FACTOR = 0.85
AGAIN_FACTOR = 0.5


@dataclass(frozen=True, slots=True, eq=False)
class Utility:
    """The factors, all (N,). `allowed`: 0 where an item may not be chosen, below 1 where feedback speaks against it."""

    relevance: FloatArray
    value: FloatArray
    due: FloatArray
    ready: FloatArray
    challenge: FloatArray
    curation: FloatArray
    fresh: FloatArray
    minutes: FloatArray
    seen: FloatArray
    again: FloatArray
    language: FloatArray
    allowed: FloatArray

    def total(self) -> FloatArray:
        """Their product (N,)."""
        worth = self.relevance * (self.value + 0.5 * self.due) * (0.3 + 0.7 * self.ready) * self.challenge
        worth = worth * self.curation * self.fresh * self.minutes**0.8 * self.language
        product: FloatArray = worth * self.seen * self.again * self.allowed
        return product


def challenge(p: FloatArray) -> FloatArray:
    """1 where unaided success is likely three times in four, falling to both sides: a bell in log-odds."""
    p = np.clip(p, 1e-9, 1 - 1e-9)
    distance = np.log(p / (1 - p)) - np.log(AIM / (1 - AIM))
    bell: FloatArray = np.exp(-(distance**2) / (2 * WIDTH**2))
    return bell


def value(mean: FloatArray, standard: FloatArray) -> FloatArray:
    """What one step on the skill scale adds to the chance of meeting the standard of the work."""
    return _logistic(SLOPE * (mean + 1 - standard)) - _logistic(SLOPE * (mean - standard))


def readiness(columns: Columns, estimates: Estimates, done: Mapping[str, str]) -> FloatArray:
    """0..1 (N,): the least sure of what a candidate requires; 1 where it requires nothing that is known here."""
    ready = np.ones(len(columns.candidates))
    if len(columns.needs):
        later, first = columns.needs.T
        met = np.minimum(1.0, estimates.p / READY_AT)
        for uri, how in done.items():
            if how in MASTERED:
                met[columns.of_work(uri)] = 1.0
        np.minimum.at(ready, later, met[first])
    if len(columns.needs_skill):
        later, skill = columns.needs_skill.T
        able = _logistic(SLOPE * (estimates.skill_mean[skill] + 1 - columns.standard[later]))
        np.minimum.at(ready, later, np.minimum(1.0, able / READY_AT))
    return ready


def due_of(columns: Columns, due: Mapping[str, float]) -> FloatArray:
    """How far the most forgotten of each candidate's skills is due (N,)."""
    found = np.zeros(len(columns.candidates))
    for skill, lost in due.items():
        places = columns.by_skill.get(skill, [])
        found[places] = np.maximum(found[places], lost)
    return found


def standard_of(columns: Columns, standards: Mapping[str, str]) -> FloatArray:
    """The standard the work demands of each candidate's skills (N,), on the skill scale; usual where none is known."""
    known = {columns.by_skill_name[s]: level for s, level in standards.items() if s in columns.by_skill_name}
    if not known:
        return np.full(len(columns.candidates), get_standard(USUAL_STANDARD))
    by_skill = np.full(len(columns.by_skill_name), get_standard(USUAL_STANDARD))
    for place, level in known.items():
        by_skill[place] = get_standard(level)
    return mean_over(columns, by_skill)


def weigh(
    columns: Columns, estimates: Estimates, relevance: Relevance, ready: FloatArray, standard: FloatArray
) -> Utility:
    """Utility before anything is known of what is due, was shown or said."""
    ones = np.ones(len(ready))
    gained, fitting = np.zeros((2, len(ready)))
    spots = np.flatnonzero(relevance.total)  # of a large catalogue a small part, and the dearest step is the next
    gained[spots], fitting[spots] = _expected(estimates, standard, spots)
    return Utility(
        relevance=relevance.total,
        value=gained,
        due=np.zeros(len(ready)),
        ready=ready,
        challenge=fitting,
        curation=columns.curation,
        fresh=columns.fresh,
        minutes=columns.minutes,
        seen=ones,
        again=AGAIN_FACTOR**estimates.tried,
        language=ones,
        allowed=ones,
    )


def _expected(estimates: Estimates, standard: FloatArray, spots: IndexArray) -> tuple[FloatArray, FloatArray]:
    """Of the candidates at `spots`, the value where the challenge is there, and the challenge.

    Their product is what is to be expected of both together.
    """
    p = np.clip(estimates.p[spots], 1e-9, 1 - 1e-9)
    log_odds, standard = np.log(p / (1 - p)), standard[spots]
    mean, spread = estimates.mean[spots], estimates.spread[spots]
    both, fitting = np.zeros(len(p)), np.zeros(len(p))
    for place, share in zip(_PLACES, _SHARES, strict=True):
        fits = share * challenge(_logistic(log_odds + place * spread))
        fitting += fits
        both += fits * value(mean + place * spread, standard)
    return both / np.maximum(fitting, 1e-12), fitting


def _logistic(x: FloatArray) -> FloatArray:
    return 1.0 / (1.0 + np.exp(-x))
