"""com.atproto.server.createInviteCode(s): the operator lets somebody make an account through the protocol."""

from __future__ import annotations

from typing import Any

from node.errors import Malformed
from node.services.assembly import Services
from node.services.audit import Deed
from node.services.policy import Action, Role, Viewer, require
from node.web.xrpc.methods import procedure, query

Body = dict[str, Any]
MOST_CODES = 100
OPERATOR = "admin"  # what the protocol calls codes that belong to no account


@procedure("com.atproto.server.createInviteCode")
def create_invite_code(services: Services, viewer: Viewer, data: Body) -> Body:
    """One code, for one account."""
    return {"code": _make(services, viewer, data, 1)[0]}


@procedure("com.atproto.server.createInviteCodes")
def create_invite_codes(services: Services, viewer: Viewer, data: Body) -> Body:
    """Several codes for each of the accounts named, or for nobody in particular."""
    holders = data.get("forAccounts") or [OPERATOR]
    if data["codeCount"] * len(holders) > MOST_CODES:
        raise Malformed(f"At most {MOST_CODES} codes at a time.")
    return {"codes": [{"account": one, "codes": _make(services, viewer, data, data["codeCount"])} for one in holders]}


@query("com.atproto.server.getAccountInviteCodes")
def get_account_invite_codes(viewer: Viewer) -> Body:
    """None: here only operators invite, and of a code nothing but its digest is kept."""
    require(viewer, Action.MANAGE)
    return {"codes": []}


def _make(services: Services, viewer: Viewer, data: Body, count: int) -> list[str]:
    require(viewer, Action.OPERATE)
    if data["useCount"] != 1:
        raise Malformed("An invitation of this node works once; make several instead.")
    if not 0 < count <= MOST_CODES:
        raise Malformed(f"1 to {MOST_CODES} codes at a time.")
    invitations = services.invitations
    services.audit.note(viewer, Deed.INVITED, "", f"{count} × practitioner")
    return [invitations.make((Role.PRACTITIONER,)) for _ in range(count)]


HANDLERS = (create_invite_code, create_invite_codes, get_account_invite_codes)
