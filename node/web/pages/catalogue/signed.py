"""The signed record behind a page: what a sceptic needs in order to check it, its versions, its retirement."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from litestar import get

from federation.codec import decode
from node.errors import Unknown
from node.services.assembly import Services
from node.services.policy import Viewer, audiences_of
from node.store.clock import moment_of
from node.store.content import catalogue
from node.store.content.catalogue import PUBLIC, Audiences
from node.store.inside import internal
from node.store.repositories import accounts, records
from node.store.sessions import Session
from node.store.tables.catalogue import ItemRow, VersionRow
from node.store.tables.hosting import RecordRow
from node.store.tables.internal import InternalRecordRow
from node.web.contexts.cards import Link
from node.web.contexts.catalogue.record import Retirement, SignedRecord, VersionLine
from node.web.pages.links import href_of_item, href_of_record, href_of_version
from node.web.pages.reading import readable_by
from node.web.record_json import record_json


def signed_record(services: Services, session: Session, version: VersionRow) -> SignedRecord | None:
    """Hash, key, revision and host of a version; None for what is kept inside, which is in no repository."""
    if version.audience not in PUBLIC:
        return None
    identity = accounts.list_identities(session, [version.did]).get(version.did)
    head = records.find_head(session, version.did)
    row = records.find_record_by_uri(session, version.uri)
    hosted = head is not None and head.hosted
    return SignedRecord(
        uri=version.uri,
        cid=version.cid,
        repository=version.did,
        signed_by=identity.signing_key if identity else "",
        rev=row.rev if row else "",
        host=services.settings.public_url if hosted or head is None else head.peer,
        verified_at=moment_of(row.first_seen if row else version.first_seen),
        raw=href_of_record(version.uri, hosted=hosted),
    )


def version_lines(item: ItemRow, versions: Sequence[VersionRow]) -> tuple[VersionLine, ...]:
    """Newest first."""
    return tuple(
        VersionLine(
            href=href_of_version(item.uri, version.uri),
            at=moment_of(version.first_seen),
            change=version.change_note,
            current=version.uri == item.version_uri,
        )
        for version in reversed(versions)
    )


def find_retirement(session: Session, item: ItemRow, audiences: Audiences) -> Retirement | None:
    """Why and since when the author took it out of use, with what to use instead."""
    if not item.retired:
        return None
    store = records if item.audience in PUBLIC else internal
    head = store.find_record_by_uri(session, item.uri)
    stated: Mapping[str, Any] = (decode(head.block).get("retired") or {}) if head else {}
    successor = _address(stated.get("supersededBy"))
    found = catalogue.find_item(session, successor, audiences) if successor else None
    return Retirement(
        reason=item.retired,
        at=_day(str(stated.get("at", "")), item.updated_at).date(),
        superseded_by=Link(text=found.title, href=href_of_item(found.uri)) if found else None,
    )


def _address(value: Any) -> str:
    return str(value.get("uri", "")) if isinstance(value, Mapping) else str(value or "")


def _day(text: str, otherwise: int) -> datetime:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return moment_of(otherwise)


@get("/api/records", sync_to_thread=True)
def get_record(services: Services, viewer: Viewer, uri: str) -> dict[str, Any]:
    """A record as it was verified here, whoever hosts it; a member is shown internal ones too."""
    readable_by(services, viewer)
    row: RecordRow | InternalRecordRow | None
    with services.database.read() as session:
        row = records.find_record_by_uri(session, uri)
        if row is None and "organisation" in audiences_of(viewer):
            row = internal.find_record_by_uri(session, uri)
    if row is None:
        raise Unknown(f"There is no record {uri} here.")
    return record_json(row)


HANDLERS = (get_record,)
