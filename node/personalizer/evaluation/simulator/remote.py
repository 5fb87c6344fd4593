"""Another's world, asked and answered in JSON, one object a line; the caller carries the lines to and from a process.

    {"do": "laws"} → {"laws": ["flat", …]}
    {"do": "begin", "seed": 1, "law": "flat"} →
        {"lessons": [{"id", "skills": […], "level", "minutes", "layer", "tasks": […], "requires": […],
                      "score": 0..1, "fresh": 0..1, "named": true|false}, …],
         "worker": {"tasks": […], "goals": [{"tasks": […], "skills": […]}], "minutes": 15},
         "days": 60, "tasks": {"task": ["skill", …]}}
    {"do": "take", "day": 0, "id": "…", "share": 1.0} → {"success": true, "minutes": 6.5}   what it took: more than 0
    {"do": "end"} → {"gain": 3.2}                                                           over the whole life

Only `id`, `skills` and `minutes` of a lesson are required. No minutes are 0, neither a lesson's nor those it took: of
what costs no time, a day holds any number. `named` says whether the role names the lesson, which all see as its
occupation.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from node.personalizer.candidates import GENERAL, Candidate
from node.personalizer.evaluation.simulator.policies import NodeFeed, Policy
from node.personalizer.evaluation.simulator.simulation import FEED, ORACLE, PLAYERS, Progress, Row, rival
from node.personalizer.evaluation.simulator.world import OCCUPATION
from node.personalizer.learner.graph import SkillGraph
from node.personalizer.learner.prior import Prior
from node.personalizer.levels import LAYERS, LEVELS
from node.personalizer.worker import Goal, WorkerView

Exchange = Callable[[dict[str, Any]], Mapping[str, Any]]
POLICIES = tuple(name for name in PLAYERS if name != ORACLE)


@dataclass(frozen=True, slots=True)
class Start:
    """What a world says of itself at the beginning of a life."""

    candidates: tuple[Candidate, ...]
    worker: WorkerView
    days: int
    prior: Prior


def parse_start(value: Mapping[str, Any]) -> Start:
    """Raises KeyError, TypeError or ValueError when a required field is missing or of another kind."""
    worker = value.get("worker", {})
    goals = tuple(
        Goal("", frozenset(g.get("tasks", ())), frozenset(g.get("skills", ()))) for g in worker.get("goals", ())
    )
    view = WorkerView(
        role="simulated",
        occupations=(OCCUPATION,),
        tasks=frozenset(worker.get("tasks", ())),
        goals=goals,
        minutes=int(worker.get("minutes", 15)),
    )
    lessons = tuple(_parse_lesson(lesson) for lesson in value["lessons"])
    days = int(value.get("days", 60))
    if not lessons or len({lesson.uri for lesson in lessons}) < len(lessons):
        raise ValueError("a world needs lessons, each with an id of its own")
    if days < 1 or view.minutes < 1:
        raise ValueError(f"a life of {days} days with {view.minutes} minutes each is none")
    return Start(lessons, view, days, Prior(SkillGraph(value.get("tasks", {}))))


def _parse_lesson(value: Mapping[str, Any]) -> Candidate:
    level, layer = value.get("level", "competent"), value.get("layer", "capability")
    if level not in LEVELS or layer not in LAYERS:
        raise ValueError(f"lesson {value['id']!r}: level {level!r} or layer {layer!r} is not known")
    score, fresh, minutes = value.get("score"), float(value.get("fresh", 1.0)), float(value["minutes"])
    if not (0.0 <= (0.0 if score is None else score) <= 1.0 and 0.0 <= fresh <= 1.0 and 0.0 < minutes < math.inf):
        raise ValueError(f"lesson {value['id']!r}: score, fresh or minutes are out of range")
    return Candidate(
        uri=str(value["id"]),
        title=str(value["id"]),
        skills=tuple(map(str, value["skills"])) or (GENERAL,),
        minutes=max(1, round(minutes)),
        level=level,
        layer=layer,
        tasks=tuple(value.get("tasks", ())),
        requires=tuple(value.get("requires", ())),
        score=score,
        fresh=fresh,
        occupations=(OCCUPATION if value.get("named", True) else "sim:other",),
        has_practice=True,
    )


def simulate_remote(seeds: Iterable[int], ask: Exchange, progress: Progress = lambda _text, _done: None) -> list[Row]:
    """One row a law of the world's; gains per hour as the world counts them."""
    seeds, laws = list(seeds), list(ask({"do": "laws"})["laws"])
    rows = []
    for turn, law in enumerate(laws):
        progress(law, turn / len(laws))
        gains = {name: float(np.mean([_live(ask, name, law, seed) for seed in seeds])) for name in POLICIES}
        rows.append(Row(law, gains))
    return rows


def _live(ask: Exchange, name: str, law: str, seed: int) -> float:
    start = parse_start(ask({"do": "begin", "seed": seed, "law": law}))
    policy = _policy(name, start, seed)
    minutes = {candidate.uri: float(candidate.minutes) for candidate in start.candidates}
    for day in range(start.days):
        left = float(start.worker.minutes)
        for choice in policy.day(day, left):
            share = min(choice.share, left / minutes[choice.uri])
            went = ask({"do": "take", "day": day, "id": choice.uri, "share": share})
            policy.tell(choice, success=bool(went["success"]))
            left -= _minutes_taken(went, share * minutes[choice.uri])
            if left < 1:
                break
    return float(ask({"do": "end"})["gain"]) / (start.days * start.worker.minutes / 60)


def _minutes_taken(went: Mapping[str, Any], expected: float) -> float:
    minutes = float(went.get("minutes", expected))
    if not 0.0 < minutes < math.inf:
        raise ValueError(f"a lesson took {minutes} minutes")
    return minutes


def _policy(name: str, start: Start, seed: int) -> Policy:
    if name == FEED:
        return NodeFeed(start.worker, start.candidates, start.prior)
    return rival(name, start.candidates, start.worker, seed)
