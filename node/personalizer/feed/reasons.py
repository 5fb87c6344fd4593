"""Why an item is there, in plain words: its three largest terms, and why the runner-up lost."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np

from node.personalizer import words
from node.personalizer.feed.appraisal import Appraisal
from node.personalizer.feed.items import Reason, RunnerUp
from node.personalizer.feed.utility import challenge
from node.personalizer.learner.outcomes import NOT, WITH_HELP

SHOWN = 3

_LOST = {
    "relevance": "it has less to do with your work and goals",
    "value": "you would gain less from it: it lies further from where you stand",
    "ready": "something it builds on comes first",
    "challenge": "it would be {harder} for you than is good for learning",
    "curation": "fewer practitioners you can rely on found that it works",
    "fresh": "it may be out of date",
    "again": "you did it before",
    "language": "it is not in the language that you named first",
    "seen": "it was offered before and not taken up",
    "allowed": "you said that you want less like it",
    "variety": "it is on the same skill as what you have already in this list",
    "length": "it takes longer for what it gives",
}

_TRIED = {
    WITH_HELP: "You needed help with it last time; done once more, it may go without.",
    NOT: "It did not work out last time; here is another try.",
}


def reasons_for(appraisal: Appraisal, spot: int) -> tuple[Reason, ...]:
    """At most three, the largest first: how far each term lifts the item above the middle of what was eligible."""
    lifts = _lifts(appraisal, spot)
    ranked = sorted(lifts.items(), key=lambda pair: (-pair[1], pair[0]))
    reasons: list[Reason] = []
    for term, lift in ranked:
        said = _say(appraisal, spot, term)
        if said:
            reasons.append(Reason(term, said, round(lift, 3)))
        if len(reasons) == SHOWN:
            break
    return tuple(reasons)


def runner_up_for(appraisal: Appraisal, winner: int, loser: int, variety: float) -> RunnerUp:
    """`variety`: log of what having the same skill or layer already in the list cost the loser more than the winner."""
    gaps = {term: _log(appraisal.term(term)[winner]) - _log(appraisal.term(term)[loser]) for term in _TERMS}
    minutes = appraisal.columns.minutes
    gaps["variety"] = -variety
    gaps["length"] = 0.1 * (_log(minutes[loser]) - _log(minutes[winner]))
    worst = max(sorted(gaps), key=lambda term: gaps[term])
    candidate = appraisal.columns.candidates[loser]
    if gaps[worst] <= 1e-9:
        return RunnerUp(candidate.uri, candidate.title, "there is next to nothing between them")
    harder = "harder" if appraisal.estimates.p[loser] < 0.75 else "easier"
    return RunnerUp(candidate.uri, candidate.title, _LOST[worst].format(harder=harder))


def _relevance_terms(appraisal: Appraisal) -> dict[str, np.ndarray]:
    relevance = appraisal.relevance
    return {"task": relevance.task, "goal": relevance.goal, "role": relevance.role}


_TERMS = ("relevance", "value", "ready", "challenge", "curation", "fresh", "language", "seen", "again", "allowed")


def _log(x: float) -> float:
    return math.log(max(1e-6, x))


def _lifts(appraisal: Appraisal, spot: int) -> dict[str, float]:
    lifts = {term: _log(appraisal.term(term)[spot]) - _log(middle) for term, middle in appraisal.middles.items()}
    relevance = lifts.pop("relevance")
    parts = {name: values[spot] for name, values in _relevance_terms(appraisal).items()}
    total = sum(parts.values())
    for name, value in parts.items():
        # Relevance is a sum: what it lifts is shared out by its parts, and a little is added so that it is named first.
        lifts[name] = (max(0.0, relevance) + 0.5) * value / total if total > 0 else 0.0
    if appraisal.situation.task is not None:
        lifts["task"] += 2.0  # who asks is told first what it has to do with the question
    lifts["due"] = 1.0 + appraisal.utility.due[spot] if appraisal.utility.due[spot] > 0 else 0.0
    lifts["again"] = 2.0 if appraisal.columns.candidates[spot].uri in appraisal.situation.history.done else 0.0
    lifts["heir"] = 0.9 if appraisal.relevance.heir_of[spot] >= 0 else 0.0
    return lifts


def _say(appraisal: Appraisal, spot: int, term: str) -> str:
    return _SAYINGS[term](appraisal, spot)


def _task(appraisal: Appraisal, spot: int) -> str:
    if appraisal.relevance.task[spot] <= 0:
        return ""
    task = appraisal.situation.task
    if task is not None:
        return f"It is about what you face now: {task.title}."
    return "It serves a task you do these days."


def _goal(appraisal: Appraisal, spot: int) -> str:
    place = int(appraisal.relevance.goal_of[spot])
    if place < 0:
        return ""
    return f"It leads to your goal “{appraisal.situation.worker.goals[place].text}”."


def _role(appraisal: Appraisal, spot: int) -> str:
    if appraisal.relevance.role[spot] <= 0 or not appraisal.columns.candidates[spot].occupations:
        return ""
    if appraisal.columns.broad[spot]:
        return "It was made for many kinds of work, yours among them."
    role = appraisal.situation.worker.role.partition(",")[0].strip()
    named = f" ({role})" if role else ""
    if appraisal.relevance.role[spot] < 0.99:
        return f"People in work close to yours{named} use it."
    return f"It was made for your work{named}."


def _value(appraisal: Appraisal, spot: int) -> str:
    if appraisal.utility.value[spot] < 0.2 or appraisal.estimates.p[spot] < 0.5:
        return ""
    return "One step further and you meet the standard of this work: here a little practice gains most."


def _challenge(appraisal: Appraisal, spot: int) -> str:
    p = float(appraisal.estimates.p[spot])
    if p < 0.5:
        return f"It is hard for you so far ({words.chance(p)}); the lesson comes with all its help."
    if float(challenge(appraisal.estimates.p[spot])) < 0.5:
        return ""
    tone = "It should be just hard enough" if p < 0.85 else "It should go well and settle what you know"
    return f"{tone}: {words.chance(p)}."


def _curation(appraisal: Appraisal, spot: int) -> str:
    candidate = appraisal.columns.candidates[spot]
    if candidate.score is None or candidate.score < 0.5:
        return ""
    voices = f" ({words.count(candidate.evidence, 'organisation')} of evidence)" if candidate.evidence >= 1 else ""
    return f"Practitioners this node relies on found that it works{voices}."


def _fresh(appraisal: Appraisal, spot: int) -> str:
    return "It was checked lately and is up to date." if appraisal.utility.fresh[spot] >= 0.8 else ""


def _due(appraisal: Appraisal, spot: int) -> str:
    if appraisal.utility.due[spot] <= 0:
        return ""
    return "It is time to use this again, before it fades."


def _again(appraisal: Appraisal, spot: int) -> str:
    how = appraisal.situation.history.done.get(appraisal.columns.candidates[spot].uri)
    return _TRIED.get(how or "", "")


def _heir(appraisal: Appraisal, spot: int) -> str:
    heir = int(appraisal.relevance.heir_of[spot])
    return f"It prepares you for “{appraisal.columns.candidates[heir].title}”." if heir >= 0 else ""


_SAYINGS: dict[str, Callable[[Appraisal, int], str]] = {
    "task": _task,
    "goal": _goal,
    "role": _role,
    "value": _value,
    "challenge": _challenge,
    "curation": _curation,
    "fresh": _fresh,
    "due": _due,
    "again": _again,
    "heir": _heir,
}
