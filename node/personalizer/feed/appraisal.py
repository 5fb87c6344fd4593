"""All candidates appraised for one worker: the columns, the estimates and the utility together."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from node.personalizer.feed.columns import Columns, FloatArray
from node.personalizer.feed.estimates import Estimates, estimate
from node.personalizer.feed.relevance import Relevance, judge
from node.personalizer.feed.utility import SEEN_FACTOR, Utility, due_of, readiness, standard_of, weigh
from node.personalizer.feedback import believe, weight
from node.personalizer.learner.outcomes import MASTERED
from node.personalizer.learner.state import LearnerState
from node.personalizer.learner.update import place
from node.personalizer.review import due
from node.personalizer.worker import Situation
from schemas.identifiers import primary_language

LIFTING = ("value", "challenge", "curation", "fresh", "relevance")
OTHER_LANGUAGE = 0.8
SOON = 0.2


@dataclass(frozen=True, eq=False)
class Appraisal:
    """`due` skills → how far due; `worth` (N,) the utility. `state` includes what the worker said about themselves."""

    columns: Columns
    situation: Situation
    state: LearnerState
    estimates: Estimates
    relevance: Relevance
    utility: Utility
    due: Mapping[str, float]
    worth: FloatArray

    def find(self, uri: str) -> int | None:
        """The place of a candidate."""
        return self.columns.by_uri.get(uri)

    def term(self, name: str) -> FloatArray:
        """A factor of the utility as it counts (N,)."""
        if name == "value":
            return self.utility.value + 0.5 * self.utility.due
        if name == "ready":
            return 0.3 + 0.7 * self.utility.ready
        values: FloatArray = getattr(self.utility, name)
        return values

    @cached_property
    def middles(self) -> Mapping[str, float]:
        """The median of what may lift an item above the others, among all that are eligible; 1 where none is."""
        eligible = self.worth > 0
        if not eligible.any():
            return dict.fromkeys(LIFTING, 1.0)
        return {name: float(np.median(self.term(name)[eligible])) for name in LIFTING}


def appraise(situation: Situation, columns: Columns, alpha: float, *, again: bool) -> Appraisal:
    """`again`: what was mastered, or shown often, may come again (for a task in hand)."""
    state = self_described(situation)
    estimates = estimate(columns, state, situation.shared, situation.now.timestamp())
    ready = readiness(columns, estimates, situation.history.done)
    relevance = judge(columns, situation.worker, situation.task, ready, alpha)
    lost = due(situation.cards.values(), situation.now) if situation.cards else {}
    asked = relevance.task if situation.task else relevance.total
    allowed = _allowed(columns, situation, again=again)
    utility = replace(
        weigh(columns, estimates, relevance, ready, standard_of(columns, situation.worker.standards)),
        due=due_of(columns, lost),
        seen=_seen(columns, situation) if not again else np.ones(len(ready)),
        language=_in_languages(columns, situation.worker.languages, (asked > 0) & (allowed > 0)),
        allowed=allowed,
    )
    tried = np.ones(len(ready)) if again else utility.again * _rested(columns, situation, estimates)
    utility = replace(utility, again=tried)
    return Appraisal(columns, situation, state, estimates, relevance, utility, lost, utility.total())


def self_described(situation: Situation) -> LearnerState:
    """The belief from outcomes, with where the worker placed themselves and what they said they know."""
    state = situation.state
    for skill, level in situation.worker.placements.items():
        if skill not in state.placed:
            state = place(state, skill, level, situation.shared)
    return believe(state, situation.feedback, situation.shared)


def _seen(columns: Columns, situation: Situation) -> FloatArray:
    seen = np.ones(len(columns.candidates))
    for uri, times in situation.history.seen.items():
        spot = columns.by_uri.get(uri)
        if spot is not None:
            seen[spot] = SEEN_FACTOR**times
    return seen


def _rested(columns: Columns, situation: Situation, estimates: Estimates) -> FloatArray:
    """Less for what was tried lately: with each attempt a day more passes before it comes again."""
    rested = np.ones(len(columns.candidates))
    for uri, day in situation.history.last.items():
        spot = columns.by_uri.get(uri)
        if spot is not None and (situation.now.date() - day).days <= estimates.tried[spot]:
            rested[spot] = SOON
    return rested


def _allowed(columns: Columns, situation: Situation, *, again: bool) -> FloatArray:
    allowed = np.ones(len(columns.candidates))
    mastered = (uri for uri, how in situation.history.done.items() if how in MASTERED)
    put_away = () if again else (*mastered, *situation.history.today)
    for uri in put_away:
        allowed[columns.of_work(uri)] = 0.0
    if situation.feedback:
        touched = {place for e in situation.feedback for s in e.skills for place in columns.by_skill.get(s, ())}
        touched.update(columns.by_uri[e.subject] for e in situation.feedback if e.subject in columns.by_uri)
        for spot in touched:
            candidate = columns.candidates[spot]
            allowed[spot] *= weight(situation.feedback, candidate.uri, candidate.skills)
    return allowed


def _in_languages(columns: Columns, languages: tuple[str, ...], fitting: NDArray[np.bool_]) -> FloatArray:
    """1 in the language named first and where none is known, less in the others, 0 in those that were not named.

    Of one work only the version that is read best, of those that are fitting: the others would repeat it. Somebody
    else's stands in the place of the author's only as far as its own worth vouches for it.
    """
    factor = _by_language(columns, languages) * fitting
    versions, first = columns.works.T
    best, place = np.zeros(len(factor)), np.full(len(factor), -1)
    merit = factor[versions] * columns.vouched
    np.maximum.at(best, first, merit)
    worse = merit < best[first]
    place[first[~worse][::-1]] = versions[~worse][::-1]  # of two that are read alike, the earlier
    factor[versions[versions != place[first]]] = 0.0
    return factor


def _by_language(columns: Columns, languages: tuple[str, ...]) -> FloatArray:
    if not languages:
        return np.ones(len(columns.candidates))
    first, *others = languages
    factor = np.zeros(len(columns.candidates))
    for language in others:
        factor[columns.by_language.get(primary_language(language), [])] = OTHER_LANGUAGE
    for language in ("", first):
        factor[columns.by_language.get(primary_language(language), [])] = 1.0
    return factor
