"""`skillnet evaluate feed`: the same worker lived through once with each policy, under each law of learning."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from node.personalizer.candidates import Candidate
from node.personalizer.evaluation.simulator.arms import scope_of
from node.personalizer.evaluation.simulator.laws import LAWS
from node.personalizer.evaluation.simulator.policies import Choice, NodeFeed, Policy
from node.personalizer.evaluation.simulator.rivals import Mastery, ZoneBandit
from node.personalizer.evaluation.simulator.world import Size, World, make_world
from node.personalizer.worker import WorkerView

FEED, BANDIT, MASTERY, ORACLE = "skillnet", "ZPDES-style bandit", "mastery curriculum", "oracle"
TOLD_BANDIT, TOLD_MASTERY = f"{BANDIT}, told goals and tasks", f"{MASTERY}, told goals and tasks"
TUNED_BANDIT, TUNED_MASTERY = f"{TOLD_BANDIT}, never repeating", f"{TOLD_MASTERY}, never repeating"
PLAYERS = (FEED, BANDIT, MASTERY, TOLD_BANDIT, TOLD_MASTERY, TUNED_BANDIT, TUNED_MASTERY, ORACLE)
Progress = Callable[[str, float], None]


@dataclass(frozen=True, slots=True)
class Row:
    """Mean gain per hour over the seeds by policy, and this node's feed relative to each."""

    law: str
    gains: dict[str, float]

    def ratio(self, rival: str) -> float:
        """This node's feed divided by the rival."""
        return self.gains[FEED] / self.gains[rival] if self.gains[rival] else float("inf")

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON values."""
        return {
            "law": self.law,
            "gain_per_hour": self.gains,
            "ratio": {name: self.ratio(name) if self.gains[name] else None for name in self.gains if name != FEED},
        }


def simulate(
    seeds: Iterable[int],
    size: Size | None = None,
    progress: Progress = lambda _text, _done: None,
    *,
    feed_only: bool = False,
) -> list[Row]:
    """One row a law. Each seed is one worker and catalogue, the same for all policies and laws."""
    size = size or Size()
    seeds = list(seeds)
    rows = []
    for turn, law in enumerate(LAWS):
        found: dict[str, list[float]] = {name: [] for name in (PLAYERS[:1] if feed_only else PLAYERS)}
        for seed in seeds:
            progress(f"{law}, seed {seed}", turn / len(LAWS))
            for name, gains in found.items():
                gains.append(live(name, law, size, seed))
        rows.append(Row(law, {name: float(np.mean(gains)) for name, gains in found.items()}))
    return rows


def live(name: str, law: str, size: Size, seed: int) -> float:
    """Gain per hour of one worker with one policy."""
    world = make_world(size, law, np.random.default_rng(seed))
    policy = _policy(name, world, seed)
    before = world.worth()
    place = {candidate.uri: i for i, candidate in enumerate(world.candidates)}
    for day in range(size.days):
        world.day = day
        _live_day(world, policy, place)
    return (world.worth() - before) / (size.days * size.minutes / 60)


def _live_day(world: World, policy: Policy, place: dict[str, int]) -> None:
    """A lesson that does not fit into what is left of the day is broken off and counts for the share that was done."""
    left = float(world.size.minutes)
    for choice in policy.day(world.day, left):
        spot = place[choice.uri]
        whole = float(world.truth.minutes[spot])
        share = min(choice.share, left / whole)
        policy.tell(choice, success=world.take(spot, share))
        left -= share * whole
        if left < 1:
            break


def _policy(name: str, world: World, seed: int) -> Policy:
    if name == FEED:
        return NodeFeed(world.worker, world.candidates, world.prior)
    if name == ORACLE:
        return Oracle(world)
    return rival(name, world.candidates, world.worker, seed)


def rival(name: str, candidates: Sequence[Candidate], worker: WorkerView, seed: int) -> Policy:
    """A rival by name: with the lessons its kind knows of."""
    scope = scope_of(candidates, worker, told=name not in (BANDIT, MASTERY))
    thrifty = name in (TUNED_BANDIT, TUNED_MASTERY)
    if name.startswith(BANDIT):
        return ZoneBandit(scope, np.random.default_rng(seed + 1), thrifty)
    return Mastery(scope, thrifty)


@dataclass(slots=True, eq=False)
class Oracle:
    """Sees what is hidden and takes what adds most per minute: a bound (greedy) on what any feed could do."""

    world: World

    def day(self, day: int, minutes: float) -> Iterator[Choice]:  # noqa: ARG002 - it looks at the world instead
        """Greedy on the truth."""
        while True:
            best = int(np.argmax(self.world.marginal() / self.world.truth.minutes))
            yield Choice(self.world.candidates[best].uri)

    def tell(self, choice: Choice, *, success: bool) -> None:
        """It knew."""
