"""What a drawer holds of one worker's learning, opened: profile, outcomes, corrections, feedback, days, receipts."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from node.errors import Unknown
from node.personalizer.feed.items import COMPLEXITY, CONNECTION, REVERIFY, REVIEW, STRETCH
from node.personalizer.feedback import Feedback
from node.personalizer.learner.outcomes import SKIPPED, Outcome
from node.personalizer.learner.shared import Lesson
from node.personalizer.worker import History
from node.services.learning.sealed.profile import Profile, parse_profile
from node.services.learning.sealed.vault import Drawer, Entry
from node.store.clock import SECOND, moment_of

PROFILE = "profile"
OUTCOME = "outcome"
CORRECTION = "correction"
FEEDBACK = "feedback"
DAY = "day"
OFFER = "offer"
RECEIPT = "receipt"
LESSON = "lesson"
HISTORY = "history"
NOTICE = "notice"
CHECK = "check"

DAYS_LOOKED_BACK = 30
RECEIPTS_LOOKED_AT = 500


@dataclass(frozen=True, slots=True)
class Recorded:
    """An outcome as kept. `id` is that of its receipt; `subject` a module's uri or a skill's id; `at` microseconds.

    `evidence`: what shows it, in the worker's words and for their eyes.
    """

    id: str
    subject: str
    how: str
    at: int
    skills: tuple[str, ...]
    level: str | None
    title: str = ""
    minutes: int = 0
    kind: str = ""
    quiz: bool = False
    by_assistant: bool = False
    confirmed: bool = False
    evidence: str = ""

    @property
    def is_check(self) -> bool:
        """Whether it says how the real task went since, and not how the lesson did."""
        return self.kind == CHECK

    def outcome(self) -> Outcome:
        """As the learner model takes it."""
        lesson = Lesson(self.subject, self.skills, self.level)
        return Outcome(lesson, self.how, self.at / SECOND, self.quiz, self.by_assistant, self.confirmed)

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON values, without the id and time that the entry carries."""
        names = ("subject", "how", "level", "title", "minutes", "kind", "quiz", "by_assistant", "confirmed", "evidence")
        return {**{name: getattr(self, name) for name in names}, "skills": list(self.skills)}


@dataclass(frozen=True, slots=True)
class Correction:
    """The worker's own word on one skill. `belief` is one of `beliefs.WORDS`; `at` microseconds."""

    id: str
    skill: str
    belief: str
    at: int


