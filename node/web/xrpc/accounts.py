"""com.atproto.server.*: an account is made or moves in, is switched off and on, is deleted; service tokens."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from litestar import Request, post

from federation.did.document import DidDocument, parse_document
from federation.errors import FederationError
from federation.keys import SigningKey
from node.errors import Malformed, NodeError, NotSignedIn
from node.services.assembly import Services
from node.services.audit import Deed
from node.services.hosting.accounts import load_rotation_key
from node.services.hosting.names import handle_domain
from node.services.people.confirmations import Confirmations
from node.services.people.second_factor import SecondFactorNeeded
from node.services.people.service_auth import make_service_token, read_service_token
from node.services.people.tokens import viewer_of
from node.services.policy import Action, Role, Viewer, may, require
from node.store.administration.people import find_person_of_did
from node.store.clock import SECOND, now
from node.store.repositories import accounts, blobs, records
from node.web.access.viewing import address_of, bearer_of
from node.web.xrpc.limits import ACCOUNTS, charge
from node.web.xrpc.methods import procedure, query, without_input
from node.web.xrpc.server import AuthFailed, open_session

Body = dict[str, Any]
CREATE_ACCOUNT = "com.atproto.server.createAccount"
# What a token for another server may not be bound to when who asks for it does not manage the account.
_MANAGING = ("com.atproto.server.", "com.atproto.identity.", "com.atproto.admin.", "com.atproto.repo.importRepo")


@procedure(CREATE_ACCOUNT)
def create_account(request: Request[Any, Any, Any], services: Services, data: Body) -> Body:
    """A new identity here; with `did` and a service token of that account, one that moves in."""
    charge(ACCOUNTS, address_of(request))
    did, name = data.get("did", ""), _name_in(services, data["handle"])
    if did and _speaker(services, bearer_of(request)) != did:
        raise NotSignedIn("Missing auth to create an account with this DID.", code="AuthenticationRequired")
    if not data.get("password"):
        raise Malformed("A password is needed.", code="InvalidPassword")
    if did:
        _check_free(services, did)
    _admit(services, name, data)
    try:
        made = _receive(services, did, data["handle"]) if did else _make(services, name, data.get("recoveryKey", ""))
    except Exception:
        services.registry.remove(name)
        services.invitations.give_back(data.get("inviteCode", ""))
        raise
    person = viewer_of(services.registry.grant(name, role=Role.PRACTITIONER, did=made))
    services.audit.note(person, Deed.ACCOUNT_MADE, name, made)
    services.audit.note_sign_in(person)
    return open_session(services, name, made, proven_at=now() // SECOND)


def _speaker(services: Services, token: str) -> str:
    """The account that a service token was signed by; empty without a token."""
    if not token:
        return ""
    return read_service_token(
        token,
        services.identity.did,
        CREATE_ACCOUNT,
        lambda did: services.outside.document_for_strangers(did).verifying_key,
    )


def _name_in(services: Services, handle: str) -> str:
    """The sign-in name for a handle: its first label. Raises Malformed for a handle of a domain that is not ours."""
    name, _, domain = handle.lower().partition(".")
    if domain != handle_domain(services.settings):
        raise Malformed(f"Handles here end in .{handle_domain(services.settings)}.", code="UnsupportedDomain")
    return name


def _check_free(services: Services, did: str) -> None:
    with services.database.read() as session:
        known = accounts.find_account(session, did)
    if known is not None and known.status != "deleted":
        raise Malformed("The account is here already; sign in to it.", code="AlreadyExists")


def _admit(services: Services, name: str, data: Body) -> None:
    """A person with this name and password, by invitation unless registration is open."""
    if services.settings.open_registration:
        services.registration.register(name, data["password"], ())
        return
    code = data.get("inviteCode", "")
    invitations = services.invitations
    if not code or invitations.find(code) is None:
        raise Malformed("An invitation of this node's operator is needed.", code="InvalidInviteCode")
    invitations.accept(code, name, data["password"])


def _make(services: Services, name: str, recovery_key: str) -> str:
    rotation = load_rotation_key(services.database, services.sealer)
    return services.accounts.create_practitioner(name, recovery_key, rotation, services.stream).did


def _receive(services: Services, did: str, handle: str) -> str:
    key = SigningKey.from_bytes(services.keyring.reserve(services.database, did))
    return services.accounts.receive(did, handle.lower(), key, services.stream).did


@procedure("com.atproto.server.reserveSigningKey")
def reserve_signing_key(request: Request[Any, Any, Any], services: Services, data: Body) -> Body:
    """The key that an account which is going to move here will sign with."""
    charge(ACCOUNTS, address_of(request))
    did = data.get("did", "")
    if not did:
        raise Malformed("Name the DID that the key is for.")
    return {"signingKey": SigningKey.from_bytes(services.keyring.reserve(services.database, did)).did_key}


@query("com.atproto.server.getServiceAuth")
def get_service_auth(services: Services, viewer: Viewer, aud: str, exp: int = 0, lxm: str = "") -> Body:
    """A token with which the account speaks to another server, signed by its own key."""
    require(viewer, Action.PUBLISH)
    if not may(viewer, Action.MANAGE) and (not lxm or lxm.startswith(_MANAGING)):
        raise Malformed("An app password, or a key that only publishes, cannot be used for this method.")
    with services.database.read() as session:
        key = services.keyring.key_of(session, viewer.did)
    return {"token": make_service_token(viewer.did, aud, key, lxm, exp)}


@query("com.atproto.server.checkAccountStatus")
def check_account_status(services: Services, viewer: Viewer) -> Body:
    """How far a move has come."""
    require(viewer, Action.MANAGE)
    did = viewer.did
    with services.database.read() as session:
        account = accounts.get_account(session, did)
        head = records.find_head(session, did)
        expected, here = blobs.count_blobs(session, did)
        repository = services.host.trees.open_whole(session, did)
        vertices = sum(1 for _ in repository.vertices())
    count = head.records if head else 0
    return {
        "activated": account.status == "active",
        "validDid": _document_problem(services, did) == "",
        "repoCommit": repository.commit_cid,
        "repoRev": repository.rev,
        "repoBlocks": vertices + count + 1,
        "indexedRecords": count,
        "privateStateValues": 0,
        "expectedBlobs": expected,
        "importedBlobs": here,
    }


def _document_problem(services: Services, did: str) -> str:
    """Why the account's document does not say that it lives here; empty when it does."""
    with services.database.read() as session:
        key = services.keyring.key_of(session, did).did_key
    try:
        document = _current_document(services, did)
        is_here = document.is_hosted_by(services.settings.public_url)
    except (FederationError, NodeError) as error:
        return str(error)
    if not is_here:
        return "The DID document does not name this node."
    return "" if document.signing_key == key else "The DID document names another signing key than the account's here."


