"""The night: tomorrow's list for every worker before they come, and what items turned out to be like, pooled.

Ledgers are opened here, lists are computed in child processes, and what they give is sealed again in batches. Nothing
personal leaves the children but the lists; the pool holds only what at least five workers add up to.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from queue import SimpleQueue
from typing import Protocol

from node.batches import batches
from node.logs import get_logger
from node.personalizer.learner.difficulty import Learned, Pool, merge, renew
from node.personalizer.learner.shared import tag_ease
from node.services.heavy import HeavyWork
from node.services.learning.feed.night_work import Asked, Prepared, begin, collect, prepare
from node.services.learning.feed.offers import local_day
from node.services.learning.feed.today import keep_day, stamp_of
from node.services.learning.groups import Groups, Tally
from node.services.learning.sealed.ledger import Ledger, load_ledger
from node.services.learning.sealed.vault import Vault
from node.services.learning.shelf import Stock
from node.services.people.tokens import viewer_of
from node.store.administration import people
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

    def learned(self) -> Mapping[str, Learned]:
        """What was learned of items before."""
        ...

    def learn(self, learned: Mapping[str, Learned]) -> None:
        """What was learned of them now."""
        ...


@dataclass(frozen=True, slots=True)
class Night:
    """What was done. `prepared` lists, of `workers` looked at; `pooled` items whose ease enough workers showed.

    `failures`: what went wrong and where, once for each worker whose list could not be made.
    """

    workers: int
    prepared: int
    pooled: int
    failures: tuple[str, ...] = ()

    def tell_failures(self) -> None:
        """Raises RuntimeError: the operator sees it on the job, which is tried again. Others have their list."""
        if self.failures:
            raise RuntimeError(f"{len(self.failures)} of {self.workers} lists were not prepared: {self.failures[0]}")


@dataclass(frozen=True, slots=True)
class _Turn:
    """What all batches of a night share. `free`: children that have nothing to do."""

    stock: Stock
    at: datetime
    whole: bool
    free: SimpleQueue[HeavyWork]

    @contextmanager
    def hand(self) -> Iterator[HeavyWork]:
        """A child for as long as the block lasts."""
        hand = self.free.get()
        try:
            yield hand
        finally:
            self.free.put(hand)


@dataclass(frozen=True, slots=True)
class _Batch:
    """How many lists were made, and the ledgers of those who told or did anything."""

    prepared: int
    used: Sequence[Ledger]
    failures: Sequence[str]


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
        names, hands = self.vault.workers(), [self.hire() for _ in range(self.hands)]
        turn = _Turn(self.shelf.stock(), at, whole, SimpleQueue())
        tally, counts = Tally(), whole and self.groups is not None and self.groups.is_due(at)
        parts, done = list(batches(names, BATCH)), 0
        failures: list[str] = []
        try:
            # One thread more than hands: what is opened and sealed here never lets a hand wait.
            with ThreadPoolExecutor(self.hands + 1) as threads:
                for hand in hands:
                    hand.run(begin, turn.stock)
                    turn.free.put(hand)
                for number, batch in enumerate(threads.map(partial(self._batch, turn), parts)):
                    progress("preparing", number / len(parts))
                    done += batch.prepared
                    failures += batch.failures
                    for ledger in batch.used:
                        tally.hear(ledger)
            pools = [hand.run(collect) for hand in hands] if whole else []
        finally:
            for hand in hands:
                hand.stop()
        if counts and self.groups is not None:
            self.groups.keep(tally, at)
        for failure, count in Counter(failures).items():
            get_logger("nights").warning("lists were not prepared", count=count, error=failure)
        return Night(len(names), done, self._pool(pools, turn.stock) if whole else 0, tuple(failures))

    def _batch(self, turn: _Turn, names: Sequence[str]) -> _Batch:
        asked = list(self._asked(names, turn))
        with turn.hand() as hand:
            found: list[Prepared] = hand.run(prepare, asked, turn.at, turn.whole) if asked else []
        ledgers = {ask.person: ask.ledger for ask in asked}
        self.vault.change_many(
            {
                made.person: partial(
                    keep_day,
                    profile=ledgers[made.person].profile,
                    stamp=stamp_of(ledgers[made.person], turn.stock),
                    feed=made.feed,
                    at=turn.at,
                )
                for made in found
                if made.feed is not None
            }
        )
        prepared = sum(made.feed is not None for made in found)
        failures = [made.failure for made in found if made.failure]
        return _Batch(prepared, [ledger for ledger in ledgers.values() if ledger.is_used], failures)

    def _asked(self, names: Sequence[str], turn: _Turn) -> Iterator[Asked]:
        with self.database.read() as session:
            dids = {person.name: viewer_of(person).did for person in people.list_named(session, names)}
        for drawer in self.vault.read_all(names):
            ledger = load_ledger(drawer)
            if turn.whole or ledger.profile.today(turn.at).hour in NIGHT:
                needed = self._needs_list(ledger, turn.stock, turn.at)
                yield Asked(drawer.person, ledger, needed, dids.get(drawer.person, ""))

    def _needs_list(self, ledger: Ledger, stock: Stock, at: datetime) -> bool:
        today = local_day(ledger.profile, at)
        kept = next((day for day in ledger.days if day.day == today), None)
        return ledger.is_used and (kept is None or kept.stamp != stamp_of(ledger, stock))

    def _pool(self, pools: Sequence[Pool], stock: Stock) -> int:
        tags = {candidate.uri: tag_ease(candidate.level) for candidate in stock.columns.candidates}
        found = merge(pools, tags).items
        learned = renew(self.shelf.learned(), Pool({item: found[item] for item in tags.keys() & found.keys()}))
        self.shelf.learn(learned)
        return sum(item.used for item in learned.values())
