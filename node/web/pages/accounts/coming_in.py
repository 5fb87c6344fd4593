"""What a browser is given once somebody is known: a session, a mark that they use it, the way on."""

from __future__ import annotations

import re
from typing import Annotated, Any

from litestar import Request, Response
from litestar.datastructures import Cookie
from litestar.params import QueryParameter
from litestar.response import Redirect

from node.services.assembly import Services
from node.services.people.tokens import Proof
from node.services.policy import Action, Viewer, may, require_place
from node.store.clock import now
from node.web.access.viewing import cookie_name, device_cookie, device_name, session_cookie
from node.web.pages.accounts.browsers import name_of_browser

AnyRequest = Request[Any, Any, Any]
Next = Annotated[str, QueryParameter(name="next")]  # where somebody wanted to go

# Browsers read a backslash as a slash and pass over control characters: `/<tab>/elsewhere.example` leads away.
_HERE = re.compile(r"/(?![/\\])[^\\\x00-\x1f\x7f]*").fullmatch


def safe_path(path: str) -> str:
    """`path` when it leads to a page of this node; the start page otherwise."""
    return path if _HERE(path) else "/"


def let_in(
    request: AnyRequest, services: Services, person: Viewer, goal: str, proof: Proof | None = None
) -> Response[Any]:
    """Open a session and go on to `goal`; a worker without one goes home. Raises NotAllowed for who has no role.

    `proof`: when they showed who they are; without it, just now.
    """
    require_place(person, f"Sign in with {services.sign_on.name}, or ask" if services.sign_on.name else "Ask")
    goal = "/me" if goal == "/" and may(person, Action.LEARN) else goal
    return Redirect(goal, status_code=303, cookies=_session_cookies(request, services, person, proof or Proof(now())))


def _session_cookies(request: AnyRequest, services: Services, person: Viewer, proof: Proof) -> list[Cookie]:
    """A new session in the place of the browser's former one; a device cookie where it has none of this person."""
    tokens, settings = services.registry.tokens, services.settings
    program = name_of_browser(request.headers.get("user-agent", ""))
    former = request.cookies.get(cookie_name(settings), "")
    cookies = [session_cookie(settings, tokens.begin_session(person.name, program, proof, former))]
    if not tokens.find_digest(request.cookies.get(device_name(settings), ""), person.name, "device"):
        cookies.append(device_cookie(settings, tokens.issue(person.name, "device", program)))
    services.audit.note_sign_in(person)
    return cookies
