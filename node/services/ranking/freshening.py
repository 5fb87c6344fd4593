"""How fresh each item is today: its review date, the tools it names, and what people say whose word counts here."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

from node.batches import batches
from node.services.ranking.rankings import Rankings, Touched
from node.services.ranking.tool_versions import ToolVersions, load_tool_versions
from node.store.clock import SECOND
from node.store.content import catalogue
from node.store.content.catalogue import MEMBERS
from node.store.database import Database
from node.store.tables.catalogue import ItemRow

if TYPE_CHECKING:
    from curation.freshness import Due, Freshness

KEPT = 100_000  # items, some 300 bytes each
BATCH = 500  # items looked at while nobody else may count
REST = 10.0  # the newest versions are looked up again after ten times the time that the last look took


@dataclass(frozen=True, slots=True)
class Confirmations:
    """When people who are heard said that it works, and that it is outdated: seconds since 1970."""

    works: list[float]
    outdated: list[float]


class Freshening:
    """Freshness by item, remembered until something is said or a day has passed."""

    def __init__(self, database: Database, rankings: Rankings) -> None:
        self._database = database
        self._rankings = rankings
        self._known: dict[str, Freshness] = {}
        self._state = 0
        self._day = date.min
        self._tools: ToolVersions | None = None
        self._tools_until = 0.0
        self._tools_doubted = True
        self._told: list[Callable[[], None]] = []

    def forget(self, touched: Touched = None) -> None:
        """Verdicts, trust, items or releases have changed; with `touched`, nothing but these items."""
        self._state += 1
        kept = {} if touched is None else self._known.copy()  # at once: another thread may be adding to it
        for uri in touched or ():
            kept.pop(uri, None)
        self._known = kept
        self._tools_doubted = True

    def listen(self, told: Callable[[], None]) -> None:
        """Call `told` when releases were seen."""
        self._told.append(told)

    def forget_tools(self) -> None:
        """A release was seen, or a feed is watched no more: counts at once."""
        for told in self._told:
            told()
        self._tools_until = 0.0
        self.forget()

    def values(self, uris: Sequence[str]) -> list[float]:
        """0..1 for each; 1 for what is no item."""
        known = self.of(uris)
        return [known[uri].value if uri in known else 1.0 for uri in uris]

    @property
    def state(self) -> int:
        """Moves on whenever something is forgotten."""
        return self._state

    def of(self, uris: Sequence[str]) -> dict[str, Freshness]:
        """Freshness with its reasons, for those that are items."""
        known = self._known_today()
        missing = [uri for uri in uris if uri not in known]
        if missing:
            with self._database.read() as session:
                items = catalogue.find_items(session, missing, MEMBERS)
            self._compute(items, known)
        return {uri: known[uri] for uri in uris if uri in known}

    def of_items(self, items: Sequence[ItemRow], state: int) -> list[Freshness]:
        """The same for items at hand, in order, read when `state` was the present one: else nothing is kept."""
        known = self._known_today()
        if state != self._state:
            known = known.copy()
        self._compute({item.uri: item for item in items if item.uri not in known}, known)
        return [known[item.uri] for item in items]

    def _known_today(self) -> dict[str, Freshness]:
        """What is known, to be added to; another may take its place meanwhile."""
        today = datetime.now(UTC).date()
        if today != self._day:
            self._day, self._known, self._tools = today, {}, None
        self.tools()
        if len(self._known) > KEPT:
            self._known = {}
        return self._known

    def next_due(self, items: Sequence[ItemRow]) -> dict[str, Due]:
        """What goes stale next, by item."""
        from curation.freshness import next_due

        today = datetime.now(UTC).date()
        said = self.confirmations([item.uri for item in items])
        found = {item.uri: next_due(_review_day(item), today, said[item.uri].works) for item in items}
        return {uri: due for uri, due in found.items() if due is not None}

    def confirmations(self, uris: Sequence[str]) -> dict[str, Confirmations]:
        """What is heard of each."""
        heard, reports = self._rankings.heard(uris), self._rankings.reported_outdated(uris)
        return {
            uri: Confirmations(
                [said.at for said in heard[uri] if said.verdict != "fails" and said.by not in reports[uri]],
                list(reports[uri].values()),
            )
            for uri in uris
        }

    def tools(self) -> ToolVersions:
        """The newest version known of each tool."""
        if self._tools is None or (self._tools_doubted and time.monotonic() >= self._tools_until):
            began = time.monotonic()
            self._tools_doubted = False
            found = load_tool_versions(self._database, self._rankings)
            if found != self._tools:
                self._known = {}
            self._tools = found
            self._tools_until = time.monotonic() + REST * (time.monotonic() - began)
        return self._tools

    def _compute(self, items: Mapping[str, ItemRow], known: dict[str, Freshness]) -> None:
        tools, today, uris = self.tools(), self._day, list(items)
        for batch in batches(uris, BATCH):
            said = self.confirmations(batch)
            known.update({uri: freshness_of(items[uri], said[uri], tools, today) for uri in batch})


def freshness_of(item: ItemRow, said: Confirmations, known: ToolVersions, today: date) -> Freshness:
    """Freshness of one item."""
    from curation.freshness import freshness

    tools = [known.named(tool) for tool in item.tools if tool.get("name")]
    works = said.works
    if item.kind in ("task", "path") and not works:
        works = [item.updated_at / SECOND]  # work does not go stale as tools do; its publication confirms it
    newest: Mapping[tuple[str, str], str] = {(tool.vendor, tool.product): known.newest(tool) for tool in tools}
    named = {key: version for key, version in newest.items() if version}
    return freshness(_review_day(item), today, tools, named, works, said.outdated)


def _review_day(item: ItemRow) -> date | None:
    return date.fromisoformat(item.review_by) if item.review_by else None
