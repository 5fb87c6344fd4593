"""The learning service: what handlers call. Each method asks policy first and answers about the viewer alone.

An operator is not thereby a worker; nobody can name another person here, so nobody can ask about one.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any

from node.services.cataloguing.changes import CatalogueChange
from node.services.learning.feed.addresses import Addresses
from node.services.learning.sealed.profile import Profile, parse_profile
from node.services.learning.sealed.vault import Drawer, Vault
from node.services.learning.searches import RecentSearches, SavedSearches
from node.services.learning.shelf import Shelf
from node.services.policy import Viewer, require_owner, require_worker
from node.store.database import Database

if TYPE_CHECKING:
    from node.personalizer.adaptation.adapting import Outline
    from node.personalizer.adaptation.blocks import Change
    from node.personalizer.feedback import Feedback
    from node.services.finding.finder import Finder
    from node.services.learning.beliefs import SkillBelief
    from node.services.learning.checks import Checks
    from node.services.learning.desk import Desk
    from node.services.learning.feed.nights import Night
    from node.services.learning.feed.notices import Notices
    from node.services.learning.feed.today import Served
    from node.services.learning.lessons.language_model import LanguageModel
    from node.services.learning.lessons.opened_lesson import OpenedLesson
    from node.services.learning.lessons.rewording import Rewording
    from node.services.learning.moving import Moving
    from node.services.learning.owning import Holding
    from node.services.learning.pieces import Pieces
    from node.services.learning.sealed.erasing import Erased
    from node.services.learning.sealed.ledger import Recorded


class Learning:
    """A worker's feed, lessons, outcomes and everything believed of them."""

    def __init__(
        self, database: Database, vault: Vault, shelf: Shelf, finder: Finder, model: LanguageModel | None = None
    ) -> None:
        self._model = model
        self._database = database
        self._vault = vault
        self._shelf = shelf
        self._finder = finder
        # What the worker searches for, and private addresses; they ask policy themselves, and need no personalizer.
        self.kept_searches = SavedSearches(database, vault)
        self.latest_searches = RecentSearches(vault)
        self.addresses = Addresses(database, vault)

    @cached_property
    def _desk(self) -> Desk:
        """The parts that need the personalizer, and with it numpy: built when the first worker comes."""
        from node.services.learning.desk import set_up

        return set_up(self._database, self._vault, self._shelf, self._finder, self._model)

    def hear(self, change: CatalogueChange) -> None:
        """The catalogue changed."""
        self._shelf.hear(change)

    # What the worker tells

    def profile(self, viewer: Viewer) -> Profile:
        """The worker's profile; the blank one before they wrote any."""
        require_worker(viewer)
        with self._vault.read(viewer.name) as drawer:
            return parse_profile(drawer.find("profile") or {})

    def change_profile(self, viewer: Viewer, value: Mapping[str, Any]) -> Profile:
        """Replace the fields that `value` names; goals in words are mapped to tasks and skills. Raises Malformed."""
        require_worker(viewer)
        mapped = self._desk.understanding.map_goals(parse_profile(value, self.profile(viewer)))

        def work(drawer: Drawer) -> None:
            drawer.put("profile", "", mapped.to_dict())

        self._vault.change(viewer.name, work)
        return mapped

    # The two doors

    def feed(self, viewer: Viewer, at: datetime | None = None) -> Served:
        """Today's list; the same all day unless something changed that it follows from."""
        require_worker(viewer)
        return self._desk.doors.feed(viewer, at or _now())

    def feed_for_reader(self, viewer: Viewer) -> Served:
        """Today's list for a feed reader: nothing new in quiet hours."""
        require_worker(viewer)
        return self._desk.doors.feed_for_reader(viewer, _now())

    def help_for_task(self, viewer: Viewer, task: str) -> Served:
        """What helps with the task at hand, in the worker's words."""
        require_worker(viewer)
        return self._desk.doors.help(viewer, task, _now())

    # Lessons

    def take_up(self, viewer: Viewer, uri: str) -> str:
        """Take up a module of the catalogue: the id under which it opens. Raises Unknown."""
        require_worker(viewer)
        return self._desk.lessons.offer_module(viewer, uri, _now())

    def lesson(self, viewer: Viewer, receipt: str) -> OpenedLesson:
        """The lesson behind an item's id; opened again, the very same. Raises Unknown."""
        require_worker(viewer)
        return self._desk.lessons.open(viewer, receipt, _now())

    def adapt(
        self,
        viewer: Viewer,
        receipt: str,
        slots: Mapping[str, str] | None = None,
        overrides: Mapping[str, str] | None = None,
    ) -> OpenedLesson:
        """Fill slots; show or hide blocks (`''` takes an override back). Raises Unknown, Malformed."""
        require_worker(viewer)
        return self._desk.lessons.choose(viewer, receipt, slots or {}, overrides or {}, _now())

    # Outcomes and feedback

    def record(
        self, viewer: Viewer, receipt: str, outcome: str, *, by_assistant: bool = False, quiz: bool = False
    ) -> Recorded:
        """How it went: alone, with-a-hint, with-help, not, skipped. Raises Unknown, OutcomeUnknown, Conflict."""
        require_worker(viewer)
        return self._desk.outcomes.record(viewer, receipt, outcome, _now(), by_assistant=by_assistant, quiz=quiz)

    def confirm(self, viewer: Viewer, receipt: str) -> Recorded:
        """An assistant's report is true. Raises Unknown."""
        require_worker(viewer)
        return self._desk.outcomes.confirm(viewer, receipt)

    def keep_evidence(self, viewer: Viewer, receipt: str, words: str) -> Recorded:
        """What shows how it went, in their own words. Raises Unknown, Malformed."""
        require_worker(viewer)
        return self._desk.outcomes.keep_evidence(viewer, receipt, words)

    def withdraw_outcome(self, viewer: Viewer, receipt: str) -> Recorded:
        """As if nothing had been recorded: what it was. Raises Unknown."""
        require_worker(viewer)
        return self._desk.outcomes.withdraw(viewer, receipt)

    def outcomes(self, viewer: Viewer) -> list[Recorded]:
        """Everything recorded, newest first."""
        require_worker(viewer)
        return self._desk.outcomes.recorded(viewer)

    def taken_up(self, viewer: Viewer) -> Mapping[str, int]:
        """What they opened: at-uri of the item → when last, in microseconds."""
        require_worker(viewer)
        return self._desk.outcomes.opened(viewer)

    def say(self, viewer: Viewer, kind: str, subject: str) -> Feedback:
        """less-like-this, i-know-this or not-my-goal, of an item's id or a module's uri. Raises Unknown, Malformed."""
        require_worker(viewer)
        return self._desk.outcomes.say(viewer, kind, subject, _now())

    def unsay(self, viewer: Viewer, feedback: str) -> None:
        """Take feedback back. Raises Unknown."""
        require_worker(viewer)
        self._desk.outcomes.unsay(viewer, feedback)

    def said(self, viewer: Viewer) -> list[dict[str, Any]]:
        """All feedback that stands, newest first: id, at (microseconds), kind, subject, title."""
        require_worker(viewer)
        return self._desk.outcomes.said(viewer)

    # What is believed

    def beliefs(self, viewer: Viewer) -> list[SkillBelief]:
        """Every estimate, the surest first."""
        require_worker(viewer)
        return self._desk.book.see(viewer, _now())

    def correct(self, viewer: Viewer, skill: str, word: str) -> str:
        """The worker's word on a skill: a level, alone, with-a-hint, with-help, not-yet, or forget. Its id."""
        require_worker(viewer)
        return self._desk.book.correct(viewer, skill, word, _now())

    def corrections(self, viewer: Viewer) -> list[dict[str, Any]]:
        """All corrections that stand, newest first: id, at (microseconds), skill, belief."""
        require_worker(viewer)
        return self._desk.book.corrections(viewer)

    def undo_correction(self, viewer: Viewer, correction: str) -> None:
        """Take a correction back. Raises Unknown."""
        require_worker(viewer)
        self._desk.book.undo(viewer, correction)

    # Doors of their own, for what belongs together; each asks policy first

    def pieces(self, viewer: Viewer) -> Pieces:
        """Work history that the worker brings."""
        require_worker(viewer)
        return self._desk.pieces

    def checks(self, viewer: Viewer) -> Checks:
        """Did it hold up?"""
        require_worker(viewer)
        return self._desk.checks

    def notices(self, viewer: Viewer) -> Notices:
        """Is there something to say now?"""
        require_worker(viewer)
        return self._desk.notices

    def rewording(self, viewer: Viewer) -> Rewording:
        """Passages in other words, by the operator's language model."""
        require_worker(viewer)
        return self._desk.rewording

    def moving(self, viewer: Viewer) -> Moving:
        """To another node and back."""
        require_owner(viewer)
        return self._desk.moving

    def rules_for(self, viewer: Viewer, opened: OpenedLesson) -> tuple[Outline, tuple[Change, ...]]:
        """The module's outline, and what the rules change for this reader, overrides aside. Raises Unknown."""
        require_worker(viewer)
        return self._desk.lessons.rules_for(opened)

    def groups(self, viewer: Viewer) -> dict[str, Any]:
        """Numbers of groups of five or more, for the operator. Raises NotAllowed."""
        return self._desk.groups.show(viewer)

    # What the node does by itself

    def prepare_night(self, *, whole: bool = False, at: datetime | None = None) -> Night:
        """Lists for those for whom it is night; `whole`: for all, and items' ease pooled anew. Gives only numbers."""
        return self._desk.nights.run(at or _now(), whole=whole)

    # What assistants are given

    def endorsed_text(self, viewer: Viewer, uri: str) -> tuple[str, bool]:
        """(text, endorsed): the newest endorsed version as signed, else the current one. Raises Unknown."""
        require_worker(viewer)
        return self._desk.lessons.as_signed(uri)

    # The worker's rights

    def export(self, viewer: Viewer) -> Iterator[str]:
        """Everything kept, as JSON Lines."""
        require_owner(viewer)
        return self._desk.ownership.export(viewer)

    def holdings(self, viewer: Viewer) -> list[Holding]:
        """How much of what is kept, and what for."""
        require_worker(viewer)
        return self._desk.ownership.holdings(viewer)

    def forget(self, viewer: Viewer) -> Erased:
        """Destroy the worker's key and every row, and look whether it is so. Nobody can undo it, a restore included."""
        require_owner(viewer)
        return self.erase(viewer.name)

    def keeps(self, person: str) -> bool:
        """Is anything kept of this person?"""
        return self._vault.has(person)

    def erase(self, person: str) -> Erased:
        """As `forget`, for somebody who leaves the node."""
        self.latest_searches.drop(person)
        erased = self._vault.erase(person)
        self._desk.beliefs.drop(person)
        self._desk.doors.settled.drop(person)
        return erased


def _now() -> datetime:
    return datetime.now(UTC)
