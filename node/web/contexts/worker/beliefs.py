"""What the node believes about a worker. Private."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, ClassVar

from node.web.contexts.site import Page


@dataclass(frozen=True, slots=True, kw_only=True)
class Belief:
    """The estimate of one skill."""

    id: Annotated[str, "Stable within the page"]
    skill: Annotated[str, "Name of the skill"]
    mastery: Annotated[str, "In words: 'you usually manage this alone'"]
    certainty: Annotated[str, "How sure, in words"]
    low: Annotated[float, "Lower end of the likely range, 0..1"]
    middle: Annotated[float, "Best estimate, 0..1"]
    high: Annotated[float, "Upper end of the likely range, 0..1"]
    because: Annotated[tuple[str, ...], "What it rests on, newest first"]
    correct: Annotated[str, "Address for a POST of `belief`: alone, with-hint, with-help, not-yet, forget"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """Something the worker told the node."""

    words: Annotated[str, "What was said"]
    at: Annotated[datetime, "When"]
    undo: Annotated[str, "Address that takes a POST and undoes it"]


@dataclass(frozen=True, slots=True, kw_only=True)
class BeliefsPage(Page):
    """Every estimate, each correctable."""

    template: ClassVar[str] = "beliefs.html"
    beliefs: Annotated[tuple[Belief, ...], "Skills of the worker's tasks first"]
    corrections: Annotated[tuple[Correction, ...], "Newest first: corrections, 'less like this', 'not my goal'"]
