"""SQLite's FTS5 with its unicode61 tokenizer and BM25: the search that is always there."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from pathlib import Path

from node.search.document import SearchDocument

_FACETS = ("kind", "layer", "level", "language")


class Fts5Rival:
    """One table of text and one of facets in a file."""

    name = f"SQLite FTS5 {sqlite3.sqlite_version}"

    def __init__(self, folder: Path) -> None:
        self._db = sqlite3.connect(folder / "fts5.sqlite")
        self._db.executescript(
            """
            PRAGMA journal_mode = WAL;
            CREATE VIRTUAL TABLE words USING fts5(title, summary, body, tokenize = "unicode61 remove_diacritics 2");
            CREATE TABLE documents (row INTEGER PRIMARY KEY, id TEXT UNIQUE, kind, layer, level, language);
            """
        )

    def index(self, documents: Iterable[SearchDocument]) -> None:
        """In one transaction."""
        with self._db:
            for document in documents:
                self._add(document)

    def search(self, words: Sequence[str], *, prefix: bool = False) -> list[str]:
        """All words, best ten by BM25."""
        rows = self._db.execute(
            "SELECT id FROM words JOIN documents ON documents.row = words.rowid WHERE words MATCH ? "
            "ORDER BY bm25(words, 3, 1, 1) LIMIT 10",
            (_match(words, prefix=prefix),),
        )
        return [row[0] for row in rows]

    def facets(self, words: Sequence[str]) -> None:
        """One GROUP BY each."""
        where = "WHERE row IN (SELECT rowid FROM words WHERE words MATCH ?)" if words else ""
        arguments = (_match(words),) if words else ()
        for name in _FACETS:
            query = f"SELECT {name}, count(*) FROM documents {where} GROUP BY 1"  # noqa: S608 - names from a constant
            self._db.execute(query, arguments).fetchall()

    def upsert(self, document: SearchDocument) -> None:
        """In a transaction of its own."""
        with self._db:
            row = self._db.execute("SELECT row FROM documents WHERE id = ?", (document.id,)).fetchone()
            if row:
                self._db.execute("DELETE FROM words WHERE rowid = ?", row)
                self._db.execute("DELETE FROM documents WHERE row = ?", row)
            self._add(document)

    def close(self) -> None:
        """Close the file."""
        self._db.close()

    def _add(self, document: SearchDocument) -> None:
        facets = [(document.facet_values(name) or ("",))[0] for name in _FACETS]
        added = self._db.execute(
            "INSERT INTO documents (id, kind, layer, level, language) VALUES (?, ?, ?, ?, ?)", (document.id, *facets)
        )
        text = (document.title, document.summary, document.body)
        self._db.execute(
            "INSERT INTO words (rowid, title, summary, body) VALUES (?, ?, ?, ?)", (added.lastrowid, *text)
        )


def _match(words: Sequence[str], *, prefix: bool = False) -> str:
    return " ".join(f'"{w}"' for w in words) + ("*" if prefix and words else "")
