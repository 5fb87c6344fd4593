"""How the work went, as the worker (or, at half weight, their assistant) says; feedback to the feed. All undoable."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from node.errors import Conflict, Malformed, Unknown
from node.personalizer.candidates import GENERAL
from node.personalizer.errors import FeedbackUnknown
from node.personalizer.feed.items import FeedItem
from node.personalizer.feedback import KINDS, Feedback
from node.personalizer.learner.outcomes import Outcome
from node.personalizer.learner.shared import Lesson
from node.services.learning.feed.offers import WITHOUT_LESSON, forget_told, get_item, note_opened
from node.services.learning.sealed.ledger import FEEDBACK, OUTCOME, Recorded, get_recorded, load_opened, load_outcomes
from node.services.learning.sealed.vault import Drawer, Vault
from node.services.learning.shelf import DEFAULT_LEVEL, Shelf, level_of
from node.services.policy import Viewer
from node.store.clock import SECOND, micros_of

LONGEST_EVIDENCE = 2_000
# How pages and people spell what the personalizer calls otherwise.
SPELLINGS = {"with-hint": "with-a-hint", "hint": "with-a-hint", "help": "with-help", "known": "i-know-this"}


@dataclass(frozen=True, slots=True)
class Outcomes:
    """Writes outcomes and feedback."""

    vault: Vault
    shelf: Shelf

    def record(
        self, viewer: Viewer, receipt: str, how: str, at: datetime, *, by_assistant: bool = False, quiz: bool = False
    ) -> Recorded:
        """Store, or replace by the worker's own word. Raises Unknown, OutcomeUnknown, Conflict."""
        how = SPELLINGS.get(how, how)

        def work(drawer: Drawer) -> Recorded:
            item = get_item(drawer, receipt)
            if item.kind in WITHOUT_LESSON:
                raise Malformed(f"“{item.title}” is no work that could go well or badly.")
            known = drawer.find(OUTCOME, receipt)
            if known is not None and by_assistant and (not known["by_assistant"] or known["confirmed"]):
                raise Conflict("The worker has said themselves how this went.")
            recorded = _recorded(receipt, item, how, micros_of(at))
            kept = known.get("evidence", "") if known is not None else ""
            recorded = replace(recorded, by_assistant=by_assistant, quiz=quiz, evidence=kept)
            note_opened(drawer, receipt, item, recorded.at, only_told=True)
            drawer.put(OUTCOME, receipt, recorded.to_dict(), recorded.at)
            return recorded

        return self.vault.change(viewer.name, work)

    def opened(self, viewer: Viewer) -> Mapping[str, int]:
        """Subject → last time it was opened, microseconds."""
        with self.vault.read(viewer.name) as drawer:
            return load_opened(drawer)

    def confirm(self, viewer: Viewer, receipt: str) -> Recorded:
        """What an assistant reported is true: it counts whole. Raises Unknown."""
        return self._change(viewer, receipt, confirmed=True)

    def keep_evidence(self, viewer: Viewer, receipt: str, words: str) -> Recorded:
        """What shows how it went, in the worker's words; '' takes them back. Raises Unknown, Malformed."""
        if len(words) > LONGEST_EVIDENCE:
            raise Malformed(f"Evidence is a text of at most {LONGEST_EVIDENCE:,} characters.")
        return self._change(viewer, receipt, evidence=words.strip())

    def withdraw(self, viewer: Viewer, receipt: str) -> Recorded:
        """As if nothing had been recorded: what it was. Raises Unknown."""

        def work(drawer: Drawer) -> Recorded:
            recorded = get_recorded(drawer, receipt)
            forget_told(drawer, receipt)
            drawer.delete(OUTCOME, receipt)
            return recorded

        return self.vault.change(viewer.name, work)

    def recorded(self, viewer: Viewer) -> list[Recorded]:
        """Everything recorded, newest first."""
        with self.vault.read(viewer.name) as drawer:
            return list(reversed(load_outcomes(drawer)))

    def say(self, viewer: Viewer, kind: str, subject: str, at: datetime) -> Feedback:
        """Feedback on an offered item (by id) or a module (by uri). Raises Unknown, FeedbackUnknown."""
        kind = SPELLINGS.get(kind, kind)
        if kind not in KINDS:
            raise FeedbackUnknown(f"There is no feedback {kind!r}.")
        row = self.shelf.find_item(subject) if subject.startswith("at://") else None

        def work(drawer: Drawer) -> Feedback:
            if row is not None:
                item_id, said = "", (row.uri, row.title, tuple(row.skills), level_of(row))
            else:
                item = get_item(drawer, subject)
                item_id, said = subject, (item.subject, item.title, item.skills, item.level or DEFAULT_LEVEL)
            about, title, skills, level = said
            entry = Feedback(secrets.token_urlsafe(9), kind, about, skills, level, at.timestamp())
            value = {
                "kind": kind,
                "subject": about,
                "skills": list(skills),
                "level": level,
                "title": title,
                "item": item_id,
            }
            drawer.put(FEEDBACK, entry.id, value, micros_of(at))
            return entry

        return self.vault.change(viewer.name, work)

    def unsay(self, viewer: Viewer, feedback: str) -> None:
        """Take feedback back. Raises Unknown."""
        self._delete(viewer, lambda drawer: drawer.delete(FEEDBACK, feedback))

    def said(self, viewer: Viewer) -> list[dict[str, Any]]:
        """All feedback that stands, newest first."""
        with self.vault.read(viewer.name) as drawer:
            entries = drawer.entries(FEEDBACK)
        return [{"id": entry.slot, "at": entry.at, **_shown(entry.value)} for entry in reversed(entries)]

    def _change(self, viewer: Viewer, receipt: str, **changed: Any) -> Recorded:
        def work(drawer: Drawer) -> Recorded:
            recorded = get_recorded(drawer, receipt)
            recorded = replace(recorded, **changed)
            drawer.put(OUTCOME, receipt, recorded.to_dict(), recorded.at)
            return recorded

        return self.vault.change(viewer.name, work)

    def _delete(self, viewer: Viewer, work: Callable[[Drawer], bool]) -> None:
        if not self.vault.change(viewer.name, work):
            raise Unknown("There is no such entry of yours.")


def refuse_unknown(how: str) -> None:
    """Raise OutcomeUnknown for an outcome there is not."""
    Outcome(Lesson("", ()), how, 0.0)


def _recorded(receipt: str, item: FeedItem, how: str, at: int) -> Recorded:
    lesson = Lesson(item.subject, item.skills or (GENERAL,), item.level or None)
    Outcome(lesson, how, at / SECOND)  # refuses an outcome there is not
    return Recorded(
        receipt, item.subject, how, at, lesson.skills, lesson.level, item.title, item.minutes, kind=item.kind
    )


def _shown(value: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value[name] for name in ("kind", "subject", "title")}
