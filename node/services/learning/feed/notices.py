"""Notices: a program of the worker's may ask whether there is something to say now. Never more than allowed.

The node itself calls nobody. It answers at most as often as the worker said (0 by default, 2 a day at most), four hours
apart, never in quiet hours, and says that there is something, not what.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from node.personalizer.feed.notifications import may_notify
from node.services.learning.feed.today import Doors
from node.services.learning.sealed.ledger import NOTICE, load_profile
from node.services.learning.sealed.vault import Drawer, Vault
from node.services.policy import Viewer
from node.store.clock import SECOND, as_text, micros_of

KEPT = 10
TEXT = "There is a lesson for you today."


@dataclass(frozen=True, slots=True)
class Notices:
    """Says so, or keeps quiet."""

    vault: Vault
    doors: Doors

    def take(self, viewer: Viewer, at: datetime) -> str:
        """The notice for now, noted as given; '' when there is none."""
        served = self.doors.feed(viewer, at)
        open_items = [offer for offer in served.offers if offer.item.minutes and not offer.outcome]
        if not open_items:
            return ""

        def work(drawer: Drawer) -> str:
            profile = load_profile(drawer)
            entries = drawer.entries(NOTICE)
            sent = [profile.today(datetime.fromtimestamp(entry.at / SECOND, at.tzinfo)) for entry in entries]
            if profile.quiet_since(at) or not may_notify(sent, profile.today(at), profile.notices):
                return ""
            for entry in entries[: max(0, len(entries) - KEPT)]:
                drawer.delete(NOTICE, entry.slot)
            stamp = micros_of(at)
            drawer.put(NOTICE, as_text(stamp), {}, stamp)
            return TEXT

        return self.vault.change(viewer.name, work)
