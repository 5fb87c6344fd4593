"""A practitioner, as published by that person."""

from __future__ import annotations

from operator import attrgetter
from typing import Any, cast

from litestar import Response, get

from node.errors import Unknown
from node.services import naming
from node.services.assembly import Services
from node.services.policy import Action, Viewer, may
from node.services.ranking.statements import is_valid
from node.store.clock import moment_of, now
from node.store.content import catalogue, contributions
from node.store.content.catalogue import Audiences
from node.store.sessions import Session
from node.store.tables.catalogue import CredentialRow
from node.web.contexts.cards import Choice, Link, ModuleCard, PersonLink, TaskCard
from node.web.contexts.endorsements.endorsing import Verdict
from node.web.contexts.practitioners.person import AttestForm, CredentialFacts, GivenEndorsement, PersonPage, VouchForm
from node.web.pages.cards import Placed, module_cards, task_cards
from node.web.pages.catalogue.item_actions import report_address
from node.web.pages.catalogue.items import find_taken_away
from node.web.pages.endorsements.verdicts import titles_of
from node.web.pages.finding.counting import modules_for_tasks
from node.web.pages.labels import label_notices
from node.web.pages.links import did_of, href_of_item, href_of_person, query_of, skill_link, task_link
from node.web.pages.names import Names
from node.web.pages.order import in_order
from node.web.pages.reading import AnyRequest, readable_by, show_document
from node.web.presenting import site_of

SHOWN = 50


@get("/people/{did:str}", sync_to_thread=True, include_in_schema=False)
def person_page(request: AnyRequest, services: Services, viewer: Viewer, did: str) -> Response[Any]:
    """Who it is, where they practise, what they publish and find."""
    audiences, did = readable_by(services, viewer), did_of(did)
    with services.database.read() as session:
        if (gone := find_taken_away(services, session, (did,), audiences)) is not None:
            raise gone
        vouches = [row.did for row in contributions.list_vouches(session, subject=did)]
        names = Names(session, [did, *vouches])
        profile = names.find_profile(did)
        modules, tasks = _published(services, session, did, audiences)
        given = _given(session, did, audiences)
        if profile is None and not (modules or tasks or given or names.handle(did)):
            raise Unknown("This node knows nobody of that identity.")
        page = PersonPage(
            site=site_of(request, services, viewer),
            name=names.name(did),
            handle=names.handle(did),
            did=did,
            description=profile.description if profile else "",
            languages=tuple(naming.language_name(tag) for tag in (profile.languages if profile else ())),
            credentials=_credentials(services, session, viewer, did),
            takes_questions_on=_topics(session, profile.takes_questions_on if profile else [], audiences),
            modules=modules,
            tasks=tasks,
            endorsements=given,
            vouched_by=tuple(_vouchers(names, vouches)),
            vouch=_vouch_form(viewer, did, vouches),
            attest=_attest_form(viewer, did) if profile is not None else None,
            report=report_address(viewer, did) if viewer.did != did else None,
            notices=label_notices(services, session, did),
        )
    return show_document(request, services, viewer, page)


def _credentials(services: Services, session: Session, viewer: Viewer, did: str) -> tuple[CredentialFacts, ...]:
    """Those that the person's profile names, in its order; what ended says so."""
    profile = contributions.find_profile(session, did)
    known = contributions.find_credentials(session, profile.credentials if profile else ())
    held = [
        known[uri] for uri in (profile.credentials if profile else ()) if uri in known and known[uri].subject == did
    ]
    issuers = Names(session, [row.did for row in held])
    operates = may(viewer, Action.OPERATE)
    return tuple(
        CredentialFacts(
            organisation=issuers.organisation(row.did),
            occupation=naming.occupation_name(row.occupation),
            since=moment_of(row.valid_from).date(),
            until=moment_of(_end(row)).date() if _end(row) else None,
            ended=not is_valid(row, now()),
            revoke=_revocation(row) if operates and row.did == services.identity.did and is_valid(row, now()) else None,
            drop="/credentials/drop?" + query_of(uri=row.uri) if viewer.did == did else None,
        )
        for row in held
    )


def _end(row: CredentialRow) -> int:
    """The earlier of its last day and its revocation; 0 for neither."""
    return min(filter(None, (row.valid_until, row.revoked_at)), default=0)


def _revocation(row: CredentialRow) -> str:
    return f"{href_of_person(row.subject)}/credentials/{row.uri.rpartition('/')[2]}/revoke"


def _attest_form(viewer: Viewer, did: str) -> AttestForm | None:
    if not may(viewer, Action.OPERATE):
        return None
    occupations = sorted(naming.known_occupations().items(), key=lambda pair: pair[1])
    choices = tuple(Choice(value=code, label=name) for code, name in occupations if code.startswith("onet:"))
    return AttestForm(action=f"{href_of_person(did)}/credentials", occupations=choices)


def _topics(session: Session, codes: list[str], audiences: Audiences) -> tuple[Link, ...]:
    titles = titles_of(session, codes, audiences)
    return tuple(task_link(code, titles) if "/" in code else skill_link(code) for code in codes)


def _published(
    services: Services, session: Session, did: str, audiences: Audiences
) -> tuple[tuple[ModuleCard, ...], tuple[TaskCard, ...]]:
    items = [row for row in catalogue.list_items(session, audiences, did=did) if not row.retired]
    modules = [row.uri for row in items if row.kind == "module"]
    tasks = [row.uri for row in items if row.kind == "task"]
    places = [Placed(place.uri) for place in in_order(services, modules)[:SHOWN]]
    helping = modules_for_tasks(services, audiences, tasks[:SHOWN])
    return module_cards(services, session, places, audiences), task_cards(session, tasks[:SHOWN], audiences, helping)


def _given(session: Session, did: str, audiences: Audiences) -> tuple[GivenEndorsement, ...]:
    given = contributions.list_endorsements(session, audiences, did=did)
    rows = sorted(given, key=attrgetter("given_at"), reverse=True)[:SHOWN]
    items = catalogue.find_items(session, [row.item_uri for row in rows], audiences)
    titles = titles_of(session, [row.task for row in rows], audiences)
    return tuple(
        GivenEndorsement(
            subject=Link(text=items[row.item_uri].title, href=href_of_item(row.item_uri)),
            verdict=cast(Verdict, row.verdict),
            task=task_link(row.task, titles) if row.task and row.task != row.item_uri else None,
            at=moment_of(row.given_at),
            note=row.note,
        )
        for row in rows
        if row.item_uri in items
    )


def _vouchers(names: Names, dids: list[str]) -> list[PersonLink]:
    return [names.person(did) for did in dict.fromkeys(dids)]


def _vouch_form(viewer: Viewer, did: str, vouches: list[str]) -> VouchForm | None:
    if not viewer.did or viewer.did == did or not may(viewer, Action.ENDORSE):
        return None
    return VouchForm(action=f"{href_of_person(did)}/vouch", given=viewer.did in vouches)


HANDLERS = (person_page,)
