"""Signing in and out, and the one-time link that sets a password."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from litestar import Response, get, post
from litestar.response import Redirect

from node.errors import NodeError, NotSignedIn
from node.services.assembly import Services
from node.services.audit import Deed
from node.services.people.first_link import forget_first_link
from node.services.people.passwords import SHORTEST
from node.services.people.registry import LinkSpent
from node.services.people.second_factor import SecondFactorNeeded
from node.services.people.tokens import viewer_of
from node.services.policy import Action, Role, Viewer, may
from node.web.access.halves import half_of, person_of_half, spend_half
from node.web.access.viewing import address_of, cookie_name, device_name, session_cookie
from node.web.contexts.accounts.sign_in import FirstUsePage, SignedOutPage, SignInCodePage, SignInPage
from node.web.contexts.cards import FieldProblem
from node.web.notices import show_once
from node.web.pages.accounts.coming_in import AnyRequest, Next, let_in, safe_path
from node.web.pages.accounts.proving import again_page
from node.web.pages.forms import Form
from node.web.pages.links import query_of
from node.web.presenting import show, site_of

TOO_LATE, BEGIN_AGAIN = "That took too long, or was done already.", "Begin again with your password."
# What the roles let somebody do, for who was just given them.
ABLE = {
    Role.WORKER: "learn here, with lessons chosen for your work and kept private",
    Role.PRACTITIONER: "write modules and endorse others’, under an identity of your own",
    Role.AUTHOR: "write modules and tasks under an identity of your own",
    Role.CURATOR: "keep the catalogue fresh",
    Role.OPERATOR: "run this node: people, peers, trust",
}


@get("/sign-in", sync_to_thread=True, include_in_schema=False)
def sign_in_page(request: AnyRequest, services: Services, viewer: Viewer, goal: Next = "/") -> Response[str]:
    """The form."""
    return show_once(request, services, _page(request, services, viewer, safe_path(goal)))


@post("/sign-in", sync_to_thread=True, include_in_schema=False)
def sign_in(request: AnyRequest, services: Services, viewer: Viewer, data: Form) -> Response[Any]:
    """Open a session; who has a second factor is asked for a code first."""
    name, goal = data.get("name", "").strip().lower(), safe_path(data.get("next", "/"))
    device = request.cookies.get(device_name(services.settings), "")
    try:
        person = services.registry.sign_in(name, data.get("password", ""), address_of(request), device=device)
    except SecondFactorNeeded:
        return show(services, _code_page(request, services, half_of(services, name), goal))
    except NodeError as error:
        if data.get("again") and name == viewer.name:
            return show(services, again_page(request, services, viewer, goal, (_said(error),)), status=error.status)
        page = _page(request, services, viewer, goal)
        return show(services, replace(page, name=name, problems=(_said(error),)), status=error.status)
    return let_in(request, services, person, goal)


@post("/sign-in/code", sync_to_thread=True, include_in_schema=False)
def sign_in_code(request: AnyRequest, services: Services, data: Form) -> Response[Any]:
    """The second step: a code of the app, or a recovery code."""
    half, goal = data.get("half", ""), safe_path(data.get("next", "/"))
    row = person_of_half(services, half)
    if row is None:
        raise NotSignedIn(TOO_LATE, hint=BEGIN_AGAIN)
    try:
        services.registry.check_code(row.name, data.get("code", "") or " ")
    except NodeError as error:
        return show(services, _code_page(request, services, half, goal, (_said(error),)), status=error.status)
    if not spend_half(services, half):
        raise NotSignedIn(TOO_LATE, hint=BEGIN_AGAIN)
    return let_in(request, services, viewer_of(row), goal)


def _page(request: AnyRequest, services: Services, viewer: Viewer, goal: str) -> SignInPage:
    return SignInPage(
        site=site_of(request, services, viewer),
        name="",
        next=goal,
        register="/register" if services.settings.open_registration else None,
        forgotten="/sign-in/forgotten" if services.mail.on else None,
        sign_on=services.sign_on.name,
        sign_on_url=f"/sign-in/with?{query_of(next=goal)}",
        problems=(),
    )


def _code_page(
    request: AnyRequest, services: Services, half: str, goal: str, problems: tuple[FieldProblem, ...] = ()
) -> SignInCodePage:
    site = site_of(request, services, Viewer())
    return SignInCodePage(site=site, action="/sign-in/code", half=half, next=goal, problems=problems)


def _said(error: NodeError) -> FieldProblem:
    return FieldProblem(field="", text=error.words)


@post("/sign-out", sync_to_thread=True, include_in_schema=False)
def sign_out(request: AnyRequest, services: Services) -> Response[Any]:
    """End this session, and offer to end the single sign-on's where it began this one."""
    token = request.cookies.get(cookie_name(services.settings), "")
    sign_on = services.registry.tokens.revoke(token) if token else ""
    end = services.sign_on.sign_off.address(sign_on)
    if not end:
        return Redirect("/", status_code=303, cookies=[session_cookie(services.settings, "")])
    page = SignedOutPage(site=site_of(request, services, Viewer()), sign_on=services.sign_on.name, end=end)
    answer = show(services, page)
    answer.cookies.append(session_cookie(services.settings, ""))
    return answer


