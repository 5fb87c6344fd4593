"""People, organisations, occupations, their tasks and skills as search documents: short, so they are read at once."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from node.search.document import SearchDocument
from node.store.content import contributions, reference
from node.store.repositories import accounts
from node.store.sessions import Session
from node.store.tables.catalogue import OrganisationRow, ProfileRow

SCHEMES = ("onet", "esco")


def other_documents(session: Session) -> Iterator[SearchDocument]:
    """All of them."""
    yield from people_documents(session)
    yield from occupation_documents(session)
    yield from task_documents(session)
    yield from skill_documents(session)


def people_documents(session: Session, among: Collection[str] | None = None) -> Iterator[SearchDocument]:
    """Everybody and every organisation, or those among some DIDs."""
    if among is None:
        profiles, organisations = contributions.list_profiles(session), contributions.list_organisations(session)
    else:
        profiles = list(contributions.find_profiles(session, among).values())
        organisations = [row for did in among if (row := contributions.find_organisation(session, did)) is not None]
    identities = accounts.list_identities(session, [profile.did for profile in profiles])
    for profile in profiles:
        identity = identities.get(profile.did)
        yield _person(profile, identity.handle if identity else "")
    yield from map(_organisation, organisations)


def occupation_documents(session: Session) -> Iterator[SearchDocument]:
    """Occupations of the reference data in use, found by every job title that leads to them."""
    for scheme in SCHEMES:
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


def task_documents(session: Session) -> Iterator[SearchDocument]:
    """Task statements of the reference data in use. A kind of their own: nobody made them, they go with no author."""
    names = reference.names(session, "occupation")
    for row in reference.list_tasks(session):
        yield SearchDocument(
            id=row.id,
            kind="occupation-task",
            title=row.statement,
            summary=names.get(row.occupation, ""),
            language="en",
            facets={"task": (row.id,), "occupation": (row.occupation,)},
        )


def skill_documents(session: Session) -> Iterator[SearchDocument]:
    """Skills and work activities of the reference data in use; their groups are found by what is in them."""
    for scheme in SCHEMES:
        for row in reference.list_skills(session, scheme):
            if row.kind in ("detailed", "skill"):
                yield SearchDocument(
                    id=row.id,
                    kind="skill",
                    title=row.title,
                    language="en",
                    aliases=row.aliases,
                    facets={"skill": (row.id,)},
                )


def _person(profile: ProfileRow, handle: str) -> SearchDocument:
    return SearchDocument(
        id=profile.did,
        kind="person",
        title=profile.name or handle or profile.did,
        summary=profile.description,
        by=tuple(filter(None, (profile.did, handle))),
        facets={"occupation": profile.occupations},
    )


def _organisation(row: OrganisationRow) -> SearchDocument:
    return SearchDocument(id=row.did, kind="organisation", title=row.name, summary=row.description, by=(row.did,))
