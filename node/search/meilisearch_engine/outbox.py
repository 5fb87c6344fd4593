"""What the server was told and has not yet done. Writing never waits; what failed is kept with its reason."""

from __future__ import annotations

import time
from collections import deque
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

from node.search.errors import SearchServerUnreachable

_MOST_FAILURES = 100


@dataclass(frozen=True, slots=True)
class Failure:
    """An order that the server did not carry out."""

    number: int
    what: str
    reason: str


_UNTOLD = SimpleNamespace(status="succeeded", type="", error=None)


class Outbox:
    """Numbers of orders (the server calls them tasks), oldest first: it does them in this order."""

    def __init__(self, client: Any) -> None:
        self._client = client
        self._pending: deque[int] = deque()
        self.failures: deque[Failure] = deque(maxlen=_MOST_FAILURES)
        self._failed = 0

    def __len__(self) -> int:
        return len(self._pending)

    def add(self, order: Any) -> None:
        """Remember what was just ordered."""
        self._pending.append(int(order.task_uid))

    def take_failures(self) -> int:
        """How many orders failed since this was last asked; what and why stays in `failures`."""
        found, self._failed = self._failed, 0
        return found

    def poll(self) -> int:
        """Look what is done by now; the number still pending. Call it now and then: a job of the node does."""
        while self._pending:
            state = self._state(self._pending[0])
            if state.status in {"enqueued", "processing"}:
                break
            number = self._pending.popleft()
            if state.status != "succeeded":
                reason = (state.error or {}).get("message", state.status)
                self._failed += 1
                self.failures.append(Failure(number, str(state.type), str(reason)))
        return len(self._pending)

    def _state(self, number: int) -> Any:
        """A key that is bound to indexes is not told of swaps: they are done when what was ordered after them is."""
        from meilisearch.errors import MeilisearchApiError

        try:
            return self._client.get_task(number)
        except MeilisearchApiError as error:
            if error.code != "task_not_found":
                raise
            return _UNTOLD

    def drain(self, seconds: float) -> None:
        """Wait until all is done; for rebuilds and tests. Raises SearchServerUnreachable when it takes longer."""
        until = time.monotonic() + seconds
        pause = 0.005
        while self.poll():
            if time.monotonic() > until:
                raise SearchServerUnreachable(f"The search server has not finished {len(self)} orders in {seconds} s.")
            time.sleep(pause)
            pause = min(pause * 1.5, 0.5)
