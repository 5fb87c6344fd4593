"""The terms of a prediction. Their weighted sum with the offsets is the log-odds of doing the lesson unaided.

Order is that of `shared.TERMS`; per-skill terms are means over the lesson's skills (mean over an empty list is 0).
"""

from __future__ import annotations

from math import log, log1p

from node.personalizer.learner.state import UNSEEN, Count, LearnerState, Trace

SECONDS_PER_DAY = 86_400.0
ITEM_TRIED = 7
MASTERY = 10
UNTRIED = Count()


def measure(state: LearnerState, places: list[int], item: str, at: float | None) -> list[float]:
    """The terms for a lesson on the skills at these places of the state; `at` in seconds, None without a clock."""
    share = 1.0 / max(1, len(places))
    lately = practice = wins = mastery = 0.0
    for place in places:
        trace = state.traces[place]
        lately += log((trace.successes + 0.5) / (trace.failures + 0.5))
        practice += log1p(trace.attempts)
        wins += log1p(trace.wins)
        mastery += float(state.mean[place])
    tried = state.items.get(item, UNTRIED)
    overall = state.overall
    general = log((overall.successes + 1.0) / (overall.failures + 1.0))
    mastery *= share
    traces = [state.traces[place] for place in places]
    new = is_new(traces)
    return [
        1.0,
        lately * share,
        practice * share,
        wins * share,
        general,
        log1p(overall.attempts),
        log1p(overall.wins),
        log1p(tried.attempts),
        log1p(tried.wins),
        nearness(traces, state.answers),
        mastery,
        new,
        new * general,
        new * mastery,
        rust(traces, at),
    ]


def is_new(traces: list[Trace]) -> float:
    """1 if any of the skills was never tried."""
    return 1.0 if any(trace.attempts == 0.0 for trace in traces or [UNSEEN]) else 0.0


def nearness(traces: list[Trace], answers: int) -> float:
    """1 if the last answer was on one of the skills, falling with every answer since; 0 if never."""
    return max((1.0 / (answers - trace.last) for trace in traces if trace.last >= 0), default=0.0)


def rust(traces: list[Trace], at: float | None) -> float:
    """ln(1 + weeks since the least recently practised of the skills met); 0 without a clock."""
    if at is None:
        return 0.0
    oldest = max((at - trace.at for trace in traces if trace.at >= 0.0), default=0.0)
    return log1p(max(0.0, oldest) / (7 * SECONDS_PER_DAY))
