"""The writer of a process that does not write: who answers a request learns that it must be passed on."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any, NoReturn

from sqlalchemy import Engine

from node.errors import NodeError
from node.store.engine.writer import Answer, Work, Writer


class DoneElsewhere(NodeError):
    """Another process of this node does that."""

    status = 503
    code = "ServiceUnavailable"
    hint = "Try again in a moment."


@dataclass(slots=True)
class Request:
    """One request that this process tries to answer. `is_for_core`: it turned out to need the core."""

    is_for_core: bool = False


_request: ContextVar[Request | None] = ContextVar("request", default=None)


@contextmanager
def trying() -> Iterator[Request]:
    """Learn whether what happens in the block (and in threads that it waits for) needs the core."""
    request = Request()
    token = _request.set(request)
    try:
        yield request
    finally:
        _request.reset(token)


def leave_to_core() -> NoReturn:
    """Raises DoneElsewhere; the request that is being answered is passed on."""
    request = _request.get()
    if request is not None:
        request.is_for_core = True
    raise DoneElsewhere


class DistantWriter(Writer):
    """Takes no work: the core's writer does."""

    def __init__(self, engine: Engine) -> None:
        super().__init__(engine)
        self._open = False

    def start(self) -> None:
        """Nothing to start."""
        self._open = True

    def stop(self) -> None:
        """Nothing to stop."""
        self._open = False

    def _enqueue(self, work: Work[Any], answer: Answer) -> None:
        """Raises DoneElsewhere."""
        del work, answer
        leave_to_core()

    @property
    def is_running(self) -> bool:
        """Is the node served?"""
        return self._open
