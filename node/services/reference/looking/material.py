"""What the lookups are made of, and the making: several seconds and 200 MB, so it runs in a process of its own.

All of it comes as one piece of bytes, which can be kept in a file and read in a fraction of a second.
"""

from __future__ import annotations

from typing import Any

from node.search.lookup.entry import Entry
from node.search.lookup.lookup import Lookup
from node.search.lookup.tables import Tables, parse_tables
from node.services.reference.looking.tasks import Statement, TaskLookup
from node.store.content import reference
from node.store.database import Database
from node.store.sessions import Session

Lookups = tuple[Lookup, TaskLookup]


def build(url: str) -> bytes:
    """The lookups of occupations and of tasks, from the database at `url`, as `read` takes them."""
    database = Database(url)
    try:
        with database.read() as session:
            tables = Tables(values=_material(session))
    finally:
        database.close()
    _assemble(tables)
    return tables.to_bytes()


def read(content: bytes) -> Lookups:
    """The lookups that `build` made. Raises TablesDamaged."""
    return _assemble(parse_tables(content))


def _assemble(tables: Tables) -> Lookups:
    """Make what the tables lack."""
    entries = [Entry(*fields) for fields in tables.value("occupations", list[Any])]
    statements = [Statement(*fields) for fields in tables.value("tasks", list[Any])]
    occupations = Lookup(entries, tables=tables)
    names = {one.id: f"{' '.join(one.names)} {one.description}" for one in entries}
    return occupations, TaskLookup(statements, occupations, names, tables)


def _material(session: Session) -> dict[str, Any]:
    """Fields of entries and statements: O*NET, or ESCO's occupations where there is none."""
    rows = reference.list_occupations(session, "onet") or reference.list_occupations(session, "esco")
    statements, activities = reference.statements(session), _activities(session)
    tasks: dict[str, list[str]] = {}
    for code, text in statements.items():
        tasks.setdefault(code.partition("/")[0], []).append(text)
    return {
        "occupations": [[r.id, r.title, r.aliases, r.description, tasks.get(r.id, [])] for r in rows],
        "tasks": [
            [code, code.partition("/")[0], text, " ".join(activities.get(code, ()))]
            for code, text in statements.items()
        ],
    }


def _activities(session: Session) -> dict[str, list[str]]:
    """Task → titles of its activities."""
    titles = {row.id: row.title for row in reference.list_skills(session, "onet")}
    found: dict[str, list[str]] = {}
    for task, skill in reference.links(session):
        found.setdefault(task, []).append(titles.get(skill, ""))
    return found
