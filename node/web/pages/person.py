"""A practitioner, as published by that person."""

from __future__ import annotations

from typing import Any, cast

from litestar import Response, get

from node.errors import Unknown
from node.services import naming
from node.services.assembly import Services
from node.services.policy import Action, Viewer, may
from node.store import catalogue, contributions
from node.store.catalogue import Audiences
from node.store.sessions import Session
from node.web.contexts.cards import Link, ModuleCard, PersonLink, TaskCard
from node.web.contexts.endorsing import Verdict
from node.web.contexts.person import CredentialFacts, GivenEndorsement, PersonPage, VouchForm
from node.web.pages.cards import Placed, as_moment, module_cards, task_cards
from node.web.pages.counting import modules_for_tasks
from node.web.pages.links import did_of, href_of_item, href_of_person, skill_link, task_link
from node.web.pages.names import Names
from node.web.pages.order import in_order
from node.web.pages.reading import AnyRequest, readable_by, show_document
from node.web.pages.verdicts import moment_of, titles_of
from node.web.presenting import site_of

SHOWN = 50


@get("/people/{did:str}", sync_to_thread=True, include_in_schema=False)
def person_page(request: AnyRequest, services: Services, viewer: Viewer, did: str) -> Response[Any]:
    """Who it is, where they practise, what they publish and find."""
    audiences, did = readable_by(services, viewer), did_of(did)
    with services.database.read() as session:
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
            credentials=_credentials(session, names, did),
            takes_questions_on=_topics(session, profile.takes_questions_on if profile else [], audiences),
            modules=modules,
            tasks=tasks,
            endorsements=given,
            vouched_by=tuple(_vouchers(names, vouches)),
            vouch=_vouch_form(viewer, did, vouches),
        )
    return show_document(request, services, viewer, page)


def _credentials(session: Session, names: Names, did: str) -> tuple[CredentialFacts, ...]:
    held = names.credentials(did)
    issuers = Names(session, [row.did for row in held])
    return tuple(
        CredentialFacts(
            organisation=issuers.organisation(row.did),
            occupation=naming.occupation_name(row.occupation),
            since=as_moment(row.valid_from).date(),
            until=as_moment(row.valid_until).date() if row.valid_until else None,
        )
        for row in held
    )


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
    rows = sorted(contributions.list_endorsements(session, audiences, did=did), key=moment_of, reverse=True)[:SHOWN]
    items = catalogue.find_items(session, [row.item_uri for row in rows], audiences)
    titles = titles_of(session, [row.task for row in rows], audiences)
    return tuple(
        GivenEndorsement(
            subject=Link(text=items[row.item_uri].title, href=href_of_item(row.item_uri)),
            verdict=cast(Verdict, row.verdict),
            task=task_link(row.task, titles) if row.task and row.task != row.item_uri else None,
            at=as_moment(moment_of(row)),
            note=row.note,
        )
        for row in rows
        if row.item_uri in items
    )


def _vouchers(names: Names, dids: list[str]) -> list[PersonLink]:
    return [names.person(did) for did in dict.fromkeys(dids)]


def _vouch_form(viewer: Viewer, did: str, vouches: list[str]) -> VouchForm | None:
    if not viewer.did or viewer.did == did or not may(viewer, Action.PUBLISH):
        return None
    return VouchForm(action=f"{href_of_person(did)}/vouch", given=viewer.did in vouches)


HANDLERS = (person_page,)
