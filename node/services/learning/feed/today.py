"""Today's feed: built once a day, and again only when something changed that it follows from.

What comes out the same is not kept anew: looking at a list writes nothing.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, time
from typing import Any

from node.personalizer.feed.building import build_feed, help_for_task
from node.personalizer.feed.items import Feed
from node.services.learning.believing import Beliefs
from node.services.learning.feed.offers import (
    Offer,
    drop_old,
    get_items,
    keep_offers,
    local_day,
    look_alike,
    with_catalogue,
)
from node.services.learning.feed.settled import Settled
from node.services.learning.feed.situation import situate
from node.services.learning.sealed.ledger import DAY, Day, Ledger, find_day, load_ledger
from node.services.learning.sealed.profile import Profile
from node.services.learning.sealed.vault import Drawer, Vault
from node.services.learning.shelf import Shelf, Stock
from node.services.learning.understanding import Understanding
from node.services.policy import Viewer
from node.store.clock import SECOND, micros_of

ENOUGH_LEFT = 5
DONE_FOR_TODAY = "You have used your {minutes} minutes today."
NEXT = "This is what comes next."


@dataclass(frozen=True, slots=True)
class Served:
    """A list as shown. `task`: title and uri of the catalogue's task that the worker's words were taken for."""

    day: date
    minutes: int
    offers: tuple[Offer, ...]
    notes: tuple[str, ...] = ()
    goals: tuple[str, ...] = ()
    task: tuple[str, str] | None = None

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON values."""
        return {
            "day": self.day.isoformat(),
            "minutes": self.minutes,
            "items": [offer.to_dict() for offer in self.offers],
            "notes": list(self.notes),
            "goals": list(self.goals),
            "task": {"title": self.task[0], "uri": self.task[1]} if self.task else None,
        }


@dataclass(frozen=True, slots=True)
class Doors:
    """The two doors: `feed`, who I am becoming; `help`, what I face now."""

    vault: Vault
    shelf: Shelf
    beliefs: Beliefs
    understanding: Understanding
    settled: Settled

    def feed(self, viewer: Viewer, at: datetime) -> Served:
        """The list for the worker's day that `at` falls into."""
        stock = self.shelf.stock()
        with self.vault.read(viewer.name) as drawer:
            ledger = load_ledger(drawer)
            today = local_day(ledger.profile, at)
            kept = next((day for day in ledger.days if day.day == today), None)
        stamp = stamp_of(ledger, stock)
        if kept is None or (kept.stamp != stamp and not self.settled.holds(viewer.name, kept.stamp, stamp)):
            feed = self._build(viewer, ledger, stock, at)
            if kept is not None and self._is_alike(viewer, kept, feed):
                self.settled.note(viewer.name, kept.stamp, stamp)
            else:
                kept = self.vault.change(viewer.name, lambda drawer: keep_day(drawer, ledger.profile, stamp, feed, at))
        return self._serve(viewer, kept, ledger)

    def feed_for_reader(self, viewer: Viewer, at: datetime) -> Served:
        """The same for a program that announces what is new: in quiet hours the list as it was when they began."""
        with self.vault.read(viewer.name) as drawer:
            ledger = load_ledger(drawer)
        began = ledger.profile.quiet_since(at)
        if began is None:
            return self.feed(viewer, at)
        moment = micros_of(began)
        before = [kept for day in ledger.days if (kept := day.as_of(moment)) is not None]
        if not before:
            return Served(local_day(ledger.profile, began), ledger.profile.minutes, ())
        return self._serve(viewer, before[-1], ledger)

    def help(self, viewer: Viewer, text: str, at: datetime) -> Served:
        """What helps with the task that the worker describes."""
        stock = self.shelf.stock()
        with self.vault.read(viewer.name) as drawer:
            ledger = load_ledger(drawer)
        in_hand, row = self.understanding.task_in_hand(text, ledger.profile.occupations)
        belief = self.beliefs.of(viewer.name, ledger, stock.shared)
        feed = help_for_task(situate(ledger, belief, stock, at, viewer.did), in_hand, stock.columns)
        today = local_day(ledger.profile, at)

        def work(drawer: Drawer) -> list[str]:
            drop_old(drawer, today)
            return keep_offers(drawer, f"{today}|{in_hand.title}", feed.items)

        ids = self.vault.change(viewer.name, work)
        offers = with_catalogue(ids, feed.items, self._rows(feed), ledger)
        task = (row.title, row.uri) if row else None
        return Served(today, ledger.profile.minutes, tuple(offers), feed.notes, _goals(ledger), task)

    def _build(self, viewer: Viewer, ledger: Ledger, stock: Stock, at: datetime) -> Feed:
        belief = self.beliefs.of(viewer.name, ledger, stock.shared)
        today = local_day(ledger.profile, at)
        left = ledger.profile.minutes - ledger.minutes_spent(_midnight(ledger, today))
        over = left < min(ENOUGH_LEFT, ledger.profile.minutes)
        feed = build_feed(
            situate(ledger, belief, stock, at, viewer.did), stock.columns, ledger.profile.minutes if over else left
        )
        if over:
            done = DONE_FOR_TODAY.format(minutes=ledger.profile.minutes)
            feed = replace(feed, notes=(f"{done} {NEXT}" if feed.items else done,))
        return feed

    def _is_alike(self, viewer: Viewer, kept: Day, feed: Feed) -> bool:
        if kept.notes != feed.notes:
            return False
        with self.vault.read(viewer.name) as drawer:
            return look_alike(drawer, kept.items, feed.items)

    def _serve(self, viewer: Viewer, day: Day, ledger: Ledger) -> Served:
        with self.vault.read(viewer.name) as drawer:
            items = get_items(drawer, day.items)
        rows = self.shelf.find_items(item.subject for item in items)
        offers = with_catalogue(day.items, items, rows, ledger)
        return Served(day.day, ledger.profile.minutes, tuple(offers), day.notes, _goals(ledger))

    def _rows(self, feed: Feed) -> Any:
        return self.shelf.find_items(item.subject for item in feed.items)


def stamp_of(ledger: Ledger, stock: Stock) -> str:
    """Changes when anything does that a list follows from."""
    return f"{ledger.stamp}.{stock.stamp}"


def keep_day(drawer: Drawer, profile: Profile, stamp: str, feed: Feed, at: datetime) -> Day:
    """Keep the list of the day that `at` falls into, made then; with a day's first list goes what is too old.

    In quiet hours readers go on seeing the list as it was when they began: it is kept beside.
    """
    today, began = local_day(profile, at), profile.quiet_since(at)
    known = find_day(drawer, today)
    if known is None:
        drop_old(drawer, today)
    before = known.as_of(micros_of(began)) if known and began else None
    ids = keep_offers(drawer, today.isoformat(), feed.items)
    shown = tuple((item.kind, item.subject) for item in feed.items)
    # When it was made is sealed too: it may tell when its worker came.
    day = Day(today, stamp, tuple(ids), shown, feed.notes, micros_of(at), before and replace(before, before=None))
    drawer.put(DAY, today.isoformat(), day.to_dict())
    return day


def _goals(ledger: Ledger) -> tuple[str, ...]:
    return tuple(goal.text for goal in ledger.profile.goals)


def _midnight(ledger: Ledger, today: date) -> int:
    return int(datetime.combine(today, time(), ledger.profile.zone).timestamp() * SECOND)
