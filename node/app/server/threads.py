"""The threads in which handlers run: few at a time, and the queues of their lanes take turns.

Handlers compute, and the interpreter lets one thread compute at a time: more of them only make each other late. But
some wait, for the disk, the index, a model or another host: who says so, or takes long, gives its place to the next.
Where memory is short no thread begins any more: what was submitted then waits for those that are there.
"""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial
from typing import Any, ParamSpec, TypeVar

from node.waiting import step_aside_by
from node.web.lanes import LANE, Lane

PLACES = 2  # with 1,000 users on two cores p99 was 115 ms; with one place 167, with four 156, in runs side by side
PLACES_BESIDE_A_SERVER = 6  # where handlers also wait for a database server, which may be far
MOST = 32  # threads, those that take long included
FEW = 12  # so many of them at most because others wait a moment, for the disk: each thread holds memory for good
LONG = 0.1  # seconds
P = ParamSpec("P")
T = TypeVar("T")
Waiting = tuple[Future[Any], Callable[[], Any]]


class FairThreads(ThreadPoolExecutor):
    """What is submitted waits in the queue of the lane of the request that runs, until a place is free."""

    def __init__(self, places: int, most: int = MOST, long: float = LONG) -> None:
        """At most `most` threads; no more than `places` of them have run what they run for less than `long` seconds."""
        super().__init__(most, thread_name_prefix="handler")
        self._places, self._most, self._long = places, most, long
        self._door = threading.Condition()
        self._has_ended = threading.Event()
        self._lanes: deque[deque[Waiting]] = deque()  # those in which something waits; the first has its turn
        self._by_name: dict[Lane, deque[Waiting]] = {}
        self._begun: dict[object, float] = {}  # by who has a place: since when it runs what it runs
        self._at_work: set[object] = set()  # who runs something, with a place or without
        # Both are there before memory is short: one to run what waits, one to see who takes long.
        super().submit(int)
        threading.Thread(target=self._watch, name="handlers' watch", daemon=True).start()

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """Run it when a place is free and it is its lane's turn."""
        future: Future[T] = Future()
        with self._door:
            if self._has_ended.is_set():
                raise RuntimeError("The node ends: nothing is begun any more.")
            queue = self._by_name.setdefault(LANE.get(), deque())
            queue.append((future, lambda: fn(*args, **kwargs)))
            if len(queue) == 1:
                try:
                    self._lanes.append(queue)
                except MemoryError:  # else the lane would never have its turn again
                    queue.pop()
                    raise
            if not self._begin():
                self._door.notify()
        return future

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """What waits is still run, by those that run something."""
        with self._door:
            self._has_ended.set()
            self._door.notify()
        super().shutdown(wait, cancel_futures=cancel_futures)

    def _begin(self) -> bool:
        """Let one more thread take what waits; False: there is no place, no memory for it, or the node ends."""
        if len(self._begun) >= self._places or len(self._at_work) >= self._most:
            return False
        place = object()
        try:
            self._enter(place)
            super().submit(self._work, place)
        except MemoryError:
            self._leave(place)
            return False
        except RuntimeError:
            if self._has_ended.is_set():
                self._leave(place)
                return False
            # No thread could be started. The library had handed the work on before: one of those there takes it.
        return True

    def _enter(self, place: object) -> None:
        self._begun[place] = time.monotonic()
        self._at_work.add(place)

    def _leave(self, place: object) -> None:
        self._begun.pop(place, None)
        self._at_work.discard(place)

    def _watch(self) -> None:
        while not self._has_ended.is_set():
            try:
                self._wait_and_look()
            except (MemoryError, RuntimeError):  # even for waiting, or for the lock that it takes
                time.sleep(self._long)

    def _wait_and_look(self) -> None:
        with self._door:
            while not (self._lanes or self._has_ended.is_set()):
                self._door.wait()
        self._has_ended.wait(self._long)
        with self._door:
            self._give_places_away()

    def _give_places_away(self) -> None:
        before = time.monotonic() - self._long
        self._begun = {place: since for place, since in self._begun.items() if since > before}
        self._begin_more()

    def _begin_more(self) -> None:
        while self._lanes and self._begin():
            pass

    def _step_aside(self, place: object) -> None:
        """Whoever has it waits, and goes on without it."""
        with self._door:
            if len(self._at_work) < FEW and self._begun.pop(place, None) is not None:
                self._begin_more()

    def _work(self, place: object) -> None:
        try:
            step_aside_by(partial(self._step_aside, place))
            while (waiting := self._take(place)) is not None:
                _run(*waiting)
        finally:  # without memory for what is next, too: the watch then sees to it that it is begun
            with self._door:
                self._leave(place)
                if self._lanes:
                    self._door.notify()

    def _take(self, place: object) -> Waiting | None:
        """The next of the lane whose turn it is. None: nothing waits, or the place was given away and none is free."""
        with self._door:
            if not self._lanes or len(self._begun) - (place in self._begun) >= self._places:
                self._leave(place)
                return None
            self._enter(place)
            queue = self._lanes[0]
            waiting = queue.popleft()
            if queue:
                self._lanes.rotate(-1)
            else:
                self._lanes.popleft()
        return waiting


def _run(future: Future[Any], work: Callable[[], Any]) -> None:
    if not future.set_running_or_notify_cancel():
        return
    try:
        found = work()
    except BaseException as error:  # noqa: BLE001 - who waits for it must hear it, as with the library's own
        future.set_exception(error)
        # The error knows this frame: with them in it, a ring that holds all that the request brought until it is found.
        del future, work
    else:
        future.set_result(found)
