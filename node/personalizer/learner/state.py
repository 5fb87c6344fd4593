"""What is believed of one worker: mean and covariance over the skills met so far, traces and counts.

Immutable in use: every change makes a new state. Skills appear when first met; until then they follow from the
prior, and adding one later gives what would have come had it been there from the start (exactly so without drift).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple

import numpy as np

from node.personalizer.errors import StateInvalid
from node.personalizer.learner.graph import FloatArray
from node.personalizer.learner.prior import Prior

FORMAT = 1


class Trace(NamedTuple):
    """One skill's record. Successes and failures are decayed; attempts and wins are not.

    `last` is the number of the answer that last touched it (-1 never), `at` its time in seconds (-1 unknown).
    """

    successes: float = 0.0
    failures: float = 0.0
    attempts: float = 0.0
    wins: float = 0.0
    last: int = -1
    at: float = -1.0


UNSEEN = Trace()


class Count(NamedTuple):
    """How often an item was tried and done, in (possibly half) outcomes."""

    attempts: float = 0.0
    wins: float = 0.0


@dataclass(frozen=True, slots=True, eq=False)
class LearnerState:
    """Belief over `skills` (n): `mean` (n,), `covariance` (n, n) in squared log-odds; traces by skill.

    Whoever holds one may change nothing in it; `update.observe` alone uses one up, where it is told to.
    """

    skills: tuple[str, ...] = ()
    mean: FloatArray = field(default_factory=lambda: np.zeros(0))
    covariance: FloatArray = field(default_factory=lambda: np.zeros((0, 0)))
    traces: list[Trace] = field(default_factory=list)
    overall: Trace = UNSEEN
    answers: int = 0
    items: dict[str, Count] = field(default_factory=dict)
    placed: frozenset[str] = frozenset()
    index: Mapping[str, int] = field(default_factory=dict)

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON values; `from_dict` gives the same state back bit for bit."""
        lower = np.tril_indices(len(self.skills))
        return {
            "format": FORMAT,
            "skills": list(self.skills),
            "mean": self.mean.tolist(),
            "covariance": self.covariance[lower].tolist(),
            "traces": [list(trace) for trace in self.traces],
            "overall": list(self.overall),
            "answers": self.answers,
            "items": {item: list(count) for item, count in self.items.items()},
            "placed": sorted(self.placed),
        }

    @classmethod
    def from_dict(cls, value: Mapping[str, Any]) -> LearnerState:
        """Raises `StateInvalid` when the value is not what `to_dict` writes."""
        if value.get("format") != FORMAT:
            raise StateInvalid(f"This learner state has format {value.get('format')!r}, not {FORMAT}.")
        try:
            return _read(value)
        except (KeyError, TypeError, ValueError, IndexError) as error:
            raise StateInvalid(f"This learner state cannot be read: {error}.") from error


def _read(value: Mapping[str, Any]) -> LearnerState:
    skills = tuple(str(skill) for skill in value["skills"])
    size = len(skills)
    covariance = np.zeros((size, size))
    covariance[np.tril_indices(size)] = np.asarray(value["covariance"], dtype=np.float64)
    covariance += np.tril(covariance, -1).T
    mean = np.asarray(value["mean"], dtype=np.float64).reshape(size)
    if not (np.isfinite(covariance).all() and np.isfinite(mean).all()):
        raise ValueError("a number is not finite")
    traces = [_read_trace(row) for row in value["traces"]]
    if len(traces) != size:
        raise ValueError(f"{len(traces)} traces for {size} skills")
    return LearnerState(
        skills=skills,
        mean=mean,
        covariance=covariance,
        traces=traces,
        overall=_read_trace(value["overall"]),
        answers=int(value["answers"]),
        items={str(item): Count(float(pair[0]), float(pair[1])) for item, pair in value["items"].items()},
        placed=frozenset(value["placed"]),
        index={skill: place for place, skill in enumerate(skills)},
    )


def _read_trace(row: Sequence[float]) -> Trace:
    successes, failures, attempts, wins, last, at = row
    return Trace(float(successes), float(failures), float(attempts), float(wins), int(last), float(at))


def extend(state: LearnerState, skills: Iterable[str], prior: Prior) -> LearnerState:
    """The same belief with these skills in it too: the prior conditioned on what is believed of the others.

    With prior covariance S over old (o) and new (n) skills and B = S_no·S_oo⁻¹, the mean of the new is B·m and the
    covariance S_nn − B·S_on + B·P·Bᵀ.
    """
    skills = tuple(skills)
    if all(map(state.index.__contains__, skills)):
        return state
    new = [skill for skill in dict.fromkeys(skills) if skill not in state.index]
    joined = (*state.skills, *new)
    mean, covariance = _with_new(state, new, prior) if state.skills else _all_new(new, prior)
    return replace(
        state,
        skills=joined,
        mean=mean,
        covariance=covariance,
        traces=[*state.traces, *[UNSEEN] * len(new)],
        index={skill: place for place, skill in enumerate(joined)},
    )


def _all_new(skills: Sequence[str], prior: Prior) -> tuple[FloatArray, FloatArray]:
    own = prior.covariance(skills, skills)
    return np.zeros(len(skills)), (own + own.T) / 2


def _with_new(state: LearnerState, new: Sequence[str], prior: Prior) -> tuple[FloatArray, FloatArray]:
    old = prior.covariance(state.skills, state.skills)
    between = prior.covariance(state.skills, new)
    across = np.asarray(np.linalg.solve(old, between).T, dtype=np.float64)
    mixed = across @ state.covariance
    own = prior.covariance(new, new) - across @ between + mixed @ across.T
    covariance = np.block([[state.covariance, mixed.T], [mixed, (own + own.T) / 2]])
    return np.concatenate([state.mean, across @ state.mean]), covariance


def project(state: LearnerState, skills: Mapping[str, int], prior: Prior) -> tuple[FloatArray, FloatArray]:
    """Mean and variance of each skill, shapes (len(skills),), met or not, without joining them to the state.

    `skills`: id → its place, in order. As `extend` would give them; with many skills at once, products are cheaper than
    one solution for each.
    """
    if not state.skills:
        return np.zeros(len(skills)), np.full(len(skills), prior.variance)
    near = [skill for skill in prior.kernel.reach(state.skills) if skill in skills]
    between = prior.covariance(near, state.skills)
    inverse = np.linalg.inv(prior.covariance(state.skills, state.skills))
    raised = inverse @ state.mean
    known_since = inverse - inverse @ state.covariance @ inverse
    # Most skills share with those met only what a person brings to everything: they are all alike.
    mean = np.full(len(skills), prior.general * raised.sum())
    variance = np.full(len(skills), prior.variance - prior.general**2 * known_since.sum())
    rows = [skills[skill] for skill in near]
    mean[rows] = between @ raised
    variance[rows] = prior.variance - np.einsum("ij,ij->i", between @ known_since, between)
    np.maximum(variance, 1e-6, out=variance)
    met = [(skills[skill], spot) for skill, spot in state.index.items() if skill in skills]
    places, spots = np.array(met, dtype=np.intp).reshape(-1, 2).T
    mean[places] = state.mean[spots]
    variance[places] = np.diagonal(state.covariance)[spots]
    return mean, variance
