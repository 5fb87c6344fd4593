"""The worker's feed. Private: rendered for that worker alone."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated, ClassVar, Literal

from node.web.contexts.cards import Freshness, Layer, Level, Link, PersonLink
from node.web.contexts.site import Page

FeedKind = Literal["lesson", "review", "practice", "stretch", "complexity", "connection", "reverify"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReasonTerm:
    """One of the largest terms behind a choice."""

    words: Annotated[str, "In plain words"]
    share: Annotated[float, "Weight relative to the largest term, 0..1"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Chance:
    """How the work would go unaided, as the node believes."""

    p: Annotated[float, "0..1"]
    words: Annotated[str, "The same in words"]
    evidence: Annotated[str, "What the estimate rests on, in words"]


@dataclass(frozen=True, slots=True, kw_only=True)
class RunnerUp:
    """What almost stood here."""

    subject: Annotated[Link, "Which"]
    lost_because: Annotated[str, "Why it lost, in words"]


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedItem:
    """Something worth this worker's time, and why."""

    id: Annotated[str, "Stable within the page; used for the element's id"]
    kind: Annotated[FeedKind, "What it is"]
    title: Annotated[str, "In its own language"]
    summary: Annotated[str, "One or two sentences"]
    language: Annotated[str, "BCP 47"]
    href: Annotated[str, "Where it opens: a lesson, a person, a task"]
    minutes: Annotated[int | None, "Time it takes"]
    layer: Annotated[Layer | None, "None where it is not a module"]
    level: Annotated[Level | None, "None where it is not a module"]
    by: Annotated[PersonLink | None, "Author, or the person to talk to"]
    freshness: Annotated[Freshness | None, "None where it is not a module"]
    task: Annotated[Link | None, "The work it is for"]
    because: Annotated[tuple[ReasonTerm, ...], "Largest first, at most three"]
    chance: Annotated[Chance | None, "None where there is nothing to manage"]
    runner_up: Annotated[RunnerUp | None, "None when nothing came close"]
    feedback: Annotated[str, "Address for a POST of `feedback`: less-like-this, known, not-my-goal"]


@dataclass(frozen=True, slots=True, kw_only=True)
class EndorseOffer:
    """After work that went well: say so in public? Nothing private goes along."""

    title: Annotated[str, "The module that helped"]
    href: Annotated[str, "Its public form; how to become a practitioner for one who is none"]
    signs: Annotated[bool, "The worker has an identity of their own to sign with"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reported:
    """An outcome that an assistant reported and the worker has not confirmed."""

    words: Annotated[str, "Which lesson, and how it went"]
    at: Annotated[datetime, "When it was reported"]
    confirm: Annotated[str, "Address that takes a POST: it is true"]
    undo: Annotated[str, "Address that takes a POST: it is not"]


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldUp:
    """A question about a lesson of a while ago: did it hold up on the real task?"""

    title: Annotated[str, "The lesson"]
    at: Annotated[datetime, "When it was done"]
    action: Annotated[str, "Address that takes the POST of `outcome`"]


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedPage(Page):
    """Today's items (door `feed`), or help with the work at hand (door `task`)."""

    template: ClassVar[str] = "feed.html"
    door: Annotated[Literal["feed", "task"], "Who I am becoming, or what I face now"]
    asked: Annotated[str, "The task as the worker put it, '' for the feed"]
    understood_as: Annotated[Link | None, "The task that was found for it"]
    day: Annotated[date, "For which day"]
    minutes: Annotated[int, "Minutes the worker gives a day"]
    items: Annotated[tuple[FeedItem, ...], "In order"]
    empty: Annotated[str, "Why there is nothing, and what would help; '' when there is something"]
    goals: Annotated[tuple[str, ...], "The worker's goals, in their own words"]
    endorse: Annotated[EndorseOffer | None, "Set right after work went well"] = None
    reported: Annotated[tuple[Reported, ...], "Waits for the worker's own word, newest first"] = ()
    held_up: Annotated[HeldUp | None, "What to ask today, None when nothing"] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedItemGone(Page):
    """Takes an item's place after feedback (`HX-Request`)."""

    template: ClassVar[str] = "fragments/feed_item_gone.html"
    id: Annotated[str, "The item's id"]
    text: Annotated[str, "What was noted"]
    undo: Annotated[str, "Address that takes a POST and undoes it"]
