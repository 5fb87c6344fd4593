"""The first page."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from litestar import Response, get

from node.services.assembly import Services
from node.services.policy import Viewer
from node.store.content import catalogue, contributions
from node.web.contexts.home import HomePage
from node.web.pages.cards import module_cards, task_cards
from node.web.pages.finding.counting import modules_by
from node.web.pages.links import occupation_link
from node.web.pages.order import best_modules, is_ranked
from node.web.pages.reading import AnyRequest, readable_by, show_document
from node.web.presenting import site_of

MODULES, TASKS, OCCUPATIONS = 10, 6, 16


@get("/", sync_to_thread=True, include_in_schema=False)
def home_page(request: AnyRequest, services: Services, viewer: Viewer) -> Response[Any]:
    """What this node is, what is best here now."""
    audiences = readable_by(services, viewer)
    used = modules_by(services, audiences, "task", "occupation")
    with services.database.read() as session:
        counts = catalogue.count_items(session, audiences)
        tasks = catalogue.list_uris(session, audiences, "task")
        tasks.sort(key=lambda uri: -used["task"].get(uri, 0))
        page = HomePage(
            site=site_of(request, services, viewer),
            description=services.settings.description,
            ranked=is_ranked(services),
            modules=module_cards(services, session, best_modules(services, session, audiences, MODULES), audiences),
            tasks=task_cards(session, tasks[:TASKS], audiences, used["task"]),
            occupations=tuple(map(occupation_link, _to_browse(used["occupation"]))),
            module_count=counts.get("module", 0),
            task_count=counts.get("task", 0),
            organisation_count=len(contributions.list_organisations(session)),
        )
    return show_document(request, services, viewer, page)


def _to_browse(codes: Iterable[str]) -> list[str]:
    """The most used; ISCO's broader groups only where nothing finer is named."""
    named = list(codes)
    finer = [code for code in named if not code.startswith("isco:")]
    return (finer or named)[:OCCUPATIONS]


HANDLERS = (home_page,)
