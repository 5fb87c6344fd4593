"""A forgotten password, where the node can send mail; and the address that such mail goes to."""

from __future__ import annotations

import threading
from typing import Any

from litestar import Response, get, post
from structlog import get_logger

from node.errors import NodeError, Unknown
from node.services.assembly import Services
from node.services.audit import Deed
from node.services.people.mail import is_address
from node.services.policy import Action, Viewer, require_proven
from node.web.access.viewing import address_of
from node.web.contexts.accounts.sign_in import ForgottenPage
from node.web.notices import redirect_with
from node.web.pages.accounts.coming_in import AnyRequest
from node.web.pages.forms import Form
from node.web.presenting import show, site_of

log = get_logger("mail")


@get("/sign-in/forgotten", sync_to_thread=True, include_in_schema=False)
def forgotten_page(request: AnyRequest, services: Services, viewer: Viewer) -> Response[str]:
    """The form."""
    _require_mail(services)
    return show(services, ForgottenPage(site=site_of(request, services, viewer), action="/sign-in/forgotten"))


@post("/sign-in/forgotten", sync_to_thread=True, include_in_schema=False)
def send_link(request: AnyRequest, services: Services, data: Form) -> Response[Any]:
    """The answer is the same, and as quick, whether there is such a person or not."""
    _require_mail(services)
    name = data.get("name", "").strip().lower()[:254]
    if services.registry.count_mail(name, address_of(request)):
        threading.Thread(target=_send, args=(services, name), daemon=True).start()
    text = "If there is such an account with an address, a link is on its way, or came within the last hour."
    return redirect_with(services, "/sign-in", text)


@post("/account/email", sync_to_thread=True, include_in_schema=False)
def save_email(services: Services, viewer: Viewer, data: Form) -> Response[Any]:
    """Where a link for a new password is sent; empty for nowhere."""
    require_proven(viewer, Action.SECURE)
    address = data.get("email", "").strip()
    if address and not is_address(address):
        return redirect_with(services, "/account#mail", f"{address[:200]} is no mail address.", kind="problem")
    services.registry.set_email(viewer.name, address)
    services.audit.note(viewer, Deed.MAIL_SET, viewer.name, "" if address else "none")
    return redirect_with(services, "/account#mail", "Saved.")


def _send(services: Services, name: str) -> None:
    try:
        services.mail.send_links(name)
    except NodeError as error:
        log.warning("mail not sent", problem=error.message)


def _require_mail(services: Services) -> None:
    if not services.mail.on:
        raise Unknown("This node sends no mail.", hint="Whoever runs it can send you a link.")


HANDLERS = (forgotten_page, send_link, save_email)
