"""Queries: endorsements, vouches, credentials, profiles, organisations.

Every one takes the asker's audiences; what says nothing of them reads what is public.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import TypeVar

from sqlalchemy import func
from sqlmodel import Session, SQLModel, col, select

from node.store.content.catalogue import PUBLIC, Audiences
from node.store.engine.reading import Reading
from node.store.tables.catalogue import CredentialRow, EndorsementRow, OrganisationRow, ProfileRow, VouchRow

Row = TypeVar("Row", bound=SQLModel)

_NEWEST = Reading(
    EndorsementRow,
    "WHERE audience {audiences} AND item_uri = :item_uri ORDER BY first_seen DESC, uri LIMIT :limit",
)
_GIVEN_BY = Reading(EndorsementRow, "WHERE audience {audiences} AND item_uri = :item_uri AND did {dids}")
_PROFILES = Reading(ProfileRow, "WHERE did {dids} AND audience {audiences}")
_CREDENTIALS = Reading(CredentialRow, "WHERE uri {uris} AND audience {audiences}")
_ORGANISATIONS = Reading(OrganisationRow, "WHERE audience {audiences} ORDER BY did")


def list_endorsements(
    session: Session, audiences: Audiences, *, item_uri: str = "", did: str = ""
) -> list[EndorsementRow]:
    """Endorsements in uri order, optionally of one item or by one practitioner."""
    query = select(EndorsementRow).where(col(EndorsementRow.audience).in_(audiences))
    if item_uri:
        query = query.where(EndorsementRow.item_uri == item_uri)
    if did:
        query = query.where(EndorsementRow.did == did)
    return list(session.exec(query.order_by(col(EndorsementRow.uri))))


def newest_endorsements(
    session: Session, audiences: Audiences, item_uri: str, dids: Collection[str], limit: int
) -> list[EndorsementRow]:
    """The newest endorsements of an item, and all of those that some people gave: a flood hides nobody."""
    newest = _NEWEST.all(session, audiences=audiences, item_uri=item_uri, limit=limit)
    named = _GIVEN_BY.all(session, audiences=audiences, item_uri=item_uri, dids=dids) if dids else ()
    return [*{row.uri: row for row in (*newest, *named)}.values()]


def page_endorsements(session: Session, audiences: Audiences, after: str, limit: int) -> list[EndorsementRow]:
    """The next endorsements in uri order."""
    query = select(EndorsementRow).where(col(EndorsementRow.audience).in_(audiences), col(EndorsementRow.uri) > after)
    return list(session.exec(query.order_by(col(EndorsementRow.uri)).limit(limit)))


def list_outdated(session: Session, audiences: Audiences) -> list[EndorsementRow]:
    """Endorsements that report an item as outdated."""
    query = select(EndorsementRow).where(col(EndorsementRow.outdated), col(EndorsementRow.audience).in_(audiences))
    return list(session.exec(query.order_by(col(EndorsementRow.uri))))


def find_endorsement(session: Session, uri: str) -> EndorsementRow | None:
    """One endorsement."""
    return session.get(EndorsementRow, uri)


def endorsements_by_item(
    session: Session, uris: Collection[str], audiences: Audiences
) -> dict[str, list[EndorsementRow]]:
    """The endorsements of several items."""
    query = select(EndorsementRow).where(
        col(EndorsementRow.item_uri).in_(list(uris)), col(EndorsementRow.audience).in_(audiences)
    )
    found: dict[str, list[EndorsementRow]] = {}
    for row in session.exec(query.order_by(col(EndorsementRow.uri))):
        found.setdefault(row.item_uri, []).append(row)
    return found


def uris_of_versions(session: Session, versions: Collection[str]) -> list[str]:
    """Endorsements that are about one of these versions."""
    query = select(EndorsementRow.uri).where(col(EndorsementRow.version_uri).in_(list(versions)))
    return list(session.exec(query)) if versions else []


def list_vouches(session: Session, *, subject: str = "", audiences: Audiences = PUBLIC) -> list[VouchRow]:
    """Vouches in uri order."""
    query = select(VouchRow).where(col(VouchRow.audience).in_(audiences)).order_by(col(VouchRow.uri))
    return list(session.exec(query.where(VouchRow.subject == subject) if subject else query))


def list_credentials(
    session: Session, *, subject: str = "", issuer: str = "", audiences: Audiences = PUBLIC
) -> list[CredentialRow]:
    """Credentials in uri order."""
    query = select(CredentialRow).where(col(CredentialRow.audience).in_(audiences)).order_by(col(CredentialRow.uri))
    if subject:
        query = query.where(CredentialRow.subject == subject)
    return list(session.exec(query.where(CredentialRow.did == issuer) if issuer else query))


def list_profiles(session: Session, *, audiences: Audiences = PUBLIC) -> list[ProfileRow]:
    """Every practitioner's profile."""
    query = select(ProfileRow).where(col(ProfileRow.audience).in_(audiences))
    return list(session.exec(query.order_by(col(ProfileRow.did))))


def find_profiles(session: Session, dids: Collection[str], *, audiences: Audiences = PUBLIC) -> dict[str, ProfileRow]:
    """The profiles among `dids`."""
    found = _PROFILES.all(session, dids=dids, audiences=audiences) if dids else ()
    return {row.did: row for row in found}


def find_credentials(
    session: Session, uris: Collection[str], *, audiences: Audiences = PUBLIC
) -> dict[str, CredentialRow]:
    """The credentials among `uris`."""
    found = _CREDENTIALS.all(session, uris=uris, audiences=audiences) if uris else ()
    return {row.uri: row for row in found}


def count_endorsements(session: Session, audiences: Audiences) -> dict[str, int]:
    """How many verdicts each practitioner gave."""
    query = select(EndorsementRow.did, func.count()).where(col(EndorsementRow.audience).in_(audiences))
    return dict(session.exec(query.group_by(col(EndorsementRow.did))).all())


def find_profile(session: Session, did: str, *, audiences: Audiences = PUBLIC) -> ProfileRow | None:
    """One practitioner's profile."""
    row = session.get(ProfileRow, did)
    return row if row is not None and row.audience in audiences else None


def list_organisations(session: Session, *, audiences: Audiences = PUBLIC) -> list[OrganisationRow]:
    """Every node that published itself."""
    return _ORGANISATIONS.all(session, audiences=audiences)


def find_organisation(session: Session, did: str, *, audiences: Audiences = PUBLIC) -> OrganisationRow | None:
    """What a node says of itself."""
    row = session.get(OrganisationRow, did)
    return row if row is not None and row.audience in audiences else None


def save_contribution(session: Session, row: SQLModel) -> None:
    """Store or replace any of these rows."""
    session.merge(row)


def delete_contribution(session: Session, table: type[Row], key: str) -> Row | None:
    """Remove and return the row under `key`, if there."""
    row = session.get(table, key)
    if row is not None:
        session.delete(row)
    return row
