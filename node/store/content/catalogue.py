"""Queries: items and versions. Every one that reads for somebody takes that asker's audiences."""

from __future__ import annotations

from collections.abc import Collection
from typing import Literal

from sqlalchemy import func
from sqlmodel import Session, col, select

from node.store.engine.reading import Reading
from node.store.tables.catalogue import ItemRow, VersionRow

Audience = Literal["public", "organisation"]
Audiences = frozenset[str]
PUBLIC: Audiences = frozenset({"public"})
MEMBERS: Audiences = frozenset({"public", "organisation"})

_ITEM = Reading(ItemRow, "WHERE uri = :uri")
_ITEMS = Reading(ItemRow, "WHERE uri {uris} AND audience {audiences}")
_NARROWED = {"kind": " AND kind = :kind", "did": " AND did = :did"}
_LISTED: dict[tuple[str, ...], Reading[ItemRow]] = {
    names: Reading(ItemRow, f"WHERE audience {{audiences}}{''.join(_NARROWED[name] for name in names)} ORDER BY uri")
    for names in ((), ("kind",), ("did",), ("kind", "did"))
}
_TRANSLATIONS = Reading(
    ItemRow,
    "WHERE translation_of {uris} AND translation_of <> '' AND audience {audiences} AND retired = ''"
    " ORDER BY language, uri",
)
_VERSION = Reading(VersionRow, "WHERE uri = :uri")
_VERSIONS = Reading(VersionRow, "WHERE item_uri = :item_uri AND audience {audiences} ORDER BY uri")
_HIDDEN = Reading(VersionRow, "WHERE uri {uris}", only=("uri", "hidden"))


def find_item(session: Session, uri: str, audiences: Audiences) -> ItemRow | None:
    """One item by its head's at-uri."""
    row = _ITEM.first(session, uri=uri)
    return row if row is not None and row.audience in audiences else None


def list_items(session: Session, audiences: Audiences, *, kind: str = "", did: str = "") -> list[ItemRow]:
    """Items in uri order."""
    narrowed = {name: value for name, value in (("kind", kind), ("did", did)) if value}
    return _LISTED[tuple(narrowed)].all(session, audiences=audiences, **narrowed)


def find_items(session: Session, uris: Collection[str], audiences: Audiences) -> dict[str, ItemRow]:
    """The items among `uris`."""
    if not uris:
        return {}
    return {row.uri: row for row in _ITEMS.all(session, uris=uris, audiences=audiences)}


def list_uris(session: Session, audiences: Audiences, kind: str) -> list[str]:
    """The at-uris of items in use, most lately published first."""
    query = select(ItemRow.uri).where(ItemRow.kind == kind, col(ItemRow.audience).in_(audiences), ItemRow.retired == "")
    return list(session.exec(query.order_by(col(ItemRow.updated_at).desc(), col(ItemRow.uri))))


def list_translations(session: Session, uris: Collection[str], audiences: Audiences) -> list[ItemRow]:
    """Items that say they translate one of `uris`."""
    return _TRANSLATIONS.all(session, uris=uris, audiences=audiences)


def count_by_author(session: Session, audiences: Audiences, kind: str) -> dict[str, int]:
    """How many items of a kind each author has."""
    query = select(ItemRow.did, func.count()).where(ItemRow.kind == kind, col(ItemRow.audience).in_(audiences))
    return dict(session.exec(query.group_by(col(ItemRow.did))).all())


def save_item(session: Session, row: ItemRow) -> None:
    """Store or replace."""
    session.merge(row)


def delete_item(session: Session, uri: str) -> None:
    """The head is gone."""
    row = session.get(ItemRow, uri)
    if row is not None:
        session.delete(row)


def find_version(session: Session, uri: str, audiences: Audiences) -> VersionRow | None:
    """One version by its at-uri."""
    row = _VERSION.first(session, uri=uri)
    return row if row is not None and row.audience in audiences else None


def list_versions(session: Session, item_uri: str, audiences: Audiences) -> list[VersionRow]:
    """The versions of an item, oldest first (tids sort by time)."""
    return _VERSIONS.all(session, item_uri=item_uri, audiences=audiences)


def list_hidden(session: Session, uris: Collection[str]) -> dict[str, list[str]]:
    """Kinds of hidden text by version, of those that were looked at and hold some."""
    return {row.uri: list(row.hidden) for row in _HIDDEN.all(session, uris=uris) if row.hidden}


def save_version(session: Session, row: VersionRow) -> None:
    """Store or replace."""
    session.merge(row)


def delete_version(session: Session, uri: str) -> None:
    """The version is gone."""
    row = session.get(VersionRow, uri)
    if row is not None:
        session.delete(row)


def majors_of(session: Session, uris: Collection[str]) -> dict[str, int]:
    """How many major changes each version stands at."""
    query = select(VersionRow.uri, VersionRow.major).where(col(VersionRow.uri).in_(list(uris)))
    return dict(session.exec(query).all())


def count_items(session: Session, audiences: Audiences) -> dict[str, int]:
    """Items by kind."""
    query = select(ItemRow.kind, func.count()).where(col(ItemRow.audience).in_(audiences)).group_by(col(ItemRow.kind))
    return dict(session.exec(query).all())
