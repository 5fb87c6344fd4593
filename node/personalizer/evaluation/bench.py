"""`skillnet bench feed`: how long the feed, an update and an adaptation take, on made-up data of published sizes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from statistics import median
from typing import Any

import numpy as np

from node.personalizer.adaptation.adapting import Outline, adapt
from node.personalizer.adaptation.blocks import Block, Reader
from node.personalizer.candidates import Candidate
from node.personalizer.feed.building import build_feed
from node.personalizer.feed.columns import build_columns
from node.personalizer.learner.graph import SkillGraph
from node.personalizer.learner.outcomes import ALONE, NOT, Outcome
from node.personalizer.learner.prior import Prior
from node.personalizer.learner.shared import Lesson, Shared
from node.personalizer.learner.state import LearnerState, extend
from node.personalizer.learner.update import Seen, observe, replay
from node.personalizer.levels import LAYERS, LEVELS
from node.personalizer.worker import Goal, Situation, WorkerView

Clock = Callable[[], float]
NOW = datetime(2026, 11, 2, 7, tzinfo=UTC)
MODULES = 10_000
SKILLS = 3_000
TASKS = 4_000
OCCUPATIONS = 800
MET = 120
REPEATS = 9


@dataclass(frozen=True, slots=True)
class Timing:
    """One row: `ours` and `goal` in `unit`."""

    name: str
    unit: str
    ours: float
    goal: float

    def to_dict(self) -> dict[str, Any]:
        """The contract's row; there is no rival to time here."""
        return {
            "name": self.name,
            "unit": self.unit,
            "ours": self.ours,
            "rival": None,
            "rival_name": None,
            "ratio": None,
            "goal": self.goal,
            "ok": self.ours <= self.goal,
        }


def bench_feed(rng: np.random.Generator, clock: Clock, modules: int = MODULES) -> list[Timing]:
    """Medians. `clock` in seconds."""
    candidates, shared = make_catalogue(rng, modules)
    situation = make_situation(candidates, shared)
    columns = build_columns(candidates)
    feed = _median(lambda: build_feed(situation, columns), clock)
    outline = Outline("v", tuple(Block(f"b{i}", "text", i + 1) for i in range(100)), {})
    lesson = _median(lambda: adapt(outline, Reader(0.6)), clock)
    return [
        Timing(f"feed from {modules:,} modules", "ms", 1e3 * feed, 50.0),
        Timing("learner update at 200 skills", "µs", 1e6 * time_update(200, clock), 100.0),
        Timing("adaptation of 100 blocks", "ms", 1e3 * lesson, 10.0),
    ]


def make_catalogue(rng: np.random.Generator, modules: int = MODULES) -> tuple[list[Candidate], Shared]:
    """Modules over many occupations, and the task–skill graph they share."""
    skills = [f"skill-{i}" for i in range(SKILLS)]
    needs = {f"task-{i}": [skills[s] for s in rng.choice(SKILLS, 5, replace=False)] for i in range(TASKS)}
    candidates = [
        Candidate(
            uri=f"at://bench/module/{i}",
            title=f"Module {i}",
            layer=LAYERS[i % 3],
            level=LEVELS[int(rng.integers(5))],
            minutes=int(rng.integers(3, 20)),
            tasks=(f"task-{i % TASKS}",),
            occupations=(f"onet:{11 + i % 40}-{1000 + i % OCCUPATIONS}.00",),
            skills=tuple(skills[s] for s in rng.choice(SKILLS, int(rng.integers(1, 4)), replace=False)),
            requires=(str(int(rng.integers(modules))),) if i % 5 == 0 else (),
            score=float(rng.random()),
            has_practice=i % 2 == 0,
            has_complexity=i % 30 == 0,
        )
        for i in range(modules)
    ]
    return candidates, Shared(prior=Prior(SkillGraph(needs)))


def make_situation(candidates: list[Candidate], shared: Shared) -> Situation:
    """A worker who has met a good hundred skills."""
    at = NOW.timestamp() - 90 * 86_400
    outcomes = [Outcome(c.lesson, NOT if i % 3 else ALONE, at + i * 3600) for i, c in enumerate(candidates[: MET // 2])]
    own = candidates[7]
    worker = WorkerView(
        role="machinist",
        occupations=own.occupations,
        tasks=frozenset(own.tasks),
        goals=(Goal("close the books alone", frozenset(candidates[99].tasks), frozenset(candidates[98].skills)),),
        minutes=25,
    )
    return Situation(worker, NOW, replay(outcomes, shared), shared)


def time_update(skills: int, clock: Clock) -> float:
    """Seconds for one update of a belief over so many skills."""
    shared = Shared()
    names = [f"skill-{i}" for i in range(skills)]
    state = extend(LearnerState(), names, shared.prior)
    lessons = [Lesson(f"item-{i}", (names[i % skills],), LEVELS[i % 5]) for i in range(400)]
    start = clock()
    for i, lesson in enumerate(lessons):
        state = observe(state, lesson, Seen(float(i % 2)), shared)
    return (clock() - start) / len(lessons)


def _median(work: Callable[[], object], clock: Clock) -> float:
    times = []
    for _ in range(REPEATS):
        start = clock()
        work()
        times.append(clock() - start)
    return median(times)
