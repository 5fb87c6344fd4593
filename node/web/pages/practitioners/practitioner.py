"""Becoming a practitioner: an identity of one's own, and accepting what an organisation attests."""

from __future__ import annotations

from typing import Any

from litestar import Response, get, post
from litestar.response import Redirect

from federation.codec import decode
from federation.errors import FederationError
from federation.repository import Write
from node.errors import Conflict, Malformed, NodeError, Unknown
from node.services import naming
from node.services.assembly import Services
from node.services.audit import Deed
from node.services.hosting.accounts import load_rotation_key
from node.services.hosting.names import handle_domain
from node.services.policy import Action, Role, Viewer, require, require_proven
from node.services.ranking.statements import is_valid
from node.store.clock import as_text, moment_of, now
from node.store.content import contributions
from node.store.repositories import records
from node.store.sessions import Session
from node.store.tables.catalogue import CredentialRow
from node.web.contexts.cards import Choice, FieldProblem
from node.web.contexts.practitioners.practitioner import BecomePractitionerPage, CredentialOffer
from node.web.notices import redirect_with, show_once
from node.web.pages.accounts.proving import way_to_prove
from node.web.pages.authors import require_author
from node.web.pages.forms import Form
from node.web.pages.links import href_of_person, query_of
from node.web.pages.names import Names
from node.web.pages.reading import AnyRequest
from node.web.pages.settling import settle
from node.web.presenting import show, site_of
from schemas.authority import PROFILE

LONGEST_NAME = 100


@get("/practitioner", sync_to_thread=True, include_in_schema=False)
def practitioner_page(request: AnyRequest, services: Services, viewer: Viewer) -> Response[Any]:
    """The form; for who has an identity, what waits to be accepted."""
    require(viewer, Action.PRACTISE)
    if not (viewer.did or viewer.proven):  # before a recovery key is made for nothing
        return Redirect(way_to_prove("/practitioner"), status_code=303)
    return show_once(request, services, _page(request, services, viewer, {}, ()))


@post("/practitioner", sync_to_thread=True, include_in_schema=False)
def become_practitioner(request: AnyRequest, services: Services, viewer: Viewer, data: Form) -> Response[Any]:
    """Make the identity; its recovery key was made in the person's browser."""
    require_proven(viewer, Action.PRACTISE)
    services.sign_on.require_writer(viewer)
    if viewer.did:
        raise Conflict(f"You have an identity already: {viewer.did}.")
    try:
        did = _make_identity(services, viewer, data)
    except (NodeError, FederationError) as error:
        page = _page(request, services, viewer, data, (_problem(error),))
        return show(services, page, status=getattr(error, "status", 400))
    services.audit.note(viewer, Deed.ACCOUNT_MADE, viewer.name, did)
    settle(services, found=True)
    return redirect_with(
        services, href_of_person(did), "This identity is yours. Keep the recovery key where you keep what matters."
    )


@post("/credentials/accept", sync_to_thread=True, include_in_schema=False)
def accept_credential(services: Services, viewer: Viewer, uri: str) -> Response[Any]:
    """Name a credential in one's own profile: from then on it counts."""
    require_author(viewer)
    with services.database.read() as session:
        offered = {row.uri for row in _offered(session, viewer.did)}
        known = records.find_record(session, viewer.did, PROFILE, "self")
    if uri not in offered:
        raise Unknown("Nothing of that address waits to be accepted.")
    value: dict[str, Any] = decode(known.block) if known else _profile(viewer.display_name or viewer.name, "")
    value["credentials"] = [*value.get("credentials", []), uri]
    services.host.write(viewer.did, [Write("update" if known else "create", PROFILE, "self", value)], validate=True)
    settle(services, found=True)
    return redirect_with(services, href_of_person(viewer.did), "Accepted: your verdicts now carry that voice.")


def _make_identity(services: Services, viewer: Viewer, data: Form) -> str:
    name, handle = data.get("name", "").strip(), data.get("handle", "").strip().lower()
    recovery, occupation = data.get("recoveryKey", "").strip(), data.get("occupation", "")
    if not 0 < len(name) <= LONGEST_NAME:
        raise Malformed(f"A name has 1 to {LONGEST_NAME} characters.", code="name")
    if not recovery.startswith("did:key:"):
        raise Malformed("This is the public part of a recovery key: did:key:z…", code="recoveryKey")
    if occupation and occupation not in naming.known_occupations():
        raise Malformed("Choose one of the occupations.", code="occupation")
    rotation = load_rotation_key(services.database, services.sealer)
    account = services.accounts.create_practitioner(handle, recovery, rotation, services.stream)
    services.registry.grant(viewer.name, role=Role.PRACTITIONER, did=account.did)
    services.host.write(account.did, [Write("create", PROFILE, "self", _profile(name, occupation))], validate=True)
    return account.did


def _profile(name: str, occupation: str) -> dict[str, Any]:
    said = {"occupations": [occupation]} if occupation else {}
    return {"$type": PROFILE, "displayName": name, **said, "createdAt": as_text(now())}


def _problem(error: NodeError | FederationError) -> FieldProblem:
    code = getattr(error, "code", "")
    fields = {"InvalidHandle": "handle", "HandleNotAvailable": "handle", "name": "name", "occupation": "occupation"}
    field = fields.get(code, "recoveryKey" if code == "recoveryKey" or isinstance(error, FederationError) else "")
    return FieldProblem(
        field=field, text=f"{getattr(error, 'message', str(error))} {getattr(error, 'hint', '')}".strip()
    )


def _offered(session: Session, did: str) -> list[CredentialRow]:
    """Credentials that hold and that the person's profile does not name yet."""
    profile = contributions.find_profile(session, did)
    named = set(profile.credentials) if profile else set()
    rows = contributions.list_credentials(session, subject=did)
    return [row for row in rows if row.uri not in named and is_valid(row, now())]


def _page(
    request: AnyRequest, services: Services, viewer: Viewer, data: Form, problems: tuple[FieldProblem, ...]
) -> BecomePractitionerPage:
    occupations = sorted(naming.known_occupations().items(), key=lambda pair: pair[1])
    chosen = data.get("occupation", "")
    return BecomePractitionerPage(
        site=site_of(request, services, viewer),
        action="/practitioner",
        did=viewer.did or None,
        name=data.get("name", viewer.display_name),
        handle=data.get("handle", viewer.name),
        handle_suffix=f".{handle_domain(services.settings)}",
        occupations=(
            Choice(value="", label="Nothing of these", chosen=not chosen),
            *(
                Choice(value=code, label=label, chosen=code == chosen)
                for code, label in occupations
                if code.startswith("onet:")
            ),
        ),
        offers=_offers(services, viewer.did) if viewer.did else (),
        problems=problems,
    )


def _offers(services: Services, did: str) -> tuple[CredentialOffer, ...]:
    with services.database.read() as session:
        rows = _offered(session, did)
        names = Names(session, [row.did for row in rows])
    return tuple(
        CredentialOffer(
            organisation=names.organisation(row.did),
            occupation=naming.occupation_name(row.occupation),
            since=moment_of(row.valid_from).date(),
            accept="/credentials/accept?" + query_of(uri=row.uri),
        )
        for row in rows
    )


HANDLERS = (practitioner_page, become_practitioner, accept_credential)
