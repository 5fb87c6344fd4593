"""The worker as the feed sees them: role, goals, minutes, languages, tools; what was shown; what was said to it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from node.personalizer.feedback import Feedback
from node.personalizer.learner.shared import Shared
from node.personalizer.learner.state import LearnerState
from node.personalizer.review import ReviewCard


@dataclass(frozen=True, slots=True)
class Goal:
    """A goal in the worker's own words, and the tasks and skills it was mapped to; `guessed` until they confirm it."""

    text: str
    tasks: frozenset[str] = frozenset()
    skills: frozenset[str] = frozenset()
    guessed: bool = False


@dataclass(frozen=True, slots=True)
class TaskInHand:
    """A task the worker faces now. `near`: like tasks → 0..1. `matches`: candidates by uri → 0..1, from search."""

    title: str
    uri: str | None = None
    skills: frozenset[str] = frozenset()
    near: Mapping[str, float] = field(default_factory=dict)
    matches: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class WorkerView:
    """`placements`: skill → level, where the worker put themselves. `minutes` a day. Languages are BCP 47, best first.

    `tasks`: what they do these days, by id. `standards`: skill → level their work demands, where that is known.
    """

    role: str = ""
    occupations: tuple[str, ...] = ()
    tasks: frozenset[str] = frozenset()
    goals: tuple[Goal, ...] = ()
    placements: Mapping[str, str] = field(default_factory=dict)
    standards: Mapping[str, str] = field(default_factory=dict)
    minutes: int = 15
    languages: tuple[str, ...] = ()
    tools: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class History:
    """What the feed did before. `seen`: uri → times shown without being taken up; `done`: uri → last outcome.

    `last`: uri → day of that outcome; `today`: what was dealt with today already. The dates say when each rare kind
    was last shown.
    """

    seen: Mapping[str, int] = field(default_factory=dict)
    done: Mapping[str, str] = field(default_factory=dict)
    last: Mapping[str, date] = field(default_factory=dict)
    today: frozenset[str] = frozenset()
    review_on: date | None = None
    stretch_on: date | None = None
    complexity_on: date | None = None
    connection_on: date | None = None
    reverify_on: date | None = None


@dataclass(frozen=True, slots=True)
class Colleague:
    """A person who published that they take questions on these skills or tasks. Nothing about them is inferred."""

    did: str
    name: str
    takes_questions_on: frozenset[str]


@dataclass(frozen=True, slots=True)
class Situation:
    """Everything a feed is built from besides the candidates. `now` is UTC."""

    worker: WorkerView
    now: datetime
    state: LearnerState = field(default_factory=LearnerState)
    shared: Shared = field(default_factory=Shared)
    cards: Mapping[str, ReviewCard] = field(default_factory=dict)
    history: History = field(default_factory=History)
    feedback: tuple[Feedback, ...] = ()
    colleagues: tuple[Colleague, ...] = ()
    task: TaskInHand | None = None
