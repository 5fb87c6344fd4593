"""The threads in which handlers run: each lane has a queue, and the queues take turns."""

from __future__ import annotations

import os
import threading
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, ParamSpec, TypeVar

from node.web.lanes import LANE, Lane

# Few: whoever waits for the interpreter costs the one who has it. With 1,000 users on two cores p99 was 139 ms with
# four of them and 170 with six, in short runs side by side.
THREADS = min(32, (os.cpu_count() or 1) + 2)
P = ParamSpec("P")
T = TypeVar("T")
Waiting = tuple[Future[Any], Callable[[], Any]]


class FairThreads(ThreadPoolExecutor):
    """As many threads as told; what is submitted waits in the queue of the lane of the request that runs."""

    def __init__(self, threads: int) -> None:
        super().__init__(threads, thread_name_prefix="handler")
        self._door = threading.Lock()
        self._lanes: deque[deque[Waiting]] = deque()  # those in which something waits; the first has its turn
        self._by_name: dict[Lane, deque[Waiting]] = {}

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """Run it when it is its lane's turn."""
        future: Future[T] = Future()
        with self._door:
            queue = self._by_name.setdefault(LANE.get(), deque())
            queue.append((future, lambda: fn(*args, **kwargs)))
            if len(queue) == 1:
                self._lanes.append(queue)
        super().submit(self._run_next)
        return future

    def _run_next(self) -> None:
        future, work = self._take()
        if not future.set_running_or_notify_cancel():
            return
        try:
            found = work()
        except BaseException as error:  # noqa: BLE001 - who waits for it must hear it, as with the library's own
            future.set_exception(error)
        else:
            future.set_result(found)

    def _take(self) -> Waiting:
        with self._door:
            queue = self._lanes.popleft()
            waiting = queue.popleft()
            if queue:
                self._lanes.append(queue)
        return waiting
