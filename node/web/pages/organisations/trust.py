"""Organisations: whom this node trusts, what would be otherwise, the catalogue through another's eyes."""

from __future__ import annotations

from typing import Any

from litestar import Response, get

from node.errors import Unknown
from node.services.assembly import Services
from node.services.policy import Action, Viewer, may
from node.store.content import catalogue, contributions
from node.store.content.catalogue import PUBLIC
from node.store.repositories import peers, records
from node.store.sessions import Session
from node.web.contexts.organisations.trust import FirstNode, OrganisationPage, SeenPlace, TrustPage, ViewpointPage
from node.web.contexts.organisations.trust_graph import Supposition
from node.web.notices import show_once
from node.web.pages.cards import Placed, module_cards
from node.web.pages.links import did_of, href_of_organisation
from node.web.pages.names import Names
from node.web.pages.order import in_order
from node.web.pages.organisations.peers import peer_line
from node.web.pages.organisations.standing import Standing
from node.web.pages.organisations.supposing import find_asked, suppose
from node.web.pages.reading import AnyRequest, readable_by
from node.web.presenting import site_of
from schemas.authority import VOUCH
from schemas.vouch_key import vouch_key

MODULES, PEOPLE, SEEN = 30, 200, 25
FIRST_NODES = 12
LISTED = 200  # organisations in one table


@get("/trust", sync_to_thread=True, include_in_schema=False)
def trust_page(request: AnyRequest, services: Services, viewer: Viewer) -> Response[str]:
    """Everybody this node knows of, by trust; what would be, for who is signed in and asks."""
    audiences = readable_by(services, viewer)
    asks = may(viewer, Action.READ_INTERNAL)
    with services.database.read() as session:
        standing = Standing(services, session, audiences)
        lines = [(did, standing.line(did)) for did in standing.organisations]
        lines = sorted(lines, key=lambda pair: (-pair[1].trust, pair[0]))[:LISTED]
        shown = [standing.with_questions(line, did) if asks else line for did, line in lines]
        page = TrustPage(
            site=site_of(request, services, viewer),
            trusted=tuple(line for line in shown if line.trust > 0),
            untrusted=tuple(line for line in shown if line.trust <= 0),
            peers=tuple(peer_line(row) for row in peers.list_peers(session)),
            graph=standing.graph(),
            supposition=_supposition(request, services, session, viewer) if asks else None,
            unranked=services.rankings.unranked_reason() or "",
            first_nodes=_first_nodes(services, session, viewer),
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


@get("/organisations/{did:str}/view", sync_to_thread=True, include_in_schema=False)
def viewpoint_page(request: AnyRequest, services: Services, viewer: Viewer, did: str) -> Response[Any]:
    """What this node knows, in the order in which a trusted organisation would see it."""
    audiences, did = readable_by(services, viewer), did_of(did)
    if did == services.identity.did or did not in services.rankings.trust():
        raise Unknown("Only an organisation that this node trusts lends its eyes.", hint="They stand at /trust.")
    with services.database.read() as session:
        standing = Standing(services, session, audiences, did)
        lines = [standing.line(other) for other in standing.organisations if other in standing.trust]
        ranked = services.rankings.unranked_reason(did) is None
        page = ViewpointPage(
            site=site_of(request, services, viewer),
            organisation=standing.names.organisation(did),
            words=_seen_words(standing.names.name(did), ranked=ranked),
            trusted=tuple(sorted(lines, key=lambda line: -line.trust)),
            graph=standing.graph(),
            places=_seen(services, session, did) if ranked else (),
        )
    return show_once(request, services, page)


def _seen_words(name: str, *, ranked: bool) -> str:
    if not ranked:
        return f"As far as this node knows, {name} trusts nobody else, so it would see no order."
    return (
        f"The statements are the same public ones that this node knows; only whom {name} trusts is different."
        f" Its own node may know others. Nothing is asked of it."
    )


def _seen(services: Services, session: Session, did: str) -> tuple[SeenPlace, ...]:
    uris = catalogue.list_uris(session, PUBLIC, "module")
    there = services.rankings.order(uris, viewer=did)[:SEEN]
    here = {uri: place for place, uri in enumerate(services.rankings.order(uris), 1)}
    ranked = services.rankings.unranked_reason() is None
    cards = module_cards(services, session, [Placed(uri) for uri in there], PUBLIC)
    return tuple(
        SeenPlace(module=card, place=place, here=here.get(uri) if ranked else None)
        for place, (uri, card) in enumerate(zip(there, cards, strict=True), 1)
    )


def _supposition(request: AnyRequest, services: Services, session: Session, viewer: Viewer) -> Supposition | None:
    asked = find_asked(dict(request.query_params))
    return suppose(services, session, viewer, asked) if asked else None


def _first_nodes(services: Services, session: Session, viewer: Viewer) -> tuple[FirstNode, ...]:
    """For a node that trusts nobody: nodes it follows, then those that these recommend."""
    if services.rankings.unranked_reason() is None:
        return ()
    known = {row.did: row for row in contributions.list_organisations(session)}
    followed = [row.did for row in peers.list_peers(session) if row.did in known]
    recommended = [str(peer.get("did")) for did in followed for peer in known[did].peers if peer.get("did") in known]
    names, operates = Names(session, known), may(viewer, Action.OPERATE)
    return tuple(
        FirstNode(
            organisation=names.organisation(did),
            words="This node follows it." if did in followed else "A node that this one follows recommends it.",
            vouch=f"{href_of_organisation(did)}/vouch" if operates else None,
            command=f"skillnet follow {known[did].url} --trust",
        )
        for did in dict.fromkeys([*followed, *recommended])
        if did != services.identity.did
    )[:FIRST_NODES]


HANDLERS = (trust_page, organisation_page, viewpoint_page)
