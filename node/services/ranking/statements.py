"""Reads public rows into the statements that `curation` ranks by. Only verified and dated facts pass."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from curation.stated.statements import Endorsement, Organisation, Practitioner, Statement, Subject, Task, Vouch
from node.store.clock import SECOND
from node.store.content import catalogue, contributions
from node.store.content.catalogue import PUBLIC
from node.store.sessions import Session
from node.store.tables.catalogue import CredentialRow, EndorsementRow, ItemRow, ProfileRow, VersionRow


def accepted_credentials(
    profile: ProfileRow | None, credentials: Mapping[str, CredentialRow], at: int
) -> list[CredentialRow]:
    """The credentials that a practitioner's profile names and that hold at `at` (microseconds), first named first."""
    if profile is None:
        return []
    named = (credentials.get(uri) for uri in profile.credentials)
    return [row for row in named if row is not None and row.subject == profile.did and is_valid(row, at)]


def is_valid(row: CredentialRow, at: int) -> bool:
    """Does the credential hold at `at`: begun, not ended, not revoked?"""
    return row.valid_from <= at and not 0 < row.valid_until <= at and not 0 < row.revoked_at <= at


def practitioner_of(profile: ProfileRow, credentials: Mapping[str, CredentialRow], at: int) -> Practitioner:
    """An account as ranking sees it. Without an accepted credential it is an organisation of one."""
    accepted = accepted_credentials(profile, credentials, at)
    occupations = tuple(row.occupation for row in accepted) or tuple(profile.occupations)
    return Practitioner(profile.did, accepted[0].did if accepted else None, occupations)


def subject_of(row: ItemRow) -> Subject:
    """An item as ranking sees it."""
    return Subject(row.uri, row.did, None, tuple(row.occupations), tuple(row.tasks), row.major)


def endorsement_of(row: EndorsementRow, version: VersionRow | None) -> Endorsement | None:
    """A verdict, if the version that it is about is known here, unaltered, and of the item it names."""
    if version is None or version.cid != row.version_cid or version.item_uri != row.item_uri:
        return None
    verdict = "fails" if row.unsafe else row.verdict
    return Endorsement(row.did, row.item_uri, row.task or None, verdict, row.given_at / SECOND, version.major, row.uri)  # type: ignore[arg-type]  # the lexicon's three words


def tasks_named(items: Iterable[ItemRow]) -> Iterator[Task]:
    """Reference tasks that items name, each with the occupation its id carries."""
    for task in sorted({task for item in items for task in item.tasks}):
        occupation, slash, _ = task.partition("/")
        if slash and task.startswith("onet:"):
            yield Task(task, (occupation,))


def read_people(session: Session, at: int) -> Iterator[Statement]:
    """Who there is, for whom they speak at `at` (microseconds), and who vouches for whom."""
    for organisation in contributions.list_organisations(session):
        yield Organisation(organisation.did)
        yield Practitioner(organisation.did, organisation.did)
    credentials = {row.uri: row for row in contributions.list_credentials(session)}
    for profile in contributions.list_profiles(session):
        yield practitioner_of(profile, credentials, at)
    for vouch in contributions.list_vouches(session):
        yield Vouch(vouch.did, vouch.subject)


def read_statements(session: Session, at: int) -> Iterator[Statement]:
    """Everything stated publicly, in a stable order."""
    yield from read_people(session, at)
    items = catalogue.list_items(session, PUBLIC)
    yield from tasks_named(items)
    for item in items:
        yield subject_of(item)
    yield from read_endorsements(session)


def read_endorsements(session: Session) -> Iterator[Endorsement]:
    """Every endorsement that counts."""
    for row in contributions.list_endorsements(session, PUBLIC):
        endorsement = endorsement_of(row, catalogue.find_version(session, row.version_uri, PUBLIC))
        if endorsement is not None:
            yield endorsement
