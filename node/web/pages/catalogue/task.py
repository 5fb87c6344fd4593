"""A task: work, decomposed, with what helps with it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Literal, cast

from litestar import Response, get

from node.services.assembly import Services
from node.services.policy import Action, Viewer, may
from node.services.reference.assistance import studies_of
from node.store.content.catalogue import Audiences
from node.store.sessions import Session
from node.web.contexts.cards import Audience, Link, ModuleCard
from node.web.contexts.catalogue.task import StepView, TaskPage
from node.web.pages.cards import module_cards
from node.web.pages.catalogue.explaining import explain
from node.web.pages.catalogue.flow import flow_of
from node.web.pages.catalogue.item_actions import actions_of
from node.web.pages.catalogue.items import Shown, show_item, tool_words
from node.web.pages.catalogue.signed import find_retirement, signed_record, version_lines
from node.web.pages.catalogue.translations import offered, translations_of, wishes_in
from node.web.pages.endorsements.verdicts import endorse_form, endorsement_lines, titles_of
from node.web.pages.labels import item_notices
from node.web.pages.links import did_of, licence_link, occupation_link, skill_link, task_link
from node.web.pages.order import in_order
from node.web.pages.reading import AnyRequest, readable_by, show_document
from node.web.pages.reference.classified import assistance_parts, is_classified
from node.web.pages.reference.reference_task import bridged, reference_task_page, writes_for
from node.web.pages.rendering import render_text
from node.web.presenting import site_of
from schemas.authority import TASK

HELPING = 30  # modules shown


@get("/tasks/{did:str}/{name:str}", sync_to_thread=True, include_in_schema=False)
def task_page(
    request: AnyRequest, services: Services, viewer: Viewer, did: str, name: str, version: str = ""
) -> Response[Any]:
    """The current version, or the one asked for by its key."""
    if not is_classified(did):
        return show_item(request, services, viewer, (f"at://{did_of(did)}/{TASK}/{name}", version), _page)
    with services.database.read() as session:
        audiences = readable_by(services, viewer)
        page = reference_task_page(request, services, viewer, session, f"{did}/{name}", audiences)
    return show_document(request, services, viewer, page)


def _page(request: AnyRequest, services: Services, viewer: Viewer, session: Session, shown: Shown) -> TaskPage:
    item, audiences, source = shown.item, readable_by(services, viewer), shown.text("source")
    steps, others = _steps(shown), translations_of(session, item, audiences)
    return TaskPage(
        site=site_of(request, services, viewer),
        title=shown.text("title"),
        statement=shown.text("statement"),
        language=shown.text("language") or "en",
        audience=cast(Audience, item.audience),
        stakes=shown.text("stakes"),
        frequency=shown.text("frequency"),
        minutes=sum(step.minutes or 0 for step in steps) or None,
        steps=steps,
        flow=flow_of(steps),
        novice_by_hand=shown.text("noviceByHand"),
        inputs=tuple(shown.words("inputs")),
        outputs=tuple(shown.words("outputs")),
        tools=tool_words(shown.value.get("tools")),
        skills=tuple(skill_link(code) for code in shown.words("skills")),
        occupations=tuple(occupation_link(code) for code in shown.words("occupations")),
        parent=_named(session, shown.text("parent"), audiences),
        source=_named(session, shown.text("source"), audiences),
        author=shown.names.person(item.did),
        licence=licence_link(shown.text("license")) if shown.text("license") else None,
        modules=_modules(services, session, shown, audiences),
        explanation=explain(services, session, item, shown.verdicts),
        endorse=endorse_form(session, viewer, item, shown.version.uri, shown.verdicts),
        endorsements=endorsement_lines(services, shown.names, shown.verdicts, shown.versions, shown.titles),
        versions=version_lines(item, shown.versions),
        bridges=bridged(services, session, item.uri, audiences),
        assistance=assistance_parts(studies_of(session, [source]).get(source, [])),
        retired=find_retirement(session, item, audiences),
        record=signed_record(services, session, shown.version),
        actions=actions_of(session, viewer, item),
        notices=item_notices(services, session, item, shown.version),
        translations=others,
        offered=offered(item, others, wishes_in(request.headers.get("accept-language", ""))),
        write=writes_for(viewer, item.uri),
        help="/me/help" if may(viewer, Action.LEARN) else None,
    )


def _steps(shown: Shown) -> tuple[StepView, ...]:
    steps: Any = shown.value.get("steps") or ()
    return tuple(_step(place, entry) for place, entry in enumerate(steps, start=1))


def _step(place: int, entry: Mapping[str, Any]) -> StepView:
    return StepView(
        anchor=f"step-{place}",
        title=str(entry.get("title", "")),
        text=render_text(str(entry.get("text", ""))),
        by=cast(Literal["person", "assistant", "both"], entry.get("by") or "person"),
        check=str(entry.get("check", "")),
        pitfalls=tuple(filter(None, (text.strip() for text in re.split(r"[;\n]", str(entry.get("pitfalls", "")))))),
        minutes=entry.get("minutes"),
        by_hand=str(entry.get("byHand", "")),
    )


def _named(session: Session, code: str, audiences: Audiences) -> Link | None:
    return task_link(code, titles_of(session, [code], audiences)) if code else None


def _modules(services: Services, session: Session, shown: Shown, audiences: Audiences) -> tuple[ModuleCard, ...]:
    """What serves this task, or the reference task that it decomposes, best first for this task."""
    from node.search.request import SearchRequest, Sort

    tasks = [code for code in (shown.item.uri, shown.text("source")) if code]
    asked = SearchRequest(
        audiences=audiences, filters={"kind": ("module",), "task": tasks}, sort=Sort.NEWEST, limit=HELPING,
        snippets=False,
    )  # fmt: skip
    uris = [hit.id for hit in services.finder.glance(asked).hits]
    return module_cards(services, session, in_order(services, uris, shown.item.uri), audiences, shown.item.uri)


HANDLERS = (task_page,)
