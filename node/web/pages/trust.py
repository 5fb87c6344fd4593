"""Organisations: whom this node trusts, and one of them by itself."""

from __future__ import annotations

from typing import Any

from litestar import Response, get

from node.errors import Unknown
from node.services.assembly import Services
from node.services.policy import Action, Viewer, may
from node.store import catalogue, contributions, peers, records
from node.web.contexts.trust import OrganisationPage, TrustPage
from node.web.notices import show_once
from node.web.pages.cards import Placed, module_cards
from node.web.pages.links import did_of, href_of_organisation
from node.web.pages.names import Names
from node.web.pages.order import in_order
from node.web.pages.peers import peer_line
from node.web.pages.reading import AnyRequest, readable_by
from node.web.pages.standing import Standing
from node.web.presenting import site_of
from schemas.authority import VOUCH
from schemas.vouch_key import vouch_key

MODULES, PEOPLE = 30, 200


@get("/trust", sync_to_thread=True, include_in_schema=False)
def trust_page(request: AnyRequest, services: Services, viewer: Viewer) -> Response[str]:
    """Everybody this node knows of, by trust."""
    audiences = readable_by(services, viewer)
    with services.database.read() as session:
        standing = Standing(services, session, audiences)
        lines = [standing.line(did) for did in standing.organisations]
        hosts = peers.list_peers(session)
    page = TrustPage(
        site=site_of(request, services, viewer),
        trusted=tuple(sorted((line for line in lines if line.trust > 0), key=lambda line: -line.trust)),
        untrusted=tuple(line for line in lines if line.trust <= 0),
        peers=tuple(peer_line(row) for row in hosts),
    )
    return show_once(request, services, page)


@get("/organisations/{did:str}", sync_to_thread=True, include_in_schema=False)
def organisation_page(request: AnyRequest, services: Services, viewer: Viewer, did: str) -> Response[Any]:
    """One organisation: its people, its modules, how it stands from here."""
    audiences = readable_by(services, viewer)
    own, did = services.identity.did, did_of(did)
    with services.database.read() as session:
        row = contributions.find_organisation(session, did)
        if row is None:
            raise Unknown("This node knows no organisation of that identity.")
        standing = Standing(services, session, audiences)
        people = standing.members.get(did, [])[:PEOPLE]
        names = Names(session, people)
        uris = [
            item.uri
            for author in (did, *people)
            for item in catalogue.list_items(session, audiences, kind="module", did=author)
            if not item.retired
        ]
        places = [Placed(place.uri) for place in in_order(services, uris)[:MODULES]]
        page = OrganisationPage(
            site=site_of(request, services, viewer),
            name=row.name,
            did=did,
            url=row.url if row.url.startswith(("https://", "http://")) else "",
            description=row.description,
            standing=standing.line(did),
            people=tuple(names.person(person) for person in people),
            modules=module_cards(services, session, places, audiences),
            vouch=f"{href_of_organisation(did)}/vouch" if may(viewer, Action.OPERATE) and did != own else None,
            vouched=records.find_record(session, own, VOUCH, str(vouch_key(did))) is not None,
        )
    return show_once(request, services, page)


HANDLERS = (trust_page, organisation_page)
