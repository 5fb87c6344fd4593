"""A lesson as it is shown to its worker, on a page or to a program of theirs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from node.personalizer import words
from node.personalizer.feed.items import FeedItem
from node.services.learning.sealed.ledger import Recorded


@dataclass(frozen=True, slots=True)
class OpenedLesson:
    """A lesson as shown. `changes`, `slots`: plain values; `proof`: what replays it byte for byte, '' if withdrawn."""

    receipt: str
    item: FeedItem
    author: str
    language: str
    direction: str
    html: str
    text: str
    changes: tuple[dict[str, Any], ...]
    slots: tuple[dict[str, Any], ...]
    overrides: Mapping[str, str]
    p: float | None
    proof: str
    recorded: Recorded | None = None
    withdrawn: bool = False

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON values, for the worker's own programs."""
        item = self.item
        return {
            "receipt": self.receipt,
            "uri": item.subject,
            "version": item.version_uri,
            "cid": item.version_cid,
            "title": item.title,
            "kind": item.kind,
            "level": item.level,
            "minutes": item.minutes,
            "author": self.author,
            "language": self.language,
            "direction": self.direction,
            "html": self.html,
            "text": self.text,
            "changes": list(self.changes),
            "slots": list(self.slots),
            "overrides": dict(self.overrides),
            "p": self.p,
            "chance": item.chance,
            "evidence": item.evidence,
            "outcome": self.recorded.how if self.recorded else "",
            "withdrawn": self.withdrawn,
            "proof": self.proof,
        }


def without_module(item_id: str, item: FeedItem, recorded: Recorded | None) -> OpenedLesson:
    """A review on one's own work has a title and no text."""
    text = item.title + "\n"
    chance = item.chance or words.chance(item.p or 0.0) if item.p is not None else ""
    return OpenedLesson(
        receipt=item_id,
        item=replace(item, chance=chance),
        author="",
        language="",
        direction="ltr",
        html="",
        text=text,
        changes=(),
        slots=(),
        overrides={},
        p=item.p,
        proof="",
        recorded=recorded,
    )
