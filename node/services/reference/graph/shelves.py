"""The part of the graph that is the catalogue: which modules stand at which task, skill and occupation."""

from __future__ import annotations

import threading
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from node.batches import batches
from node.services.cataloguing.changes import CatalogueChange
from node.store.content import catalogue
from node.store.content.catalogue import MEMBERS, Audiences
from node.store.database import Database
from node.store.tables.catalogue import ItemRow

AT_ONCE = 500  # changed items read in one query


@dataclass(frozen=True, slots=True)
class Book:
    """A module or decomposed task, as much of it as the graph needs."""

    uri: str
    kind: str
    audience: str
    title: str
    level: str
    updated_at: int
    tasks: tuple[str, ...]
    occupations: tuple[str, ...]
    skills: tuple[str, ...]
    requires: tuple[str, ...]
    name: str
    source: str


class Shelves:
    """Kept in memory and equal to the catalogue: read once, then what `hear` is told. Ten thousand modules: 15 MB."""

    def __init__(self, database: Database, skill_id: Callable[[str], str | None]) -> None:
        self._skill_id = skill_id
        self._database = database
        self._changing = threading.RLock()
        self._heard: set[str] = set()
        self._books: dict[str, Book] | None = None
        self._served: frozenset[str] | None = None
        self._places: dict[str, defaultdict[str, dict[str, None]]] = {}

    def forget(self) -> None:
        """Reference data changed: free text may stand for other skills now."""
        with self._changing:
            self._books = None

    def hear(self, change: CatalogueChange) -> None:
        """Take note of a durable change; called in the writer's thread."""
        with self._changing:
            self._heard |= change.items

    def at(self, place: str, code: str, audiences: Audiences, kind: str = "module") -> list[Book]:
        """Books of a kind by `task`, `skill`, `occupation` or `source` that the asker may see."""
        books = self._settled()
        found = self._places[place].get(code, ())
        return [book for uri in tuple(found) if (book := books[uri]).kind == kind and book.audience in audiences]

    def made_for(self, task: str, audiences: Audiences) -> tuple[tuple[Book, ...], tuple[Book, ...]]:
        """Decompositions of a task of a classification, and modules for it or for one of them."""
        decompositions = self.at("source", task, audiences, "task")
        names = (task, *(book.uri for book in decompositions))
        modules = {book.uri: book for name in names for book in self.at("task", name, audiences)}
        return tuple(decompositions), tuple(modules.values())

    def served(self) -> frozenset[str]:
        """Every task that something was made for, or that somebody decomposed."""
        self._settled()
        if self._served is None:
            self._served = frozenset(self._places["task"]) | frozenset(self._places["source"])
        return self._served

    def find(self, uri: str) -> Book | None:
        """One book."""
        return self._settled().get(uri)

    def all(self, audiences: Audiences, kind: str = "module") -> list[Book]:
        """Every book of a kind."""
        return [book for book in self._settled().values() if book.kind == kind and book.audience in audiences]

    def _settled(self) -> dict[str, Book]:
        with self._changing:
            if self._books is None:
                self._books, self._heard, self._served = {}, set(), None
                self._places = {name: defaultdict(dict) for name in ("task", "skill", "occupation", "source")}
                with self._database.read() as session:
                    for row in catalogue.list_items(session, MEMBERS):
                        self._put(row)
            elif self._heard:
                heard, self._heard, self._served = sorted(self._heard), set(), None
                for part in batches(heard, AT_ONCE):
                    self._renew(part)
            return self._books

    def _renew(self, uris: Sequence[str]) -> None:
        with self._database.read() as session:
            rows = catalogue.find_items(session, uris, MEMBERS)
        for uri in uris:
            self._drop(uri)
            if uri in rows:
                self._put(rows[uri])

    def _put(self, row: ItemRow) -> None:
        if row.retired or self._books is None:
            return
        book = Book(
            row.uri, row.kind, row.audience, row.title, row.level, row.updated_at, tuple(row.tasks),
            tuple(row.occupations), self._skills(row), tuple(row.requires), row.name, row.source,
        )  # fmt: skip
        self._books[row.uri] = book
        for place, codes in _places_of(book):
            for code in codes:
                self._places[place][code][row.uri] = None

    def _skills(self, row: ItemRow) -> tuple[str, ...]:
        """As the author named them, and the ids that free text stands for."""
        meant = (self._skill_id(skill) for skill in row.skills if ":" not in skill)
        return tuple(dict.fromkeys((*row.skills, *filter(None, meant))))

    def _drop(self, uri: str) -> None:
        book = self._books.pop(uri, None) if self._books is not None else None
        for place, codes in _places_of(book) if book is not None else ():
            for code in codes:
                self._places[place][code].pop(uri, None)
                if not self._places[place][code]:
                    del self._places[place][code]


def _places_of(book: Book) -> tuple[tuple[str, tuple[str, ...]], ...]:
    source = (book.source,) if book.source else ()
    return (
        ("task", book.tasks),
        ("skill", book.skills),
        ("occupation", book.occupations),
        ("source", source),
    )
