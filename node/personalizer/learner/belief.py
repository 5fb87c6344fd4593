"""What the node believes of a worker, for that worker to read: one line a skill, in words, with what it rests on.

To correct a line, `update.place` it; to take an outcome back, leave it out of `update.replay`; to drop one, `forget`.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

from node.personalizer import words
from node.personalizer.learner.state import LearnerState
from node.personalizer.levels import level_of


@dataclass(frozen=True, slots=True)
class SkillBelief:
    """`level` is the nearest of the five; `last` seconds of the last outcome, None if there is none on this skill."""

    skill: str
    level: str
    certainty: str
    evidence: str
    mean: float
    spread: float
    attempts: float
    last: float | None

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON values."""
        return {name: getattr(self, name) for name in self.__slots__}


def describe_belief(state: LearnerState) -> list[SkillBelief]:
    """Every skill the state holds, the best founded first."""
    total = state.overall.attempts
    beliefs = [_describe(state, skill, total) for skill in state.skills]
    return sorted(beliefs, key=lambda belief: (-belief.attempts, belief.spread, belief.skill))


def _describe(state: LearnerState, skill: str, total: float) -> SkillBelief:
    place = state.index[skill]
    trace = state.traces[place]
    spread = math.sqrt(max(0.0, float(state.covariance[place, place])))
    mean = float(state.mean[place])
    return SkillBelief(
        skill=skill,
        level=level_of(mean),
        certainty=words.certainty(spread),
        evidence=words.evidence(trace.attempts, max(0.0, total - trace.attempts), skill in state.placed),
        mean=mean,
        spread=spread,
        attempts=trace.attempts,
        last=trace.at if trace.at >= 0 else None,
    )
