"""/api for operators: what protocol accounts need of them: confirmations, keys, an end."""

from __future__ import annotations

import asyncio
from typing import Any

from litestar import get, post

from node.errors import Malformed, Unknown
from node.services.assembly import Services
from node.services.audit import Deed
from node.services.moderating.lists import Rule
from node.services.people.confirmations import Confirmations, Purpose
from node.services.policy import Action, Viewer, require
from node.services.withholding import DENY
from node.store.administration.people import find_person_of_did
from node.store.clock import as_text
from node.store.repositories import accounts

Body = dict[str, Any]
_PURPOSES: dict[str, Purpose] = {"delete-account": "delete-account", "plc-operation": "plc-operation"}


@get("/api/confirmations", sync_to_thread=True)
def list_confirmations(services: Services, viewer: Viewer) -> list[Body]:
    """Who asked for a token that confirms what cannot be undone."""
    require(viewer, Action.OPERATE)
    rows = Confirmations(services.database).list()
    return [{"name": row.person, "purpose": row.label, "askedAt": as_text(row.created_at)} for row in rows]


@post("/api/accounts/{did:str}/confirmation", status_code=201, sync_to_thread=True)
def give_confirmation(services: Services, viewer: Viewer, did: str, purpose: str = "plc-operation") -> Body:
    """A token to hand to the account's owner; it works once, within three days."""
    require(viewer, Action.OPERATE)
    if purpose not in _PURPOSES:
        raise Malformed(f"purpose is one of {', '.join(_PURPOSES)}.")
    with services.database.read() as session:
        person = find_person_of_did(session, did)
    if person is None:
        raise Unknown(f"Nobody here has the account {did}.")
    services.audit.note(viewer, Deed.CONFIRMED, person.name, purpose)
    return {"token": Confirmations(services.database).give(person.name, _PURPOSES[purpose])}


@post("/api/accounts/{did:str}/rotate", status_code=200, sync_to_thread=True)
def rotate_key(services: Services, viewer: Viewer, did: str) -> Body:
    """A new signing key for an account, or for the node itself."""
    require(viewer, Action.OPERATE)
    with services.database.read() as session:
        accounts.get_account(session, did)
    made = services.documents.rotate(did)
    services.audit.note(viewer, Deed.KEYS_ROTATED, did)
    return {"did": did, "signingKey": made}


@post("/api/accounts/{did:str}/register-did", status_code=200, sync_to_thread=True)
def register_did(services: Services, viewer: Viewer, did: str, data: Body) -> Body:
    """Send an account's history from this node's own directory to another."""
    require(viewer, Action.OPERATE)
    directory, sent, total = services.documents.register(did, str(data.get("directory", "")))
    services.audit.note(viewer, Deed.IDENTITY_REGISTERED, did, directory)
    return {"did": did, "directory": directory, "sent": sent, "total": total}


@post("/api/accounts/{did:str}/status", status_code=200)
async def set_status(services: Services, viewer: Viewer, did: str, data: Body) -> Body:
    """`takendown` stops serving an account, by a rule with a reason; `active` lifts that and serves it again."""
    require(viewer, Action.MODERATE)
    decisions = services.moderation.decisions
    if did == services.identity.did or data.get("status") not in ("takendown", "active"):
        raise Malformed("status is takendown or active, of an account other than the node's.")
    if data["status"] == "takendown":
        reason = str(data.get("reason") or "The operator took it down.")
        await decisions.decide(viewer, Rule(DENY, did, reason))
    elif services.moderation.withholding.denies(did) is not None:
        await decisions.lift(viewer, did)
    else:
        await asyncio.to_thread(services.lifecycle.activate, did)
    await asyncio.to_thread(services.audit.note, viewer, Deed.ACCOUNT_STATUS, did, data["status"])
    return {"did": did, "status": data["status"]}


HANDLERS = (list_confirmations, give_confirmation, rotate_key, register_did, set_status)
