"""Likeness of meaning between a question and the names of entries: one more likeness for the lookup."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from node.search.lookup.entry import Entry
from node.search.lookup.tables import Scores
from node.search.meaning.model import Model, Vectors

_LONGEST_TEXT = 400
"""Characters of title and description together: models of this size read little more."""
_POWER = 6


class Meanings:
    """Vectors of all names, and of each entry's title with its description."""

    def __init__(self, model: Model, names: Vectors, texts: Vectors, counts: Sequence[int]) -> None:
        """`counts`: how many names each entry has."""
        self._model = model
        self._names = names
        self._texts = texts
        self._starts = np.cumsum([0, *counts[:-1]])

    @classmethod
    def of(cls, entries: Sequence[Entry], model: Model) -> Meanings:
        """Encode everything: some hundred names a second."""
        counts = [len(entry.names) for entry in entries]
        names = model.encode([name for entry in entries for name in entry.names])
        texts = model.encode([text_of(entry) for entry in entries])
        return cls(model, names, texts, counts)

    def scores(self, question: str) -> tuple[Scores, Scores]:
        """(likest name, likeness to the text) of each entry, 0 and more."""
        asked = self._model.encode([question])[0]
        names = np.maximum.reduceat(np.clip(self._names @ asked, 0, None), self._starts)
        texts = np.clip(self._texts @ asked, 0, None)
        return np.asarray(names, np.float64) ** _POWER, np.asarray(texts, np.float64) ** _POWER


def text_of(entry: Entry) -> str:
    """What is encoded beside the names."""
    return f"{entry.title}. {entry.description}"[:_LONGEST_TEXT]
