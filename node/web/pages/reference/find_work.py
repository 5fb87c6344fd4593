"""“Find my task”: a plain sentence about one's work, or a job title → tasks and occupations of the classification."""

from __future__ import annotations

from typing import Any

from litestar import Response, get

from node.services.assembly import Services
from node.services.policy import Viewer
from node.services.reference.looking.finder import FoundWork
from node.store.content import reference_releases
from node.store.content.catalogue import Audiences
from node.web.contexts.reference import FindWorkPage, FoundOccupation, FoundTask
from node.web.pages.reading import AnyRequest, readable_by, show_document
from node.web.pages.reference.classified import attribution_of, book_link, occupation_page_link, task_page_link
from node.web.presenting import site_of

TASKS, OCCUPATIONS = 8, 5
LONGEST = 300  # letters of what is asked


@get("/occupations", sync_to_thread=True, include_in_schema=False)
def find_work_page(request: AnyRequest, services: Services, viewer: Viewer, q: str = "") -> Response[Any]:
    """The form, and below it what the words of `q` may mean."""
    audiences, said = readable_by(services, viewer), " ".join(q.split())[:LONGEST]
    finder = services.reference.finder
    with services.database.read() as session:
        here = any(row.scheme in ("onet", "esco") for row in reference_releases.list_current(session))
        attribution = attribution_of(session, "onet") or attribution_of(session, "esco")
    asked = bool(said and here)
    tasks = finder.tasks(said, TASKS) if asked else []
    services.reference.words.tasks([one.id for one in tasks])
    occupations = finder.occupations(said, OCCUPATIONS) if asked else []
    page = FindWorkPage(
        site=site_of(request, services, viewer),
        query=said,
        imported=here,
        tasks=tuple(_task(services, one, audiences) for one in tasks),
        occupations=tuple(map(_occupation, occupations)),
        attribution=attribution,
    )
    return show_document(request, services, viewer, page)


def _task(services: Services, found: FoundWork, audiences: Audiences) -> FoundTask:
    decomposed, modules = services.reference.shelves.made_for(found.id, audiences)
    return FoundTask(
        task=task_page_link(found.id),
        occupation=occupation_page_link(found.occupation),
        modules=len(modules),
        decomposed=tuple(map(book_link, decomposed)),
    )


def _occupation(found: FoundWork) -> FoundOccupation:
    nearest = found.nearest if found.nearest != found.title else ""
    return FoundOccupation(occupation=occupation_page_link(found.id), nearest=nearest)


HANDLERS = (find_work_page,)
