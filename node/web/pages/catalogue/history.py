"""The history of a module, task or path: every version, what changed, and what readers take for a major change."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from litestar import Response, get

from node.authoring.difference import difference
from node.authoring.majorness import Majorness, majorness
from node.authoring.value import source_of
from node.services.assembly import Services
from node.services.policy import Viewer
from node.store.clock import moment_of
from node.store.content import catalogue
from node.store.tables.catalogue import ItemRow, VersionRow
from node.web.contexts.cards import Link
from node.web.contexts.writing.authoring import HistoryLine, HistoryPage
from node.web.pages.catalogue.items import missing
from node.web.pages.differences import diff_lines
from node.web.pages.links import did_of, href_of_item, href_of_version
from node.web.pages.names import Names
from node.web.pages.reading import AnyRequest, readable_by, show_document
from node.web.pages.rendering import body_of
from node.web.presenting import site_of
from schemas.authority import MODULE, PATH, TASK

SHOWN = 50  # versions, the newest; the API gives all
_REASONS = {
    "author": "the author says so",
    "practice": "what is practised changed",
    "quiz": "a question changed",
    "links": "a link leads elsewhere",
    "pictures": "a picture changed",
    "attachments": "an attached file changed",
    "steps": "who does a step, or how one knows it is right, changed",
    "modules": "other modules, or another order",
    "text": "more than a tenth of the text changed",
}


@get("/modules/{did:str}/{name:str}/history", sync_to_thread=True, include_in_schema=False)
def module_history(request: AnyRequest, services: Services, viewer: Viewer, did: str, name: str) -> Response[Any]:
    """Of a module."""
    return _shown(request, services, viewer, f"at://{did_of(did)}/{MODULE}/{name}")


@get("/tasks/{did:str}/{name:str}/history", sync_to_thread=True, include_in_schema=False)
def task_history(request: AnyRequest, services: Services, viewer: Viewer, did: str, name: str) -> Response[Any]:
    """Of a task."""
    return _shown(request, services, viewer, f"at://{did_of(did)}/{TASK}/{name}")


@get("/paths/{did:str}/{name:str}/history", sync_to_thread=True, include_in_schema=False)
def path_history(request: AnyRequest, services: Services, viewer: Viewer, did: str, name: str) -> Response[Any]:
    """Of a path."""
    return _shown(request, services, viewer, f"at://{did_of(did)}/{PATH}/{name}")


def _shown(request: AnyRequest, services: Services, viewer: Viewer, uri: str) -> Response[Any]:
    audiences = readable_by(services, viewer)
    with services.database.read() as session:
        item = catalogue.find_item(session, uri, audiences)
        if item is None:
            raise missing(services, session, uri, audiences)
        versions = catalogue.list_versions(session, uri, audiences)
        thanked = {str(did) for version in versions for did in _list(version, "contributors")}
        names = Names(session, thanked)
    page = HistoryPage(
        site=site_of(request, services, viewer),
        about=Link(text=item.title, href=href_of_item(uri)),
        versions=tuple(_lines(services, item, versions, names)),
    )
    return show_document(request, services, viewer, page)


def _lines(services: Services, item: ItemRow, versions: Sequence[VersionRow], names: Names) -> Iterator[HistoryLine]:
    """Newest first."""
    pairs = list(zip([None, *versions], versions, strict=False))[-SHOWN:]
    for before, version in reversed(pairs):
        found = _compared(services, before, version)
        earlier = _list(before, "contributors") if before else []
        yield HistoryLine(
            href=href_of_version(item.uri, version.uri),
            at=moment_of(version.first_seen),
            change=version.change_note,
            current=version.uri == item.version_uri,
            internal=version.audience == "organisation",
            is_major=found.major,
            reasons=tuple(_REASONS.get(code, code) for code in found.reasons),
            changed=found.changed,
            thanks=tuple(names.person(str(did)) for did in _list(version, "contributors") if did not in earlier),
            difference=diff_lines(_difference(services, before, version)) if before else (),
        )


def _compared(services: Services, before: VersionRow | None, version: VersionRow) -> Majorness:
    if before is None:
        return Majorness(False, (), 0.0)
    return majorness(before.value, version.value, body_of(services, before), body_of(services, version))


def _difference(services: Services, before: VersionRow, version: VersionRow) -> str:
    return difference(
        source_of(before.value, body_of(services, before)), source_of(version.value, body_of(services, version))
    )


def _list(version: VersionRow, field: str) -> list[Any]:
    found: Any = version.value.get(field) or ()
    return list(found)


HANDLERS = (module_history, task_history, path_history)
