"""Search documents from catalogue rows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from node.search.document import SearchDocument
from node.services.finding.plain_text import plain_text
from node.store import accounts, catalogue, contributions, reference
from node.store.catalogue import MEMBERS
from node.store.clock import SECOND
from node.store.sessions import Session
from node.store.tables.catalogue import ItemRow, OrganisationRow, ProfileRow

LONGEST_BODY = 64_000


def documents_of(session: Session, uris: Iterable[str] | None = None) -> Iterator[SearchDocument]:
    """Documents of these items (all of them when None), in a stable order. Retired items are not found."""
    if uris is None:
        rows = catalogue.list_items(session, MEMBERS)
    else:
        rows = list(catalogue.find_items(session, list(uris), MEMBERS).values())
    names = _Names(session, rows)
    for row in rows:
        if not row.retired:
            version = catalogue.find_version(session, row.version_uri, MEMBERS)
            yield _document(row, version.value if version else {}, names)


def items_by(session: Session, people: Iterable[str]) -> set[str]:
    """The items of these people, and of those to whom these organisations issued credentials."""
    authors = set(people)
    authors |= {row.subject for did in authors for row in contributions.list_credentials(session, issuer=did)}
    return {row.uri for did in authors for row in catalogue.list_items(session, MEMBERS, did=did)}


def all_documents(session: Session) -> Iterator[SearchDocument]:
    """Everything that can be found."""
    yield from people_documents(session)
    yield from occupation_documents(session)
    yield from documents_of(session)


def person_document(profile: ProfileRow, handle: str) -> SearchDocument:
    """A practitioner."""
    return SearchDocument(
        id=profile.did,
        kind="person",
        title=profile.name or handle or profile.did,
        summary=profile.description,
        by=tuple(filter(None, (profile.did, handle))),
        facets={"occupation": profile.occupations},
    )


def organisation_document(row: OrganisationRow) -> SearchDocument:
    """A node's owner."""
    return SearchDocument(id=row.did, kind="organisation", title=row.name, summary=row.description, by=(row.did,))


def people_documents(session: Session) -> Iterator[SearchDocument]:
    """Everybody and every organisation."""
    profiles = contributions.list_profiles(session)
    identities = accounts.list_identities(session, [profile.did for profile in profiles])
    for profile in profiles:
        identity = identities.get(profile.did)
        yield person_document(profile, identity.handle if identity else "")
    yield from map(organisation_document, contributions.list_organisations(session))


def occupation_documents(session: Session) -> Iterator[SearchDocument]:
    """Occupations of the reference data in use, found by every job title that leads to them."""
    for scheme in ("onet", "esco"):
        for row in reference.list_occupations(session, scheme):
            yield SearchDocument(
                id=row.id,
                kind="occupation",
                title=row.title,
                summary=row.description,
                language="en",
                aliases=row.aliases,
                facets={"occupation": (row.id,)},
            )


class _Names:
    """Handles and organisations of the authors of some items."""

    def __init__(self, session: Session, rows: Iterable[ItemRow]) -> None:
        dids = sorted({row.did for row in rows})
        self._identities = accounts.list_identities(session, dids)
        organisations = {row.did: row.name for row in contributions.list_organisations(session)}
        issuers = {row.uri: row.did for row in contributions.list_credentials(session)}
        self._organisations: dict[str, str] = {}
        for did in dids:
            profile = contributions.find_profile(session, did)
            first = next(iter(profile.credentials), "") if profile else ""
            self._organisations[did] = organisations.get(issuers.get(first, ""), "")

    def by(self, did: str) -> tuple[str, ...]:
        identity = self._identities.get(did)
        return tuple(filter(None, (did, identity.handle if identity else "")))

    def organisation(self, did: str) -> tuple[str, ...]:
        return tuple(filter(None, (self._organisations.get(did, ""),)))


def _document(row: ItemRow, value: dict[str, Any], names: _Names) -> SearchDocument:
    return SearchDocument(
        id=row.uri,
        kind=row.kind,
        title=row.title,
        summary=row.description,
        body=_text(value)[:LONGEST_BODY],
        language=row.language,
        facets={
            "layer": tuple(filter(None, (row.layer,))),
            "level": tuple(filter(None, (row.level,))),
            "occupation": row.occupations,
            "task": row.tasks,
            "skill": row.skills,
            "tool": [tool["name"] for tool in row.tools if tool.get("name")],
            "author": names.by(row.did)[-1:],
            "organisation": names.organisation(row.did),
            "license": tuple(filter(None, (row.licence,))),
        },
        by=names.by(row.did),
        audience=row.audience,
        minutes=row.minutes,
        updated=row.updated_at // SECOND,
        version=f"{row.version_cid}.{row.audience}",
    )


def _text(value: dict[str, Any]) -> str:
    """The words of a module's body, or of a task's steps."""
    steps = (f"{step.get('title', '')}\n{step.get('text', '')}" for step in value.get("steps", []))
    return plain_text("\n".join([str(value.get("body", "")), *steps]))
