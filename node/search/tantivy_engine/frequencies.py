"""In how many documents a word stands, field by field: what a question asks more than once is looked up once.

Documents that the reader may not see are not counted: whether a word is known decides how a question is read, and that
must not tell what stands in them.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from tantivy import Occur, Query

from node.search.tantivy_engine.schema import WORD_FIELDS

STEMS_OF = {"title_stem": ("title", "aliases"), "text_stem": ("text",)}
"""Which plain fields' words a field of stems has."""


class Frequencies:
    """Over one searcher, for one question of a reader who may see these audiences."""

    def __init__(self, searcher: Any, schema: Any, audiences: Collection[str]) -> None:
        self._searcher = searcher
        self._schema = schema
        self._audiences = audiences
        self._known: dict[tuple[str, str], int] = {}
        self._seen: dict[str, int] = {}
        self.total = int(searcher.num_docs)
        there = searcher.terms_with_prefix("audience", "")
        self.hidden = sum(int(count) for audience, count in there if audience not in audiences)
        """How many documents the reader may not see, at most."""

    def of(self, field: str, word: str) -> int:
        """In how many documents a word stands in a field, seen or not: what stands in none need not be asked for."""
        key = (field, word)
        found = self._known.get(key)
        if found is None:
            found = self._known[key] = int(self._searcher.doc_freq(field, word))
        return found

    def documents(self, word: str) -> int:
        """In about how many documents it stands anywhere."""
        return self._seen_in([field for field, _ in WORD_FIELDS], word)

    def stemmed(self, stem: str) -> int:
        """In about how many documents words with this stem stand."""
        return self._seen_in(list(STEMS_OF), stem)

    def adds(self, field: str, stem: str, word: str) -> bool:
        """Whether asking for a stem finds more than the word itself does."""
        return self.of(field, stem) > max(self.of(name, word) for name in STEMS_OF[field])

    def _seen_in(self, fields: Sequence[str], word: str) -> int:
        most = max(self.of(field, word) for field in fields)
        if not 0 < most <= self.hidden:
            return most  # in none, or in more than are hidden: some of them are surely seen
        key = f"{fields[0]} {word}"
        if key not in self._seen:
            self._seen[key] = self._count([(field, word) for field in fields if self.of(field, word)])
        return self._seen[key]

    def _count(self, places: Sequence[tuple[str, str]]) -> int:
        """One by one; there are no more than are hidden in each field."""
        standing = self._any(places)
        visible = self._any([("audience", audience) for audience in self._audiences])
        both = Query.boolean_query([(Occur.Must, standing), (Occur.Must, visible)])
        return int(self._searcher.search(both, 1, True).count)

    def _any(self, places: Sequence[tuple[str, str]]) -> Any:
        terms = [Query.term_query(self._schema, field, text, "basic") for field, text in places]
        return terms[0] if len(terms) == 1 else Query.boolean_query([(Occur.Should, term) for term in terms])
