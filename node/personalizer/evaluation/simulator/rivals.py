"""The feed's rivals: a bandit in the manner of ZPDES, and a mastery curriculum, with their published parameters.

Both take the best curated lesson of an arm first. Which lessons they work through is `arms.scope_of`: those of the
role, as published, or those of the worker's own goals and tasks, which their authors never meant them to know.
`thrifty` makes of each a variant for this simulator: no lesson is given twice while others are left.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np

from node.personalizer.candidates import Candidate
from node.personalizer.evaluation.simulator.arms import Arm, arms_of
from node.personalizer.evaluation.simulator.policies import Choice
from node.personalizer.evaluation.tracing import Knowledge

TRACED = Knowledge(known=0.3, learned=0.1, guess=0.2, slip=0.1)
MASTERED = 0.95
WHEEL_SPINNING = 15
EXPLORED = 0.2
OPENS_AT = 0.75
WINDOW = 4


@dataclass(slots=True, eq=False)
class ZoneBandit:
    """After ZPDES (Clement et al. 2015): a bandit on learning progress within an expanding zone of difficulty.

    Reward: success in the last two answers less that in the two before. An arm opens the next level at 75% of its last
    four; it closes when its four last were right and the next level is open. A fifth of the draws is exploration.
    """

    candidates: Sequence[Candidate]
    rng: np.random.Generator
    thrifty: bool = False
    arms: dict[tuple[str, int], Arm] = field(init=False)
    quality: dict[tuple[str, int], float] = field(default_factory=dict)
    last: Arm | None = None

    def __post_init__(self) -> None:
        self.arms = arms_of(self.candidates)
        for skill in {arm.skill for arm in self.arms.values()}:
            min((arm for arm in self.arms.values() if arm.skill == skill), key=lambda arm: arm.level).open = True

    def day(self, day: int, minutes: float) -> Iterator[Choice]:  # noqa: ARG002 - a bandit knows no days
        """Drawn by reward."""
        while True:
            open_arms = [key for key in sorted(self.arms) if self.arms[key].open]
            weights = np.array([max(1e-3, self.quality.get(key, 0.5)) for key in open_arms])
            weights = (1 - EXPLORED) * weights / weights.sum() + EXPLORED / len(weights)
            self.last = self.arms[open_arms[int(self.rng.choice(len(open_arms), p=weights))]]
            yield Choice(self.last.take().uri)

    def tell(self, choice: Choice, *, success: bool) -> None:  # noqa: ARG002 - it was the last arm's
        """Reward is progress."""
        arm = self.last
        if arm is None:
            return
        arm.went.append(float(success))
        key = (arm.skill, arm.level)
        progress = sum(arm.went[-2:]) / 2 - sum(arm.went[-4:-2]) / 2
        self.quality[key] = 0.7 * self.quality.get(key, 0.5) + 0.3 * max(0.0, progress)
        higher = [other for other in self.arms.values() if other.skill == arm.skill and other.level > arm.level]
        known = len(arm.went) >= 2 and arm.success(WINDOW) >= OPENS_AT
        if higher and (known or (self.thrifty and arm.spent)):
            min(higher, key=lambda other: other.level).open = True
            arm.open = not (len(arm.went) >= WINDOW and arm.success(WINDOW) == 1.0)
        if self.thrifty:
            self._close(arm)

    def _close(self, arm: Arm) -> None:
        arm.open = arm.open and not arm.spent
        if not any(other.open for other in self.arms.values()):
            for other in self.arms.values():
                other.open = True
                other.went.clear()


@dataclass(slots=True, eq=False)
class Mastery:
    """Mastery learning (Corbett & Anderson 1995): skill after skill, level after level, on when it is known at .95.

    Known by knowledge tracing with its usual parameters; after fifteen answers it goes on anyway (wheel-spinning).
    """

    candidates: Sequence[Candidate]
    thrifty: bool = False
    queue: list[Arm] = field(init=False)
    known: float = field(init=False)

    def __post_init__(self) -> None:
        self.known = TRACED.known
        order = {skill: i for i, skill in enumerate(dict.fromkeys(c.skills[0] for c in self.candidates))}
        self.queue = sorted(arms_of(self.candidates).values(), key=lambda arm: (order[arm.skill], arm.level))

    def day(self, day: int, minutes: float) -> Iterator[Choice]:  # noqa: ARG002 - a curriculum knows no days
        """In order."""
        while self.queue:
            yield Choice(self.queue[0].take().uri)

    def tell(self, choice: Choice, *, success: bool) -> None:  # noqa: ARG002 - it was the first arm's
        """On, when it is known."""
        arm = self.queue[0]
        arm.went.append(float(success))
        self.known = TRACED.after(self.known, float(success))
        if self.known >= MASTERED or len(arm.went) >= WHEEL_SPINNING or (self.thrifty and arm.spent):
            self.queue.pop(0)
            self.known = TRACED.known
