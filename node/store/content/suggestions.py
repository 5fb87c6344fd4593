"""Queries: changes that people propose to others' items. Every one takes the asker's audiences."""

from __future__ import annotations

from sqlmodel import Session, col, select

from node.store.content.catalogue import Audiences
from node.store.tables.catalogue import SuggestionRow

MOST = 200  # in one list, newest first


def find_suggestion(session: Session, uri: str, audiences: Audiences) -> SuggestionRow | None:
    """One by its at-uri."""
    row = session.get(SuggestionRow, uri)
    return row if row is not None and row.audience in audiences else None


def list_suggestions(
    session: Session, audiences: Audiences, *, item_uri: str = "", author: str = "", did: str = ""
) -> list[SuggestionRow]:
    """For one item, for everything of an author, or made by somebody; newest first."""
    query = select(SuggestionRow).where(col(SuggestionRow.audience).in_(audiences))
    for column, value in ((SuggestionRow.item_uri, item_uri), (SuggestionRow.author, author), (SuggestionRow.did, did)):
        if value:
            query = query.where(column == value)
    return list(session.exec(query.order_by(col(SuggestionRow.first_seen).desc(), col(SuggestionRow.uri)).limit(MOST)))
