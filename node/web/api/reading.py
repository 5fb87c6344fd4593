"""/api for readers: items, their histories and files, people. Each asker gets what they may see, no more."""

from __future__ import annotations

from typing import Any

from litestar import Response, get

from node.errors import Malformed, Unknown
from node.services.assembly import Services
from node.services.policy import Viewer, audiences_of
from node.store.clock import as_text
from node.store.content import catalogue, contributions
from node.store.repositories import accounts
from node.store.sessions import Session
from node.store.tables.catalogue import CredentialRow, ItemRow, VersionRow
from node.store.tables.internal import InternalBlobRow
from node.web.access.files import find_file
from node.web.access.viewing import require_reading
from node.web.xrpc.sync import blob_response

Body = dict[str, Any]


def summary_of(services: Services, row: ItemRow, handles: dict[str, str]) -> Body:
    """What a list shows of a module or task."""
    return {
        "uri": row.uri, "kind": row.kind, "name": row.name, "title": row.title, "description": row.description,
        "author": row.did, "handle": handles.get(row.did, ""), "language": row.language, "license": row.licence,
        "layer": row.layer, "level": row.level, "minutes": row.minutes, "occupations": row.occupations,
        "tasks": row.tasks, "skills": row.skills, "reviewBy": row.review_by, "audience": row.audience,
        "retired": row.retired, "version": {"uri": row.version_uri, "cid": row.version_cid},
        "updatedAt": as_text(row.updated_at) if row.updated_at else None,
        "url": f"{services.settings.public_url}/{row.kind}s/{row.did}/{row.name}",
    }  # fmt: skip


def handles_of(session: Session, dids: set[str]) -> dict[str, str]:
    """Handles by DID, of those that are known."""
    return {did: row.handle for did, row in accounts.list_identities(session, sorted(dids)).items()}


def get_item(session: Session, uri: str, viewer: Viewer) -> ItemRow:
    """The item of a head's or a version's at-uri, the author given as DID or handle. Raises Unknown."""
    uri = _with_did(session, uri)
    audiences = audiences_of(viewer)
    version = catalogue.find_version(session, uri, audiences)
    row = catalogue.find_item(session, version.item_uri if version else uri, audiences)
    if row is None:
        raise Unknown(f"This node knows no module or task {uri[:300]}.", hint="`skillnet search` finds what it knows.")
    return row


def _with_did(session: Session, uri: str) -> str:
    scheme, _, rest = uri.partition("://")
    if scheme != "at" or not rest:
        raise Malformed(f"{uri[:300]!r} is not an address of a module or task.", hint="at://did:plc:…/org.skillnet…/…")
    author, slash, path = rest.partition("/")
    account = accounts.find_account(session, author.lower()) if not author.startswith("did:") else None
    return f"at://{account.did if account else author}{slash}{path}"


def _version(row: VersionRow, current: str) -> Body:
    return {
        "uri": row.uri, "cid": row.cid, "previous": row.previous, "major": row.major, "changeNote": row.change_note,
        "seenAt": as_text(row.first_seen), "current": row.uri == current,
    }  # fmt: skip


@get("/api/item", sync_to_thread=True)
def item(services: Services, viewer: Viewer, uri: str) -> Body:
    """A module or task with its record; a version's address gives that version, a head's the current one."""
    require_reading(services, viewer)
    with services.database.read() as session:
        row = get_item(session, uri, viewer)
        asked = catalogue.find_version(session, _with_did(session, uri), audiences_of(viewer))
        version = asked or catalogue.find_version(session, row.version_uri, audiences_of(viewer))
        handles = handles_of(session, {row.did})
        said = contributions.list_endorsements(session, audiences_of(viewer), item_uri=row.uri)
    if version is None:
        raise Unknown(f"The version {row.version_uri} has not arrived here yet.", hint="Try again in a moment.")
    verdicts = [
        {
            "by": one.did, "task": one.task, "verdict": one.verdict, "outdated": one.outdated, "unsafe": one.unsafe,
            "note": one.note, "version": one.version_uri,
        }
        for one in said
    ]  # fmt: skip
    facts = {**_version(version, row.version_uri), "value": version.value}
    return {"item": summary_of(services, row, handles), "version": facts, "endorsements": verdicts}


@get("/api/history", sync_to_thread=True)
def history(services: Services, viewer: Viewer, uri: str) -> Body:
    """Every version of an item, oldest first, with its record."""
    require_reading(services, viewer)
    with services.database.read() as session:
        row = get_item(session, uri, viewer)
        versions = catalogue.list_versions(session, row.uri, audiences_of(viewer))
        handles = handles_of(session, {row.did})
    shown = [{**_version(version, row.version_uri), "value": version.value} for version in versions]
    return {"item": summary_of(services, row, handles), "versions": shown}


@get("/api/blob", sync_to_thread=True)
def blob(services: Services, viewer: Viewer, did: str, cid: str) -> Response[bytes]:
    """A picture or attachment of a record that this node knows, hosted here or fetched from its host."""
    require_reading(services, viewer)
    with services.database.read() as session:
        row = find_file(session, viewer, did, cid)
    folder = services.internal.find_blob if isinstance(row, InternalBlobRow) else services.blobs.find
    body = folder(cid) if row is not None else None
    if row is None or body is None:
        raise Unknown("This node does not hold that file.")
    return blob_response(body, row.mime)


@get("/api/people", sync_to_thread=True)
def person(services: Services, viewer: Viewer, did: str) -> Body:
    """A practitioner: profile, credentials and whether they are accepted, what they published."""
    require_reading(services, viewer)
    with services.database.read() as session:
        account = accounts.find_account(session, did.lower()) if not did.startswith("did:") else None
        did = account.did if account else did
        profile = contributions.find_profile(session, did)
        credentials = contributions.list_credentials(session, subject=did)
        names = {known.did: known.name for known in contributions.list_organisations(session)}
        rows = catalogue.list_items(session, audiences_of(viewer), did=did)
        handles = handles_of(session, {did})
    if profile is None and not credentials and not rows and did not in handles:
        raise Unknown(f"This node knows nobody called {did[:300]}.")
    accepted = profile.credentials if profile else []
    return {
        "did": did, "handle": handles.get(did, ""), "displayName": profile.name if profile else "",
        "description": profile.description if profile else "",
        "occupations": profile.occupations if profile else [],
        "takesQuestionsOn": profile.takes_questions_on if profile else [],
        "languages": profile.languages if profile else [],
        "credentials": [_credential(row, names, accepted) for row in credentials],
        "items": [summary_of(services, row, handles) for row in rows],
    }  # fmt: skip


def _credential(row: CredentialRow, names: dict[str, str], accepted: list[str]) -> Body:
    return {
        "uri": row.uri, "issuer": row.did, "organisation": names.get(row.did, ""), "occupation": row.occupation,
        "from": as_text(row.valid_from) if row.valid_from else None,
        "until": as_text(row.valid_until) if row.valid_until else None,
        "revokedAt": as_text(row.revoked_at) if row.revoked_at else None, "accepted": row.uri in accepted,
    }  # fmt: skip


HANDLERS = (item, history, blob, person)
