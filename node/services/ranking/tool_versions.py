"""The newest versions of tools: those that modules in use here name, and those that release feeds announce."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from node.services.ranking.rankings import Rankings
from node.store.clock import SECOND
from node.store.content import tools
from node.store.content.catalogue import PUBLIC
from node.store.database import Database
from node.store.tables.tools import ToolFeedRow, ToolReleaseRow

if TYPE_CHECKING:
    from curation.freshness import ToolVersion

Key = tuple[str, str]  # vendor and product, folded


@dataclass(frozen=True, slots=True)
class Released:
    """A version that a feed announces; `at` in seconds since 1970."""

    version: str
    at: float


@dataclass(frozen=True, slots=True)
class ToolVersions:
    """By tool. Whoever names no vendor means the product whoever makes it."""

    endorsed: Mapping[Key, str]
    released: Mapping[Key, Released]

    def named(self, tool: Mapping[str, str]) -> ToolVersion:
        """A tool as a module names it, with the newest release seen."""
        from curation.freshness import ToolVersion

        stated = ToolVersion(tool.get("vendor", ""), tool.get("name", ""), tool.get("version", ""))
        release = next((self.released[key] for key in _keys(stated) if key in self.released), None)
        return replace(stated, released=release.version, released_at=release.at) if release else stated

    def newest(self, tool: ToolVersion) -> str:
        """The newest version that a module names which works here; '' when none does."""
        return next((self.endorsed[key] for key in _keys(tool) if key in self.endorsed), "")


def load_tool_versions(database: Database, rankings: Rankings) -> ToolVersions:
    """Read both. Only what somebody who is heard found to work can make another version look old."""
    with database.read() as session:
        named = tools.list_named(session, PUBLIC)
        seen = tools.list_releases(session)
    heard = rankings.heard(named)
    working = {uri: kept for uri, kept in named.items() if any(said.verdict == "works" for said in heard[uri])}
    return ToolVersions(_endorsed(working), _released(seen))


def _endorsed(named: Mapping[str, list[dict[str, str]]]) -> dict[Key, str]:
    from curation.freshness import is_newer

    newest: dict[Key, str] = {}
    for entry in (entry for entries in named.values() for entry in entries):
        version = entry.get("version", "")
        for key in _keys_of(entry.get("vendor", ""), entry.get("name", "")):
            if version and (key not in newest or is_newer(version, newest[key])):
                newest[key] = version
    return newest


def _released(seen: list[tuple[ToolFeedRow, ToolReleaseRow]]) -> dict[Key, Released]:
    from curation.freshness import is_newer

    newest: dict[Key, Released] = {}
    for feed, release in seen:
        for key in _keys_of(feed.vendor, feed.product):
            if key not in newest or is_newer(release.version, newest[key].version):
                newest[key] = Released(release.version, release.published_at / SECOND)
    return newest


def _keys(tool: ToolVersion) -> tuple[Key, ...]:
    """Where it is looked up: as named, then under no vendor; whoever names none means the product of any vendor."""
    vendor, product = tool.vendor.casefold(), tool.product.casefold()
    return ((vendor, product), ("", product)) if vendor else (("", product), ("*", product))


def _keys_of(vendor: str, product: str) -> tuple[Key, ...]:
    """Where it is kept."""
    return ((vendor.casefold(), product.casefold()), ("*", product.casefold()))
