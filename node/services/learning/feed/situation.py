"""Where a worker stands at a moment, as the personalizer takes it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from node.personalizer.worker import Situation
from node.services.learning.believing import Belief, Beliefs
from node.services.learning.feed.offers import local_day
from node.services.learning.sealed.ledger import Ledger, load_ledger
from node.services.learning.sealed.vault import Vault
from node.services.learning.shelf import Shelf, Stock
from node.services.policy import Viewer


@dataclass(frozen=True, slots=True)
class Standing:
    """What a worker told and did, what there is to offer, and the situation that follows from both."""

    ledger: Ledger
    stock: Stock
    situation: Situation


@dataclass(frozen=True, slots=True)
class Standings:
    """Looks up where workers stand."""

    vault: Vault
    shelf: Shelf
    beliefs: Beliefs

    def of(self, viewer: Viewer, at: datetime) -> Standing:
        """Where the viewer stands at `at`."""
        stock = self.shelf.stock()
        with self.vault.read(viewer.name) as drawer:
            ledger = load_ledger(drawer)
        belief = self.beliefs.of(viewer.name, ledger, stock.shared)
        return Standing(ledger, stock, situate(ledger, belief, stock, at, viewer.did))


def situate(ledger: Ledger, belief: Belief, stock: Stock, at: datetime, own_did: str) -> Situation:
    """The worker at `at` as the personalizer takes them."""
    silent = {entry.subject for entry in ledger.feedback if entry.subject.startswith("did:")}
    return Situation(
        worker=ledger.profile.view(),
        now=at.astimezone(UTC),
        state=belief.state,
        shared=stock.shared,
        cards=belief.cards,
        history=ledger.history(local_day(ledger.profile, at)),
        feedback=ledger.feedback,
        colleagues=tuple(c for c in stock.colleagues if c.did != own_did and c.did not in silent),
    )
