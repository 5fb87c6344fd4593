"""What an operator does on their page: peers, invitations, one-time links."""

from __future__ import annotations

import asyncio
from typing import Any

from litestar import Response, post

from node.errors import Malformed, NodeError, Unknown
from node.services.assembly import Services
from node.services.audit import Deed
from node.services.people.invitations import Invitations
from node.services.policy import Action, Role, Viewer, require, require_proven
from node.web.notices import redirect_with
from node.web.pages.forms import Form, Repeating, all_of, is_ticked

HOME = "/admin"


@post("/admin/doctor", sync_to_thread=True, include_in_schema=False)
def look_again(services: Services, viewer: Viewer) -> Response[Any]:
    """Let the doctor look now; it takes some seconds."""
    require(viewer, Action.OPERATE)
    seen = services.doctor.look(compare=True)
    words = f"{len(seen.findings)} things looked at, {len(seen.wrong) or 'none'} wrong."
    return redirect_with(services, f"{HOME}#doctor", words, kind="problem" if seen.wrong else "done")


@post("/admin/peers", include_in_schema=False)
async def follow(services: Services, viewer: Viewer, data: Form) -> Response[Any]:
    """Follow a host; with `trust` this node also vouches for it."""
    require(viewer, Action.OPERATE)
    url = data.get("url", "").strip()
    try:
        row = await services.follower.follow(url, trust=is_ticked(data, "trust"))
    except NodeError as error:
        return redirect_with(services, HOME, f"{error.message} {error.hint}".strip(), kind="problem")
    await asyncio.to_thread(services.audit.note, viewer, Deed.FOLLOWED, row.url, "trusted" if row.trusted else "")
    return redirect_with(services, f"{HOME}#peers", f"This node follows {row.organisation or row.url} from now on.")


@post("/admin/peers/unfollow", include_in_schema=False)
async def unfollow(services: Services, viewer: Viewer, url: str) -> Response[Any]:
    """Follow no more, and forget what came from there."""
    require(viewer, Action.OPERATE)
    await services.follower.unfollow(url)
    await asyncio.to_thread(services.audit.note, viewer, Deed.UNFOLLOWED, url)
    done = f"This node no longer follows {url}; what came from there is forgotten."
    return redirect_with(services, f"{HOME}#peers", done)


@post("/admin/invitations", sync_to_thread=True, include_in_schema=False)
def invite(services: Services, viewer: Viewer, data: Repeating) -> Response[Any]:
    """A link with which somebody makes an account with these roles."""
    require_proven(viewer, Action.OPERATE)
    roles = _roles(data)
    if not roles:
        return redirect_with(services, HOME, "Tick what the person will be able to do here.", kind="problem")
    token = Invitations(services.database, services.registry).make(roles)
    services.audit.note(viewer, Deed.INVITED, "", " ".join(sorted(roles)))
    return redirect_with(services, HOME, "", link=f"{services.settings.public_url}/link/{token}")


@post("/admin/invitations/{invitation:str}/revoke", sync_to_thread=True, include_in_schema=False)
def revoke_invitation(services: Services, viewer: Viewer, invitation: str) -> Response[Any]:
    """End an invitation that was not used."""
    require(viewer, Action.OPERATE)
    Invitations(services.database, services.registry).revoke(invitation)
    services.audit.note(viewer, Deed.INVITATION_REVOKED, invitation[:12])
    return redirect_with(services, f"{HOME}#people", "The invitation is revoked.")


@post("/admin/people/{name:str}/link", sync_to_thread=True, include_in_schema=False)
def reset(services: Services, viewer: Viewer, name: str) -> Response[Any]:
    """A one-time link with which a person sets a new password; shown once."""
    require_proven(viewer, Action.OPERATE)
    if services.registry.find(name) is None:
        raise Unknown(f"Nobody here is called {name}.")
    token = services.registry.tokens.new_link(name)
    services.audit.note(viewer, Deed.LINK_MADE, name)
    return redirect_with(services, HOME, "", link=f"{services.settings.public_url}/link/{token}")


@post("/admin/people/{name:str}/second-factor/end", sync_to_thread=True, include_in_schema=False)
def lift_second_factor(services: Services, viewer: Viewer, name: str) -> Response[Any]:
    """For who lost phone and recovery codes: the password alone again, until they set it up anew."""
    require_proven(viewer, Action.OPERATE)
    if services.registry.find(name) is None:
        raise Unknown(f"Nobody here is called {name}.")
    services.registry.second_factor.switch_off(name)
    services.audit.note(viewer, Deed.FACTOR_LIFTED, name)
    return redirect_with(services, f"{HOME}#people", f"No code is asked of {name} any more.")


@post("/admin/people/{name:str}/roles", sync_to_thread=True, include_in_schema=False)
def change_roles(services: Services, viewer: Viewer, name: str, data: Repeating) -> Response[Any]:
    """Give a person the roles that are ticked, and no others."""
    require_proven(viewer, Action.OPERATE)
    if services.registry.find(name) is None:
        raise Unknown(f"Nobody here is called {name}.")
    roles = _roles(data)
    if name == viewer.name and Role.OPERATOR not in roles:
        return redirect_with(services, f"{HOME}#people", "Another operator must take this from you.", kind="problem")
    row = services.registry.set_roles(name, roles)
    services.audit.note(viewer, Deed.ROLES_CHANGED, name, " ".join(row.roles) or "none")
    return redirect_with(services, f"{HOME}#people", f"{name}: {', '.join(row.roles) or 'no role'}.")


def _roles(data: Repeating) -> set[Role]:
    try:
        return set(map(Role, all_of(data, "role")))
    except ValueError as error:
        raise Malformed("There is no such role.", hint=f"One of {', '.join(Role)}.") from error


HANDLERS = (look_again, follow, unfollow, invite, revoke_invitation, reset, lift_second_factor, change_roles)
