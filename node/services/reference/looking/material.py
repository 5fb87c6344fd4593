"""What the lookups are made of, and the making: several seconds and 200 MB, so it runs in a process of its own."""

from __future__ import annotations

from dataclasses import dataclass

from node.search.lookup.entry import Entry
from node.search.lookup.lookup import Lookup
from node.services.reference.looking.tasks import Statement, TaskLookup
from node.store import reference
from node.store.database import Database
from node.store.sessions import Session


@dataclass(frozen=True, slots=True)
class Material:
    """Occupations and task statements of the reference data in use."""

    occupations: tuple[Entry, ...]
    statements: tuple[Statement, ...]


def load_material(session: Session) -> Material:
    """O*NET, or ESCO's occupations where there is none."""
    rows = reference.list_occupations(session, "onet") or reference.list_occupations(session, "esco")
    statements, activities = reference.statements(session), _activities(session)
    tasks: dict[str, list[str]] = {}
    for code, text in statements.items():
        tasks.setdefault(code.partition("/")[0], []).append(text)
    return Material(
        tuple(Entry(r.id, r.title, tuple(r.aliases), r.description, tuple(tasks.get(r.id, ()))) for r in rows),
        tuple(
            Statement(code, code.partition("/")[0], text, " ".join(activities.get(code, ())))
            for code, text in statements.items()
        ),
    )


def build(url: str) -> tuple[Lookup, TaskLookup]:
    """The lookups of occupations and of tasks, from the database at `url`."""
    database = Database(url)
    try:
        with database.read() as session:
            material = load_material(session)
    finally:
        database.close()
    occupations = Lookup(material.occupations)
    names = {one.id: f"{' '.join(one.names)} {one.description}" for one in material.occupations}
    return occupations, TaskLookup(material.statements, occupations, names)


def _activities(session: Session) -> dict[str, list[str]]:
    """Task → titles of its activities."""
    titles = {row.id: row.title for row in reference.list_skills(session, "onet")}
    found: dict[str, list[str]] = {}
    for task, skill in reference.links(session):
        found.setdefault(task, []).append(titles.get(skill, ""))
    return found
