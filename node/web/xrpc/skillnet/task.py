"""org.skillnet.task.*: a task with its place in the graph; the tasks of an occupation. Public data only."""

from __future__ import annotations

from typing import Any

from litestar import Request

from node.errors import Malformed
from node.services.assembly import Services
from node.services.reference.assistance import Part, part_of_steps, parts_of
from node.store.content import catalogue, reference, reference_releases
from node.store.content.catalogue import PUBLIC
from node.store.repositories import accounts
from node.store.sessions import Session
from node.store.tables.catalogue import ItemRow
from node.store.tables.reference import ReferenceTaskRow
from node.web.xrpc.skillnet.reading import reading
from node.web.xrpc.skillnet.summaries import offers_of, page, parameters_of, reference_entry, summaries_of

AnyRequest = Request[Any, Any, Any]
Body = dict[str, Any]
MOST_OFFERS, MOST_LINKS = 40, 32
LONGEST_TITLE = 1000


@reading("org.skillnet.task.getTask")
def get_task(request: AnyRequest, services: Services) -> Body:
    """A task of the catalogue by its at-uri, or one of a classification by its id."""
    code = parameters_of(request, "org.skillnet.task.getTask")["id"]
    with services.database.read() as session:
        item = catalogue.find_item(session, code, PUBLIC)
        row = reference.find_task(session, item.source if item else code)
        if (item is None or item.kind != "task") and row is None:
            raise Malformed("Nothing is known under this address here.", code="NotFound")
        source = row.id if row else code
        version = catalogue.find_version(session, item.version_uri, PUBLIC) if item else None
        parts = parts_of(session, services.reference.shelves, [source], PUBLIC).get(source, [])
        skills = reference.skills_of(session, [source]).get(source, [])
        modules = offers_of(services, session, code, MOST_OFFERS)
        entry = _entry(services, session, item, row)
    own = part_of_steps(version.value, "its own steps", "") if version else None
    related = services.reference.bridges.related(source, PUBLIC, MOST_LINKS)
    words = services.reference.words.tasks([other for other, _ in related])
    said = _said([own] if own else parts)
    return {
        "entry": entry,
        **({"version": version.value} if version else {}),
        "activities": [{"id": skill.id, "title": skill.title[:LONGEST_TITLE]} for skill in skills[:MOST_LINKS]],
        "related": [{"id": other, "title": (words[other] or other)[:LONGEST_TITLE]} for other, _ in related],
        "modules": modules,
        **({"assistance": said} if said else {}),
    }


def _entry(services: Services, session: Session, item: ItemRow | None, row: ReferenceTaskRow | None) -> Body:
    if item is not None:
        return summaries_of(services, [item])[0]
    assert row is not None
    return reference_entry(row, _licence(session))


def _licence(session: Session) -> str:
    release = reference_releases.find_current(session, "onet")
    return release.licence if release else ""


@reading("org.skillnet.task.listTasks")
def list_tasks(request: AnyRequest, services: Services) -> Body:
    """Practitioners' tasks by occupation or author, newest first; then the occupation's own, core ones first."""
    asked = parameters_of(request, "org.skillnet.task.listTasks")
    occupation, author = asked.get("occupation") or "", asked.get("author") or ""
    with services.database.read() as session:
        did = author if author.startswith("did:") or not author else _did_of(session, author)
        made = catalogue.list_items(session, PUBLIC, kind="task", did=did)
        rows = [row for row in made if not occupation or _is_of(row, occupation)]
        rows.sort(key=lambda row: -row.updated_at)
        statements = reference.list_tasks(session, occupation) if occupation and not author else []
        licence = _licence(session)
    shown, more = page([*rows, *statements], asked)
    entries = {entry["uri"]: entry for entry in summaries_of(services, [r for r in shown if isinstance(r, ItemRow)])}
    tasks = [entries[row.uri] if isinstance(row, ItemRow) else reference_entry(row, licence) for row in shown]
    return {"tasks": tasks, **more}


def _is_of(row: ItemRow, occupation: str) -> bool:
    return occupation in row.occupations or row.source.startswith(f"{occupation}/")


def _did_of(session: Session, handle: str) -> str:
    account = accounts.find_account(session, handle.lower())
    return account.did if account else handle


def _said(parts: list[Part]) -> str:
    """Findings with their source and date, one to a line."""
    lines = []
    for part in parts:
        dated = f", {part.date}" if part.date else ""
        by_hand = f" By hand, while one learns: {part.by_hand}" if part.by_hand else ""
        lines.append(f"{part.words} ({part.source.rstrip('.')}{dated}){by_hand}")
    return "\n".join(lines)[:2000]


HANDLERS = (get_task, list_tasks)
