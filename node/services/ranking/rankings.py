"""Keeps the ranking current: verdicts within a second, trust per epoch and when people or vouches change."""

from __future__ import annotations

import queue
import threading
from collections import OrderedDict
from collections.abc import Callable, Iterable
from functools import partial
from typing import TYPE_CHECKING, TypeVar

from node.logs import get_logger
from node.services.cataloguing.changes import CatalogueChange
from node.services.ranking import statements
from node.services.ranking.epochs import Epochs, epoch_of, fingerprint
from node.services.ranking.reports import OutdatedReports
from node.store import catalogue, contributions
from node.store.catalogue import PUBLIC
from node.store.clock import SECOND, now
from node.store.database import Database

if TYPE_CHECKING:
    from curation.contributions import Contributions
    from curation.explanation import Explanation
    from curation.heard import HeardVerdict
    from curation.ranking import Ranking, Score, TrustIn
    from curation.statements import Statement

T = TypeVar("T")

VIEWPOINTS_KEPT = 8
ORDERS_KEPT = 64
GATHER = 0.1  # seconds


class Rankings:
    """The ranking as this node sees it, and as any organisation it trusts does."""

    def __init__(self, database: Database, viewer: str, epochs: Epochs) -> None:
        self._database = database
        self._viewer = viewer
        self._epochs = epochs
        self._orders: OrderedDict[tuple[str, str | None, tuple[str, ...]], list[str]] = OrderedDict()
        self._people: frozenset[Statement] = frozenset()
        self._outdated = OutdatedReports()
        self._day = 0
        self._lock = threading.RLock()
        self._contributions: Contributions | None = None
        self._rankings: OrderedDict[str, Ranking] = OrderedDict()
        self._heard: queue.Queue[CatalogueChange | threading.Event | None] = queue.Queue()
        self._thread: threading.Thread | None = None
        self._after: list[Callable[[], None]] = []
        self._log = get_logger("ranking")

    @property
    def is_built(self) -> bool:
        """Has the first build finished?"""
        return self._contributions is not None

    def start(self) -> None:
        """Build in the background, then follow what `hear` is told."""
        self._thread = threading.Thread(target=self._run, name="ranking", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Follow no more."""
        if self._thread is not None:
            self._heard.put(None)
            self._thread.join()
            self._thread = None

    def hear(self, change: CatalogueChange) -> None:
        """Take note of a durable change; called in the writer's thread."""
        self._heard.put(change)

    def after_change(self, call: Callable[[], None]) -> None:
        """Call this after the order may have changed."""
        self._after.append(call)

    def rebuild(self) -> None:
        """Count everything anew."""
        from curation.contributions import Contributions

        fresh = Contributions()
        with self._database.read() as session:
            people = frozenset(statements.read_people(session, now()))
            fresh.extend(statements.read_statements(session, now()))
            outdated = OutdatedReports(contributions.list_outdated(session, PUBLIC))
        with self._lock:
            self._contributions, self._people, self._outdated = fresh, people, outdated
            self._rankings.clear()
            self._orders.clear()
        self._log.info("statements counted", endorsements=fresh.endorsement_count)

    def renew_trust(self) -> None:
        """A new day, or people, credentials or vouches have changed: trust is computed anew."""
        with self._lock, self._database.read() as session:
            if self._contributions is None:
                return
            people = frozenset(statements.read_people(session, now()))
            for gone in sorted(self._people - people, key=repr):
                self._contributions.remove(gone)
            for come in sorted(people - self._people, key=repr):
                self._contributions.add(come)
            self._people = people
            self._rankings.clear()
            self._orders.clear()

    def settle(self, timeout: float = 5.0) -> bool:
        """Wait until everything heard so far is counted; False if that takes longer than `timeout` seconds."""
        done = threading.Event()
        self._heard.put(done)
        return done.wait(timeout)

    def scores(self, uris: list[str], task: str | None = None, viewer: str = "") -> list[Score]:
        """Scores in the order given."""
        return self._with(viewer, lambda ranking: ranking.scores(uris, task))

    def order(self, uris: Iterable[str], task: str | None = None, viewer: str = "") -> list[str]:
        """Best first. The same question is answered from memory until something changes."""
        asked = (viewer, task, tuple(uris))

        def read(ranking: Ranking) -> list[str]:
            known = self._orders.get(asked)
            if known is None:
                known = self._orders[asked] = ranking.order(list(asked[2]), task)
                if len(self._orders) > ORDERS_KEPT:
                    self._orders.popitem(last=False)
            return list(known)

        return self._with(viewer, read)

    def explore(self, uris: Iterable[str], task: str | None = None) -> list[tuple[str, bool]]:
        """Best first with two of ten places given to the little known; True marks those."""
        return self._with(
            "",
            lambda ranking: [
                (place.subject, place.exploring) for place in ranking.explore(ranking.order(list(uris), task), task)
            ],
        )

    def heard(self, uris: Iterable[str], viewer: str = "") -> dict[str, list[HeardVerdict]]:
        """The verdicts that count here, by item. A flood of others costs nothing."""
        return self._with(viewer, lambda ranking: {uri: ranking.heard(uri) for uri in uris})

    def heard_among(self, dids: Iterable[str], viewer: str = "") -> set[str]:
        """Those who speak for an organisation that is trusted."""
        return self._with(viewer, lambda ranking: {did for did in dids if ranking.hears(did)})

    def reported_outdated(self, uris: Iterable[str]) -> dict[str, dict[str, float]]:
        """Who of those who are heard reported an item outdated, and when (seconds since 1970)."""

        def read(ranking: Ranking) -> dict[str, dict[str, float]]:
            return {uri: {did: at for did, at in self._outdated.of(uri).items() if ranking.hears(did)} for uri in uris}

        return self._with("", read)

    def explain(self, uri: str, task: str | None = None, viewer: str = "") -> Explanation:
        """Why it stands where it stands."""
        return self._with(viewer, lambda ranking: ranking.explain(uri, task))

    def trust(self, viewer: str = "") -> dict[str, TrustIn]:
        """Trusted organisations, strongest first, the viewer included."""
        return self._with(viewer, lambda ranking: ranking.trust)

    def unranked_reason(self) -> str | None:
        """Why there is no ranking yet; None if there is one."""
        return self._with("", lambda ranking: ranking.unranked_reason)

    def _with(self, viewer: str, read: Callable[[Ranking], T]) -> T:
        with self._lock:
            return read(self._ranking(viewer or self._viewer))

    def _ranking(self, viewer: str) -> Ranking:
        from curation.ranking import Ranking

        if self._contributions is None:
            self.rebuild()
        assert self._contributions is not None
        if self._day != epoch_of(now()):
            self._day = epoch_of(now())
            self._rankings.clear()
            self._orders.clear()
        ranking = self._rankings.get(viewer)
        if ranking is None:
            slow = self._epochs.slow_layer(self._contributions, fingerprint(self._people), viewer, now())
            ranking = Ranking.build(self._contributions, viewer, epoch_of(now()) / SECOND, slow=slow)
            self._rankings[viewer] = ranking
            if len(self._rankings) > VIEWPOINTS_KEPT:
                self._rankings.popitem(last=False)
        self._rankings.move_to_end(viewer)
        return ranking

    def _run(self) -> None:
        self._guarded(self.rebuild)
        self._guarded(self.unranked_reason)
        more = True
        while more and (heard := self._heard.get()) is not None:
            change, waiting, more = self._gather(heard)
            if change:
                self._guarded(partial(self._take, change))
                for call in self._after:
                    self._guarded(call)
            for event in waiting:
                event.set()

    def _gather(self, heard: CatalogueChange | threading.Event) -> tuple[CatalogueChange, list[threading.Event], bool]:
        """What was heard with all that waits behind it: twenty vouches in a row are one change of trust.

        The last value is False when the end was among it.
        """
        change, waiting = CatalogueChange(), list[threading.Event]()
        item: CatalogueChange | threading.Event | None = heard
        while item is not None:
            if isinstance(item, threading.Event):
                waiting.append(item)
            else:
                change.add(item)
            try:
                # Only a change of trust is worth a moment's wait: verdicts count at once.
                item = self._heard.get(timeout=GATHER) if change.people else self._heard.get_nowait()
            except queue.Empty:
                return change, waiting, True
        return change, waiting, False

    def _guarded(self, step: Callable[[], object]) -> None:
        try:
            step()
        except Exception as error:  # noqa: BLE001 - one bad row must not end the ranking; the operator sees it
            self._log.error("ranking step failed", error=str(error), exc_info=error)

    def _take(self, change: CatalogueChange) -> None:
        if change.people:
            self.renew_trust()
        with self._lock, self._database.read() as session:
            if self._contributions is None:
                return
            # A verdict may have come before the version that it is about.
            late = contributions.uris_of_versions(session, change.versions)
            endorsements = sorted({*change.endorsements, *late})
            changed = [self._contributions.withdraw(uri) for uri in endorsements]
            for uri in sorted(change.items):
                item = catalogue.find_item(session, uri, PUBLIC)
                if item is not None:
                    changed.append(self._contributions.add(statements.subject_of(item)))
            for uri in endorsements:
                row = contributions.find_endorsement(session, uri)
                version = catalogue.find_version(session, row.version_uri, PUBLIC) if row else None
                counted = statements.endorsement_of(row, version) if row and row.audience in PUBLIC else None
                if counted is not None:
                    changed.append(self._contributions.add(counted))
                self._outdated.note(uri, row if counted is not None else None)
            for step in changed:
                for ranking in self._rankings.values():
                    ranking.follow(step)
            self._orders.clear()
