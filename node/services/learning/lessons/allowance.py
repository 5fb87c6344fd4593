"""How many requests a day go to the language model: for the whole node, and for each worker.

Kept over a restart and for several processes together. A worker's own number is sealed with the rest of what is
theirs, the node's tells of nobody. A day is one of UTC.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Any

from node.errors import TooMany
from node.services.learning.sealed.vault import Drawer, Vault
from node.store.administration import facts

REQUESTS = "rewording-requests"
TOMORROW = "Tomorrow there are more."


@dataclass(frozen=True, slots=True)
class Allowance:
    """`for_node`, `for_each`: requests a day."""

    vault: Vault
    for_node: int
    for_each: int

    def spend(self, person: str, at: datetime) -> None:
        """One request more. Raises TooMany, and then none is spent."""
        moment = at.astimezone(UTC)
        day = moment.date().isoformat()

        def work(drawer: Drawer) -> None:
            own = _of_day(drawer.find(REQUESTS), day)
            all_together = _of_day(facts.find_fact(drawer.session, REQUESTS), day)
            if own >= self.for_each:
                raise _used_up("Your requests to the language model are used up for today.", moment)
            if all_together >= self.for_node:
                raise _used_up("The node's requests to the language model are used up for today.", moment)
            drawer.put(REQUESTS, "", _kept(day, own + 1))
            facts.save_fact(drawer.session, REQUESTS, _kept(day, all_together + 1))

        self.vault.change(person, work)


def _kept(day: str, requests: int) -> dict[str, Any]:
    return {"day": day, "requests": requests}


def _of_day(kept: dict[str, Any] | None, day: str) -> int:
    return int(kept["requests"]) if kept and kept["day"] == day else 0


def _used_up(message: str, moment: datetime) -> TooMany:
    midnight = datetime.combine(moment.date() + timedelta(days=1), time(), UTC)
    return TooMany(message, retry_after=int((midnight - moment).total_seconds()) + 1, hint=TOMORROW)
