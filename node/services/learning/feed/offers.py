"""What was offered to a worker: each item is kept under an opaque id, which is its receipt once it is opened."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from node.errors import Unknown
from node.personalizer.feed.items import CONNECTION, REVERIFY, FeedItem
from node.services.learning.sealed.ledger import DAY, DAYS_LOOKED_BACK, OFFER, RECEIPT, Ledger
from node.services.learning.sealed.profile import Profile
from node.services.learning.sealed.vault import Drawer
from node.services.wording import in_words
from node.store.clock import micros_of
from node.store.tables.catalogue import ItemRow

WITHOUT_LESSON = frozenset({CONNECTION, REVERIFY})
TOLD = "told"  # in a receipt: its outcome was told, and it was never opened


@dataclass(frozen=True, slots=True)
class Offer:
    """One item as the worker sees it: what the personalizer chose, with what the catalogue says of it."""

    id: str
    item: FeedItem
    summary: str = ""
    language: str = ""
    author: str = ""
    outcome: str = ""

    @property
    def href(self) -> str:
        """Where it opens on this node."""
        if self.item.kind == CONNECTION:
            return f"/people/{self.item.subject}"
        return f"/me/lessons/{self.id}"

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON values, as the worker's own programs get them."""
        return {
            **self.item.to_dict(),
            "id": self.id,
            "summary": self.summary,
            "language": self.language,
            "author": self.author,
            "href": self.href,
            "outcome": self.outcome,
        }


def local_day(profile: Profile, at: datetime) -> date:
    """The date by the worker's clock."""
    return profile.today(at).date()


def keep_offers(drawer: Drawer, door: str, items: Iterable[FeedItem]) -> list[str]:
    """Store the items; their ids in order. `door`: the day, or the task asked about: the same item, the same id.

    Another version is another item: who opened the one before finds under its id what they opened.
    """
    names = (drawer.opaque(f"{door}|{item.kind}|{item.subject}|{item.version_uri}") for item in items)
    named = [(name, _readable(item).to_dict()) for name, item in zip(names, items, strict=True)]
    if named:
        drawer.put_all(OFFER, dict(named))
    return [name for name, _ in named]


def drop_old(drawer: Drawer, today: date) -> None:
    """What was offered long ago and never opened is nobody's business any more, by whichever door it was offered."""
    oldest = today - timedelta(days=DAYS_LOOKED_BACK)
    for slot in drawer.slots(DAY):
        if date.fromisoformat(slot) < oldest:
            drawer.delete(DAY, slot)
    # A day more: dates are by the worker's clock, moments are not.
    midnight = datetime.combine(oldest - timedelta(days=1), time(), UTC)
    drawer.delete_before(OFFER, micros_of(midnight), unless=RECEIPT)


def read_item(value: dict[str, Any]) -> FeedItem:
    """An item as it was kept."""
    from node.personalizer.feed.items import Reason, RunnerUp

    plain = dict(value)
    reasons = tuple(Reason(**reason) for reason in plain.pop("reasons"))
    runner_up = plain.pop("runner_up")
    skills = tuple(plain.pop("skills"))
    return FeedItem(**plain, reasons=reasons, skills=skills, runner_up=RunnerUp(**runner_up) if runner_up else None)


def get_item(drawer: Drawer, item_id: str) -> FeedItem:
    """What was offered under this id. Raises Unknown."""
    return get_items(drawer, [item_id])[0]


def get_items(drawer: Drawer, item_ids: Sequence[str]) -> list[FeedItem]:
    """What was offered under these ids, in order. Raises Unknown."""
    found = drawer.among(OFFER, item_ids)
    if len(found) < len(set(item_ids)):
        raise Unknown("Nothing was offered to you under this id.", hint="Open your feed for what there is now.")
    return [read_item(found[item_id].value) for item_id in item_ids]


def look_alike(drawer: Drawer, item_ids: Sequence[str], items: Sequence[FeedItem]) -> bool:
    """Would a worker see in `items` what was offered under these ids? Their figures move a little with every second."""
    found = drawer.among(OFFER, item_ids)
    kept = [found.get(item_id) for item_id in item_ids]
    seen = [_seen(read_item(entry.value)) for entry in kept if entry is not None]
    return seen == [_seen(_readable(item)) for item in items]


def _seen(item: FeedItem) -> FeedItem:
    return replace(item, p=None, cautious=None, reasons=tuple(replace(reason, share=0.0) for reason in item.reasons))


def note_opened(drawer: Drawer, item_id: str, item: FeedItem, at: int, *, only_told: bool = False) -> None:
    """Give the item its receipt; the first opening counts. `only_told`: an outcome was told, nothing was opened."""
    known = drawer.find(RECEIPT, item_id)
    if known is None or (known.get(TOLD) and not only_told):
        value = {"subject": item.subject, "title": item.title, "kind": item.kind, "version": item.version_uri}
        drawer.put(RECEIPT, item_id, {**value, TOLD: True} if only_told else value, at)


def forget_told(drawer: Drawer, item_id: str) -> None:
    """Without its outcome, what was never opened is so again."""
    if (drawer.find(RECEIPT, item_id) or {}).get(TOLD):
        drawer.delete(RECEIPT, item_id)


def with_catalogue(
    ids: Iterable[str], items: Iterable[FeedItem], rows: dict[str, ItemRow], ledger: Ledger
) -> list[Offer]:
    """Offers as shown; a module that has left the catalogue is left out."""
    offers = []
    for name, item in zip(ids, items, strict=True):
        row = rows.get(item.subject)
        if item.version_uri and row is None:
            continue
        outcome = ledger.find_outcome(name)
        shown = (row.description, row.language, row.did) if row else ("", "", "")
        offers.append(Offer(name, _readable(item), *shown, outcome=outcome.how if outcome else ""))
    return offers


def _readable(item: FeedItem) -> FeedItem:
    """Reasons, and titles of what has no module, name skills and tasks by id; people read names."""
    title = item.title if item.version_uri else in_words(item.title, item.skills)
    reasons = tuple(replace(reason, words=in_words(reason.words, item.skills)) for reason in item.reasons)
    return replace(item, title=title, reasons=reasons)
