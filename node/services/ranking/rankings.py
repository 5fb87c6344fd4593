"""Keeps the ranking current: verdicts within a second, trust per day and when people or vouches change."""

from __future__ import annotations

import queue
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Iterable
from functools import partial
from typing import TYPE_CHECKING, TypeVar

from node.logs import get_logger
from node.services.cataloguing.changes import CatalogueChange
from node.services.ranking.epochs import Epochs, epoch_of
from node.services.ranking.viewpoints import Viewpoints
from node.store.clock import now
from node.store.database import Database
from node.store.repositories import accounts

if TYPE_CHECKING:
    from curation.explaining.explanation import Explanation
    from curation.explaining.heard import HeardVerdict
    from curation.ranking import Ranking, Score, SpokenFor, TrustIn
    from curation.slow.hypothesis import Hypothesis

T = TypeVar("T")

ORDERS_KEPT = 64
GATHER = 0.1  # seconds
REST = 30.0  # trust is renewed for strangers' sake after thirty times what the last renewal took: 3% of the time
_NEW_DAY = object()

Heard = CatalogueChange | threading.Event | object
Touched = frozenset[str] | None  # the items about which anything may have changed; None: all
Asked = tuple[str, str | None, tuple[str, ...]]  # viewer, task, items


class Rankings:
    """The ranking as this node sees it, and as any organisation it trusts does."""

    def __init__(self, database: Database, viewer: str, epochs: Epochs) -> None:
        self._database = database
        self._views = Viewpoints(database, viewer, epochs)
        self._orders: OrderedDict[Asked, tuple[int, list[str]]] = OrderedDict()
        self._heard: queue.Queue[Heard | None] = queue.Queue()
        self._thread: threading.Thread | None = None
        self._after: list[Callable[[Touched], None]] = []
        self._owed = False
        self._rested_at = 0.0
        self._log = get_logger("ranking")

    @property
    def is_built(self) -> bool:
        """Has the first build finished?"""
        return self._views.is_built

    @property
    def viewer(self) -> str:
        """This node's organisation."""
        return self._views.viewer

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

    def after_change(self, call: Callable[[Touched], None]) -> None:
        """Call this after the order may have changed, with the items that it may concern."""
        self._after.append(call)

    def rebuild(self) -> None:
        """Count everything anew."""
        self._views.rebuild()
        self._log.info("statements counted", endorsements=self._views.endorsement_count)

    def renew_trust(self) -> None:
        """A new day, or people, credentials or vouches have changed: trust is computed anew."""
        began = time.monotonic()
        self._views.renew_trust()
        ended = time.monotonic()
        self._owed, self._rested_at = False, ended + REST * (ended - began)

    def settle(self, timeout: float = 60.0) -> bool:
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
        return self._with(viewer, lambda ranking: self._ordered(ranking, asked))

    def explore(self, uris: Iterable[str], task: str | None = None, viewer: str = "") -> list[tuple[str, bool]]:
        """Best first with two of ten places given to the little known; True marks those."""
        asked = (viewer, task, tuple(uris))
        return self._with(
            viewer,
            lambda ranking: [
                (place.subject, place.exploring) for place in ranking.explore(self._ordered(ranking, asked), task)
            ],
        )

    def _ordered(self, ranking: Ranking, asked: Asked) -> list[str]:
        state, known = self._orders.get(asked, (-1, []))
        if state != self._views.state:
            known = ranking.order(list(asked[2]), asked[1])
            self._orders[asked] = self._views.state, known
            if len(self._orders) > ORDERS_KEPT:
                self._orders.popitem(last=False)
        return list(known)

    def heard(self, uris: Iterable[str], viewer: str = "") -> dict[str, list[HeardVerdict]]:
        """The verdicts that count here, by item. A flood of others costs nothing."""
        return self._with(viewer, lambda ranking: {uri: ranking.heard(uri) for uri in uris})

    def heard_among(self, dids: Iterable[str], viewer: str = "") -> set[str]:
        """Those who speak for an organisation that is trusted."""
        return self._with(viewer, lambda ranking: {did for did in dids if ranking.hears(did)})

    def reported_outdated(self, uris: Iterable[str]) -> dict[str, dict[str, float]]:
        """Who of those who are heard reported an item outdated, and when (seconds since 1970)."""
        reports = {uri: self._views.outdated(uri) for uri in uris}
        heard = self.heard_among({did for said in reports.values() for did in said})
        return {uri: {did: at for did, at in said.items() if did in heard} for uri, said in reports.items()}

    def explain(self, uri: str, task: str | None = None, viewer: str = "") -> Explanation:
        """Why it stands where it stands."""
        return self._with(viewer, lambda ranking: ranking.explain(uri, task))

    def trust(self, viewer: str = "") -> dict[str, TrustIn]:
        """Trusted organisations, strongest first, the viewer included."""
        return self._with(viewer, lambda ranking: ranking.trust)

    def spoken_for(self, viewer: str = "") -> list[SpokenFor]:
        """Who of the trusted organisations speaks for whom, and how many people do."""
        return self._with(viewer, lambda ranking: list(ranking.spoken_for))

    def members(self, organisations: Iterable[str]) -> dict[str, list[str]]:
        """Who speaks for each organisation by accepted credential."""
        return self._with("", lambda ranking: {did: ranking.members(did) for did in organisations})

    def unranked_reason(self, viewer: str = "") -> str | None:
        """Why there is no ranking yet; None if there is one."""
        return self._with(viewer, lambda ranking: ranking.unranked_reason)

    def slow_layer(self, viewer: str = "") -> bytes:
        """What was computed once for this epoch, as it is kept over restarts."""
        return self._with(viewer, lambda ranking: ranking.slow.to_bytes())

    def suppose(self, hypothesis: Hypothesis, question: Callable[[Ranking], T]) -> T:
        """Ask the ranking that there would be under a hypothesis."""
        return self._views.suppose(hypothesis, question)

    def _with(self, viewer: str, read: Callable[[Ranking], T]) -> T:
        if self._views.day and self._views.day != epoch_of(now()):
            self._views.day = epoch_of(now())
            if self._thread is None:
                self.renew_trust()
            else:
                self._heard.put(_NEW_DAY)  # readers go on with yesterday's trust until today's stands ready
        return self._views.read(viewer, read)

    def _run(self) -> None:
        self._guarded(self.rebuild)
        self._guarded(self.unranked_reason)
        more = True
        while more:
            heard = self._next()
            if heard is None:
                return
            change, waiting, more = self._gather(heard)
            if change or self._owed:
                touched = self._guarded(partial(self._take, change, at_once=bool(waiting)))
                for call in self._after:
                    self._guarded(partial(call, touched))
            for event in waiting:
                event.set()

    def _next(self) -> Heard | None:
        """What is heard next; an empty change when trust is owed and was rested on for long enough."""
        patience = max(0.0, self._rested_at - time.monotonic()) if self._owed else None
        try:
            return self._heard.get(timeout=patience)
        except queue.Empty:
            return CatalogueChange()

    def _gather(self, heard: Heard) -> tuple[CatalogueChange, list[threading.Event], bool]:
        """What was heard with all that waits behind it: twenty vouches in a row are one change of trust.

        The last value is False when the end was among it.
        """
        change, waiting = CatalogueChange(), list[threading.Event]()
        item: Heard | None = heard
        while item is not None:
            if isinstance(item, threading.Event):
                waiting.append(item)
            elif isinstance(item, CatalogueChange):
                change.add(item)
            else:
                change.people.add(self.viewer)
            try:
                # Only a change of trust is worth a moment's wait: verdicts count at once.
                item = self._heard.get(timeout=GATHER) if change.people else self._heard.get_nowait()
            except queue.Empty:
                return change, waiting, True
        return change, waiting, False

    def _guarded(self, step: Callable[[], T]) -> T | None:
        try:
            return step()
        except Exception as error:  # noqa: BLE001 - one bad row must not end the ranking; the operator sees it
            self._log.error("ranking step failed", error=str(error), exc_info=error)
            return None

    def _take(self, change: CatalogueChange, *, at_once: bool) -> Touched:
        """Trust follows this node's own people at once, strangers at leisure: a flood of them must not cost more.

        Answers with the items that this may concern.
        """
        was_owed = self._owed = self._owed or bool(change.people)
        if self._owed and (at_once or time.monotonic() >= self._rested_at or self._are_ours(change.people)):
            self.renew_trust()
        counted_anew = self._views.take(change)
        return None if was_owed or counted_anew else frozenset(change.items)

    def _are_ours(self, dids: set[str]) -> bool:
        with self._database.read() as session:
            return bool(dids) and (self.viewer in dids or accounts.hosts_any(session, dids))
