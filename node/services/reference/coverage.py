"""Which tasks of an occupation have modules, at which level, how fresh; the holes are an author's shopping list."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from node.services.reference.assistance import Part, parts_of
from node.services.reference.graph.shelves import Book, Shelves
from node.store.content import reference
from node.store.content.catalogue import Audiences
from node.store.sessions import Session
from node.store.tables.reference import ReferenceTaskRow

LEVELS = ("novice", "advanced-beginner", "competent", "proficient", "expert")
COLUMNS = (
    "task", "statement", "kind", "decomposed", "modules", *LEVELS, "freshest", "hole", "assistants", "provenance",
)  # fmt: skip
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
Freshness = Callable[[Sequence[str]], Sequence[float]]


@dataclass(frozen=True, slots=True)
class Covered:
    """One task: its decompositions, its modules, and how fresh the freshest of them is (0..1, 0 without)."""

    task: ReferenceTaskRow
    decompositions: tuple[Book, ...]
    modules: tuple[Book, ...]
    freshest: float
    parts: tuple[Part, ...]

    @property
    def is_hole(self) -> bool:
        """Nobody made anything for it."""
        return not self.modules

    @property
    def levels(self) -> Mapping[str, int]:
        """Modules by level; one that does not say is for the competent."""
        return {level: sum((book.level or "competent") == level for book in self.modules) for level in LEVELS}


def coverage_of(
    session: Session, shelves: Shelves, freshness: Freshness, occupation: str, audiences: Audiences
) -> list[Covered]:
    """Every task of an occupation in use, core ones first."""
    tasks = reference.list_tasks(session, occupation)
    parts = parts_of(session, shelves, [task.id for task in tasks], audiences)
    made = {task.id: shelves.made_for(task.id, audiences) for task in tasks}
    modules = list({book.uri: book for _, books in made.values() for book in books})
    fresh = dict(zip(modules, freshness(modules), strict=True))
    return [
        Covered(
            task, *made[task.id], max((fresh[book.uri] for book in made[task.id][1]), default=0.0),
            tuple(parts.get(task.id, ())),
        )
        for task in tasks
    ]  # fmt: skip


def as_csv(rows: Sequence[Covered]) -> str:
    """RFC 4180, one line a task; a spreadsheet runs nothing of it."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(COLUMNS)
    for row in rows:
        part = row.parts[0] if row.parts else None
        cells = (
            row.task.id, row.task.statement, row.task.kind, len(row.decompositions), len(row.modules),
            *row.levels.values(), f"{row.freshest:.2f}" if row.modules else "", "yes" if row.is_hole else "",
            part.finding if part else "", part.provenance if part else "",
        )  # fmt: skip
        writer.writerow([_harmless(cell) for cell in cells])
    return out.getvalue()


def _harmless(cell: object) -> object:
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(_FORMULA) else cell
