"""Much of anything, a few at a time: rows that are read, and names that are asked about."""

from __future__ import annotations

from collections.abc import Generator, Iterable, Iterator
from contextlib import closing
from typing import Any, TypeVar

from sqlmodel import Session

from node.batches import batches

T = TypeVar("T", int, str)
AT_ONCE = 500  # names in one statement; both databases have a limit, SQLite's is 32,766


def in_pieces(session: Session, query: Any, at_once: int) -> Generator[Any]:
    """What a `select` finds, typed by who calls: `at_once` rows in memory at a time.

    Whoever stops reading early leaves no cursor open on the server.
    """
    with closing(session.exec(query.execution_options(yield_per=at_once))) as found:
        yield from found


def parts_of(names: Iterable[T]) -> Iterator[list[T]]:
    """The names of a statement's `IN (…)`, AT_ONCE of them each, in their order."""
    return batches(names, AT_ONCE)
