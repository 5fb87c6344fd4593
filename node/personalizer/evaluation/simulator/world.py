"""A simulator, not evidence about people: a worker with hidden skills, lessons with hidden difficulty and quality.

Sixty skills in ten tasks; a worker's skills correlate within a task. The role names six tasks, of which the worker does
three these days and has one as a goal; the worth of a skill is 1 for the goal, .5 for what they do, .1 for the rest of
the role, .02 for anything else. The feed is told role, tasks and goal, but never the weights.

A lesson raises its skill by `rate · quality · minutes^.8 · law(p) · readiness`, halved each time it is repeated;
half-learned prerequisites cost up to 70%. What was learned fades unless it is used again, ever more slowly. Gain is the
rise in Σ worth · σ(1.5·(skill − standard of the work)), per hour.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from node.personalizer.candidates import Candidate
from node.personalizer.evaluation.simulator.laws import LAWS
from node.personalizer.learner.graph import FloatArray, SkillGraph
from node.personalizer.learner.prior import Prior
from node.personalizer.levels import LAYERS, LEVELS, STEP
from node.personalizer.worker import Goal, WorkerView

IndexArray = NDArray[np.intp]

SLOPE = 1.5
EASE = 0.75
FIRST_STABILITY = 20.0
OCCUPATION = "sim:role"


@dataclass(frozen=True, slots=True)
class Size:
    """How large a world is; the defaults are the published ones. `tag_noise`: SD of authors' tags, log-odds."""

    skills: int = 60
    tasks: int = 10
    lessons: int = 600
    days: int = 60
    minutes: int = 15
    rate: float = 0.3
    tag_noise: float = 0.0


@dataclass(slots=True, eq=False)
class Truth:
    """What is hidden. By skill: `start`, `learned`, `stability` (days), `last` (day), `standard`, `wanted`, `before`.

    By lesson: `skill_of`, `difficulty`, `quality`, `minutes`.
    """

    start: FloatArray
    standard: FloatArray
    wanted: FloatArray
    before: IndexArray
    skill_of: IndexArray
    difficulty: FloatArray
    quality: FloatArray
    minutes: FloatArray
    learned: FloatArray = field(init=False)
    stability: FloatArray = field(init=False)
    last: FloatArray = field(init=False)

    def __post_init__(self) -> None:
        self.learned = np.zeros(len(self.start))
        self.stability = np.full(len(self.start), FIRST_STABILITY)
        self.last = np.zeros(len(self.start))

    def skills(self, day: int) -> FloatArray:
        """Where the worker stands on each skill today."""
        kept = np.exp(-(day - self.last) / self.stability * 0.5)
        return np.asarray(self.start + self.learned * kept, dtype=np.float64)

    def practise(self, skill: int, raised: float, day: int) -> None:
        """What is used again fades more slowly, the more so the longer it had rested."""
        now = self.skills(day)[skill] - self.start[skill]
        rested = (day - self.last[skill]) / self.stability[skill]
        self.learned[skill] = now + raised
        self.stability[skill] *= 1 + min(1.5, 3 * rested)
        self.last[skill] = day

    def readiness(self, day: int) -> FloatArray:
        """How far the skill that comes before each skill is there; 1 where none does."""
        skills = self.skills(day)
        able = np.minimum(1.0, _logistic(SLOPE * (skills[self.before] + 0.5 * STEP)) / 0.75)
        return np.where(self.before == np.arange(len(skills)), 1.0, able)

    def worth(self, skills: FloatArray) -> float:
        """Σ wanted · σ(1.5·(skill − standard))."""
        return float((self.wanted * _logistic(SLOPE * (skills - self.standard))).sum())


