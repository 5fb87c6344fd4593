"""com.atproto.identity.resolve*: the account behind a handle or DID, hosted here or anywhere."""

from __future__ import annotations

from typing import Any

from litestar import Request

from federation.did.document import make_document
from node.errors import Malformed, NodeError
from node.services.assembly import Services
from node.services.policy import Action, Viewer, require
from node.store.repositories.accounts import find_named
from node.web.access.viewing import address_of
from node.web.xrpc.limits import LOOKUPS, charge
from node.web.xrpc.methods import procedure, query

Body = dict[str, Any]
AnyRequest = Request[Any, Any, Any]
INVALID_HANDLE = "handle.invalid"


class HandleNotFound(Malformed):
    """Unable to resolve handle"""

    code = "HandleNotFound"


class DidNotFound(Malformed):
    """Unable to resolve DID"""

    code = "DidNotFound"


@query("com.atproto.identity.resolveHandle")
def resolve_handle(services: Services, request: AnyRequest, handle: str) -> Body:
    """The DID that a handle leads to: one given out here, or what DNS and the handle's own host say."""
    with services.database.read() as session:
        account = find_named(session, handle.lower())
    if account is not None:
        return {"did": account.did}
    return {"did": _look_up(services, request, handle)}


@query("com.atproto.identity.resolveDid")
def resolve_did(services: Services, request: AnyRequest, did: str) -> Body:
    """The DID document of any account."""
    return {"didDoc": _document(services, request, did)[0]}


@query("com.atproto.identity.resolveIdentity")
def resolve_identity(services: Services, request: AnyRequest, identifier: str) -> Body:
    """The document behind a DID or handle, and the handle when it leads back."""
    return _identity(services, request, identifier)


@procedure("com.atproto.identity.refreshIdentity")
def refresh_identity(services: Services, request: AnyRequest, viewer: Viewer, data: Body) -> Body:
    """As resolveIdentity; nothing is cached here anyway."""
    require(viewer, Action.PUBLISH)
    return _identity(services, request, data["identifier"])


def _identity(services: Services, request: AnyRequest, identifier: str) -> Body:
    did = identifier if identifier.startswith("did:") else _look_up(services, request, identifier)
    document, handle = _document(services, request, did)
    confirmed = bool(handle) and services.outside.find_handle(handle) == did
    return {"did": did, "handle": handle if confirmed else INVALID_HANDLE, "didDoc": document}


def _look_up(services: Services, request: AnyRequest, handle: str) -> str:
    """The DID of a handle. Raises HandleNotFound."""
    _charge(request)
    did = services.outside.find_handle(handle.lower())
    if not did:
        raise HandleNotFound
    return did


def _document(services: Services, request: AnyRequest, did: str) -> tuple[Body, str]:
    """The document of a DID and the handle that it claims. Raises DidNotFound."""
    document = services.identity.document() if did == services.identity.did else services.accounts.document(did)
    if document:
        return document, str((document.get("alsoKnownAs") or [""])[0]).removeprefix("at://")
    _charge(request)
    try:
        found = services.outside.document_for_strangers(did)
    except NodeError as error:
        raise DidNotFound(error.message) from error
    names, keys = [f"at://{found.handle}"] if found.handle else [], {"atproto": found.signing_key or ""}
    return make_document(did, names, keys, found.services), found.handle or ""


def _charge(request: AnyRequest) -> None:
    """Each look-up makes this node ask somebody else: a stranger may cause so many."""
    charge(LOOKUPS, address_of(request))


HANDLERS = (resolve_handle, resolve_did, resolve_identity, refresh_identity)
