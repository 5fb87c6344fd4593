"""What was made of the texts of versions, kept while it is asked for often: a version never changes."""

from __future__ import annotations

import threading
import zlib
from collections import OrderedDict, defaultdict
from collections.abc import Callable
from typing import Any, NamedTuple, TypeVar

from node.services.cataloguing.changes import CatalogueChange
from node.store.tables.catalogue import VersionRow

T = TypeVar("T")

# Of what is made for one purpose: pages are folded to some 3 kB each; with 300 of them a mixed load took a tenth more.
MOST = 1_000
FEWER = {"document": 50, "lesson": 300}  # what takes some 30 kB each, and what is one of several forms


class _Of(NamedTuple):
    """Whose text it is; the row itself holds the text once more."""

    uri: str
    cid: str
    item_uri: str
    did: str


def fold(text: str) -> bytes:
    """A long text for keeping: a third of its size, unfolded in some 30 µs where making it takes milliseconds."""
    return zlib.compress(text.encode(), 1)


def unfold(folded: bytes) -> str:
    """What was folded."""
    return zlib.decompress(folded).decode()


class Readings:
    """Documents read, pages shown. What somebody removed is not kept here either: `hear` drops it."""

    def __init__(self) -> None:
        self._door = threading.Lock()
        self._kept: defaultdict[str, OrderedDict[tuple[str, str], tuple[_Of, Any]]] = defaultdict(OrderedDict)
        self._heard = 0

    def of(self, version: VersionRow, purpose: str, make: Callable[[], T], *, form: str = "") -> T:
        """What `make` makes of this version; `purpose` and `form` tell apart what is made of the same one."""
        key = version.uri, form
        with self._door:
            kept, heard = self._kept[purpose], self._heard
            known = kept.get(key)
            if known is not None and known[0].cid == version.cid:
                kept.move_to_end(key)
                made: T = known[1]
                return made
        made = make()
        with self._door:
            if heard == self._heard:  # else it may have been removed meanwhile
                kept[key] = _Of(version.uri, version.cid, version.item_uri, version.did), made
                if len(kept) > FEWER.get(purpose, MOST):
                    kept.popitem(last=False)
        return made

    def hear(self, change: CatalogueChange) -> None:
        """Take note of a durable change; called in the writer's thread."""
        with self._door:
            self._heard += 1
            touched = change.items | change.versions | change.people
            for kept in self._kept.values():
                gone = [key for key, (of, _) in kept.items() if touched & {of.uri, of.item_uri, of.did}]
                for key in gone:
                    del kept[key]
