"""Passkeys: adding and removing one's own, and signing in with one."""

from __future__ import annotations

import base64
import json
from typing import Any

from litestar import Response, get, post

from node.errors import Malformed, NodeError
from node.services.assembly import Services
from node.services.audit import Deed
from node.services.policy import Action, Viewer, require_proven
from node.web.access.halves import find_sealed, seal_briefly
from node.web.access.viewing import address_of
from node.web.notices import redirect_with
from node.web.pages.accounts.coming_in import AnyRequest, let_in, safe_path
from node.web.pages.forms import Form
from node.web.xrpc.limits import SESSIONS, charge_failures

_ADD, _COME_IN = "passkey-add", "passkey-sign-in"
HOME = "/account#passkeys"


@get("/account/passkeys", sync_to_thread=True, include_in_schema=False)
def options_to_add(services: Services, viewer: Viewer) -> dict[str, Any]:
    """What the browser needs to make one."""
    require_proven(viewer, Action.SECURE)
    options, challenge = services.passkeys.options_to_add(viewer)
    return {"options": json.loads(options), "pending": _sealed(services, _ADD, challenge, viewer.name)}


@post("/account/passkeys", sync_to_thread=True, include_in_schema=False)
def add(services: Services, viewer: Viewer, data: Form) -> Response[Any]:
    """Keep the one that the browser made."""
    require_proven(viewer, Action.SECURE)
    challenge = _challenge(services, _ADD, data, viewer.name)
    name = data.get("name", "").strip() or "a passkey"
    try:
        services.passkeys.add(viewer.name, name, data.get("credential", ""), challenge)
    except NodeError as error:
        return redirect_with(services, HOME, error.words, kind="problem")
    services.audit.note(viewer, Deed.PASSKEY_ADDED, viewer.name)
    return redirect_with(services, HOME, "The passkey opens this account from now on.")


@post("/account/passkeys/{passkey:str}/end", sync_to_thread=True, include_in_schema=False)
def remove(services: Services, viewer: Viewer, passkey: str) -> Response[Any]:
    """It opens nothing any more."""
    require_proven(viewer, Action.SECURE)
    if services.passkeys.remove(viewer.name, passkey):
        services.audit.note(viewer, Deed.PASSKEY_REMOVED, viewer.name)
    return redirect_with(services, HOME, "The passkey opens nothing any more.")


@get("/sign-in/passkey", sync_to_thread=True, include_in_schema=False)
def options_to_sign_in(services: Services) -> dict[str, Any]:
    """What the browser needs to use one."""
    options, challenge = services.passkeys.options_to_sign_in()
    return {"options": json.loads(options), "pending": _sealed(services, _COME_IN, challenge, "")}


@post("/sign-in/passkey", sync_to_thread=True, include_in_schema=False)
def sign_in(request: AnyRequest, services: Services, data: Form) -> Response[Any]:
    """In, without a password or code: the device asked for finger, face or PIN."""
    with charge_failures(SESSIONS, address_of(request)):
        person = services.passkeys.sign_in(data.get("credential", ""), _challenge(services, _COME_IN, data, ""))
    return let_in(request, services, person, safe_path(data.get("next", "/")))


def _sealed(services: Services, context: str, challenge: bytes, name: str) -> str:
    return seal_briefly(services, context, {"challenge": base64.b64encode(challenge).decode(), "name": name})


def _challenge(services: Services, context: str, data: Form, name: str) -> bytes:
    said = find_sealed(services, context, data.get("pending", ""))
    if said is None or said.get("name") != name:
        raise Malformed("That took too long.", hint="Begin again.")
    return base64.b64decode(said["challenge"])


HANDLERS = (options_to_add, add, remove, options_to_sign_in, sign_in)
