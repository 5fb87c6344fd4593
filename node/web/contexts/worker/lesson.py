"""A lesson: a module adapted for one worker. Private."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, ClassVar, Literal

from markupsafe import Markup

from node.web.contexts.cards import Choice, Level, Link, PersonLink
from node.web.contexts.site import Page
from node.web.contexts.worker.feed import Chance, EndorseOffer

Outcome = Literal["alone", "with-hint", "with-help", "not", "skipped"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One way in which the lesson differs from its module."""

    what: Annotated[str, "What was left out, added, reordered or filled in"]
    why: Annotated[str, "The reason"]
    line: Annotated[int | None, "Line of the module's source"]
    anchor: Annotated[str | None, "id of the block in the body, None when it is not shown"]
    toggle: Annotated[str | None, "Address for a POST that shows the block as written, or adapts it again"]
    shown: Annotated[bool, "The worker asked to see it as written"]


@dataclass(frozen=True, slots=True, kw_only=True)
class SlotField:
    """A word that the worker chooses so that the text speaks of their own work."""

    name: Annotated[str, "Name of the form field"]
    label: Annotated[str, "What is being named"]
    values: Annotated[tuple[Choice, ...], "What the module allows"]


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordedOutcome:
    """What the worker said before."""

    outcome: Annotated[Outcome, "How it went"]
    at: Annotated[datetime, "When"]
    effect: Annotated[str, "What changed because of it, in words"]
    undo: Annotated[str, "Address that takes a POST and undoes it"]
    evidence: Annotated[str, "What shows it, in the worker's words"]
    keep_evidence: Annotated[str, "Takes a POST of `evidence`; empty takes it back"]
    confirm: Annotated[str | None, "Takes a POST when only the assistant said so: it counts half until then"] = None
    endorse: Annotated[EndorseOffer | None, "Set when it went well"] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """A passage that its author lets be reworded."""

    written: Annotated[str, "As its author wrote it and one reads it"]
    parts: Annotated[tuple[tuple[str, str], ...], "(kept, removed or added; words) once it is reworded"]
    action: Annotated[str, "Takes a POST of `wish`: plain, shorter or fuller; `back` takes it back"]


@dataclass(frozen=True, slots=True, kw_only=True)
class LessonPage(Page):
    """Adapted text beside what was changed and why; how did it go?"""

    template: ClassVar[str] = "lesson.html"
    title: Annotated[str, "In the module's language"]
    language: Annotated[str, "BCP 47"]
    level: Annotated[Level, "For whom this lesson now is"]
    minutes: Annotated[int | None, "Time to work through it"]
    author: Annotated[PersonLink | None, "Who wrote the module, None for practice without one"]
    original: Annotated[str | None, "Address of the signed original, None for practice without a module"]
    task: Annotated[Link | None, "The work it was opened for"]
    body: Annotated[Markup, "Sanitised HTML; each block carries its id"]
    changes: Annotated[tuple[Change, ...], "Every change, in the order of the text"]
    chance: Annotated[Chance | None, "What the adaptation rests on, None where there is nothing to manage"]
    slots: Annotated[tuple[SlotField, ...], "Words to choose"]
    slots_action: Annotated[str, "Address that takes the POST of the slots"]
    outcome_action: Annotated[str, "Address that takes the POST of `outcome`"]
    recorded: Annotated[RecordedOutcome | None, "Set once an outcome is recorded"]
    withdrawn: Annotated[bool, "The module was withdrawn since; the text is gone"]
    passages: Annotated[tuple[Passage, ...], "What the language model may reword; empty without one"] = ()
