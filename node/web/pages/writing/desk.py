"""What lies on the desk when the page opens or a form comes: a draft, one's own work, another's to be improved."""

from __future__ import annotations

import secrets
from dataclasses import replace
from typing import cast, get_args

from node.errors import Malformed, Unknown
from node.services.assembly import Services
from node.services.policy import Viewer, audiences_of
from node.services.reference.proposing import propose
from node.services.writing.drafting import Draft, Kind, Purpose
from node.store.content import catalogue
from node.store.tables.catalogue import ItemRow, VersionRow
from node.web.pages.forms import Form
from node.web.pages.writing.skeletons import is_skeleton, skeleton_for, skeleton_of

WRITTEN_HERE = frozenset(get_args(Kind))


def open_new(kind: str) -> Draft:
    """An empty desk."""
    chosen = kind_from(kind)
    return Draft(kind=chosen, body=skeleton_of(chosen))


def kind_from(text: str) -> Kind:
    """What is written; a module where nothing else is named."""
    return cast(Kind, text) if text in WRITTEN_HERE else "module"


def open_for(services: Services, viewer: Viewer, task: str) -> Draft:
    """A module for a task: its occupations, skills, and the level that nobody wrote for. Raises Unknown."""
    with services.database.read() as session:
        proposal = propose(session, services.reference.shelves, task, audiences_of(viewer))
    return Draft(kind="module", body=skeleton_for(proposal))


def open_own(services: Services, viewer: Viewer, uri: str) -> Draft:
    """One's own work as Markdown, or the draft that one has of it. Raises Unknown for another's."""
    item, version = find_work(services, viewer, uri)
    if item.did != viewer.did:
        raise Unknown("That is no work of yours on this node.")
    kept = services.drafting.find_about(viewer.name, "write", uri)
    return kept or _opened("write", item, services.suggesting.source_of(version))


def open_another(services: Services, viewer: Viewer, uri: str) -> Draft:
    """Another's work, to suggest a change. Raises Unknown, Malformed for one's own."""
    item, version = find_work(services, viewer, uri)
    if item.did == viewer.did:
        raise Malformed("This is your own work.", hint="Change it: publish a new version.")
    kept = services.drafting.find_about(viewer.name, "suggest", uri)
    return kept or _opened("suggest", item, services.suggesting.source_of(version))


def open_suggestion(services: Services, viewer: Viewer, uri: str) -> Draft:
    """A suggestion merged with one's own current text, conflicts between markers."""
    brought = services.suggesting.bring(viewer.did, uri, audiences_of(viewer))
    kept = services.drafting.find_about(viewer.name, "accept", brought.item.uri, uri)
    if kept is not None:
        return kept
    opened = _opened("accept", brought.item, brought.merged.text)
    return services.drafting.keep(viewer.name, replace(opened, answers=uri, note=brought.row.note))


def _opened(purpose: Purpose, item: ItemRow, text: str) -> Draft:
    inside = item.audience == "organisation"
    return Draft(purpose=purpose, kind=kind_from(item.kind), about=item.uri, body=text, inside=inside)


def typed(services: Services, viewer: Viewer, data: Form) -> Draft:
    """What a form of the page sent; an untouched skeleton of the other kind gives way to the kind chosen now."""
    kind = kind_from(data.get("kind", ""))
    text = data.get("text", "").replace("\r\n", "\n")
    if is_skeleton(text):
        text = skeleton_of(kind)
    known = services.drafting.find(viewer.name, data.get("draft", ""))
    purpose = data.get("purpose", "write")
    return Draft(
        id=data.get("draft", "") or secrets.token_urlsafe(12),
        purpose=cast(Purpose, purpose) if purpose in ("write", "suggest", "accept") else "write",
        kind=kind,
        about=data.get("about", ""),
        answers=data.get("answers", ""),
        body=text,
        note=data.get("change", "").strip(),
        inside=data.get("audience") == "organisation",
        files=known.files if known else (),
    )


def is_worth_keeping(draft: Draft) -> bool:
    """Is it more than an untouched skeleton?"""
    return not is_skeleton(draft.body)


def find_work(services: Services, viewer: Viewer, uri: str) -> tuple[ItemRow, VersionRow]:
    """An item with its current version. Raises Unknown."""
    audiences = audiences_of(viewer)
    with services.database.read() as session:
        item = catalogue.find_item(session, uri, audiences)
        version = catalogue.find_version(session, item.version_uri, audiences) if item else None
    if item is None or version is None or item.kind not in WRITTEN_HERE:
        raise Unknown("There is no such module, task or path on this node.")
    return item, version
