"""/me/lessons: a lesson beside what was changed in it and why; every change can be taken back, block by block."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from litestar import Response, get, post
from litestar.response import Redirect
from markupsafe import Markup

from node.errors import NodeError, Unknown
from node.services.assembly import Services
from node.services.policy import Viewer, audiences_of, require_worker
from node.store.content import catalogue
from node.store.content.catalogue import MEMBERS
from node.web.contexts.cards import Choice, Link, PersonLink
from node.web.contexts.site import Notice, Site
from node.web.contexts.worker.lesson import LessonPage, Passage, SlotField
from node.web.notices import redirect_with, show_once
from node.web.pages.cards import level_of
from node.web.pages.catalogue.signed import find_retirement
from node.web.pages.links import href_of_item, href_of_version, task_link
from node.web.pages.names import Names
from node.web.private.endings import words_of
from node.web.private.pages.changes import ADAPTED, AS_WRITTEN, changes_of
from node.web.private.pages.door import AnyRequest, Form, text_of, worker_site
from node.web.private.pages.items import chance_of
from node.web.private.pages.outcomes import recorded_of

if TYPE_CHECKING:
    from node.services.learning.lessons.opened_lesson import OpenedLesson

OWN_WORK = Markup("<p>No text this time: do this once more on your own work, then say below how it went.</p>")
_OVERRIDES = {AS_WRITTEN: "show", ADAPTED: ""}


@get("/me/lessons/{receipt:str}", sync_to_thread=True, include_in_schema=False)
def lesson_page(request: AnyRequest, services: Services, viewer: Viewer, receipt: str) -> Response[Any]:
    """The lesson; opened again, the very same."""
    site = worker_site(request, services, viewer)
    opened = services.learning.lesson(viewer, receipt)
    page = _page(services, viewer, site, opened)
    return show_once(request, services, replace(page, notices=_ended(services, viewer, opened)))


@post("/me/lessons", sync_to_thread=True, include_in_schema=False)
def take_up(services: Services, viewer: Viewer, module: str) -> Response[Any]:
    """Make a lesson of a module of the catalogue, by its at-uri."""
    require_worker(viewer)
    return Redirect(f"/me/lessons/{services.learning.take_up(viewer, module)}", status_code=303)


@post("/me/lessons/{receipt:str}/slots", sync_to_thread=True, include_in_schema=False)
def choose_words(services: Services, viewer: Viewer, receipt: str, data: Form) -> Response[Any]:
    """The worker's own words in the gaps that the module declares."""
    require_worker(viewer)
    declared = {slot["name"] for slot in services.learning.lesson(viewer, receipt).slots}
    services.learning.adapt(viewer, receipt, slots={name: text_of(data, name) for name in data if name in declared})
    return Redirect(f"/me/lessons/{receipt}", status_code=303)


@post("/me/lessons/{receipt:str}/blocks/{block:str}/{how:str}", sync_to_thread=True, include_in_schema=False)
def set_block(services: Services, viewer: Viewer, receipt: str, block: str, how: str) -> Response[Any]:
    """Show a block as its author wrote it, or adapt it again."""
    require_worker(viewer)
    if how not in _OVERRIDES:
        raise Unknown("A block is shown as written or adapted.")
    services.learning.adapt(viewer, receipt, overrides={block: _OVERRIDES[how]})
    return Redirect(f"/me/lessons/{receipt}#{quote(block)}", status_code=303)


def _ended(services: Services, viewer: Viewer, opened: OpenedLesson) -> tuple[Notice, ...]:
    """The module is out of use: the worker learns it before they read on."""
    with services.database.read() as session:
        row = catalogue.find_item(session, opened.item.subject, audiences_of(viewer))
        ending = find_retirement(session, row, audiences_of(viewer)) if row else None
    return (Notice(kind="attention", text=words_of(row, ending)),) if row and ending else ()


def _page(services: Services, viewer: Viewer, site: Site, opened: OpenedLesson) -> LessonPage:
    item = opened.item
    author, task = _facts(services, viewer, opened)
    address = f"/me/lessons/{opened.receipt}"
    return LessonPage(
        site=site,
        title=item.title,
        language=opened.language or "en",
        level=level_of(item.level),
        minutes=item.minutes or None,
        author=author,
        original=_original(opened),
        task=task,
        body=_body(opened),
        changes=changes_of(services, viewer, opened),
        chance=chance_of(item),
        slots=tuple(_slot(slot) for slot in opened.slots if len(slot["values"]) > 1),
        slots_action=f"{address}/slots",
        outcome_action=f"{address}/outcome",
        recorded=recorded_of(services, viewer, opened.recorded) if opened.recorded else None,
        withdrawn=opened.withdrawn,
        passages=_passages(services, viewer, opened),
    )


def _passages(services: Services, viewer: Viewer, opened: OpenedLesson) -> tuple[Passage, ...]:
    if not opened.proof:
        return ()
    found = services.learning.rewording(viewer).passages(viewer, opened.receipt)
    address = f"/me/lessons/{opened.receipt}/passages"
    return tuple(Passage(written=p.words, parts=p.parts, action=f"{address}/{quote(p.block, safe='')}") for p in found)


@post("/me/lessons/{receipt:str}/passages/{block:str}", sync_to_thread=True, include_in_schema=False)
def reword(services: Services, viewer: Viewer, receipt: str, block: str, data: Form) -> Response[Any]:
    """Other words for a passage, or its author's again; when the model fails, the lesson stays as it is and says so."""
    require_worker(viewer)
    desk, wish, address = services.learning.rewording(viewer), text_of(data, "wish"), f"/me/lessons/{receipt}"
    if wish == "back":
        desk.take_back(viewer, receipt, block, datetime.now(UTC))
        return redirect_with(services, address, "As its author wrote it.")
    try:
        desk.reword(viewer, receipt, block, wish, datetime.now(UTC))
    except NodeError as error:
        return redirect_with(services, address, error.words, kind="problem")
    return redirect_with(services, address, "In other words now. What was changed stands under “Other words”.")


def _facts(services: Services, viewer: Viewer, opened: OpenedLesson) -> tuple[PersonLink | None, Link | None]:
    """The author, and the worker's own task that the module serves."""
    own = services.learning.profile(viewer).tasks
    with services.database.read() as session:
        author = Names(session, [opened.author]).person(opened.author) if opened.author else None
        row = catalogue.find_item(session, opened.item.subject, MEMBERS)
        served = [task for task in own if row and task in row.tasks]
        titles = {uri: task.title for uri, task in catalogue.find_items(session, served, MEMBERS).items()}
    return author, task_link(served[0], titles) if served else None


def _original(opened: OpenedLesson) -> str | None:
    item = opened.item
    if not item.version_uri or href_of_item(item.subject) is None:
        return None
    return href_of_item(item.subject) if opened.withdrawn else href_of_version(item.subject, item.version_uri)


def _body(opened: OpenedLesson) -> Markup:
    """The renderer's output is sanitised; nothing else is ever marked safe."""
    return Markup(opened.html) if opened.proof else OWN_WORK  # noqa: S704 - see above


def _slot(slot: dict[str, Any]) -> SlotField:
    values = tuple(Choice(value=v, label=v, chosen=v == slot["chosen"]) for v in slot["values"])
    return SlotField(name=slot["name"], label=slot["label"] or slot["name"], values=values)


HANDLERS = (lesson_page, take_up, choose_words, set_block, reword)
