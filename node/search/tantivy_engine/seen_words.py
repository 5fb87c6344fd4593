"""The words of an index as a reader may know them who may not see all of its documents."""

from __future__ import annotations

from dataclasses import replace

from node.search.tantivy_engine.frequencies import Frequencies
from node.search.vocabulary import Variant, Vocabulary

_LOOKED_AT = 200
"""Words that are tried for those that the reader may know."""


class SeenWords:
    """A vocabulary without the words that stand only in what is hidden; counts are of what is seen."""

    def __init__(self, vocabulary: Vocabulary, frequencies: Frequencies) -> None:
        self._vocabulary = vocabulary
        self.documents = frequencies.documents

    def completions(self, prefix: str, limit: int) -> tuple[str, ...]:
        """As `Vocabulary.completions`."""
        counted = {word: self.documents(word) for word in self._vocabulary.completions(prefix, _LOOKED_AT)}
        return tuple(sorted(filter(counted.get, counted), key=lambda word: (-counted[word], word))[:limit])

    def variants(self, word: str, edits: int, limit: int) -> tuple[Variant, ...]:
        """As `Vocabulary.variants`."""
        near = self._vocabulary.variants(word, edits, _LOOKED_AT)
        found = [replace(v, documents=count) for v in near if (count := self.documents(v.word))]
        return tuple(sorted(found, key=lambda v: (v.edits, -v.documents, v.word))[:limit])
