"""Rows that are read a few at a time; whoever stops reading early leaves no cursor open on the server."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import closing
from typing import Any

from sqlmodel import Session


def in_pieces(session: Session, query: Any, at_once: int) -> Generator[Any]:
    """What a `select` finds, typed by who calls: `at_once` rows in memory at a time."""
    with closing(session.exec(query.execution_options(yield_per=at_once))) as found:
        yield from found
