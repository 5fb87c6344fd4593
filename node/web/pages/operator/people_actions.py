"""What an operator does for people: invitations, one-time links, roles, and an end to an account."""

from __future__ import annotations

import re
import threading
from typing import Any

from litestar import Response, post
from structlog import get_logger

from node.errors import Malformed, NodeError
from node.services.assembly import Services
from node.services.audit import Deed
from node.services.people.invitations import OPEN_DAYS
from node.services.people.mail import is_address
from node.services.people.tokens import LIFETIME_DAYS, link_with
from node.services.policy import Action, Role, Viewer, require, require_proven
from node.web.api.operating import forget_person, lift_second_step, renew_link
from node.web.notices import redirect_with
from node.web.pages.accounts.signing_in import ABLE
from node.web.pages.forms import Form, Repeating, all_of, one_of
from node.web.pages.operator.people import HOME

MOST_AT_ONCE = 30  # invitations
ON_THE_WAY = "The invitations are on the way. They stand below as they are sent; whom the mail server refuses does not."

LINK_DAYS = LIFETIME_DAYS["link"]

log = get_logger("mail")


@post("/admin/invitations", sync_to_thread=True, include_in_schema=False)
def invite(services: Services, viewer: Viewer, data: Repeating) -> Response[Any]:
    """A link with which somebody makes an account with these roles; sent by mail to whoever is named."""
    require_proven(viewer, Action.OPERATE)
    roles, to = _roles(data), re.split(r"[\s,;]+", one_of(data, "to"))
    addresses = list(dict.fromkeys(address.lower() for address in to if address))
    if problem := _problem_of(services, roles, addresses):
        return redirect_with(services, HOME, problem, kind="problem")
    if addresses:
        threading.Thread(target=_send_all, args=(services, viewer, roles, addresses), daemon=True).start()
        return redirect_with(services, HOME, ON_THE_WAY)
    token = services.invitations.make(roles)
    services.audit.note(viewer, Deed.INVITED, "", " ".join(sorted(roles)))
    may = ", ".join(sorted(roles))
    words = f"An invitation as {may}: whoever opens it first has it. It is open for {OPEN_DAYS} days."
    return redirect_with(services, HOME, words, kind="attention", link=link_with(services.settings.public_url, token))


def _problem_of(services: Services, roles: set[Role], addresses: list[str]) -> str:
    if not roles:
        return "Tick what the person will be able to do here."
    if addresses and not services.mail.on:
        return "This node sends no mail: make a link and hand it over."
    if len(addresses) > MOST_AT_ONCE:
        return f"At most {MOST_AT_ONCE} invitations at once."
    wrong = [address for address in addresses if not is_address(address)]
    return f"No mail address: {', '.join(wrong)[:200]}. Nobody was invited." if wrong else ""


def _send_all(services: Services, viewer: Viewer, roles: set[Role], addresses: list[str]) -> None:
    """A slow mail server takes longer over them than a request may. Whoever cannot be reached is not invited."""
    invitations, able = services.invitations, [ABLE[role] for role in sorted(roles)]
    for address in addresses:
        token = invitations.make(roles, to=address)
        try:
            services.mail.send_invitation(address, token, able)
        except NodeError as error:
            invitations.revoke_token(token)
            log.warning("invitation not sent", problem=error.message)
        else:
            services.audit.note(viewer, Deed.INVITED, "", f"{' '.join(sorted(roles))}, by mail")


@post("/admin/invitations/{invitation:str}/revoke", sync_to_thread=True, include_in_schema=False)
def revoke_invitation(services: Services, viewer: Viewer, invitation: str) -> Response[Any]:
    """End an invitation that was not used."""
    require(viewer, Action.OPERATE)
    if not services.invitations.revoke(invitation):
        return redirect_with(services, HOME, "That invitation is not open: it was used, or has ended.", kind="problem")
    services.audit.note(viewer, Deed.INVITATION_REVOKED, invitation[:12])
    return redirect_with(services, HOME, "The invitation is revoked.")


@post("/admin/people/{name:str}/link", sync_to_thread=True, include_in_schema=False)
def reset(services: Services, viewer: Viewer, name: str) -> Response[Any]:
    """A one-time link with which a person sets a new password; shown once."""
    require_proven(viewer, Action.OPERATE)
    has_password = bool(services.registry.get(name).password)
    words = f"With this link {name} chooses {'a new' if has_password else 'a'} password. "
    words += f"It holds for {LINK_DAYS} days; one that was made before opens nothing any more."
    if not has_password and services.sign_on.is_tied(name):
        words += f" Until now {name} comes in by {services.sign_on.name} alone."
    return redirect_with(services, HOME, words, kind="attention", link=renew_link(services, viewer, name))


@post("/admin/people/{name:str}/second-factor/end", sync_to_thread=True, include_in_schema=False)
def lift_second_factor(services: Services, viewer: Viewer, name: str) -> Response[Any]:
    """For who lost phone and recovery codes: the password alone again, until they set it up anew."""
    require_proven(viewer, Action.OPERATE)
    lift_second_step(services, viewer, name)
    return redirect_with(services, HOME, f"No code is asked of {name} any more.")


@post("/admin/people/{name:str}/roles", sync_to_thread=True, include_in_schema=False)
def change_roles(services: Services, viewer: Viewer, name: str, data: Repeating) -> Response[Any]:
    """Give a person the roles that are ticked, and no others."""
    require_proven(viewer, Action.OPERATE)
    services.registry.get(name)
    roles = _roles(data)
    if name == viewer.name and Role.OPERATOR not in roles:
        return redirect_with(services, HOME, "Another operator must take this from you.", kind="problem")
    row = services.registry.set_roles(name, roles)
    services.sign_on.bar(name, out=not row.roles)
    services.audit.note(viewer, Deed.ROLES_CHANGED, name, " ".join(row.roles) or "none")
    if row.roles:
        return redirect_with(services, HOME, f"{name}: {', '.join(row.roles)}.")
    services.learning.addresses.end_all(name)
    words = f"{name} is shut out: no role; sessions, keys and private addresses have ended. What was published stays."
    return redirect_with(services, HOME, words)


@post("/admin/people/{name:str}/remove", sync_to_thread=True, include_in_schema=False)
def remove(services: Services, viewer: Viewer, name: str, data: Form) -> Response[Any]:
    """Forget somebody who left, for good."""
    require_proven(viewer, Action.OPERATE)
    if data.get("confirm", "").strip() != name:
        return redirect_with(services, HOME, f"Nothing was done: type {name} to confirm.", kind="problem")
    comes_back = services.sign_on.is_tied(name)
    forget_person(services, viewer, name)
    words = f"Nothing of {name} is kept here any more but what the logs say."
    if comes_back:
        words += f" As somebody new they come in by {services.sign_on.name} for as long as their groups say so there."
    return redirect_with(services, HOME, words)


def _roles(data: Repeating) -> set[Role]:
    try:
        return set(map(Role, all_of(data, "role")))
    except ValueError as error:
        raise Malformed("There is no such role.", hint=f"One of {', '.join(Role)}.") from error


HANDLERS = (invite, revoke_invitation, reset, lift_second_factor, change_roles, remove)
