"""To the organisation's single sign-on and back."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from litestar import Response, get
from litestar.datastructures import Cookie
from litestar.response import Redirect

from node.errors import NodeError, NotSignedIn, Unknown
from node.logs import get_logger
from node.services.assembly import Services
from node.services.people.provider import Begun
from node.services.policy import Action, Viewer, require, require_proven
from node.web.access.halves import LASTS, find_sealed, seal_briefly
from node.web.access.viewing import address_of, cookie_name
from node.web.notices import redirect_with
from node.web.pages.accounts.coming_in import AnyRequest, Next, let_in, safe_path
from node.web.xrpc.limits import SESSIONS, charge_failures

_CONTEXT, _TIE = "sign-on", "sign-on-tie"


def tie_address(services: Services, viewer: Viewer) -> str:
    """Leads there to tie it to this account; the seal keeps foreign pages from sending anybody."""
    return f"/sign-in/with?tie={seal_briefly(services, _TIE, {'name': viewer.name})}"


@get("/sign-in/with", sync_to_thread=True, include_in_schema=False)
def go_there(services: Services, viewer: Viewer, goal: Next = "/", tie: str = "", again: str = "") -> Response[Any]:
    """To the provider, which asks `again` even if it knows; what must come back is sealed into a cookie."""
    if not services.sign_on.name:
        raise Unknown("This node has no single sign-on.")
    tied = str((find_sealed(services, _TIE, tie) or {}).get("name", "")) if tie else ""
    if tie:
        require_proven(viewer, Action.SECURE)
        if tied != viewer.name:
            raise NotSignedIn("That took too long.", hint="Begin again on your account's page.")
    begun = services.sign_on.provider.begin(again=bool(again))
    sealed = seal_briefly(services, _CONTEXT, {**asdict(begun), "next": safe_path(goal), "tie": tied})
    return Redirect(begun.url, status_code=303, cookies=[_cookie(services, sealed)])


@get("/sign-in/back", sync_to_thread=True, include_in_schema=False)
def come_back(request: AnyRequest, services: Services, viewer: Viewer) -> Response[Any]:
    """From the provider: an account is tied, or somebody is in."""
    said = find_sealed(services, _CONTEXT, request.cookies.get(_name(services), ""))
    if said is None:
        raise NotSignedIn("This sign-in was not begun here, or took too long.", hint="Begin again.")
    begun = Begun(**{key: said[key] for key in Begun.__slots__})
    with charge_failures(SESSIONS, address_of(request)), _told():
        known = services.sign_on.provider.finish(str(request.url), begun)
    if said["tie"]:
        require(viewer, Action.SECURE)
        if viewer.name != said["tie"]:
            raise NotSignedIn("Somebody else has signed in meanwhile.")
        services.sign_on.tie(known, viewer)
        answer: Response[Any] = redirect_with(services, "/account", "From now on it leads to this account.")
    else:
        with _told(groups=len(known.groups)):
            person = services.sign_on.admit(known)
        proof = services.sign_on.sign_off.proof_of(known)
        answer = let_in(request, services, person, said["next"], proof)
    answer.cookies.append(_cookie(services, ""))
    return answer


@contextlib.contextmanager
def _told(**more: int) -> Iterator[None]:
    """Whoever runs the node finds in the log why nobody comes in; who it was does not stand there."""
    try:
        yield
    except NodeError as error:
        get_logger("sign-on").warning("the single sign-on let somebody not in", why=error.code, **more)
        raise


def _name(services: Services) -> str:
    return cookie_name(services.settings, "_sign_on")  # planted, it would lead into the planter's account


def _cookie(services: Services, value: str) -> Cookie:
    return Cookie(
        key=_name(services), value=value, path="/", max_age=LASTS if value else 0, httponly=True,
        secure=services.settings.public_url.startswith("https:"), samesite="lax",
    )  # fmt: skip


HANDLERS = (go_there, come_back)