@dataclass(slots=True, eq=False)
class World:
    """One worker's life under one law. Only an oracle may look into `truth`."""

    size: Size
    law: str
    truth: Truth
    candidates: tuple[Candidate, ...]
    worker: WorkerView
    prior: Prior
    rng: np.random.Generator
    day: int = 0
    taken: FloatArray = field(init=False)

    def __post_init__(self) -> None:
        self.taken = np.zeros(len(self.candidates))

    def take(self, place: int, share: float = 1.0) -> bool:
        """The worker does a lesson (or a share of it): whether they managed unaided. Changes them."""
        success = bool(self.rng.random() < self.chances()[place])
        raised = share * self.gains()[place]
        self.truth.practise(self.truth.skill_of[place], raised, self.day)
        self.taken[place] += 1
        return success

    def chances(self) -> FloatArray:
        """True chance of unaided success at each lesson."""
        truth = self.truth
        return 1 / (1 + np.exp(-(EASE + truth.skills(self.day)[truth.skill_of] - truth.difficulty)))

    def gains(self) -> FloatArray:
        """By how much each lesson would raise its skill now."""
        truth, size = self.truth, self.size
        ready = 0.3 + 0.7 * truth.readiness(self.day)[truth.skill_of]
        effect = truth.quality * truth.minutes**0.8 * LAWS[self.law](self.chances())
        return np.asarray(size.rate * effect * ready * 0.5**self.taken, dtype=np.float64)

    def worth(self) -> float:
        """How well the worker can do what is wanted of them."""
        return float(self.truth.worth(self.truth.skills(self.day)))

    def marginal(self) -> FloatArray:
        """What each lesson would add to that: only an oracle may look."""
        truth = self.truth
        skills = truth.skills(self.day)
        now, then = skills[truth.skill_of], skills[truth.skill_of] + self.gains()
        standard, wanted = truth.standard[truth.skill_of], truth.wanted[truth.skill_of]
        return wanted * (_logistic(SLOPE * (then - standard)) - _logistic(SLOPE * (now - standard)))


def make_world(size: Size, law: str, rng: np.random.Generator) -> World:
    """A world drawn from `rng`. The same draws give the same world under every law."""
    task_of = np.arange(size.skills) % size.tasks
    graph = SkillGraph({f"task-{t}": [f"skill-{s}" for s in np.flatnonzero(task_of == t)] for t in range(size.tasks)})
    own = rng.normal(0, np.sqrt(0.2), size.skills)
    start = rng.normal(0, np.sqrt(0.5)) + rng.normal(0, np.sqrt(0.6), size.tasks)[task_of] + own - STEP
    wanted, worker, role = _worker(size, task_of, rng)
    before = np.where(np.arange(size.skills) >= size.tasks * 2, np.arange(size.skills) - size.tasks, range(size.skills))
    before = np.where(rng.random(size.skills) < 0.5, before, np.arange(size.skills))
    place = rng.integers(5, size=size.lessons)
    truth = Truth(
        start=start,
        standard=STEP * rng.integers(0, 2, size.skills).astype(np.float64),
        wanted=wanted,
        before=before,
        skill_of=np.arange(size.lessons) % size.skills,
        difficulty=STEP * (place - 2) + rng.normal(0, 0.2, size.lessons),
        quality=rng.beta(3, 2, size.lessons),
        minutes=rng.integers(3, 13, size.lessons).astype(np.float64),
    )
    candidates = _publish(size, truth, (task_of, role), rng)
    return World(size, law, truth, candidates, worker, Prior(graph), rng)


def _worker(size: Size, task_of: IndexArray, rng: np.random.Generator) -> tuple[FloatArray, WorkerView, IndexArray]:
    """What each skill is worth, what the feed is told, and the role's tasks."""
    tasks = rng.permutation(size.tasks)
    goal, current, role = tasks[0], tasks[:3], tasks[: size.tasks * 6 // 10]
    wanted = np.select([task_of == goal, np.isin(task_of, current), np.isin(task_of, role)], [1.0, 0.5, 0.1], 0.02)
    named = frozenset(f"task-{task}" for task in current)
    goals = (Goal("simulated", frozenset({f"task-{goal}"})),)
    return wanted, WorkerView("simulated", (OCCUPATION,), named, goals, minutes=size.minutes), role


def _publish(
    size: Size, truth: Truth, tasks: tuple[IndexArray, IndexArray], rng: np.random.Generator
) -> tuple[Candidate, ...]:
    task_of, role = tasks
    tags = truth.difficulty + rng.normal(0, 1, size.lessons) * size.tag_noise
    scores = np.clip(truth.quality + rng.normal(0, 0.15, size.lessons), 0.05, 1.0)
    return tuple(
        Candidate(
            uri=f"sim/lesson-{i}",
            title=f"Lesson {i}",
            layer=LAYERS[i % 3],
            level=LEVELS[int(np.clip(np.round(tags[i] / STEP) + 2, 0, 4))],
            minutes=int(truth.minutes[i]),
            tasks=(f"task-{task_of[skill]}",),
            occupations=(OCCUPATION if task_of[skill] in role else "sim:other",),
            skills=(f"skill-{skill}",),
            requires=(f"skill-{truth.before[skill]}",) if truth.before[skill] != skill else (),
            score=float(scores[i]),
            has_practice=True,
        )
        for i, skill in enumerate(truth.skill_of)
    )


def _logistic(x: Any) -> FloatArray:
    return np.asarray(1 / (1 + np.exp(-x)), dtype=np.float64)
