"""com.atproto.identity.*: operations on an account's document, and its handle."""

from __future__ import annotations

from typing import Any

from node.errors import Malformed
from node.services.assembly import Services
from node.services.people.confirmations import Confirmations
from node.services.policy import Action, Viewer, require
from node.web.xrpc.limits import HANDLES, charge
from node.web.xrpc.methods import procedure, query, without_input

Body = dict[str, Any]


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


HANDLERS = (get_recommended, request_signature, sign_operation, submit_operation, update_handle)
