"""The terms of a prediction. Their weighted sum with the offsets is the log-odds of doing the lesson unaided.

Order is that of `shared.TERMS`; per-skill terms are means over the lesson's skills (mean over an empty list is 0).
"""

from __future__ import annotations

from math import log, log1p

from node.personalizer.learner.state import Count, LearnerState

SECONDS_PER_DAY = 86_400.0
ITEM_TRIED = 7
MASTERY = 10
UNTRIED = Count()


def measure(state: LearnerState, places: list[int], item: str, at: float | None) -> list[float]:
    """The terms for a lesson on the skills at these places of the state; `at` in seconds, None without a clock.

    New is a lesson with a skill that was never tried; just now is 1 after an answer on one of the skills, falling with
    every answer since; rust is ln(1 + weeks since the least recently practised of them). One loop, for it runs often.
    """
    share = 1.0 / (len(places) or 1)
    lately = practice = wins = mastery = just_now = oldest = 0.0
    new = 0.0 if places else 1.0
    traces, answers, mean = state.traces, state.answers, state.mean
    for place in places:
        successes, failures, attempts, won, last, when = traces[place]
        lately += log((successes + 0.5) / (failures + 0.5))
        practice += log1p(attempts)
        wins += log1p(won)
        mastery += mean.item(place)
        if attempts == 0.0:
            new = 1.0
        if last >= 0:
            just_now = max(just_now, 1.0 / (answers - last))
        if at is not None and when >= 0.0:
            oldest = max(oldest, at - when)
    tried = state.items.get(item, UNTRIED)
    overall = state.overall
    general = log((overall.successes + 1.0) / (overall.failures + 1.0))
    mastery *= share
    return [
        1.0, lately * share, practice * share, wins * share,
        general, log1p(overall.attempts), log1p(overall.wins), log1p(tried.attempts), log1p(tried.wins),
        just_now, mastery, new, new * general, new * mastery, log1p(oldest / (7 * SECONDS_PER_DAY)),
    ]  # fmt: skip
