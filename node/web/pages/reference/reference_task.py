"""A task of a classification: nobody's record; who took it apart, what helps with it, from other trades too."""

from __future__ import annotations

from collections.abc import Iterator

from node.errors import Unknown
from node.services import naming
from node.services.assembly import Services
from node.services.policy import Action, Viewer, may
from node.services.reference.assistance import parts_of
from node.store.content import reference, reference_releases
from node.store.content.catalogue import Audiences
from node.store.sessions import Session
from node.store.tables.reference import ReferenceTaskRow
from node.web.contexts.cards import Link, ModuleCard
from node.web.contexts.catalogue.task import TaskPage
from node.web.contexts.site import Notice
from node.web.pages.links import licence_link, query_of
from node.web.pages.reading import AnyRequest
from node.web.pages.reference.classified import (
    assistance_parts,
    best_of,
    book_link,
    occupation_page_link,
    offered_cards,
    skill_page_link,
)
from node.web.presenting import site_of

OFFERED = 12
ONETONLINE = "https://www.onetonline.org/link/summary/"


def bridged(services: Services, session: Session, task: str, audiences: Audiences) -> tuple[ModuleCard, ...]:
    """Modules from other trades that a shared skill or activity brings to a task."""
    offers = services.reference.bridges.offers(task, audiences, 3 * OFFERED)
    return offered_cards(services, session, [one for one in offers if one.bridges][:OFFERED], audiences)


def writes_for(viewer: Viewer, task: str) -> str | None:
    """Where a practitioner begins a module for a task."""
    return "/write?" + query_of(task=task) if viewer.did and may(viewer, Action.PUBLISH) else None


def reference_task_page(
    request: AnyRequest, services: Services, viewer: Viewer, session: Session, code: str, audiences: Audiences
) -> TaskPage:
    """Raises Unknown."""
    row = reference.find_task(session, code)
    release = reference_releases.find_current(session, "onet")
    if row is None or release is None:
        raise Unknown(f"This node knows no task {code[:100]}.", hint="`skillnet task import-onet` imports O*NET's.")
    shelves = services.reference.shelves
    decompositions, modules = shelves.made_for(code, audiences)
    skills = reference.skills_of(session, [code]).get(code, [])
    parts = parts_of(session, shelves, [code], audiences)[code]
    return TaskPage(
        site=site_of(request, services, viewer),
        notices=tuple(Notice(kind="attention", text=text) for text in _changes_of(row)),
        title=row.statement,
        statement=f"{naming.occupation_name(row.occupation)}, {row.kind or 'unrated'} task.",
        language="en",
        audience="public",
        novice_by_hand="\n".join(filter(None, (part.by_hand for part in parts))),
        skills=tuple(skill_page_link(skill.id) for skill in skills),
        occupations=(occupation_page_link(row.occupation),),
        source=Link(text=release.attribution, href=ONETONLINE + row.occupation.removeprefix("onet:")),
        licence=licence_link(release.licence),
        modules=best_of(services, session, modules, audiences, code),
        write=writes_for(viewer, code),
        help="/me/help" if may(viewer, Action.LEARN) else None,
        bridges=bridged(services, session, code, audiences),
        assistance=assistance_parts(parts),
        decompositions=tuple(map(book_link, decompositions)),
    )


def _changes_of(row: ReferenceTaskRow) -> Iterator[str]:
    """What became of it since another release."""
    if row.gone:
        yield f"O*NET {row.gone} no longer lists this task; what was made for it stays."
    if row.earlier:
        was = "O*NET would put it in the place of" if row.kind == "emerging" else "It used to read"
        yield f"{was}: {row.earlier}"
