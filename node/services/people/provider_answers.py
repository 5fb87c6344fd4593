"""What the single sign-on says of itself, its keys too, is kept for minutes.

Else each made-up token that a stranger sends would have it asked twice, and take a thread while it does not answer.
"""

from __future__ import annotations

import threading
import time
from math import inf
from typing import Any

import httpx

from node.waiting import one_of_few

TIMEOUT = 10  # seconds for each answer of the provider
KEPT = 300.0  # seconds
RESTS = 10.0  # seconds until it is asked again that did not answer, or that may have new keys
AT_ONCE = 10  # threads that wait for what it says of itself, and as many for tokens, of the 32 that serve everybody


class Answers:
    """By address, when it was asked last and what it said: None for nothing."""

    def __init__(self) -> None:
        self._said: dict[str, tuple[float, dict[str, Any] | None]] = {}
        self._places = threading.BoundedSemaphore(AT_ONCE)
        self._lock = threading.Lock()

    def get(self, url: str, age: float = KEPT) -> dict[str, Any]:
        """What it said there at most so many seconds ago. Raises httpx.HTTPError, ValueError."""
        said = self._find(url, age)
        if said is None:
            with one_of_few(self._places, httpx.PoolTimeout("It is waited for already.")), self._lock:
                said = self._find(url, age) or self._ask(url)  # who had the lock before may have asked
        return said

    def _find(self, url: str, age: float) -> dict[str, Any] | None:
        at, said = self._said.get(url, (-inf, None))
        passed = time.monotonic() - at
        if said is None and passed < RESTS:
            raise httpx.TransportError("It did not answer a moment ago.")
        return said if passed < age else None

    def _ask(self, url: str) -> dict[str, Any]:
        said = None
        try:
            said = ask(url)
        finally:
            self._said[url] = (time.monotonic(), said)
        return said


def ask(url: str) -> dict[str, Any]:
    """The object that it answers with. Raises httpx.HTTPError, ValueError."""
    return object_in(httpx.get(url, timeout=TIMEOUT))


def object_in(answer: httpx.Response) -> dict[str, Any]:
    """The JSON object of an answer. Raises httpx.HTTPError, ValueError."""
    found = answer.raise_for_status().json()
    if not isinstance(found, dict):
        raise httpx.DecodingError("That is no object.", request=answer.request)
    return found
