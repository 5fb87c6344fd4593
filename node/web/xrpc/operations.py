"""com.atproto.identity.*: operations on an account's document, its handle, and resolving anybody's."""

from __future__ import annotations

from typing import Any

from federation.did.document import DidDocument, make_document
from node.errors import Malformed
from node.services.assembly import Services
from node.services.people.confirmations import Confirmations
from node.services.policy import Action, Viewer, require
from node.web.xrpc.limits import HANDLES, charge
from node.web.xrpc.methods import procedure, query, without_input

Body = dict[str, Any]
INVALID_HANDLE = "handle.invalid"


@query("com.atproto.identity.getRecommendedDidCredentials")
def get_recommended(services: Services, viewer: Viewer) -> Body:
    """What the account's document should say while it lives here."""
    require(viewer, Action.MANAGE)
    return services.documents.recommended(viewer.did)


@without_input("com.atproto.identity.requestPlcOperationSignature")
def request_signature(services: Services, viewer: Viewer) -> Body:
    """Ask the operator for the token with which an operation is signed."""
    require(viewer, Action.MANAGE)
    Confirmations(services.database).ask(viewer.name, "plc-operation")
    return {}


@procedure("com.atproto.identity.signPlcOperation")
def sign_operation(services: Services, viewer: Viewer, data: Body) -> Body:
    """The account's next operation, signed by this node's rotation key. A person with a recovery key needs no node."""
    require(viewer, Action.MANAGE)
    if not data.get("token"):
        raise Malformed("email confirmation token required to sign PLC operations", code="InvalidToken")
    operation = services.documents.sign(viewer.did, data)
    Confirmations(services.database).use(viewer.name, "plc-operation", data["token"])
    return {"operation": operation}


@procedure("com.atproto.identity.submitPlcOperation")
def submit_operation(services: Services, viewer: Viewer, data: Body) -> Body:
    """Send an operation to the directory, when under it the account lives here."""
    require(viewer, Action.MANAGE)
    services.documents.submit(viewer.did, data["operation"])
    return {}


@procedure("com.atproto.identity.updateHandle")
def update_handle(services: Services, viewer: Viewer, data: Body) -> Body:
    """Another handle: one of this node's domain, or one whose own domain names the account."""
    require(viewer, Action.MANAGE)
    charge(HANDLES, viewer.did)
    services.documents.change_handle(viewer.did, data["handle"].lower())
    return {}


@query("com.atproto.identity.resolveIdentity")
def resolve_identity(services: Services, identifier: str) -> Body:
    """The document behind a DID or handle, and the handle when it leads back."""
    return _identity(services, identifier)


@procedure("com.atproto.identity.refreshIdentity")
def refresh_identity(services: Services, viewer: Viewer, data: Body) -> Body:
    """As resolveIdentity; nothing is cached here anyway."""
    require(viewer, Action.PUBLISH)
    return _identity(services, data["identifier"])


def _identity(services: Services, identifier: str) -> Body:
    did = identifier if identifier.startswith("did:") else services.outside.find_handle(identifier.lower())
    if not did:
        raise Malformed("Unable to resolve handle", code="HandleNotFound")
    document = services.identity.document() if did == services.identity.did else services.accounts.document(did)
    handle = str((document.get("alsoKnownAs") or [""])[0]).removeprefix("at://") if document else ""
    if not document:
        found = _resolve(services, did)
        names, keys = [f"at://{found.handle}"] if found.handle else [], {"atproto": found.signing_key or ""}
        document, handle = make_document(did, names, keys, found.services), found.handle or ""
    confirmed = bool(handle) and services.outside.find_handle(handle) == did
    return {"did": did, "handle": handle if confirmed else INVALID_HANDLE, "didDoc": document}


def _resolve(services: Services, did: str) -> DidDocument:
    try:
        return services.outside.document(did)
    except Malformed as error:
        raise Malformed(error.message, code="DidNotFound") from error


HANDLERS = (
    get_recommended, request_signature, sign_operation, submit_operation, update_handle, resolve_identity,
    refresh_identity,
)  # fmt: skip
