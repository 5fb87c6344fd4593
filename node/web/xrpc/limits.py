"""Rate limits in memory, with the headers that clients of the protocol read (RateLimit-*, IETF draft 03).

Points of a fixed window by key. Restarting the node forgives; durable throttling of passwords is the registry's.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

from litestar import Response

from node.errors import TooMany
from node.store.clock import SECOND, now

KEYS_KEPT = 50_000


@dataclass(frozen=True, slots=True)
class Allowance:
    """So many points in so many seconds."""

    name: str
    points: int
    seconds: int


# As other servers (https://docs.bsky.app/docs/advanced-guides/rate-limits), ten times as much for a library import.
WRITES_HOUR = Allowance("writes-hour", 50_000, 3600)
WRITES_DAY = Allowance("writes-day", 350_000, 86_400)
SESSIONS = Allowance("sessions", 300, 300)
ACCOUNTS = Allowance("accounts", 100, 300)
HANDLES = Allowance("handles", 10, 300)
EXPORTS = Allowance("exports", 6_000, 300)
LOOKUPS = Allowance("lookups", 300, 300)
COST = {"create": 3, "update": 2, "delete": 1}


class RateLimited(TooMany):
    """Rate limit exceeded"""

    def __init__(self, headers: dict[str, str], retry_after: int) -> None:
        super().__init__(retry_after=retry_after)
        self.headers = headers


class Counters:
    """Points used by (allowance, subject) in the window that runs."""

    def __init__(self) -> None:
        self._used: dict[tuple[str, str], tuple[int, int]] = {}  # → window's end (s), points

    def charge(self, allowance: Allowance, subject: str, points: int = 1) -> dict[str, str]:
        """Use points up; the headers that say what is left. Raises RateLimited, and uses nothing up then."""
        moment, key = now() // SECOND, (allowance.name, subject)
        until, used = self._used.get(key, (0, 0))
        if until <= moment:
            self._sweep(moment)
            until, used = moment + allowance.seconds, 0
        exceeded = used + points > allowance.points
        used += 0 if exceeded else points
        headers = {
            "RateLimit-Limit": str(allowance.points),
            "RateLimit-Remaining": str(allowance.points - used),
            "RateLimit-Reset": str(until),
            "RateLimit-Policy": f"{allowance.points};w={allowance.seconds}",
        }
        if exceeded:
            raise RateLimited(headers, until - moment)
        self._used[key] = (until, used)
        return headers

    def _sweep(self, moment: int) -> None:
        if len(self._used) > KEYS_KEPT:
            self._used = {key: value for key, value in self._used.items() if value[0] > moment}


COUNTERS = Counters()
_headers: ContextVar[dict[str, str] | None] = ContextVar("limit_headers", default=None)


def begin_limits() -> None:
    """A request begins. What is charged in its threads is seen here, because the dictionary is shared."""
    _headers.set({})


def charge(allowance: Allowance, subject: str, points: int = 1) -> None:
    """Use up points for this request. Raises RateLimited."""
    headers = COUNTERS.charge(allowance, subject, points)
    shared = _headers.get()
    if shared is not None:
        shared.update(headers)


@contextmanager
def charge_failures(allowance: Allowance, subject: str) -> Iterator[None]:
    """Use up a point, and give it back when all goes well. Raises RateLimited."""
    charge(allowance, subject)
    yield
    charge(allowance, subject, -1)


def charge_writes(did: str, actions: list[str]) -> None:
    """Use up what writes to a repository cost. Raises RateLimited."""
    points = sum(COST[action] for action in actions)
    charge(WRITES_DAY, did, points)
    charge(WRITES_HOUR, did, points)


def limit_headers() -> dict[str, str]:
    """What is left of the allowance that this request used."""
    return _headers.get() or {}


async def add_limit_headers(response: Response[Any]) -> Response[Any]:
    """Tell what is left of the allowance that this request used. The framework runs what is not async in a thread."""
    response.headers.update(limit_headers())
    return response