@dataclass(frozen=True, slots=True)
class Day:
    """The feed of one day. `shown`: (kind, subject) in order; `items`: their ids; `made` microseconds.

    `before`: the list that this one took the place of in quiet hours, as it was when they began.
    """

    day: date
    stamp: str
    items: tuple[str, ...]
    shown: tuple[tuple[str, str], ...]
    notes: tuple[str, ...] = ()
    made: int = 0
    before: Day | None = None

    def as_of(self, moment: int) -> Day | None:
        """The list as it was before that moment (microseconds); None where there was none."""
        return self if self.made < moment else self.before and self.before.as_of(moment)

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON values, without the day that the entry carries."""
        names = ("stamp", "items", "shown", "notes", "made")
        kept = {name: getattr(self, name) for name in names}
        return {**kept, "before": self.before.to_dict()} if self.before else kept


@dataclass(frozen=True, slots=True)
class Ledger:
    """Everything that decides what a worker is offered. `opened`: subject → last time it was opened, microseconds."""

    profile: Profile = field(default_factory=Profile)
    outcomes: tuple[Recorded, ...] = ()
    corrections: tuple[Correction, ...] = ()
    feedback: tuple[Feedback, ...] = ()
    history_brought: tuple[Recorded, ...] = ()
    days: tuple[Day, ...] = ()
    opened: Mapping[str, int] = field(default_factory=dict)

    @property
    def learnt(self) -> str:
        """Changes when an outcome or a correction does."""
        kept = [[o.id, o.how, o.at, o.quiz, o.by_assistant, o.confirmed] for o in self.outcomes]
        brought = [[o.id, o.at, o.skills] for o in self.history_brought]
        return _digest([kept, [[c.id, c.skill, c.belief, c.at] for c in self.corrections], brought])

    @property
    def stamp(self) -> str:
        """Changes when anything does that a feed follows from, what was opened aside."""
        return _digest([self.learnt, self.profile.to_dict(), [entry.id for entry in self.feedback]])

    @property
    def is_used(self) -> bool:
        """Did the worker ever tell or do anything here?"""
        return bool(self.outcomes or self.days or self.profile != Profile())

    def find_outcome(self, receipt: str) -> Recorded | None:
        """What was recorded on a receipt."""
        return next((outcome for outcome in self.outcomes if outcome.id == receipt), None)

    def history(self, today: date) -> History:
        """What the feed did before `today`; of today only what is done already."""
        earlier = [day for day in self.days if day.day < today]
        tried = [outcome for outcome in self.outcomes if outcome.how != SKIPPED]
        of_today = [outcome for outcome in self.outcomes if self._day_of(outcome.at) == today]
        last = _last_shown(earlier) | {outcome.kind: today for outcome in of_today}
        return History(
            seen=self._seen(earlier),
            done={outcome.subject: outcome.how for outcome in tried},
            last={outcome.subject: self._day_of(outcome.at) for outcome in tried},
            today=frozenset(outcome.subject for outcome in of_today),
            review_on=last.get(REVIEW),
            stretch_on=last.get(STRETCH),
            complexity_on=last.get(COMPLEXITY),
            connection_on=last.get(CONNECTION),
            reverify_on=last.get(REVERIFY),
        )

    def minutes_spent(self, since: int) -> int:
        """Minutes of what was recorded at or after `since` (microseconds); skipping takes none."""
        return sum(outcome.minutes for outcome in self.outcomes if outcome.at >= since and outcome.how != SKIPPED)

    def _day_of(self, at: int) -> date:
        return self.profile.today(moment_of(at)).date()

    def _seen(self, days: Iterable[Day]) -> dict[str, int]:
        """Times shown since it was last opened; opened and skipped is not taken up."""
        last = {outcome.subject: outcome.how for outcome in self.outcomes if not outcome.is_check}
        opened = {subject: self._day_of(at) for subject, at in self.opened.items() if last.get(subject) != SKIPPED}
        seen: dict[str, int] = {}
        for day in days:
            for _, subject in day.shown:
                if opened.get(subject, date.min) < day.day:
                    seen[subject] = seen.get(subject, 0) + 1
        return seen


def load_ledger(drawer: Drawer) -> Ledger:
    """Open what the drawer holds."""
    held = drawer.entries_by_kind(PROFILE, OUTCOME, CORRECTION, HISTORY, FEEDBACK, DAY)
    return Ledger(
        profile=parse_profile(held[PROFILE][0].value if held[PROFILE] else {}),
        outcomes=_in_order(held[OUTCOME]),
        corrections=tuple(Correction(e.slot, e.value["skill"], e.value["belief"], e.at) for e in held[CORRECTION]),
        history_brought=tuple(_brought(e) for e in held[HISTORY] if e.value["skills"]),
        feedback=tuple(map(_feedback, held[FEEDBACK])),
        days=tuple(_day(e.slot, e.value) for e in held[DAY][-DAYS_LOOKED_BACK:]),
        opened=load_opened(drawer),
    )


def load_opened(drawer: Drawer) -> Mapping[str, int]:
    """Subject → last time it was opened, microseconds."""
    return {entry.value["subject"]: entry.at for entry in drawer.entries(RECEIPT, limit=RECEIPTS_LOOKED_AT)}


def load_outcomes(drawer: Drawer) -> tuple[Recorded, ...]:
    """Everything recorded, oldest first."""
    return _in_order(drawer.entries(OUTCOME))


def load_profile(drawer: Drawer) -> Profile:
    """The worker's profile; the blank one before they wrote any."""
    return parse_profile(drawer.find(PROFILE) or {})


def find_recorded(drawer: Drawer, receipt: str) -> Recorded | None:
    """What was recorded on a receipt."""
    entry = drawer.find_entry(OUTCOME, receipt)
    return None if entry is None else _recorded(entry)


def get_recorded(drawer: Drawer, receipt: str) -> Recorded:
    """The same. Raises Unknown where nothing was."""
    recorded = find_recorded(drawer, receipt)
    if recorded is None:
        raise Unknown("Nothing was recorded on this receipt.")
    return recorded


def find_day(drawer: Drawer, day: date) -> Day | None:
    """The list that was kept for this day."""
    value = drawer.find(DAY, day.isoformat())
    return None if value is None else _day(day.isoformat(), value)


def _in_order(entries: Iterable[Entry]) -> tuple[Recorded, ...]:
    return tuple(sorted(map(_recorded, entries), key=lambda outcome: (outcome.at, outcome.id)))


def _recorded(entry: Entry) -> Recorded:
    value = dict(entry.value)
    return Recorded(id=entry.slot, at=entry.at, skills=tuple(value.pop("skills")), **value)


def _brought(entry: Entry) -> Recorded:
    """A piece of work history as an outcome of the least weight: told, not seen."""
    value = entry.value
    return Recorded(
        id=f"{HISTORY}.{entry.slot}",
        subject=f"{HISTORY}:{entry.slot}",
        how=value["how"],
        at=int(value["was"]),
        skills=tuple(value["skills"]),
        level=None,
        title=value["title"],
        kind=HISTORY,
        quiz=True,
    )


def _feedback(entry: Entry) -> Feedback:
    value = entry.value
    return Feedback(
        entry.slot, value["kind"], value["subject"], tuple(value["skills"]), value["level"], entry.at / SECOND
    )


def _day(slot: str, value: Mapping[str, Any]) -> Day:
    shown = tuple((kind, subject) for kind, subject in value["shown"])
    return Day(
        date.fromisoformat(slot), value["stamp"], tuple(value["items"]), shown, tuple(value["notes"]),
        value.get("made", 0), _day(slot, value["before"]) if "before" in value else None,
    )  # fmt: skip


def _last_shown(days: Iterable[Day]) -> dict[str, date]:
    return {kind: day.day for day in days for kind, _ in day.shown}


def _digest(value: Any) -> str:
    return hashlib.sha256(json.dumps(value, sort_keys=True).encode()).hexdigest()
