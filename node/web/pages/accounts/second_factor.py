"""Setting up, renewing and ending the second factor of one's own account."""

from __future__ import annotations

import base64
from typing import Any

from litestar import Response, get, post

from node.errors import Malformed, NodeError
from node.services.assembly import Services
from node.services.audit import Deed
from node.services.people import totp
from node.services.policy import Action, Viewer, require_proven
from node.web.access.halves import find_sealed, seal_briefly
from node.web.contexts.accounts.account import RecoveryCodesPage, SecondFactorPage
from node.web.contexts.cards import FieldProblem
from node.web.notices import redirect_with
from node.web.pages.accounts.account import HOME
from node.web.pages.accounts.coming_in import AnyRequest
from node.web.pages.forms import Form
from node.web.presenting import show, site_of

_CONTEXT = "totp-pending"


@get("/account/second-factor", sync_to_thread=True, include_in_schema=False)
def second_factor_page(request: AnyRequest, services: Services, viewer: Viewer) -> Response[Any]:
    """A new secret to put into an app; nothing is kept before a code proves it."""
    require_proven(viewer, Action.SECURE)
    return show(services, _page(request, services, viewer, totp.new_secret()))


@post("/account/second-factor", sync_to_thread=True, include_in_schema=False)
def switch_on(request: AnyRequest, services: Services, viewer: Viewer, data: Form) -> Response[Any]:
    """From now on a code is asked for."""
    require_proven(viewer, Action.SECURE)
    said = find_sealed(services, _CONTEXT, data.get("pending", ""))
    if said is None or said.get("name") != viewer.name:
        raise Malformed("That took too long.", hint="Begin again.")
    secret = base64.b64decode(said["secret"])
    if services.registry.second_factor.is_on(viewer.name):
        raise Malformed("A code is asked for already.", hint="Switch it off first to use another app.")
    try:
        codes = services.registry.second_factor.switch_on(viewer.name, secret, data.get("code", ""))
    except NodeError as error:
        problem = FieldProblem(field="code", text=error.words)
        return show(services, _page(request, services, viewer, secret, (problem,)), status=400)
    services.audit.note(viewer, Deed.FACTOR_ON, viewer.name)
    return _codes(request, services, viewer, codes)


@post("/account/recovery-codes", sync_to_thread=True, include_in_schema=False)
def renew_codes(request: AnyRequest, services: Services, viewer: Viewer, data: Form) -> Response[Any]:
    """New recovery codes, for who can show a code."""
    require_proven(viewer, Action.SECURE)
    if problem := _refusal(services, viewer, data):
        return redirect_with(services, HOME, problem, kind="problem")
    services.audit.note(viewer, Deed.CODES_RENEWED, viewer.name)
    return _codes(request, services, viewer, services.registry.second_factor.new_codes(viewer.name))


@post("/account/second-factor/end", sync_to_thread=True, include_in_schema=False)
def switch_off(services: Services, viewer: Viewer, data: Form) -> Response[Any]:
    """The password alone again, for who can show a code."""
    require_proven(viewer, Action.SECURE)
    if problem := _refusal(services, viewer, data):
        return redirect_with(services, HOME, problem, kind="problem")
    services.registry.second_factor.switch_off(viewer.name)
    services.audit.note(viewer, Deed.FACTOR_OFF, viewer.name)
    return redirect_with(services, HOME, "No code is asked for any more.")


def _refusal(services: Services, viewer: Viewer, data: Form) -> str:
    try:
        services.registry.check_code(viewer.name, data.get("code", "") or " ")
    except NodeError as error:
        return error.words
    return ""


def _codes(request: AnyRequest, services: Services, viewer: Viewer, codes: list[str]) -> Response[Any]:
    return show(services, RecoveryCodesPage(site=site_of(request, services, viewer), codes=tuple(codes), back=HOME))


def _page(
    request: AnyRequest, services: Services, viewer: Viewer, secret: bytes, problems: tuple[FieldProblem, ...] = ()
) -> SecondFactorPage:
    issuer = services.settings.organisation or "SkillNet"
    spelled, address = totp.spelled(secret), totp.address_of(secret, viewer.name, issuer)
    said = {"name": viewer.name, "secret": base64.b64encode(secret).decode()}
    return SecondFactorPage(
        site=site_of(request, services, viewer),
        action="/account/second-factor",
        pending=seal_briefly(services, _CONTEXT, said),
        picture=totp.drawn(address),
        secret=" ".join(spelled[at : at + 4] for at in range(0, len(spelled), 4)),
        address=address,
        problems=problems,
    )


HANDLERS = (second_factor_page, switch_on, renew_codes, switch_off)
