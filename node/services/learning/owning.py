"""The worker owns it: everything kept, as JSON Lines; how much of it; who looked; and the end of it all."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from node.services.learning.feed.addresses import ADDRESS
from node.services.learning.lessons.allowance import REQUESTS
from node.services.learning.sealed.ledger import (
    CORRECTION,
    DAY,
    FEEDBACK,
    HISTORY,
    LESSON,
    NOTICE,
    OFFER,
    OUTCOME,
    PROFILE,
    RECEIPT,
)
from node.services.learning.sealed.vault import Vault
from node.services.learning.searches import RECENT, SAVED
from node.services.policy import Viewer
from node.store.clock import as_text

PURPOSES = {
    PROFILE: "what you told about your work and goals; chooses what is offered",
    OUTCOME: "how your work went; what the node believes of your skills follows from it",
    CORRECTION: "your own word on a skill",
    FEEDBACK: "what you said to the feed",
    DAY: "which items stood in your feed on which day, so that nothing repeats without a reason",
    OFFER: "the items themselves, with their reasons",
    RECEIPT: "what you opened, and when",
    LESSON: "how a lesson was adapted for you, so that it stays the same when you come back",
    HISTORY: "work history that you brought along and chose to count",
    NOTICE: "when you were last told that there is something, so that it is not too often",
    ADDRESS: "your private feed address",
    SAVED: "searches you keep; their feeds and what is new in them",
    REQUESTS: "how many passages you had reworded on the last day that you did, so that some are left for everybody",
    RECENT: "your latest searches, so that you can repeat one",
}


@dataclass(frozen=True, slots=True)
class Holding:
    """One kind of entry, how many there are, and what it is used for."""

    kind: str
    count: int
    purpose: str


@dataclass(frozen=True, slots=True)
class Ownership:
    """A worker's rights over their data."""

    vault: Vault

    def export(self, viewer: Viewer) -> Iterator[str]:
        """Every entry, one JSON object a line; addresses of feeds, which are secrets, without their tokens."""
        with self.vault.read(viewer.name) as drawer:
            yield _line({"type": "worker", "name": viewer.name, "format": 1})
            for entry in drawer.all():
                value = _without_secrets(entry.kind, entry.value)
                yield _line({"type": entry.kind, "id": entry.slot, "at": as_text(entry.at), "value": value})

    def holdings(self, viewer: Viewer) -> list[Holding]:
        """How many entries of each kind there are."""
        with self.vault.read(viewer.name) as drawer:
            counts = Counter(entry.kind for entry in drawer.all())
        return [Holding(kind, counts[kind], PURPOSES.get(kind, "")) for kind in sorted(counts)]


def _without_secrets(kind: str, value: Any) -> Any:
    if kind == SAVED:
        return {**value, "token": "(secret)"}
    return "(secret)" if kind == ADDRESS else value


def _line(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True) + "\n"
