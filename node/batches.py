"""Many things, cut into parts that memory holds or a server takes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TypeVar

T = TypeVar("T")


def batches(things: Iterable[T], size: int) -> Iterator[list[T]]:
    """Lists of `size` things in their order; the last may be shorter."""
    iterator = iter(things)
    while batch := list(islice(iterator, size)):
        yield batch
