"""Queries: feeds of tools' releases, and the releases seen there."""

from __future__ import annotations

from sqlalchemy import String, cast, delete
from sqlmodel import Session, col, select

from node.errors import Unknown
from node.store.content.catalogue import Audiences
from node.store.tables.catalogue import ItemRow
from node.store.tables.tools import ToolFeedRow, ToolReleaseRow


def list_feeds(session: Session) -> list[ToolFeedRow]:
    """All feeds, by product."""
    return list(session.exec(select(ToolFeedRow).order_by(col(ToolFeedRow.product), col(ToolFeedRow.url))))


def list_due_feeds(session: Session, at: int, limit: int) -> list[ToolFeedRow]:
    """Feeds to be read at `at`, the longest waiting first."""
    query = select(ToolFeedRow).where(col(ToolFeedRow.next_check) <= at)
    return list(session.exec(query.order_by(col(ToolFeedRow.next_check), col(ToolFeedRow.url)).limit(limit)))


def find_feed(session: Session, url: str) -> ToolFeedRow | None:
    """The feed at this address."""
    return session.get(ToolFeedRow, url)


def get_feed(session: Session, url: str) -> ToolFeedRow:
    """As `find_feed`; raises Unknown."""
    row = find_feed(session, url)
    if row is None:
        raise Unknown(f"This node watches no feed {url[:300]}.", hint="`skillnet tool feeds` lists them.")
    return row


def save_feed(session: Session, row: ToolFeedRow) -> None:
    """Store or replace."""
    session.merge(row)


def delete_feed(session: Session, url: str) -> None:
    """Forget a feed and what was seen there."""
    session.execute(delete(ToolReleaseRow).where(col(ToolReleaseRow.feed) == url))
    session.execute(delete(ToolFeedRow).where(col(ToolFeedRow.url) == url))


def list_releases(session: Session, feed: str = "") -> list[tuple[ToolFeedRow, ToolReleaseRow]]:
    """Releases with their feeds, the most lately seen first."""
    query = select(ToolFeedRow, ToolReleaseRow).where(col(ToolFeedRow.url) == col(ToolReleaseRow.feed))
    if feed:
        query = query.where(ToolReleaseRow.feed == feed)
    order = query.order_by(col(ToolReleaseRow.seen_at).desc(), col(ToolReleaseRow.feed), col(ToolReleaseRow.version))
    return [(named, release) for named, release in session.exec(order)]


def known_versions(session: Session, feed: str) -> set[str]:
    """The versions seen in a feed."""
    return set(session.exec(select(ToolReleaseRow.version).where(ToolReleaseRow.feed == feed)))


def add_release(session: Session, row: ToolReleaseRow) -> None:
    """Store a release that was not known."""
    session.merge(row)


def list_named(session: Session, audiences: Audiences) -> dict[str, list[dict[str, str]]]:
    """The tools that items in use name, by item."""
    # Most items name no tool: they are left out before anything is decoded.
    named = cast(col(ItemRow.tools), String) != "[]"
    query = select(ItemRow.uri, ItemRow.tools).where(named, col(ItemRow.audience).in_(audiences), ItemRow.retired == "")
    return {uri: list(tools) for uri, tools in session.exec(query) if tools}