def _first_use(
    request: AnyRequest, services: Services, token: str, name: str = "", problems: tuple[FieldProblem, ...] = ()
) -> FirstUsePage:
    """The form behind a one-time link: for an account that exists, or by invitation for one to be made."""
    person = services.registry.tokens.find_viewer(token, "link")
    invitation = None if person else services.invitations.find(token)
    if person is None and invitation is None:
        raise LinkSpent
    known = services.registry.find(person.name) if person else None
    roles = person.roles if person else invitation.roles if invitation else ()
    return FirstUsePage(
        site=site_of(request, services, Viewer()),
        action=f"/link/{token}",
        name=person.name if person else name,
        name_fixed=person is not None,
        by_link=True,
        renews=bool(known and known.password),
        roles=tuple(ABLE[role] for role in sorted(roles)),
        least=SHORTEST,
        problems=problems,
    )


@get("/link/{token:str}", sync_to_thread=True, include_in_schema=False)
def first_use_page(request: AnyRequest, services: Services, token: str) -> Response[str]:
    """Choose a password, and a name where the link is an invitation."""
    try:
        return show(services, _first_use(request, services, token))
    except NotSignedIn as error:
        return _spent(request, services, error)


@post("/link/{token:str}", sync_to_thread=True, include_in_schema=False)
def first_use(request: AnyRequest, services: Services, token: str, data: Form) -> Response[Any]:
    """Set the password, make the account if need be, and sign in."""
    name, password = data.get("name", "").strip().lower(), data.get("password", "")
    invited = services.invitations.find(token) is not None
    try:
        if invited:
            person = services.invitations.accept(token, name, password)
        else:
            person = services.registry.use_link(token, password)
            services.learning.addresses.end_all(person.name)
    except NotSignedIn as error:
        return _spent(request, services, error)
    except NodeError as error:
        field = "password" if "password" in error.message else "name"
        problem = FieldProblem(field=field, text=error.words)
        return show(services, _first_use(request, services, token, name, (problem,)), status=error.status)
    if not invited:
        services.audit.note(person, Deed.PASSWORD_SET, person.name)
        forget_first_link(services.settings.data, token)
    goal = _first_page(person)
    if services.registry.second_factor.is_on(person.name):
        return show(services, _code_page(request, services, half_of(services, person.name), goal))
    return let_in(request, services, person, goal)


def _first_page(person: Viewer) -> str:
    """Where somebody begins who was just let in."""
    pages = (
        (Action.LEARN, "/me/profile"), (Action.OPERATE, "/admin"), (Action.PUBLISH, "/write"),
        (Action.CURATE, "/freshness"),
    )  # fmt: skip
    return next((page for action, page in pages if may(person, action)), "/")


def _spent(request: AnyRequest, services: Services, error: NotSignedIn) -> Response[Any]:
    """Who comes with a link that opens nothing any more may have chosen their password already."""
    page = _page(request, services, Viewer(), "/")
    return show(services, replace(page, problems=(_said(error),)), status=error.status)


HANDLERS = (sign_in_page, sign_in, sign_in_code, sign_out, first_use_page, first_use)
