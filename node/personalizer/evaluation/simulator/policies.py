"""Who chooses: what a policy is, and this node's feed as one. Its rivals are in `rivals`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Protocol

from node.personalizer.candidates import Candidate
from node.personalizer.feed.building import build_feed
from node.personalizer.feed.columns import Columns, build_columns
from node.personalizer.feed.items import REVIEW, STRETCH
from node.personalizer.learner.outcomes import ALONE, NOT, Outcome
from node.personalizer.learner.prior import Prior
from node.personalizer.learner.shared import Shared
from node.personalizer.learner.update import update
from node.personalizer.review import remember
from node.personalizer.worker import Situation, WorkerView

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
        self._history(today=frozenset())
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
        history = situation.history
        self._history(
            done={**history.done, choice.uri: how},
            last={**history.last, choice.uri: situation.now.date()},
            today=history.today | {choice.uri},
        )

    def _history(self, **changed: object) -> None:
        self.situation = replace(self.situation, history=replace(self.situation.history, **changed))  # type: ignore[arg-type]  # fields by name
