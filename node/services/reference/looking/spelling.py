"""Words that nobody knows are read as the nearest one that is known: `recieve` → receive, `invioces` → invoices."""

from __future__ import annotations

from collections.abc import Mapping

_ONE, _TWO = 5, 9
"""From how many letters one or two wrong ones are forgiven."""


class Spelling:
    """Knows words and how many texts have them."""

    def __init__(self, words: Mapping[str, int]) -> None:
        self._words = dict(words)
        self._listed = sorted(self._words)

    def read(self, word: str) -> str:
        """`word`, or the known word that differs least, the most frequent of several."""
        if word in self._words or len(word) < _ONE or not word.isalpha():
            return word
        from rapidfuzz.distance import OSA
        from rapidfuzz.process import extract

        most = 2 if len(word) >= _TWO else 1
        near = extract(word, self._listed, scorer=OSA.distance, score_cutoff=most, limit=20)
        best = min(near, key=lambda one: (one[1], one[0][0] != word[0], -self._words[one[0]]), default=None)
        return best[0] if best else word
