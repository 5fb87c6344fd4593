"""Reports that an item is outdated, by item: kept in memory beside the verdicts, which do not say it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from node.store.clock import SECOND

if TYPE_CHECKING:
    from node.store.tables.catalogue import EndorsementRow


class OutdatedReports:
    """Who reported what, and when (seconds since 1970)."""

    def __init__(self, rows: Iterable[EndorsementRow] = ()) -> None:
        self._item_of: dict[str, str] = {}
        self._said: dict[str, dict[str, tuple[str, float]]] = {}
        for row in rows:
            self.note(row.uri, row)

    def note(self, uri: str, row: EndorsementRow | None) -> None:
        """An endorsement as it stands now; None when it is gone or does not count."""
        before = self._item_of.pop(uri, None)
        if before is not None:
            del self._said[before][uri]
        if row is not None and row.outdated:
            self._item_of[uri] = row.item_uri
            self._said.setdefault(row.item_uri, {})[uri] = (row.did, row.given_at / SECOND)

    def of(self, item: str) -> Mapping[str, float]:
        """Who reported it, and when last."""
        said: dict[str, float] = {}
        for did, at in self._said.get(item, {}).values():
            said[did] = max(at, said.get(did, 0.0))
        return said
