"""In how many documents a word stands, field by field: what a question asks more than once is looked up once."""

from __future__ import annotations

from typing import Any

from node.search.tantivy_engine.schema import WORD_FIELDS

STEMS_OF = {"title_stem": ("title", "aliases"), "text_stem": ("text",)}
"""Which plain fields' words a field of stems has."""


class Frequencies:
    """Over one searcher, for one question."""

    def __init__(self, searcher: Any) -> None:
        self._searcher = searcher
        self._known: dict[tuple[str, str], int] = {}
        self.total = int(searcher.num_docs)

    def of(self, field: str, word: str) -> int:
        """In how many documents a word stands in a field."""
        key = (field, word)
        found = self._known.get(key)
        if found is None:
            found = self._known[key] = int(self._searcher.doc_freq(field, word))
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
