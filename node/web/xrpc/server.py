"""com.atproto.server.*: what the server is, and sessions for the protocol's own clients."""

from __future__ import annotations

from typing import Any

from litestar import Request, get, post

from node.errors import NotSignedIn
from node.services.assembly import Services
from node.services.hosting.names import handle_domain
from node.services.policy import Role, Viewer
from node.store.accounts import find_account
from node.store.people import find_person_of_did
from node.web.access.viewing import bearer_of

Body = dict[str, Any]


class AuthFailed(NotSignedIn):
    """Invalid identifier or password"""


@get("/xrpc/com.atproto.server.describeServer", sync_to_thread=True)
def describe_server(services: Services) -> Body:
    """Who this server is and which handles it gives out."""
    return {
        "did": services.identity.did,
        "availableUserDomains": [f".{handle_domain(services.settings)}"],
        "inviteCodeRequired": not services.settings.open_registration,
        "phoneVerificationRequired": False,
        "links": {},
    }


def _session(services: Services, name: str, did: str) -> Body:
    with services.database.read() as session:
        account = find_account(session, did)
    if account is None:
        raise AuthFailed
    tokens = services.registry.tokens
    return {
        "did": did,
        "handle": account.handle,
        "didDoc": services.accounts.document(did),
        "active": account.status == "active",
        "accessJwt": tokens.sign_jwt(did, name, "access"),
        "refreshJwt": tokens.sign_jwt(did, name, "refresh"),
    }


@post("/xrpc/com.atproto.server.createSession", status_code=200, sync_to_thread=True)
def create_session(request: Request[Any, Any, Any], data: Body, services: Services) -> Body:
    """Sign in with a handle, DID or sign-in name and a password."""
    identifier, password = str(data.get("identifier", "")), str(data.get("password", ""))
    name = identifier
    if "." in identifier or identifier.startswith("did:"):
        with services.database.read() as session:
            account = find_account(session, identifier)
            person = find_person_of_did(session, account.did) if account else None
        name = person.name if person else "?"
    address = request.client.host if request.client else ""
    viewer = services.registry.sign_in(name, password, address)
    if Role.PRACTITIONER not in viewer.roles or not viewer.did:
        raise AuthFailed("This person has no repository here.", hint="`skillnet account create` makes one.")
    return _session(services, viewer.name, viewer.did)


@post("/xrpc/com.atproto.server.refreshSession", status_code=200, sync_to_thread=True)
def refresh_session(request: Request[Any, Any, Any], services: Services) -> Body:
    """New tokens for a refresh token; the old one ends."""
    name, did = services.registry.tokens.use_refresh(bearer_of(request))
    return _session(services, name, did)


@post("/xrpc/com.atproto.server.deleteSession", status_code=200, sync_to_thread=True)
def delete_session(request: Request[Any, Any, Any], services: Services) -> Body:
    """End a session by its refresh token."""
    services.registry.tokens.use_refresh(bearer_of(request))
    return {}


@get("/xrpc/com.atproto.server.getSession", sync_to_thread=True)
def get_session(services: Services, viewer: Viewer) -> Body:
    """Who is signed in."""
    with services.database.read() as session:
        account = find_account(session, viewer.did) if viewer.did else None
    if account is None:
        raise NotSignedIn
    document = services.accounts.document(viewer.did)
    return {"did": account.did, "handle": account.handle, "didDoc": document, "active": account.status == "active"}


HANDLERS = (describe_server, create_session, refresh_session, delete_session, get_session)
