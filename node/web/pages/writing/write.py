"""Writing in the browser: kept as one types, signed and published on request; the text is never lost to an error."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from litestar import Response, get, post
from litestar.di import Provide

from node.errors import NodeError
from node.services.assembly import Services
from node.services.policy import Viewer, audiences_of
from node.services.writing.drafting import Draft as Kept
from node.store.clock import moment_of
from node.store.content import catalogue
from node.store.sessions import Session
from node.web.contexts.cards import Choice, Link
from node.web.contexts.writing.write import Draft, OwnDraft, OwnWork, WritePage
from node.web.notices import redirect_with, show_once
from node.web.pages.authors import require_author
from node.web.pages.forms import Form
from node.web.pages.links import href_of_item, query_of
from node.web.pages.reading import AnyRequest
from node.web.pages.settling import settle
from node.web.pages.writing.desk import (
    WRITTEN_HERE,
    find_work,
    is_worth_keeping,
    open_another,
    open_for,
    open_new,
    open_own,
    open_suggestion,
    typed,
)
from node.web.pages.writing.drafting import EMPTY, Desk, form_problem
from node.web.pages.writing.publishing import send
from node.web.pages.writing.skeletons import INSERTS
from node.web.pages.writing.stops import stops_desk
from node.web.pages.writing.told import told_to_author
from node.web.pages.writing.uploading import uploaded
from node.web.presenting import show, site_of

_PURPOSES = {"write": "New", "suggest": "Suggestion", "accept": "Suggestion taken up"}


@dataclass(frozen=True, slots=True)
class Opening:
    """What the desk is opened with; of these at most one: a draft, one's own work, another's, a suggestion, a task."""

    kind: str = "module"
    draft: str = ""
    edit: str = ""
    suggest: str = ""
    accept: str = ""
    task: str = ""


_OPENING = Provide(Opening, sync_to_thread=False)


@get("/write", sync_to_thread=True, include_in_schema=False, dependencies={"opening": _OPENING})
def write_page(request: AnyRequest, services: Services, viewer: Viewer, opening: Opening) -> Response[Any]:
    """An empty desk, a draft, one's own work, another's to be improved, or a suggestion to take up."""
    require_author(viewer)
    draft = _opened(services, viewer, opening)
    desk = desk_of(services, viewer, draft)
    seen = desk.draft() if is_worth_keeping(draft) else EMPTY
    page = replace(_page(request, services, viewer, desk, seen), notices=told_to_author(services, viewer))
    return show_once(request, services, page)


def _opened(services: Services, viewer: Viewer, opening: Opening) -> Kept:
    if opening.draft:
        return services.drafting.get(viewer.name, opening.draft)
    if opening.edit:
        return open_own(services, viewer, opening.edit)
    if opening.suggest:
        return open_another(services, viewer, opening.suggest)
    if opening.accept:
        return open_suggestion(services, viewer, opening.accept)
    if opening.task:
        return open_for(services, viewer, opening.task)
    return open_new(opening.kind)


@post("/write", sync_to_thread=True, include_in_schema=False)
def write(request: AnyRequest, services: Services, viewer: Viewer, data: Form) -> Response[Any]:
    """Keep and check; or sign and send it where it belongs."""
    require_author(viewer)
    draft = typed(services, viewer, data)
    if is_worth_keeping(draft):
        draft = services.drafting.keep(viewer.name, draft)
    desk = desk_of(services, viewer, draft)
    if data.get("do") != "publish":
        return show(services, _page(request, services, viewer, desk, desk.draft(), data.get("find", "")))
    if not desk.is_publishable:
        problem = form_problem("Nothing was published: mend the errors below first.", code="not-published")
        return show(services, _page(request, services, viewer, desk, desk.draft(problem)), status=422)
    try:
        done = send(services, viewer, desk)
    except NodeError as error:
        problem = form_problem(error.words)
        return show(services, _page(request, services, viewer, desk, desk.draft(problem)), status=error.status)
    settle(services, found=True)
    return redirect_with(services, done.href, done.said)


@post("/write/drafts/{draft:str}/discard", sync_to_thread=True, include_in_schema=False)
def discard(services: Services, viewer: Viewer, draft: str) -> Response[Any]:
    """Throw a draft away."""
    require_author(viewer)
    gone = services.drafting.discard(viewer.name, draft)
    return redirect_with(services, "/write", "The draft is gone." if gone else "There was no such draft.")


def desk_of(services: Services, viewer: Viewer, draft: Kept) -> Desk:
    """The draft, read and checked."""
    shown = find_work(services, viewer, draft.about)[1] if draft.purpose == "suggest" else None
    with services.database.read() as session:
        return Desk.read(session, viewer.did, draft, shown)


def _page(
    request: AnyRequest, services: Services, viewer: Viewer, desk: Desk, seen: Draft, find: str = ""
) -> WritePage:
    draft = desk.kept
    with services.database.read() as session:
        own = _own(session, viewer)
        about = _about(session, viewer, draft)
    fresh = not draft.about
    return WritePage(
        site=site_of(request, services, viewer),
        action="/write",
        check="/write/check",
        upload="/write/files",
        purpose=draft.purpose,
        about=about,
        hidden=_hidden(draft, fresh=fresh),
        kinds=_kinds(draft) if fresh else (),
        audiences=_audiences(services, desk) if _may_stay_inside(draft) else (),
        readers=READERS if draft.kind != "path" else (),
        inserts=INSERTS if draft.kind == "module" else (),
        text=draft.body,
        change=draft.note,
        draft=seen,
        stops=None if desk.stops is None else stops_desk(services, viewer.did, desk.stops, find),
        find_work="/write/work",
        files=uploaded(viewer.did, draft.files),
        own=own,
        drafts=_drafts(services.drafting.list(viewer.name), draft),
    )


def _may_stay_inside(draft: Kept) -> bool:
    return draft.purpose == "write" and not draft.about and draft.kind != "path"


READERS = (
    Choice(value="", label="Everybody, as you sign it", chosen=True),
    Choice(value="novice", label="A novice"),
    Choice(value="competent", label="Somebody competent"),
    Choice(value="expert", label="An expert"),
)


def _hidden(draft: Kept, *, fresh: bool) -> tuple[Choice, ...]:
    fields = {"draft": draft.id, "purpose": draft.purpose, "about": draft.about, "answers": draft.answers}
    if not fresh:
        fields |= {"kind": draft.kind, "audience": "organisation" if draft.inside else "public"}
    return tuple(Choice(value=value, label=name) for name, value in fields.items() if value)


def _kinds(draft: Kept) -> tuple[Choice, ...]:
    return (
        Choice(value="module", label="A module", chosen=draft.kind == "module"),
        Choice(value="task", label="A task", chosen=draft.kind == "task"),
        Choice(value="path", label="A path", chosen=draft.kind == "path"),
    )


def _audiences(services: Services, desk: Desk) -> tuple[Choice, ...]:
    members = f"Members of {services.settings.organisation or 'this node'} alone; it never leaves this node"
    return (
        Choice(value="public", label="Everybody, on every node", chosen=not desk.is_inside),
        Choice(value="organisation", label=members, chosen=desk.is_inside),
    )


def _about(session: Session, viewer: Viewer, draft: Kept) -> Link | None:
    item = catalogue.find_item(session, draft.about, audiences_of(viewer)) if draft.about else None
    return Link(text=item.title, href=href_of_item(item.uri)) if item else None


def _own(session: Session, viewer: Viewer) -> tuple[OwnWork, ...]:
    items = catalogue.list_items(session, audiences_of(viewer), did=viewer.did)
    return tuple(
        OwnWork(
            subject=Link(text=row.title, href=href_of_item(row.uri)),
            edit="/write?" + query_of(edit=row.uri),
            at=moment_of(row.updated_at),
            internal=row.audience == "organisation",
        )
        for row in sorted(items, key=lambda row: -row.updated_at)
        if not row.retired and row.kind in WRITTEN_HERE
    )


def _drafts(kept: Sequence[Kept], shown: Kept) -> tuple[OwnDraft, ...]:
    return tuple(
        OwnDraft(
            title=_title_of(one),
            open="/write?" + query_of(draft=one.id),
            discard=f"/write/drafts/{one.id}/discard",
            purpose=one.purpose,
            at=moment_of(one.updated_at),
            here=one.id == shown.id,
        )
        for one in kept
    )


def _title_of(draft: Kept) -> str:
    line = next((line for line in draft.body.splitlines()[:40] if line.startswith("title:")), "")
    return line.removeprefix("title:").strip().strip("\"'")[:120] or _PURPOSES[draft.purpose]


HANDLERS = (write_page, write, discard)
