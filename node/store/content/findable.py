"""Queries of what the search index is filled from. They serve the index alone, which keeps audiences apart itself."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from sqlmodel import Session, col, select

from node.store.engine.streaming import parts_of
from node.store.tables.catalogue import ItemRow, VersionRow


def page_items(session: Session, after: str, limit: int) -> list[ItemRow]:
    """Items in use in uri order, beginning after `after`."""
    query = select(ItemRow).where(col(ItemRow.uri) > after, ItemRow.retired == "")
    return list(session.exec(query.order_by(col(ItemRow.uri)).limit(limit)))


def find_items(session: Session, uris: Collection[str]) -> list[ItemRow]:
    """Those among `uris` that are in use."""
    found: list[ItemRow] = []
    for part in parts_of(uris):
        found += session.exec(select(ItemRow).where(col(ItemRow.uri).in_(part), ItemRow.retired == ""))
    return found


def values_of_versions(session: Session, uris: Collection[str]) -> dict[str, Mapping[str, Any]]:
    """Version → its record."""
    found: dict[str, Mapping[str, Any]] = {}
    for part in parts_of(uris):
        found.update(session.exec(select(VersionRow.uri, VersionRow.value).where(col(VersionRow.uri).in_(part))).all())
    return found


def items_of_versions(session: Session, uris: Collection[str]) -> dict[str, str]:
    """Version → its item, for those that are known."""
    found: dict[str, str] = {}
    for part in parts_of(uris):
        query = select(VersionRow.uri, VersionRow.item_uri).where(col(VersionRow.uri).in_(part))
        found |= dict(session.exec(query).all())
    return found


def list_forks(session: Session, among: Collection[str] | None = None) -> Iterator[tuple[str, str]]:
    """(item, the version it was made from) of every fork, or of those among some items."""
    query = select(ItemRow.uri, ItemRow.derived_from).where(ItemRow.derived_from != "")
    if among is None:
        yield from session.exec(query)
        return
    for part in parts_of(among):
        yield from session.exec(query.where(col(ItemRow.uri).in_(part)))
