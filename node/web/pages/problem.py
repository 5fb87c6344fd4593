"""An error as a page."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any
from urllib.parse import quote

from litestar import Request, Response
from litestar.response import Redirect

from node.services.assembly import Services
from node.web.access.viewing import find_viewer
from node.web.contexts.problem import ProblemPage
from node.web.presenting import show, site_of


def answer_problem_page(
    request: Request[Any, Any, Any], status: int, words: tuple[str, str], *, wants_sign_in: bool
) -> Response[Any]:
    """The problem page; who must sign in to read on is taken to the form."""
    if wants_sign_in and request.method == "GET" and not request.url.path.startswith("/link/"):
        return Redirect(f"/sign-in?next={quote(request.url.path)}", status_code=303)
    services: Services = request.app.state.services
    detail, hint = words
    page = ProblemPage(
        site=site_of(request, services, find_viewer(request, services)),
        status=status,
        title=HTTPStatus(status).phrase,
        detail=detail,
        hint=hint,
        request="",
    )
    return show(services, page, status=status)
