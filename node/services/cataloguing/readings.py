"""What was made of the texts of versions, kept while it is asked for often: a version never changes."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable
from typing import Any, TypeVar

from node.services.cataloguing.changes import CatalogueChange
from node.store.tables.catalogue import VersionRow

T = TypeVar("T")

MOST = 200  # some 100 kB each


class Readings:
    """Documents read, pages shown. What somebody removed is not kept here either: `hear` drops it."""

    def __init__(self) -> None:
        self._door = threading.Lock()
        self._kept: OrderedDict[tuple[str, str], tuple[VersionRow, Any]] = OrderedDict()
        self._heard = 0

    def of(self, version: VersionRow, purpose: str, make: Callable[[], T]) -> T:
        """What `make` makes of this version; `purpose` tells apart what is made of the same one."""
        key = purpose, version.uri
        with self._door:
            known, heard = self._kept.get(key), self._heard
            if known is not None and known[0].cid == version.cid:
                self._kept.move_to_end(key)
                made: T = known[1]
                return made
        made = make()
        with self._door:
            if heard == self._heard:  # else it may have been removed meanwhile
                self._kept[key] = version, made
                if len(self._kept) > MOST:
                    self._kept.popitem(last=False)
        return made

    def hear(self, change: CatalogueChange) -> None:
        """Take note of a durable change; called in the writer's thread."""
        with self._door:
            self._heard += 1
            touched = change.items | change.versions | change.people
            gone = [key for key, (row, _) in self._kept.items() if touched & {row.uri, row.item_uri, row.did}]
            for key in gone:
                del self._kept[key]
