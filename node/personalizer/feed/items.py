"""What a feed is made of. Every item says why it is there, how likely it is to go well, and what lost to it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Final

LESSON: Final = "lesson"
REVIEW: Final = "review"
PRACTICE: Final = "practice"
STRETCH: Final = "stretch"
COMPLEXITY: Final = "complexity"
CONNECTION: Final = "connection"
REVERIFY: Final = "re-verify"
KINDS = (LESSON, REVIEW, PRACTICE, STRETCH, COMPLEXITY, CONNECTION, REVERIFY)


@dataclass(frozen=True, slots=True)
class Reason:
    """One term that speaks for an item: `share` is how far it lifts the item above the others, in log units."""

    term: str
    words: str
    share: float = 0.0


@dataclass(frozen=True, slots=True)
class RunnerUp:
    """The next best, and why it lost."""

    uri: str
    title: str
    why: str


@dataclass(frozen=True, slots=True)
class FeedItem:
    """`subject` is a module's uri, a person's DID (connection) or a skill's id (a review without a module).

    `minutes` is what it takes; `p` is None where there is nothing to solve; `reasons` has at most three.
    """

    kind: str
    subject: str
    title: str
    minutes: int
    reasons: tuple[Reason, ...]
    p: float | None = None
    chance: str = ""
    evidence: str = ""
    runner_up: RunnerUp | None = None
    version_uri: str = ""
    version_cid: str = ""
    skills: tuple[str, ...] = ()
    layer: str = ""
    level: str = ""
    cautious: float | None = None
    due: bool = False

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON values."""
        return {
            **{name: getattr(self, name) for name in _PLAIN},
            "skills": list(self.skills),
            "reasons": [{"term": r.term, "words": r.words, "share": r.share} for r in self.reasons],
            "runner_up": None if (r := self.runner_up) is None else {"uri": r.uri, "title": r.title, "why": r.why},
        }


_PLAIN = (
    "kind",
    "subject",
    "title",
    "minutes",
    "p",
    "chance",
    "evidence",
    "version_uri",
    "version_cid",
    "layer",
    "level",
    "cautious",
    "due",
)


@dataclass(frozen=True, slots=True)
class Feed:
    """A worker's list for one day, or for one task. `minutes` is what the items take together."""

    items: tuple[FeedItem, ...]
    day: str
    notes: tuple[str, ...] = field(default=())

    @property
    def minutes(self) -> int:
        """Together."""
        return sum(item.minutes for item in self.items)

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON values."""
        return {"day": self.day, "items": [item.to_dict() for item in self.items], "notes": list(self.notes)}
