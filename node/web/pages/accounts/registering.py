"""Making an account by oneself, where the operator allows it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from litestar import Response, get, post

from node.errors import NodeError
from node.services.assembly import Services
from node.services.people.passwords import SHORTEST
from node.services.people.registration import RegistrationClosed, RegistrationRests
from node.services.policy import Action, Viewer, may
from node.web.access.viewing import address_of
from node.web.contexts.accounts.sign_in import FirstUsePage
from node.web.contexts.cards import FieldProblem
from node.web.pages.accounts.coming_in import AnyRequest, let_in
from node.web.pages.accounts.signing_in import ABLE
from node.web.pages.forms import Form
from node.web.presenting import show, site_of
from node.web.xrpc.limits import ACCOUNTS, charge


@get("/register", sync_to_thread=True, include_in_schema=False)
def register_page(request: AnyRequest, services: Services, viewer: Viewer) -> Response[str]:
    """The form, while registration is open."""
    services.registration.require_open()
    return show(services, _page(request, services, viewer))


@post("/register", sync_to_thread=True, include_in_schema=False)
def register(request: AnyRequest, services: Services, viewer: Viewer, data: Form) -> Response[Any]:
    """Make the account and sign in."""
    charge(ACCOUNTS, address_of(request))
    name, registration = data.get("name", "").strip().lower(), services.registration
    try:
        person = registration.register(name, data.get("password", ""), registration.roles)
    except (RegistrationClosed, RegistrationRests):
        raise
    except NodeError as error:
        field = "password" if "password" in error.message else "name"
        problem = FieldProblem(field=field, text=error.words)
        page = replace(_page(request, services, viewer), name=name, problems=(problem,))
        return show(services, page, status=error.status)
    return let_in(request, services, person, "/me/profile" if may(person, Action.LEARN) else "/")


def _page(request: AnyRequest, services: Services, viewer: Viewer) -> FirstUsePage:
    return FirstUsePage(
        site=site_of(request, services, viewer),
        action="/register",
        name="",
        name_fixed=False,
        by_link=False,
        renews=False,
        roles=tuple(ABLE[role] for role in sorted(services.registration.roles)),
        least=SHORTEST,
        problems=(),
    )


HANDLERS = (register_page, register)
