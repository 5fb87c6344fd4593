"""Lessons: a module version adapted for this worker, kept with what decided it: the same at every opening."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from typing import Any

from node.authoring.document import ModuleDocument
from node.errors import Unknown
from node.personalizer.adaptation.adapting import Adapted, Outline, adapt
from node.personalizer.adaptation.blocks import Change, Reader, Slot
from node.personalizer.adaptation.receipt import parse_receipt
from node.personalizer.candidates import GENERAL
from node.personalizer.feed.appraisal import self_described
from node.personalizer.feed.items import LESSON as LESSON_KIND
from node.personalizer.feed.items import FeedItem
from node.personalizer.learner.prediction import predict
from node.personalizer.learner.shared import Lesson
from node.personalizer.review import due
from node.services.learning.feed.offers import get_item, keep_offers, local_day, note_opened
from node.services.learning.feed.situation import Standings
from node.services.learning.lessons.opened_lesson import OpenedLesson, without_module
from node.services.learning.reading import Written, outline_of, plain_text, reworded, write_lesson
from node.services.learning.sealed.ledger import LESSON, find_recorded, load_ledger, load_profile
from node.services.learning.sealed.vault import Drawer, Vault
from node.services.learning.shelf import DEFAULT_LEVEL, Shelf, level_of
from node.services.policy import Viewer
from node.store.clock import micros_of
from node.store.tables.catalogue import ItemRow, VersionRow

NO_PICTURES, MORE_HELP = "no-pictures", "more-help"
HELPED_MORE = 0.15
WITHDRAWN = "Its author withdrew this module since; the text is gone."


@dataclass(frozen=True, slots=True)
class Lessons:
    """Opens, changes and replays lessons."""

    vault: Vault
    shelf: Shelf
    standings: Standings

    def offer_module(self, viewer: Viewer, uri: str, at: datetime) -> str:
        """Take up a module without being offered it: its id for today. Raises Unknown."""
        row = self.shelf.find_item(uri)
        if row is None or row.kind != "module":
            raise Unknown("There is no such module on this node.", hint="`skillnet search` finds what there is.")
        item = self._item(viewer, row, at)

        def work(drawer: Drawer) -> str:
            today = local_day(load_ledger(drawer).profile, at)
            return keep_offers(drawer, f"{today}|opened", [item])[0]

        return self.vault.change(viewer.name, work)

    def open(self, viewer: Viewer, item_id: str, at: datetime) -> OpenedLesson:
        """The lesson of an offer; opened again, the very same. Raises Unknown."""
        with self.vault.read(viewer.name) as drawer:
            item, kept = get_item(drawer, item_id), drawer.find(LESSON, item_id)
            recorded = find_recorded(drawer, item_id)
        if not item.version_uri:
            self._note(viewer, item_id, item, at)
            return without_module(item_id, item, recorded)
        version = self.shelf.find_version(item.version_uri)
        if version is None:
            return replace(without_module(item_id, item, recorded), withdrawn=True, text=WITHDRAWN)
        lesson = (
            self._begin(viewer, item_id, item, version, at)
            if kept is None
            else self._show(item_id, item, version, kept)[0]
        )
        return replace(lesson, recorded=recorded)

    def choose(
        self, viewer: Viewer, item_id: str, slots: Mapping[str, str], overrides: Mapping[str, str], at: datetime
    ) -> OpenedLesson:
        """Fill slots and set overrides (block → show, hide, steps:N; '' takes one back). Raises Unknown, Malformed."""
        opened = self.open(viewer, item_id, at)
        if opened.withdrawn or not opened.item.version_uri:
            raise Unknown(WITHDRAWN if opened.withdrawn else "There is no text to change.")
        version = self.shelf.find_version(opened.item.version_uri)
        assert version is not None

        def choose(kept: dict[str, Any]) -> dict[str, Any]:
            named = {name: value for name, value in {**kept["overrides"], **overrides}.items() if value}
            return {**kept, "slots": {**kept["slots"], **slots}, "overrides": named}

        return self._change(viewer, opened, version, choose)

    def reword(self, viewer: Viewer, item_id: str, block: str, text: str | None, at: datetime) -> OpenedLesson:
        """Put `text` in place of a block's words; None takes it back. Raises Unknown."""
        opened = self.open(viewer, item_id, at)
        version = self.shelf.find_version(opened.item.version_uri) if opened.proof else None
        if version is None:
            raise Unknown("There is no text to reword.")

        def reword(kept: dict[str, Any]) -> dict[str, Any]:
            others = {name: said for name, said in kept.get("rewrites", {}).items() if name != block}
            return {**kept, "rewrites": others if text is None else {**others, block: text}}

        return self._change(viewer, opened, version, reword)

    def _change(
        self,
        viewer: Viewer,
        opened: OpenedLesson,
        version: VersionRow,
        change: Callable[[dict[str, Any]], dict[str, Any]],
    ) -> OpenedLesson:
        """Adapted outside the writer, for which all others wait; once more where the lesson was changed meanwhile."""
        while True:
            with self.vault.read(viewer.name) as drawer:
                before = drawer.find(LESSON, opened.receipt)
            lesson, sealed = self._begun(opened.receipt, opened.item, version, change(before))
            if self.vault.change(viewer.name, partial(_put_over, opened.receipt, before, sealed)):
                return replace(lesson, recorded=opened.recorded)

    def rules_for(self, opened: OpenedLesson) -> tuple[Outline, tuple[Change, ...]]:
        """The module's outline, and what the rules change for this reader, overrides aside. Raises Unknown."""
        version = self.shelf.find_version(opened.item.version_uri) if opened.proof else None
        if version is None:
            raise Unknown("There is no text to compare.")
        fields = parse_receipt(opened.proof.encode())
        outline = self.shelf.outline(version)
        reader = Reader(fields["p"], fields["due"], fields["known"])
        return outline, adapt(outline, reader, fields["slots"], {}).changes

    def document(self, viewer: Viewer, item_id: str) -> tuple[ModuleDocument, Mapping[str, str]]:
        """The module of a lesson as signed, and what was reworded in the lesson by block. Raises Unknown."""
        with self.vault.read(viewer.name) as drawer:
            item, kept = get_item(drawer, item_id), drawer.find(LESSON, item_id) or {}
        version = self.shelf.find_version(item.version_uri) if item.version_uri else None
        if version is None:
            raise Unknown("There is no text to reword.")
        return self.shelf.document(version), kept.get("rewrites", {})

    def as_signed(self, uri: str) -> tuple[str, bool]:
        """Text of the newest endorsed version, else of the current one, and whether it is endorsed. Raises Unknown."""
        row = self.shelf.find_item(uri)
        endorsed = self.shelf.find_endorsed_version(uri)
        version = endorsed or (self.shelf.find_version(row.version_uri) if row else None)
        if row is None or row.kind != "module" or version is None:
            raise Unknown("There is no such module on this node.")
        return plain_text(self.shelf.document(version)), endorsed is not None

    def _item(self, viewer: Viewer, row: ItemRow, at: datetime) -> FeedItem:
        standing = self.standings.of(viewer, at)
        stock, situation = standing.stock, standing.situation
        spot = stock.columns.by_uri.get(row.uri)
        plain = Lesson(row.uri, tuple(row.skills) or (GENERAL,), level_of(row))
        lesson = plain if spot is None else stock.columns.candidates[spot].lesson
        prediction = predict(self_described(situation), lesson, stock.shared, at.timestamp())
        fading = due(situation.cards.values(), situation.now) if situation.cards else {}
        return FeedItem(
            kind=LESSON_KIND,
            subject=row.uri,
            title=row.title,
            minutes=row.minutes,
            reasons=(),
            p=prediction.p,
            chance=prediction.chance,
            evidence=prediction.evidence,
            version_uri=row.version_uri,
            version_cid=row.version_cid,
            skills=lesson.skills,
            layer=row.layer,
            level=level_of(row),
            cautious=prediction.cautious,
            due=any(skill in fading for skill in lesson.skills),
        )

    def _begin(self, viewer: Viewer, item_id: str, item: FeedItem, version: VersionRow, at: datetime) -> OpenedLesson:
        known = self._known(viewer, item, version, at)
        p = item.cautious if item.cautious is not None else item.p
        with self.vault.read(viewer.name) as drawer:
            needs = load_profile(drawer).accessibility
        kept = {
            "p": max(0.0, (p or 0.0) - (HELPED_MORE if MORE_HELP in needs else 0.0)),
            "due": item.due,
            "known": known,
            "slots": {},
            "overrides": {},
            "pictures": NO_PICTURES not in needs,
        }

        lesson, sealed = self._begun(item_id, item, version, kept)

        def work(drawer: Drawer) -> bool:
            note_opened(drawer, item_id, item, micros_of(at))
            return _put_over(item_id, None, sealed, drawer)

        if self.vault.change(viewer.name, work):
            return lesson
        with self.vault.read(viewer.name) as drawer:  # it was opened twice at once: the first opening counts
            return self._show(item_id, item, version, drawer.find(LESSON, item_id))[0]

    def _begun(
        self, item_id: str, item: FeedItem, version: VersionRow, kept: Mapping[str, Any]
    ) -> tuple[OpenedLesson, dict[str, Any]]:
        """The lesson adapted, and what is to be kept: what decided it, with digests of what came of it."""
        shown, adapted = self._show(item_id, item, version, kept)
        digest = hashlib.sha256(shown.html.encode()).hexdigest()
        return shown, {**kept, "proof": adapted.receipt.decode(), "html": digest}

    def _show(
        self, item_id: str, item: FeedItem, version: VersionRow, kept: Mapping[str, Any]
    ) -> tuple[OpenedLesson, Adapted]:
        rewrites = kept.get("rewrites")
        document = reworded(self.shelf.document(version), rewrites) if rewrites else None
        outline = outline_of(document, version.cid) if document else self.shelf.outline(version)
        reader = Reader(kept["p"], kept["due"], kept["known"])
        adapted = adapt(outline, reader, kept["slots"], kept["overrides"])
        written = self._written(document, adapted, version, kept)
        lesson = OpenedLesson(
            receipt=item_id,
            item=item,
            author=version.did,
            language=written.language,
            direction=written.direction,
            html=written.html,
            text=written.text,
            changes=tuple(change.to_dict() for change in adapted.changes),
            slots=tuple(_slot(name, slot, adapted) for name, slot in outline.slots.items()),
            overrides=kept["overrides"],
            p=item.p,
            proof=adapted.receipt.decode(),
        )
        return lesson, adapted

    def _written(
        self, own: ModuleDocument | None, adapted: Adapted, version: VersionRow, kept: Mapping[str, Any]
    ) -> Written:
        """Where the worker has a part in it (`own` words, slots filled), it is kept in no memory that others share."""
        pictures = kept.get("pictures", True)

        def write() -> Written:
            return write_lesson(own or self.shelf.document(version), adapted, version, pictures=pictures)

        if kept["slots"] or own:
            return write()
        blocks = [(block.id, block.visible, block.steps) for block in adapted.blocks]
        return self.shelf.written(version, f"{pictures} {blocks}", write)

    def _known(self, viewer: Viewer, item: FeedItem, version: VersionRow, at: datetime) -> dict[str, float]:
        """p of each skill that the author tied to a block."""
        settings: Any = version.value.get("blocks") or {}
        skills = {str(block["skill"]) for block in settings.values() if isinstance(block, dict) and block.get("skill")}
        if not skills:
            return {}
        standing = self.standings.of(viewer, at)
        state = self_described(standing.situation)
        level = item.level or DEFAULT_LEVEL
        return {
            skill: predict(state, Lesson(skill, (skill,), level), standing.stock.shared, at.timestamp()).cautious
            for skill in sorted(skills)
        }

    def _note(self, viewer: Viewer, item_id: str, item: FeedItem, at: datetime) -> None:
        self.vault.change(viewer.name, lambda drawer: note_opened(drawer, item_id, item, micros_of(at)))


def _put_over(item_id: str, before: Any, sealed: dict[str, Any], drawer: Drawer) -> bool:
    """Keep a lesson in the place of what was kept `before`; False, and nothing is done, where something else is now."""
    if drawer.find(LESSON, item_id) != before:
        return False
    drawer.put(LESSON, item_id, sealed)
    return True


def _slot(name: str, slot: Slot, adapted: Adapted) -> dict[str, Any]:
    values = list(dict.fromkeys([slot.default, *slot.values]))
    return {"name": name, "label": slot.label, "values": values, "chosen": adapted.slots[name]}
