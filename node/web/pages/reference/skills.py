"""A skill: which tasks take it, which modules build it, what must be known first."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from litestar import Response, get

from node.errors import Unknown
from node.services import naming
from node.services.assembly import Services
from node.services.policy import Viewer
from node.services.reference.graph.prerequisites import Circle, circles_in, needs_of
from node.store.content import reference
from node.store.content.catalogue import Audiences
from node.store.sessions import Session
from node.web.contexts.cards import Link
from node.web.contexts.reference import AlikeOccupation, SkillPage
from node.web.pages.reading import AnyRequest, readable_by, show_document
from node.web.pages.reference.classified import attribution_of, best_of, skill_page_link, statement_link
from node.web.presenting import site_of

MOST_TASKS, MOST_PARTS = 40, 60


@get("/skills/{code:str}", sync_to_thread=True, include_in_schema=False)
def skill_page(request: AnyRequest, services: Services, viewer: Viewer, code: str) -> Response[Any]:
    """A skill of a classification, or one that practitioners named."""
    audiences = readable_by(services, viewer)
    with services.database.read() as session:
        page = _page(request, services, viewer, session, code, audiences)
    return show_document(request, services, viewer, page)


def _page(
    request: AnyRequest, services: Services, viewer: Viewer, session: Session, code: str, audiences: Audiences
) -> SkillPage:
    row, shelves = reference.find_skill(session, code), services.reference.shelves
    parts = reference.narrower(session, code) or services.reference.graph.get().children.get(code, ())
    wider = reference.wider(session, code) or ([row.parent] if row and row.parent else [])
    builds = [book for one in (code, *parts) for book in shelves.at("skill", one, audiences)]
    if row is None and not builds and not shelves.at("skill", code, audiences, "task"):
        raise Unknown(f"This node knows no skill {code[:100]}.", hint="Search finds what it knows.")
    tasks = reference.tasks_with(session, code, MOST_TASKS)
    modules = shelves.all(audiences)
    return SkillPage(
        site=site_of(request, services, viewer),
        title=naming.skill_name(code),
        code=code,
        part_of=_by_name(wider),
        parts=_by_name(parts)[:MOST_PARTS],
        more_parts=max(0, len(parts) - MOST_PARTS),
        tasks=tuple(
            AlikeOccupation(occupation=statement_link(task), reason=naming.occupation_name(task.occupation))
            for task in tasks
        ),
        modules=best_of(services, session, builds, audiences),
        needs=tuple(map(skill_page_link, sorted(needs_of(modules).get(code, ())))),
        circles=tuple(_in_words(circle) for circle in circles_in(modules) if code in circle.skills),
        attribution=attribution_of(session, reference.scheme_of(code)),
    )


def _by_name(codes: Iterable[str]) -> tuple[Link, ...]:
    return tuple(sorted(map(skill_page_link, codes), key=lambda link: (link.text.casefold(), link.href or "")))


def _in_words(circle: Circle) -> str:
    names = [naming.skill_name(skill) for skill in (*circle.skills, circle.skills[0])]
    return " needs ".join(names) + "."


HANDLERS = (skill_page,)
