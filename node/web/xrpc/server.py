"""com.atproto.server.*: what the server is, sessions and app passwords for the protocol's own clients."""

from __future__ import annotations

from typing import Any

from litestar import Request, get

from node.errors import NotSignedIn
from node.services.assembly import Services
from node.services.audit import Deed
from node.services.hosting.names import handle_domain
from node.services.people.app_passwords import WORDS, AppPasswords
from node.services.policy import Action, Viewer, may, require, require_proven
from node.store.administration.people import find_person_of_did
from node.store.clock import SECOND, as_text, now
from node.store.repositories.accounts import find_account
from node.web.access.viewing import address_of, bearer_of
from node.web.xrpc.limits import SESSIONS, charge
from node.web.xrpc.methods import procedure, query, without_input

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


def open_session(services: Services, name: str, did: str, via: str = "", *, proven_at: int = 0) -> Body:
    """New tokens and what the account is; `via` is the app password that the session comes from.

    `proven_at`: seconds, when the account's own password was shown.
    """
    tokens = services.registry.tokens
    return {
        **_account(services, did),
        "accessJwt": tokens.sign_jwt(did, name, "access", via, proven_at=proven_at),
        "refreshJwt": tokens.sign_jwt(did, name, "refresh", via, proven_at=proven_at),
    }


def _account(services: Services, did: str) -> Body:
    with services.database.read() as session:
        account = find_account(session, did)
    if account is None or account.status == "deleted":
        raise AuthFailed
    active = account.status == "active"
    # Clients send what follows to the host that the document names: while an account moves, that is not this node.
    document = services.accounts.document(did) if active else {}
    return {
        "did": did,
        "handle": account.handle,
        **({"didDoc": document} if document else {}),
        "active": active,
        **({} if active else {"status": account.status}),
    }


@procedure("com.atproto.server.createSession")
def create_session(request: Request[Any, Any, Any], data: Body, services: Services) -> Body:
    """Sign in with a handle, DID or sign-in name, and a password or app password."""
    address = address_of(request)
    charge(SESSIONS, address)
    name = _name_of(services, data["identifier"])
    person = services.registry.find(name)
    via = AppPasswords(services.database).find(name, data["password"]) if person else ""
    if person is not None and via:
        return open_session(services, name, person.did, via)
    viewer = services.registry.sign_in(name, data["password"], address, code=data.get("authFactorToken", ""))
    if not may(viewer, Action.PUBLISH) or not viewer.did:
        raise AuthFailed("This person has no repository here.", hint="`skillnet account create` makes one.")
    services.audit.note_sign_in(viewer)
    return open_session(services, viewer.name, viewer.did, proven_at=now() // SECOND)


def _name_of(services: Services, identifier: str) -> str:
    """The sign-in name behind a handle or DID; a name that nobody has where there is none."""
    if "." not in identifier and not identifier.startswith("did:"):
        return identifier
    with services.database.read() as session:
        account = find_account(session, identifier if identifier.startswith("did:") else identifier.lower())
        person = find_person_of_did(session, account.did) if account else None
    return person.name if person else "?"


@without_input("com.atproto.server.refreshSession")
def refresh_session(request: Request[Any, Any, Any], services: Services) -> Body:
    """New tokens for a refresh token; the old one ends."""
    claims = services.registry.tokens.use_refresh(bearer_of(request))
    return open_session(services, claims.person, claims.did, claims.via, proven_at=claims.proven_at)


@without_input("com.atproto.server.deleteSession")
def delete_session(request: Request[Any, Any, Any], services: Services) -> Body:
    """End a session by its refresh token."""
    services.registry.tokens.use_refresh(bearer_of(request))
    return {}


@get("/xrpc/com.atproto.server.getSession", sync_to_thread=True)
def get_session(services: Services, viewer: Viewer) -> Body:
    """Who is signed in."""
    if not viewer.did:
        raise NotSignedIn
    return _account(services, viewer.did)


@procedure("com.atproto.server.createAppPassword")
def create_app_password(services: Services, viewer: Viewer, data: Body) -> Body:
    """A password for one program, shown this once; it publishes and cannot manage the account.

    A session asks for it that the account's password began a quarter of an hour ago at most.
    """
    require_proven(viewer, Action.MANAGE)
    password, at = AppPasswords(services.database).create(viewer.name, data["name"])
    services.audit.note(viewer, Deed.KEY_MADE, viewer.name, WORDS)
    return {"name": data["name"], "password": password, "createdAt": as_text(at), "privileged": False}


@query("com.atproto.server.listAppPasswords")
def list_app_passwords(services: Services, viewer: Viewer) -> Body:
    """Their names; the passwords are not kept."""
    require(viewer, Action.MANAGE)
    rows = AppPasswords(services.database).list(viewer.name)
    return {
        "passwords": [{"name": row.label, "createdAt": as_text(row.created_at), "privileged": False} for row in rows]
    }


@procedure("com.atproto.server.revokeAppPassword")
def revoke_app_password(services: Services, viewer: Viewer, data: Body) -> Body:
    """End one, and the sessions that it began."""
    require(viewer, Action.MANAGE)
    if AppPasswords(services.database).revoke(viewer.name, data["name"]):
        services.audit.note(viewer, Deed.KEY_ENDED, viewer.name, WORDS)
    return {}


HANDLERS = (
    describe_server, create_session, refresh_session, delete_session, get_session, create_app_password,
    list_app_passwords, revoke_app_password,
)  # fmt: skip
