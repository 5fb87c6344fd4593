"""Whoever waits computes nothing: a thread that shares few places with others gives its own away before it waits.

For a server that does not answer nobody waits at all, but the one who tries whether it is back.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

T = TypeVar("T")
ASKING = 12  # threads that one server may keep waiting: the others answer what needs nothing of it
REST = 2.0  # seconds until a server that did not answer is tried again


class _Here(threading.local):
    """What the running thread does before it waits."""

    step_aside: Callable[[], None] | None = None


_here = _Here()


def step_aside_by(step_aside: Callable[[], None] | None) -> None:
    """What this thread calls before it waits, from now on; None: nothing."""
    _here.step_aside = step_aside


def before_waiting() -> None:
    """Let others go on: this thread is about to wait for the disk, for another thread or for another host."""
    if _here.step_aside is not None:
        _here.step_aside()


@contextmanager
def one_of_few(places: threading.Semaphore, refusal: Exception) -> Iterator[None]:
    """About to wait for another host, which may hang: raises `refusal` while as many as there are `places` do so."""
    if not places.acquire(blocking=False):
        raise refusal
    before_waiting()
    try:
        yield
    finally:
        places.release()


class Unasked(Exception):
    """What was asked did not get to the server, which says nothing of whether it answers."""


class Line:
    """The line to a server that pages need. `away` is raised when it does not answer: by who asks, and from then on at
    once, with the same words, to all but one who tries after a rest. So it is when `most` wait for it already."""

    def __init__(self, away: type[Exception], most: int = ASKING, rest: float = REST) -> None:
        self._away, self._rest = away, rest
        self._places = threading.Semaphore(most)
        self._door = threading.Lock()
        self._silence = ""  # why it is not asked; also while somebody tries
        self._again = 0.0  # when it may be tried

    def ask(self, call: Callable[[], T], *, patiently: bool = False) -> T:
        """What the server says. `patiently`: nobody else waits for this thread, so it takes no place."""
        if patiently:
            return self._asked(call)
        with one_of_few(self._places, self._away("More wait for it already than it answers.")):
            return self._asked(call)

    def _asked(self, call: Callable[[], T]) -> T:
        known, silence = self._turn_away(), ""
        try:
            return call()
        except self._away as error:
            silence = str(error)
            raise
        except Unasked:
            silence = known
            raise
        finally:
            with self._door:
                self._silence, self._again = silence, time.monotonic() + self._rest

    def _turn_away(self) -> str:
        """All but the one who tries; what comes of it says when the next may. Returns what is known of its silence."""
        with self._door:
            if self._silence and time.monotonic() < self._again:
                raise self._away(self._silence)
            if self._silence:
                self._again = float("inf")
            return self._silence
