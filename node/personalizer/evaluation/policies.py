"""Who chooses: this node's feed, a bandit in the manner of ZPDES, a mastery curriculum, an oracle.

All see the same catalogue, tags and answers. The rivals are told which lessons the role names, and are otherwise as
published: they know nothing of curation, goals or minutes. Only the oracle sees what is hidden.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Protocol

import numpy as np

from node.personalizer.candidates import Candidate
from node.personalizer.evaluation.tracing import Knowledge
from node.personalizer.feed.building import build_feed
from node.personalizer.feed.columns import Columns, build_columns
from node.personalizer.feed.items import REVIEW, STRETCH
from node.personalizer.learner.outcomes import ALONE, NOT, Outcome
from node.personalizer.learner.prior import Prior
from node.personalizer.learner.shared import Shared
from node.personalizer.learner.update import update
from node.personalizer.levels import LEVELS
from node.personalizer.review import remember
from node.personalizer.worker import Situation, WorkerView

TRACED = Knowledge(known=0.3, learned=0.1, guess=0.2, slip=0.1)
MASTERED = 0.95
WHEEL_SPINNING = 15
FIRST_DAY = datetime(2026, 1, 5, 8, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Choice:
    """A lesson by uri and the share of it that is done (a review does part of one)."""

    uri: str
    share: float = 1.0


class Policy(Protocol):
    """Chooses one day's lessons, one after the other, and is told how each went."""

    def day(self, day: int, minutes: float) -> Iterator[Choice]:
        """Lessons for a day of so many minutes; the next is asked for after the last was told."""
        ...

    def tell(self, choice: Choice, *, success: bool) -> None:
        """How it went."""
        ...


@dataclass(slots=True, eq=False)
class NodeFeed:
    """The feed of a node as it is, from a cold start."""

    worker: WorkerView
    candidates: Sequence[Candidate]
    prior: Prior
    columns: Columns = field(init=False)
    situation: Situation = field(init=False)

    def __post_init__(self) -> None:
        self.columns = build_columns(self.candidates)
        self.situation = Situation(self.worker, FIRST_DAY, shared=Shared(prior=self.prior))

    def day(self, day: int, minutes: float) -> Iterator[Choice]:
        """The first of the feed, then the first of the feed as it is after that, while minutes are left."""
        self.situation = replace(self.situation, now=FIRST_DAY + timedelta(days=day))
        while minutes >= 1:
            feed = build_feed(self.situation, self.columns, int(minutes))
            item = next((item for item in feed.items if item.subject in self.columns.by_uri), None)
            if item is None:
                return
            if item.kind in (STRETCH, REVIEW):
                self._history(**{f"{item.kind}_on": self.situation.now.date()})
            whole = float(self.columns.minutes[self.columns.by_uri[item.subject]])
            share = item.minutes / whole if item.kind == REVIEW else 1.0
            yield Choice(item.subject, min(1.0, share))
            minutes -= min(1.0, share) * whole

    def tell(self, choice: Choice, *, success: bool) -> None:
        """Recorded as the outcome of work."""
        candidate = self.columns.candidates[self.columns.by_uri[choice.uri]]
        situation, how = self.situation, ALONE if success else NOT
        outcome = Outcome(candidate.lesson, how, situation.now.timestamp())
        self.situation = replace(
            situation,
            state=update(situation.state, outcome, situation.shared),
            cards=remember(dict(situation.cards), outcome, situation.now),
        )
        self._history(done={**situation.history.done, choice.uri: how})

    def _history(self, **changed: object) -> None:
        self.situation = replace(self.situation, history=replace(self.situation.history, **changed))  # type: ignore[arg-type]  # fields by name


@dataclass(slots=True, eq=False)
class Arm:
    """Lessons of one skill at one level, and how the last ones went."""

    skill: str
    level: int
    lessons: list[Candidate]
    open: bool = False
    went: list[float] = field(default_factory=list)

    def take(self) -> Candidate:
        """The next lesson, from the start again when all were done."""
        self.lessons.append(self.lessons.pop(0))
        return self.lessons[-1]

    def success(self, last: int) -> float:
        """Share of successes among the last so many."""
        lately = self.went[-last:]
        return sum(lately) / len(lately) if lately else 0.0


def arms_of(candidates: Sequence[Candidate]) -> dict[tuple[str, int], Arm]:
    """By skill and level, in the order of the catalogue."""
    arms: dict[tuple[str, int], Arm] = {}
    for candidate in candidates:
        key = (candidate.skills[0], LEVELS.index(candidate.level))
        arms.setdefault(key, Arm(*key, [])).lessons.append(candidate)
    return arms


@dataclass(slots=True, eq=False)
class ZoneBandit:
    """After ZPDES (Clement et al. 2015): a bandit on learning progress within an expanding zone of difficulty.

    Reward: success in the last two answers less that in the two before. An arm opens the next level at 75% of its last
    four; it closes when its four last were right and the next level is open. A fifth of the draws is exploration.
    """

    candidates: Sequence[Candidate]
    rng: np.random.Generator
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
            weights = 0.8 * weights / weights.sum() + 0.2 / len(weights)
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
        if higher and len(arm.went) >= 2 and arm.success(4) >= 0.75:
            following = min(higher, key=lambda other: other.level)
            following.open = True
            arm.open = not (len(arm.went) >= 4 and arm.success(4) == 1.0)


@dataclass(slots=True, eq=False)
class Mastery:
    """Mastery learning (Corbett & Anderson 1995): skill after skill, level after level, on when it is known at .95.

    Known by knowledge tracing with its usual parameters; after fifteen answers it goes on anyway (wheel-spinning).
    """

    candidates: Sequence[Candidate]
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
        if self.known >= MASTERED or len(arm.went) >= WHEEL_SPINNING:
            self.queue.pop(0)
            self.known = TRACED.known
