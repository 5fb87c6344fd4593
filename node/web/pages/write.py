"""Writing in the browser: check as one types, sign and publish; the text is never lost to an error."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from litestar import Response, get, post

from node.authoring.value import BodyTooLong, source_of
from node.errors import NodeError, Unknown
from node.services.assembly import Services
from node.services.policy import Viewer
from node.services.publishing import publish
from node.store import catalogue
from node.store.catalogue import PUBLIC
from node.store.sessions import Session
from node.web.contexts.cards import Choice, Link
from node.web.contexts.write import Draft, LintProblem, OwnWork, WriteDraft, WritePage
from node.web.notices import redirect_with, show_once
from node.web.pages.authors import require_author
from node.web.pages.cards import as_moment
from node.web.pages.drafting import EMPTY, Desk, form_problem
from node.web.pages.forms import Form
from node.web.pages.links import href_of_item, kind_of, query_of
from node.web.pages.reading import AnyRequest
from node.web.pages.rendering import body_of
from node.web.pages.settling import settle
from node.web.pages.skeletons import Kind, skeleton_of
from node.web.presenting import show, site_of


@dataclass(frozen=True, slots=True)
class _Typed:
    """What stands on the desk."""

    kind: Kind
    text: str
    change: str = ""


@get("/write", sync_to_thread=True, include_in_schema=False)
def write_page(
    request: AnyRequest, services: Services, viewer: Viewer, kind: str = "module", edit: str = ""
) -> Response[Any]:
    """An empty desk, or one's own work opened on it."""
    require_author(viewer)
    chosen: Kind = "task" if kind == "task" else "module"
    text = _opened(services, viewer, edit) if edit else skeleton_of(chosen)
    if edit:
        chosen = "task" if kind_of(edit) == "task" else "module"
    typed = _Typed(chosen, text)
    draft = _desk(services, viewer, typed).draft() if edit else EMPTY
    return show_once(request, services, _page(request, services, viewer, typed, draft))


@post("/write", sync_to_thread=True, include_in_schema=False)
def write(request: AnyRequest, services: Services, viewer: Viewer, data: Form) -> Response[Any]:
    """Check, or sign and publish."""
    require_author(viewer)
    typed = _typed(data)
    desk = _desk(services, viewer, typed)
    if data.get("do") != "publish":
        return show(services, _page(request, services, viewer, typed, desk.draft()))
    if not desk.is_publishable:
        return show(services, _page(request, services, viewer, typed, desk.draft(_not_yet())), status=422)
    try:
        published = publish(services.database, services.host, viewer.did, desk.value(), typed.change)
    except (NodeError, BodyTooLong) as error:
        problem = form_problem(getattr(error, "message", str(error)), _hint(error))
        page = _page(request, services, viewer, typed, desk.draft(problem))
        return show(services, page, status=getattr(error, "status", 413))
    settle(services, found=True)
    done = "Signed and published. Nodes that follow this one see it within seconds."
    return redirect_with(services, href_of_item(published.uri) or "/write", done)


@post("/write/check", sync_to_thread=True, include_in_schema=False, status_code=200)
def check(request: AnyRequest, services: Services, viewer: Viewer, data: Form) -> Response[str]:
    """The draft alone, while somebody types."""
    require_author(viewer)
    draft = _desk(services, viewer, _Typed(_kind(data), data.get("text", ""))).draft()
    return show(services, WriteDraft(site=site_of(request, services, viewer), draft=draft))


def _desk(services: Services, viewer: Viewer, typed: _Typed) -> Desk:
    with services.database.read() as session:
        return Desk.read(session, viewer.did, typed.kind, typed.text)


def _typed(data: Form) -> _Typed:
    """What was sent; an untouched skeleton of the other kind gives way to that of the kind chosen now."""
    kind, text = _kind(data), data.get("text", "").replace("\r\n", "\n")
    untouched = text.strip() in ("", skeleton_of("module").strip(), skeleton_of("task").strip())
    return _Typed(kind, skeleton_of(kind) if untouched else text, data.get("change", "").strip())


def _kind(data: Form) -> Kind:
    return "task" if data.get("kind") == "task" else "module"


def _not_yet() -> LintProblem:
    return form_problem("Nothing was published: mend the errors below first.", code="not-published")


def _hint(error: Exception) -> str:
    if isinstance(error, BodyTooLong):
        return "Split it in two, or publish it from a folder with `skillnet module publish`."
    return str(getattr(error, "hint", ""))


def _opened(services: Services, viewer: Viewer, uri: str) -> str:
    """One's own work as Markdown. Raises Unknown for another's."""
    with services.database.read() as session:
        item = catalogue.find_item(session, uri, PUBLIC)
        version = catalogue.find_version(session, item.version_uri, PUBLIC) if item else None
    if item is None or version is None or item.did != viewer.did:
        raise Unknown("That is no work of yours on this node.")
    return source_of(version.value, body_of(services, version))


def _page(request: AnyRequest, services: Services, viewer: Viewer, typed: _Typed, draft: Draft) -> WritePage:
    with services.database.read() as session:
        own = _own(session, viewer.did)
    return WritePage(
        site=site_of(request, services, viewer),
        action="/write",
        check="/write/check",
        kinds=(
            Choice(value="module", label="A module", chosen=typed.kind == "module"),
            Choice(value="task", label="A task", chosen=typed.kind == "task"),
        ),
        text=typed.text,
        change=typed.change,
        draft=draft,
        own=own,
    )


def _own(session: Session, did: str) -> tuple[OwnWork, ...]:
    items = [row for row in catalogue.list_items(session, PUBLIC, did=did) if not row.retired]
    return tuple(
        OwnWork(
            subject=Link(text=row.title, href=href_of_item(row.uri)),
            edit="/write?" + query_of(edit=row.uri),
            at=as_moment(row.updated_at),
        )
        for row in sorted(items, key=lambda row: -row.updated_at)
    )


HANDLERS = (write_page, write, check)
