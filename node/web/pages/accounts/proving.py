"""Showing once more who one is, before what a thief of the session would make theirs for good."""

from __future__ import annotations

from litestar import Response, get
from litestar.response import Redirect

from node.services.assembly import Services
from node.services.policy import Action, Viewer, require
from node.web.contexts.accounts.sign_in import SignInAgainPage
from node.web.contexts.cards import FieldProblem
from node.web.notices import redirect_with, show_once
from node.web.pages.accounts.coming_in import AnyRequest, Next, safe_path
from node.web.pages.links import query_of
from node.web.presenting import site_of


def way_to_prove(goal: str) -> str:
    """Leads there and on to `goal`."""
    return f"/sign-in/again?{query_of(next=goal)}"


def ask_for_proof(services: Services, goal: str) -> Redirect:
    """To there for who sent a form: what they sent is not kept meanwhile."""
    text = "Nothing was done yet: show that it is you, then send it once more."
    return redirect_with(services, way_to_prove(goal), text, kind="attention")


@get("/sign-in/again", sync_to_thread=True, include_in_schema=False)
def sign_in_again_page(
    request: AnyRequest, services: Services, viewer: Viewer, goal: Next = "/account"
) -> Response[str]:
    """The doors that this person has."""
    require(viewer, Action.SECURE)
    return show_once(request, services, again_page(request, services, viewer, safe_path(goal)))


def again_page(
    request: AnyRequest, services: Services, viewer: Viewer, goal: str, problems: tuple[FieldProblem, ...] = ()
) -> SignInAgainPage:
    """The same again where it was refused."""
    person, sign_on = services.registry.find(viewer.name), services.sign_on
    return SignInAgainPage(
        site=site_of(request, services, viewer),
        name=viewer.name,
        next=goal,
        password=bool(person and person.password),
        passkey=bool(services.passkeys.list(viewer.name)),
        sign_on=sign_on.name if sign_on.is_tied(viewer.name) else "",
        sign_on_url=f"/sign-in/with?{query_of(next=goal, again='yes')}",
        problems=problems,
    )


HANDLERS = (sign_in_again_page,)
