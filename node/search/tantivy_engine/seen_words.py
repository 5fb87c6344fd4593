"""The words of an index as a reader may know them who may not see all of its documents."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from itertools import islice

from node.search.tantivy_engine.frequencies import Frequencies
from node.search.vocabulary import Variant, Vocabulary

_LOOKED_AT = 200
"""Words that are tried at most."""
_WIDER = 2
"""So many times as many as are wanted are counted: what is frequent among all may be rare in what is seen."""


class SeenWords:
    """A vocabulary without the words that stand only in what is hidden; counts are of what is seen."""

    def __init__(self, vocabulary: Vocabulary, frequencies: Frequencies) -> None:
        self._vocabulary = vocabulary
        self.documents = frequencies.documents

    def completions(self, prefix: str, limit: int) -> tuple[str, ...]:
        """As `Vocabulary.completions`."""
        counted = self._seen(self._vocabulary.completions(prefix, _LOOKED_AT), limit)
        return tuple(sorted(counted, key=lambda word: (-counted[word], word))[:limit])

    def variants(self, word: str, edits: int, limit: int) -> tuple[Variant, ...]:
        """As `Vocabulary.variants`."""
        near = self._vocabulary.variants(word, edits, _LOOKED_AT)
        counted = self._seen((v.word for v in near), limit)
        found = [replace(v, documents=counted[v.word]) for v in near if v.word in counted]
        return tuple(sorted(found, key=lambda v: (v.edits, -v.documents, v.word))[:limit])

    def _seen(self, words: Iterable[str], limit: int) -> dict[str, int]:
        found = ((word, count) for word in words if (count := self.documents(word)))
        return dict(islice(found, _WIDER * limit))
