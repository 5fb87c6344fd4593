"""In how many documents a word stands, field by field: what a question asks more than once is looked up once.

Documents that the reader may not see are not counted: whether a word is known decides how a question is read, and that
must not tell what stands in them.
"""

from __future__ import annotations

from collections.abc import Collection
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
        self._audiences = sorted(audiences)
        self._known: dict[tuple[str, str], int] = {}
        self.total = int(searcher.num_docs)
        there = searcher.terms_with_prefix("audience", "")
        self.hidden = sum(int(count) for audience, count in there if audience not in audiences)
        """How many documents the reader may not see, at most."""

    def of(self, field: str, word: str) -> int:
        """In how many documents a word stands in a field."""
        key = (field, word)
        found = self._known.get(key)
        if found is None:
            found = int(self._searcher.doc_freq(field, word))
            if 0 < found <= self.hidden:  # else some of them are surely seen
                found = self._seen(field, word)
            self._known[key] = found
        return found

    def documents(self, word: str) -> int:
        """In about how many documents it stands anywhere."""
        return max(self.of(field, word) for field, _ in WORD_FIELDS)

    def stemmed(self, stem: str) -> int:
        """In about how many documents words with this stem stand."""
        return max(self.of(field, stem) for field in STEMS_OF)

    def adds(self, field: str, stem: str, word: str) -> bool:
        """Whether asking for a stem finds more than the word itself does."""
        return self.of(field, stem) > max(self.of(name, word) for name in STEMS_OF[field])

    def _seen(self, field: str, word: str) -> int:
        """Counted one by one; there are no more than are hidden."""
        standing = Query.term_query(self._schema, field, word, "basic")
        visible = Query.term_set_query(self._schema, "audience", self._audiences)
        both = Query.boolean_query([(Occur.Must, standing), (Occur.Must, visible)])
        return int(self._searcher.search(both, 1, True).count)