def _current_document(services: Services, did: str) -> DidDocument:
    """As the directory in use or the DID's own domain says now."""
    if did.startswith("did:plc:"):
        return parse_document(services.documents.history(did).to_document(), did)
    return services.outside.document(did)


@without_input("com.atproto.server.activateAccount")
def activate_account(services: Services, viewer: Viewer) -> Body:
    """Serve the account from here; its document must say so. Raises Malformed."""
    require(viewer, Action.MANAGE)
    if problem := _document_problem(services, viewer.did):
        raise Malformed(problem, code="InvalidDid")
    with services.database.read() as session:
        is_taken_down = accounts.get_account(session, viewer.did).status == "takendown"
    if is_taken_down or services.withholding.denies(viewer.did) is not None:
        raise Malformed("The account was taken down by this node's operator.", code="AccountTakedown")
    services.lifecycle.activate(viewer.did)
    services.audit.note(viewer, Deed.ACCOUNT_STATUS, viewer.did, "active")
    return {}


@post("/xrpc/com.atproto.server.deactivateAccount", status_code=200, sync_to_thread=True)
def deactivate_account(services: Services, viewer: Viewer) -> Body:
    """Serve the account no longer; everything is kept. (`deleteAfter` is for the person to remember.)"""
    require(viewer, Action.MANAGE)
    services.lifecycle.deactivate(viewer.did)
    services.audit.note(viewer, Deed.ACCOUNT_STATUS, viewer.did, "deactivated")
    return {}


@without_input("com.atproto.server.requestAccountDelete")
def request_account_delete(services: Services, viewer: Viewer) -> Body:
    """Ask the operator for the token that deletes the account."""
    require(viewer, Action.MANAGE)
    Confirmations(services.database).ask(viewer.name, "delete-account")
    return {}


@procedure("com.atproto.server.deleteAccount")
def delete_account(request: Request[Any, Any, Any], services: Services, data: Body) -> Body:
    """Delete account and repository for good; the person too, with what they learnt, unless they have another role."""
    with services.database.read() as session:
        person = find_person_of_did(session, data["did"])
    if person is None:
        raise AuthFailed
    with suppress(SecondFactorNeeded):  # the token from the operator's hand stands for it
        services.registry.sign_in(person.name, data["password"], address_of(request))
    Confirmations(services.database).use(person.name, "delete-account", data["token"])
    services.audit.note(viewer_of(person), Deed.ACCOUNT_STATUS, data["did"], "deleted")
    services.leaving.end_account(data["did"])
    return {}


HANDLERS = (
    create_account, reserve_signing_key, get_service_auth, check_account_status, activate_account, deactivate_account,
    request_account_delete, delete_account,
)  # fmt: skip
