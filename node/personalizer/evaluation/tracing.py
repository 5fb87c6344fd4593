"""A rival: Bayesian knowledge tracing (Corbett & Anderson 1995), four parameters a skill, fitted by EM.

An answer on several skills belongs to their combination, as in the published comparisons. All users of a skill are
walked in step, padded to the longest.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from node.personalizer.evaluation.logs.log import History
from node.personalizer.learner.graph import FloatArray

ROUNDS = 15
LONGEST = 200
MOST_RUNS = 2000
LEAST, MOST = 0.01, 0.99
GUESS_MOST, SLIP_MOST = 0.45, 0.45

Combination = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Knowledge:
    """Chances: known at the start, learned from one answer to the next, guessed right, slipped."""

    known: float = 0.5
    learned: float = 0.15
    guess: float = 0.2
    slip: float = 0.1

    def right(self, known: float) -> float:
        """The chance of a right answer."""
        return known * (1 - self.slip) + (1 - known) * self.guess

    def after(self, known: float, correct: float) -> float:
        """The chance of knowing, after an answer."""
        if correct > 0.5:
            seen = known * (1 - self.slip) / max(1e-12, self.right(known))
        else:
            seen = known * self.slip / max(1e-12, 1 - self.right(known))
        return seen + (1 - seen) * self.learned


def fit_tracing(histories: Iterable[History]) -> dict[Combination, Knowledge]:
    """Parameters by combination of skills; `()` for all together, used where a combination was never seen."""
    sequences: dict[Combination, list[list[float]]] = {}
    for history in histories:
        for skills, answers in _by_skills(history).items():
            sequences.setdefault(skills, []).append(answers[:LONGEST])
    fitted = {skills: _maximise(_some(runs)) for skills, runs in sequences.items()}
    everything = [run for runs in sequences.values() for run in runs]
    return {**fitted, (): _maximise(_some(everything))}


def _some(runs: Sequence[list[float]]) -> Sequence[list[float]]:
    """Thousands settle four parameters: of more, evenly chosen ones."""
    return runs[:: max(1, len(runs) // MOST_RUNS)]


def trace(histories: Iterable[History], fitted: dict[Combination, Knowledge]) -> FloatArray:
    """The chance of every answer, each before it is seen."""
    chances = []
    for history in histories:
        known: dict[Combination, float] = {}
        for answer in history:
            skills = answer.lesson.skills
            knowledge = fitted.get(skills, fitted[()])
            before = known.get(skills, knowledge.known)
            chances.append(knowledge.right(before))
            known[skills] = knowledge.after(before, answer.correct)
    return np.array(chances)


def _by_skills(history: History) -> dict[Combination, list[float]]:
    found: dict[Combination, list[float]] = {}
    for answer in history:
        found.setdefault(answer.lesson.skills, []).append(float(answer.correct > 0.5))
    return found


def _maximise(runs: Sequence[Sequence[float]]) -> Knowledge:
    """Runs that are alike are walked once; `there` says how many there are, 0 after their end."""
    alike = Counter(map(tuple, runs))
    right, there = np.zeros((2, len(alike), max(map(len, alike))))
    for i, (run, times) in enumerate(alike.items()):
        right[i, : len(run)] = run
        there[i, : len(run)] = times
    knowledge = Knowledge()
    for _ in range(ROUNDS):
        knowledge = _round(knowledge, right, there)
    return knowledge


def _round(knowledge: Knowledge, right: FloatArray, there: FloatArray) -> Knowledge:
    """One step of Baum–Welch; what was learned is never forgotten in this model."""
    seen_known = np.where(there > 0, np.where(right > 0, 1 - knowledge.slip, knowledge.slip), 1.0)
    seen_new = np.where(there > 0, np.where(right > 0, knowledge.guess, 1 - knowledge.guess), 1.0)
    forward = _forward(knowledge, seen_known, seen_new)
    back_known, back_new = _backward(knowledge, seen_known, seen_new)
    known = forward * back_known / np.maximum(1e-300, forward * back_known + (1 - forward) * back_new)
    moved, stayed = _transitions(knowledge, (forward, seen_known, seen_new, back_known, back_new), there)
    unknown = (1 - known) * there
    known_there = known * there
    return Knowledge(
        known=_within(float((known_there[:, 0]).sum() / there[:, 0].sum()), MOST),
        learned=_within(moved / max(1e-9, moved + stayed), MOST),
        guess=_within(float((unknown * right).sum() / max(1e-9, unknown.sum())), GUESS_MOST),
        slip=_within(float((known_there * (1 - right)).sum() / max(1e-9, known_there.sum())), SLIP_MOST),
    )


def _forward(knowledge: Knowledge, seen_known: FloatArray, seen_new: FloatArray) -> FloatArray:
    """The chance of knowing given the answers so far, the current one included."""
    found = np.empty_like(seen_known)
    known = np.full(len(seen_known), knowledge.known)
    for t in range(seen_known.shape[1]):
        weighed = known * seen_known[:, t]
        found[:, t] = weighed / (weighed + (1 - known) * seen_new[:, t])
        known = found[:, t] + (1 - found[:, t]) * knowledge.learned
    return found


def _backward(knowledge: Knowledge, seen_known: FloatArray, seen_new: FloatArray) -> tuple[FloatArray, FloatArray]:
    """What is still to come, given that it is known now or not; scaled to sum to one."""
    known, new = np.ones_like(seen_known), np.ones_like(seen_known)
    for t in range(seen_known.shape[1] - 2, -1, -1):
        later_known = seen_known[:, t + 1] * known[:, t + 1]
        later_new = seen_new[:, t + 1] * new[:, t + 1]
        mixed = knowledge.learned * later_known + (1 - knowledge.learned) * later_new
        scale = later_known + mixed
        known[:, t], new[:, t] = later_known / scale, mixed / scale
    return known, new


def _transitions(knowledge: Knowledge, passes: tuple[FloatArray, ...], there: FloatArray) -> tuple[float, float]:
    """Expected numbers of times it was learned, and was not, between two answers."""
    forward, seen_known, seen_new, back_known, back_new = passes
    start_known, start_new = forward[:, :-1], 1 - forward[:, :-1]
    into_known, into_new = seen_known[:, 1:] * back_known[:, 1:], seen_new[:, 1:] * back_new[:, 1:]
    kept = start_known * into_known
    moved = start_new * knowledge.learned * into_known
    stayed = start_new * (1 - knowledge.learned) * into_new
    share = there[:, 1:] / np.maximum(1e-300, kept + moved + stayed)
    return float((moved * share).sum()), float((stayed * share).sum())


def _within(value: float, most: float) -> float:
    return min(most, max(LEAST, value))
