"""/me and /me/help: today's list, help with the work at hand, and what the worker says to either."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from litestar import Response, get, post
from litestar.response import Redirect

from node.services.assembly import Services
from node.services.learning.sealed.profile import Profile
from node.services.policy import Viewer, require_worker
from node.store.clock import moment_of
from node.web.contexts.cards import Link
from node.web.contexts.site import Notice, Site
from node.web.contexts.worker.feed import FeedItemGone, FeedPage, HeldUp
from node.web.notices import redirect_with, show_once
from node.web.pages.links import href_of_item
from node.web.presenting import show
from node.web.private.endings import endings_of
from node.web.private.kept import alerts_of
from node.web.private.pages.asked import asked_cookie, check_asked, find_asked
from node.web.private.pages.door import AnyRequest, Form, text_of, worker_site
from node.web.private.pages.endorsing import offer_after
from node.web.private.pages.items import items_of
from node.web.private.pages.outcomes import reported_of
from node.web.private.pages.words import as_feedback, feedback_said

if TYPE_CHECKING:
    from node.services.learning.feed.today import Served

WELCOME = "Welcome. Say a little about your work, as much as you like: your first lessons are chosen from it."
NOTHING = "Nothing fits today. Another goal, or more about your work, helps to find something."
MOST_REPORTED = 5
ALL_DONE = "That was all for today. Tomorrow there is more."


@get("/me", sync_to_thread=True, include_in_schema=False)
def today_page(request: AnyRequest, services: Services, viewer: Viewer, after: str = "") -> Response[Any]:
    """Today's list; whoever comes first is led to the profile."""
    site = worker_site(request, services, viewer)
    profile = services.learning.profile(viewer)
    if profile == Profile() and not services.learning.holdings(viewer):
        return redirect_with(services, "/me/profile", WELCOME)
    served = services.learning.feed(viewer)
    page = _page(services, site, served, profile, asked="")
    page = replace(page, notices=(*page.notices, *endings_of(services, viewer), *alerts_of(services, viewer)))
    return show_once(request, services, _with_outcomes(page, services, viewer, after))


@get("/me/help", sync_to_thread=True, include_in_schema=False)
def help_page(request: AnyRequest, services: Services, viewer: Viewer) -> Response[Any]:
    """What helps with the task asked about last."""
    site = worker_site(request, services, viewer)
    asked = find_asked(request, services, viewer)
    if not asked:
        return Redirect("/me", status_code=303)
    served = services.learning.help_for_task(viewer, asked)
    return show_once(request, services, _page(services, site, served, services.learning.profile(viewer), asked=asked))


@post("/me/help", sync_to_thread=True, include_in_schema=False)
def ask_for_help(services: Services, viewer: Viewer, data: Form) -> Response[Any]:
    """Take the question along to its answer."""
    require_worker(viewer)
    if not text_of(data, "task"):
        return Redirect("/me", status_code=303)
    cookie = asked_cookie(services, viewer, check_asked(text_of(data, "task")))
    return Redirect("/me/help", status_code=303, cookies=[cookie])


@post("/me/feed/{item:str}", sync_to_thread=True, include_in_schema=False)
def give_feedback(request: AnyRequest, services: Services, viewer: Viewer, item: str, data: Form) -> Response[Any]:
    """Note what was said of an item; a live page gets what takes the item's place."""
    site = worker_site(request, services, viewer)
    kind = as_feedback(text_of(data, "feedback"))
    said = services.learning.say(viewer, kind, item)
    title = next(entry["title"] for entry in services.learning.said(viewer) if entry["id"] == said.id)
    text, undo = f"{feedback_said(kind, title)}: noted.", f"/me/said/{said.id}/undo"
    if "hx-request" in request.headers:
        return show(services, FeedItemGone(site=site, id=item, text=text, undo=undo))
    return redirect_with(services, _origin(request), text, undo=undo)


@post("/me/said/{said:str}/undo", sync_to_thread=True, include_in_schema=False)
def take_feedback_back(request: AnyRequest, services: Services, viewer: Viewer, said: str) -> Response[Any]:
    """As if it had not been said."""
    require_worker(viewer)
    services.learning.unsay(viewer, said)
    return redirect_with(services, _origin(request), "Taken back.")


def _origin(request: AnyRequest) -> str:
    """The private page that the form stood on; the feed where the browser does not say."""
    path = request.headers.get("referer", "").partition("?")[0]
    return next((page for page in ("/me/help", "/me/beliefs") if path.endswith(page)), "/me")


def _page(services: Services, site: Site, served: Served, profile: Profile, *, asked: str) -> FeedPage:
    items = items_of(services, served.offers, profile.tasks)
    notes = tuple(served.notes)
    empty = "" if items else _why_empty(served)
    shown = tuple(Notice(kind="attention", text=note) for note in notes if items)
    task = served.task
    return FeedPage(
        site=site,
        notices=shown,
        door="task" if asked else "feed",
        asked=asked,
        understood_as=Link(text=task[0], href=href_of_item(task[1])) if task else None,
        day=served.day,
        minutes=served.minutes,
        items=items,
        empty=empty,
        goals=served.goals,
    )


def _why_empty(served: Served) -> str:
    if served.offers:
        return ALL_DONE
    return served.notes[0] if served.notes else NOTHING


def _with_outcomes(page: FeedPage, services: Services, viewer: Viewer, receipt: str) -> FeedPage:
    """What an assistant reported, to be confirmed; a public word on what went well just now, to be offered."""
    outcomes = services.learning.outcomes(viewer)
    just = next((outcome for outcome in outcomes if outcome.id == receipt), None)
    waiting = [outcome for outcome in outcomes if outcome.by_assistant and not outcome.confirmed]
    return replace(
        page,
        endorse=offer_after(viewer, just) if just else None,
        reported=tuple(reported_of(outcome) for outcome in waiting[:MOST_REPORTED]),
        held_up=_held_up(services, viewer),
    )


def _held_up(services: Services, viewer: Viewer) -> HeldUp | None:
    found = services.learning.checks(viewer).find(viewer, datetime.now(UTC))
    if found is None:
        return None
    return HeldUp(title=found.title, at=moment_of(found.at), action=f"/me/lessons/{found.receipt}/held-up")


HANDLERS = (today_page, help_page, ask_for_help, give_feedback, take_feedback_back)
