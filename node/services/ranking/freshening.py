"""How fresh each item is today, from its review date, the tools it names and practitioners' verdicts on it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

from node.store import catalogue, contributions
from node.store.catalogue import MEMBERS, PUBLIC
from node.store.clock import SECOND, now
from node.store.database import Database
from node.store.sessions import Session
from node.store.tables.catalogue import EndorsementRow, ItemRow

if TYPE_CHECKING:
    from curation.freshness import Freshness


class Freshening:
    """Reads freshness off the rows."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def values(self, uris: Sequence[str]) -> list[float]:
        """0..1 for each; 1 for what is no item."""
        known = self.of(uris)
        return [known[uri].value if uri in known else 1.0 for uri in uris]

    def of(self, uris: Sequence[str]) -> dict[str, Freshness]:
        """Freshness with its reasons, for those that are items."""
        with self._database.read() as session:
            items = catalogue.find_items(session, uris, MEMBERS)
            verdicts = contributions.endorsements_by_item(session, list(items), PUBLIC)
            newest = newest_endorsed_tools(session)
        today = datetime.now(UTC).date()
        return {uri: freshness_of(item, verdicts.get(uri, []), newest, today) for uri, item in items.items()}


def freshness_of(
    item: ItemRow, verdicts: Sequence[EndorsementRow], newest: Mapping[tuple[str, str], str], today: date
) -> Freshness:
    """Freshness of one item."""
    from curation.freshness import ToolVersion, freshness

    tools = [ToolVersion(t.get("vendor", ""), t["name"], t.get("version", "")) for t in item.tools]
    works = [_moment(row) for row in verdicts if row.verdict != "fails" and not row.outdated]
    outdated = [_moment(row) for row in verdicts if row.outdated]
    if item.kind == "task" and not works:
        works = [item.updated_at / SECOND]  # work does not go stale as tools do; its publication confirms it
    review = date.fromisoformat(item.review_by) if item.review_by else None
    return freshness(review, today, tools, newest, works, outdated)


def newest_endorsed_tools(session: Session) -> dict[tuple[str, str], str]:
    """The newest version of each tool that some endorsed module names, by (vendor, product)."""
    from curation.freshness import is_newer

    newest: dict[tuple[str, str], str] = {}
    for tools in contributions.tools_of_endorsed(session):
        for tool in tools:
            key, version = (tool.get("vendor", ""), tool.get("name", "")), tool.get("version", "")
            if version and (key not in newest or is_newer(version, newest[key])):
                newest[key] = version
    return newest


def _moment(row: EndorsementRow) -> float:
    return min(row.claimed_at or row.first_seen, row.first_seen, now()) / SECOND
