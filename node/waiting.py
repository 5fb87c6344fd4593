"""Whoever waits computes nothing: a thread that shares few places with others gives its own away before it waits."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager


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
