"""A list's items as feed readers take them: reasons and chances in words, never a number."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, time
from html import escape
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:  # what makes a list imports numpy, which a node at rest does not need
    from node.services.learning.feed.offers import Offer
    from node.services.learning.feed.today import Served

KINDS = {
    "lesson": "Lesson",
    "review": "Review",
    "practice": "Practice",
    "stretch": "A stretch",
    "complexity": "The larger picture",
    "connection": "Somebody to ask",
    "re-verify": "Does it still work?",
}


@dataclass(frozen=True, slots=True)
class FeedEntry:
    """One entry. `id` is a tag URI (RFC 4151), the same as long as the item stands in the list.

    `lines` are the paragraphs of its content; without any, the summary is all.
    """

    id: str
    kind: str
    title: str
    url: str
    summary: str
    language: str
    at: datetime
    lines: tuple[str, ...] = ()

    @property
    def html(self) -> str:
        """The content."""
        return "".join(f"<p>{escape(line)}</p>" for line in self.lines or (self.summary,))


def entries_of(served: Served, site: str) -> Iterator[FeedEntry]:
    """In order."""
    host = urlsplit(site).hostname or "localhost"
    day, at = served.day.isoformat(), datetime.combine(served.day, time(), UTC)
    for offer in served.offers:
        lines = _lines(offer)
        yield FeedEntry(
            id=f"tag:{host},{day}:{offer.id}",
            kind=offer.item.kind,
            title=_title(offer),
            url=f"{site}{offer.href}",
            summary=" ".join(lines),
            language=offer.language,
            at=at,
            lines=tuple(lines),
        )


def _title(offer: Offer) -> str:
    minutes = f" ({offer.item.minutes} min)" if offer.item.minutes else ""
    return f"{KINDS.get(offer.item.kind, 'Lesson')}: {offer.item.title}{minutes}"


def _lines(offer: Offer) -> list[str]:
    item = offer.item
    lines = [offer.summary] if offer.summary else []
    lines += [f"Why: {reason.words}" for reason in item.reasons[:1]] + [reason.words for reason in item.reasons[1:]]
    if item.chance:
        lines.append(f"How it would go: {item.chance} ({item.evidence}).")
    if item.runner_up:
        lines.append(f"Almost here: “{item.runner_up.title}”, but {item.runner_up.why}.")
    return lines
