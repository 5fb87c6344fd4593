"""What the children of a night do: plain functions with plain arguments. The catalogue is sent once and kept here."""

from __future__ import annotations

import traceback
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from node.personalizer.feed.building import build_feed
from node.personalizer.feed.items import Feed
from node.personalizer.learner.difficulty import Pool, Pooling
from node.personalizer.learner.outcomes import Outcome
from node.personalizer.learner.state import LearnerState
from node.services.learning.believing import believe
from node.services.learning.feed.situation import situate
from node.services.learning.sealed.ledger import Ledger
from node.services.learning.shelf import Stock


@dataclass(frozen=True, slots=True)
class Asked:
    """One worker's ledger; `needs_list`: whether the day's list is to be built."""

    person: str
    ledger: Ledger
    needs_list: bool
    did: str = ""


@dataclass(frozen=True, slots=True)
class Prepared:
    """The list, None where none was needed or where it failed. `failure`: what and where, nothing of the worker."""

    person: str
    feed: Feed | None
    failure: str = ""


class _Kept:
    stock: Stock
    pooling: Pooling


def begin(stock: Stock) -> None:
    """Take the catalogue, and an empty pool."""
    _Kept.stock, _Kept.pooling = stock, Pooling()


def prepare(asked: Sequence[Asked], at: datetime, pool: bool) -> list[Prepared]:
    """Lists for these workers; with `pool`, their outcomes go into the pool."""
    return [_prepare_or_tell(ask, at, pool) for ask in asked]


def collect() -> Pool:
    """The pool of all workers that were prepared here."""
    return Pool(_Kept.pooling.items)


def _prepare_or_tell(ask: Asked, at: datetime, pool: bool) -> Prepared:
    try:
        return _prepare(ask, at, pool)
    except Exception as error:  # noqa: BLE001 - counted and told; the others' lists do not wait for this one
        # Not its message, which may repeat what the worker told.
        place = traceback.extract_tb(error.__traceback__)[-1]
        return Prepared(ask.person, None, f"{type(error).__name__} in {Path(place.filename).name}:{place.lineno}")


def _prepare(ask: Asked, at: datetime, pool: bool) -> Prepared:
    stock, pooling = _Kept.stock, _Kept.pooling
    if not (ask.needs_list or pool):
        return Prepared(ask.person, None)

    def heard(state: LearnerState, outcome: Outcome) -> None:
        if pool:
            pooling.hear(state, outcome, stock.shared)

    belief = believe(ask.ledger, stock.shared, heard)
    if not ask.needs_list:
        return Prepared(ask.person, None)
    return Prepared(ask.person, build_feed(situate(ask.ledger, belief, stock, at, ask.did), stock.columns))
