"""What a new module for a task begins with: its occupations and skills, and the level that nobody wrote for yet."""

from __future__ import annotations

from dataclasses import dataclass

from node.authoring.vocabulary import LEVELS
from node.errors import Unknown
from node.services.reference.graph.shelves import Shelves
from node.store.content import catalogue, reference
from node.store.content.catalogue import Audiences
from node.store.sessions import Session

MOST_SKILLS = 5


@dataclass(frozen=True, slots=True)
class Proposal:
    """`task`: an at-uri or an id of a classification; `there`: modules for it that exist already."""

    task: str
    title: str
    occupations: tuple[str, ...]
    skills: tuple[str, ...]
    level: str
    there: int


def propose(session: Session, shelves: Shelves, task: str, audiences: Audiences) -> Proposal:
    """From a practitioner's task or one of a classification. Raises Unknown."""
    item = catalogue.find_item(session, task, audiences)
    row = reference.find_task(session, item.source if item else task)
    if (item is None or item.kind != "task") and row is None:
        raise Unknown(
            f"This node knows no task {task[:100]}.",
            hint="`skillnet task find` finds one by a sentence about the work.",
        )
    names = {task} | ({row.id} if row else set())
    books = {book.uri: book for name in names for book in shelves.at("task", name, audiences)}
    written = {book.level for book in books.values()}
    activities = reference.skills_of(session, [row.id]).get(row.id, []) if row else []
    return Proposal(
        task=task,
        title=item.title if item else row.statement if row else task,
        occupations=tuple(item.occupations if item else ()) or ((row.occupation,) if row else ()),
        skills=(tuple(item.skills if item else ()) or tuple(one.id for one in activities))[:MOST_SKILLS],
        level=next((level for level in LEVELS if level not in written), LEVELS[0]),
        there=len(books),
    )
