"""Vouching: a practitioner for another, this node for an organisation; both taken back the same way."""

from __future__ import annotations

from typing import Any

from litestar import Response, post

from federation.repository import Write
from node.errors import Malformed, Unknown
from node.services.assembly import Services
from node.services.audit import Deed
from node.services.policy import Action, Viewer, require
from node.store.clock import as_text, now
from node.store.content import contributions
from node.store.repositories import records
from node.web.notices import redirect_with
from node.web.pages.authors import require_author
from node.web.pages.forms import Form, is_ticked
from node.web.pages.links import did_of, href_of_organisation, href_of_person
from node.web.pages.names import Names
from node.web.pages.settling import settle
from schemas.authority import VOUCH
from schemas.errors import IdentifierInvalid
from schemas.identifiers import parse_did
from schemas.vouch_key import vouch_key


@post("/people/{did:str}/vouch", sync_to_thread=True, include_in_schema=False)
def vouch_for_person(services: Services, viewer: Viewer, did: str, data: Form) -> Response[Any]:
    """Say, signed, that this person's judgement can be relied on; `withdraw` takes it back."""
    require_author(viewer)
    require(viewer, Action.ENDORSE)
    did = did_of(did)
    if viewer.did == did:
        raise Malformed("Nobody can vouch for themself.")
    name, known = _find_person(services, viewer, did)
    key = str(vouch_key(did))
    if is_ticked(data, "withdraw"):
        if known:
            services.host.write(viewer.did, [Write("delete", VOUCH, key)])
        done = f"Your vouch for {name} is taken back."
    else:
        note = data.get("note", "").strip()
        value = {"$type": VOUCH, "subject": did, "createdAt": as_text(now()), **({"note": note} if note else {})}
        services.host.write(viewer.did, [Write("update" if known else "create", VOUCH, key, value)], validate=True)
        done = f"You vouch for {name}, signed and public."
    settle(services)
    return redirect_with(services, href_of_person(did), done)


@post("/organisations/{did:str}/vouch", sync_to_thread=True, include_in_schema=False)
def vouch_for_organisation(services: Services, viewer: Viewer, did: str) -> Response[Any]:
    """Vouch as this node, or take that back."""
    require(viewer, Action.OPERATE)
    own, did = services.identity.did, did_of(did)
    if did == own:
        raise Malformed("A node cannot vouch for itself.")
    with services.database.read() as session:
        organisation = contributions.find_organisation(session, did)
        given = records.find_record(session, own, VOUCH, str(vouch_key(did))) is not None
    if organisation is None:
        raise Unknown("This node knows no organisation of that identity.", hint="Follow its node first.")
    (services.identity.unvouch if given else services.identity.vouch)(did)
    services.audit.note(viewer, Deed.VOUCHED, did, "withdrawn" if given else "")
    settle(services)
    name = organisation.name
    done = f"This node no longer vouches for {name}." if given else f"This node vouches for {name}: its word counts."
    return redirect_with(services, href_of_organisation(did), done)


def _find_person(services: Services, viewer: Viewer, did: str) -> tuple[str, bool]:
    """The person's name, and whether the viewer vouches already. Raises Unknown."""
    try:
        parse_did(did)
    except IdentifierInvalid as error:
        raise Unknown("That is no identity.") from error
    with services.database.read() as session:
        names = Names(session, [did])
        known = records.find_record(session, viewer.did, VOUCH, str(vouch_key(did)))
    if names.name(did) == did:
        raise Unknown("This node knows nobody of that identity.")
    return names.name(did), known is not None


HANDLERS = (vouch_for_person, vouch_for_organisation)
