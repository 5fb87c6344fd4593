"""An error as a page."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from functools import partial
from http import HTTPStatus
from typing import Any
from urllib.parse import quote, urlsplit

from litestar import Request, Response
from litestar.response import Redirect

from node.errors import NotSignedIn
from node.services.assembly import Services
from node.services.policy import ProofNeeded, Viewer
from node.web.access.viewing import FOUND, find_viewer_of_problem
from node.web.contexts.problem import ProblemPage
from node.web.notices import redirect_with
from node.web.pages.accounts.proving import ask_for_proof, way_to_prove
from node.web.pages.authors import IdentityNeeded
from node.web.presenting import show, site_of

NO_PAGE = "There is no page at this address."
_TITLES = {400: "Not understood", 403: "Not allowed", 422: "Not like this", 500: "Something broke", 503: "Not now"}
BY_SIGN_ON = ("/sign-in/with", "/sign-in/back")


def answer_problem_page(
    request: Request[Any, Any, Any], status: int, words: tuple[str, str], error: Exception
) -> Response[Any]:
    """The problem page; who can do something about it first is taken there."""
    database = request.app.state.services.database
    make = partial(_answer, request, status, words, error)
    return make() if FOUND in request.scope or database.quick is not None else _Aside(make)


class _Aside(Response[Any]):
    """An answer made in a thread: who asks is to be looked for on a server, and the event loop waits for none."""

    def __init__(self, make: Callable[[], Response[Any]]) -> None:
        super().__init__("")
        self._make = make

    def to_asgi_response(self, *given: Any, **named: Any) -> Any:
        """The application that answers."""

        async def answer(scope: Any, receive: Any, send: Any) -> None:
            page = await asyncio.to_thread(self._make)
            page.headers.update(self.headers)
            page.cookies.extend(self.cookies)
            await page.to_asgi_response(*given, **named)(scope, receive, send)

        return answer


def _answer(request: Request[Any, Any, Any], status: int, words: tuple[str, str], error: Exception) -> Response[Any]:
    services: Services = request.app.state.services
    viewer, (detail, hint) = find_viewer_of_problem(request, services), words
    if isinstance(error, ProofNeeded):
        goal, is_page = _page_of(request), request.method == "GET"
        return Redirect(way_to_prove(goal), status_code=303) if is_page else ask_for_proof(services, goal)
    if request.method == "GET" and (way := _way_on(services, request.url.path, viewer, error, words)) is not None:
        return way
    phrase = HTTPStatus(status).phrase
    if detail == phrase:  # the framework's own words
        detail = NO_PAGE if status == HTTPStatus.NOT_FOUND else ""
    page = ProblemPage(
        site=site_of(request, services, viewer),
        status=status,
        title=_TITLES.get(status, phrase),
        detail=detail,
        hint=hint,
        request="",
    )
    return show(services, page, status=status)


def _page_of(request: Request[Any, Any, Any]) -> str:
    """The page that was asked for, or that a form was sent from; what leads to the single sign-on is no page."""
    if request.method == "GET" and request.url.path not in BY_SIGN_ON:
        return request.url.path
    sent_from = request.headers.get("referer", "").partition("://")[2]
    return urlsplit(f"//{sent_from}").path if sent_from.startswith(f"{request.url.netloc}/") else "/account"


def _way_on(services: Services, path: str, viewer: Viewer, error: Exception, words: tuple[str, str]) -> Redirect | None:
    """To another door, to an identity of one's own, to the form; None where there is no such way."""
    if path in BY_SIGN_ON:
        doors = "/account" if viewer.roles else "/sign-in"
        return redirect_with(services, doors, " ".join(words).strip(), kind="problem")
    if isinstance(error, IdentityNeeded):
        return redirect_with(services, "/practitioner", error.message, kind="attention")
    if isinstance(error, NotSignedIn) and not path.startswith("/link/"):
        return Redirect(f"/sign-in?next={quote(path)}", status_code=303)
    return None
