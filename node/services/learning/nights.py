"""The night: tomorrow's list for every worker before they come, and what items turned out to be like, pooled.

Ledgers are opened here, lists are computed in child processes, and what they give is sealed again in batches. Nothing
personal leaves the children but the lists; the pool holds only what at least five workers add up to.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Protocol

from node.personalizer.learner.difficulty import Pool, merge, share
from node.personalizer.learner.shared import tag_ease
from node.services.heavy import HeavyWork
from node.services.learning.groups import Groups, Tally
from node.services.learning.ledger import Ledger, load_ledger
from node.services.learning.night_work import Asked, Prepared, begin, collect, prepare
from node.services.learning.offers import local_day
from node.services.learning.shelf import Stock
from node.services.learning.today import keep_day, stamp_of
from node.services.learning.vault import Vault
from node.services.people.tokens import viewer_of
from node.store import people
from node.store.database import Database

BATCH = 25
HANDS = 2
NIGHT = range(2, 6)
"""Hours of the worker's own clock at which their day is prepared."""


class Stockroom(Protocol):
    """Where the catalogue comes from, and where what was learned of it goes."""

    def stock(self) -> Stock:
        """The catalogue as candidates."""
        ...

    def learn(self, ease: Mapping[str, float]) -> None:
        """Items' ease, log-odds."""
        ...


@dataclass(frozen=True, slots=True)
class Night:
    """What was done. `prepared` lists, of `workers` looked at; `pooled` items whose ease enough workers showed."""

    workers: int
    prepared: int
    pooled: int


@dataclass(frozen=True, slots=True)
class Nights:
    """Prepares lists."""

    database: Database
    vault: Vault
    shelf: Stockroom
    groups: Groups | None = None
    hire: Callable[[], HeavyWork] = HeavyWork
    hands: int = HANDS

    def run(
        self, at: datetime, *, whole: bool = False, progress: Callable[[str, float], None] = lambda _text, _done: None
    ) -> Night:
        """Prepare the day of every worker for whom it is night at `at`; `whole`: of everybody, and pool anew."""
        names, stock = self.vault.workers(), self.shelf.stock()
        counted = Tally() if whole and self.groups is not None and self.groups.is_due(at) else None
        hands = [self.hire() for _ in range(self.hands)]
        try:
            done, pools = 0, []
            with ThreadPoolExecutor(self.hands) as threads:
                for hand in hands:
                    hand.run(begin, stock)
                batches = [names[start : start + BATCH] for start in range(0, len(names), BATCH)]
                for start in range(0, len(batches), self.hands):
                    progress("preparing", start / len(batches))
                    turn = zip(hands, batches[start : start + self.hands], strict=False)
                    jobs = [threads.submit(self._batch, hand, some, stock, at, whole) for hand, some in turn]
                    done += sum(job.result() for job in jobs)
                pools = [hand.run(collect) for hand in hands] if whole else []
        finally:
            for hand in hands:
                hand.stop()
        if counted is not None and self.groups is not None:
            self.groups.keep(self._count(names, counted), at)
        return Night(len(names), done, self._pool(pools, stock) if whole else 0)

    def _count(self, names: Sequence[str], tally: Tally) -> Tally:
        for person in names:
            with self.vault.read(person) as drawer:
                ledger = load_ledger(drawer)
            if ledger.is_used:
                tally.hear(ledger)
        return tally

    def _batch(self, hand: HeavyWork, names: Sequence[str], stock: Stock, at: datetime, whole: bool) -> int:
        asked = list(self._asked(names, stock, at, whole))
        found: list[Prepared] = hand.run(prepare, asked, at, whole) if asked else []
        ledgers = {ask.person: ask.ledger for ask in asked}
        self.vault.change_many(
            {
                made.person: partial(
                    keep_day,
                    today=local_day(ledgers[made.person].profile, at),
                    stamp=stamp_of(ledgers[made.person], stock),
                    feed=made.feed,
                )
                for made in found
                if made.feed is not None
            }
        )
        return sum(made.feed is not None for made in found)

    def _asked(self, names: Sequence[str], stock: Stock, at: datetime, whole: bool) -> Iterator[Asked]:
        for person in names:
            with self.vault.read(person) as drawer:
                ledger = load_ledger(drawer)
            if whole or ledger.profile.today(at).hour in NIGHT:
                yield Asked(person, ledger, self._needs_list(ledger, stock, at), self._did_of(person))

    def _did_of(self, person: str) -> str:
        with self.database.read() as session:
            row = people.find_person(session, person)
        return viewer_of(row).did if row is not None else ""

    def _needs_list(self, ledger: Ledger, stock: Stock, at: datetime) -> bool:
        today = local_day(ledger.profile, at)
        kept = next((day for day in ledger.days if day.day == today), None)
        return ledger.is_used and (kept is None or kept.stamp != stamp_of(ledger, stock))

    def _pool(self, pools: Sequence[Pool], stock: Stock) -> int:
        tags = {candidate.uri: tag_ease(candidate.level) for candidate in stock.columns.candidates}
        items = share(stock.shared, merge(pools, tags), keep=False).items
        self.shelf.learn({item: ease for item, ease in items.items() if item in tags})
        return len(items)
