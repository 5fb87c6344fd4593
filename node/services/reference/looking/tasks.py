"""A plain sentence about one's work → the task statements it may mean.

Statements are short and formal, sentences are short and plain: few words agree. So several likenesses are added, each
scaled to its best: stems of the statement, alone and with its activities; letter groups; and how likely the sentence
comes from the occupation at all. Where a sentence says a thing plainly (`plain_words`), each statement is credited with
the one word of the group that it has and that says most, never with several for the same thing.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from node.search.lookup.features import Stems, letter_groups
from node.search.lookup.lookup import Lookup
from node.search.lookup.matrices import Bm25, Cosine
from node.search.lookup.tables import Scores, Tables
from node.search.text.tokens import tokens
from node.services.reference.looking.plain_words import Meaning, PlainWords, plain_pairs
from node.services.reference.looking.spelling import Spelling

LONGEST = 2000  # letters of a sentence that are read


@dataclass(frozen=True, slots=True)
class Statement:
    """A task with what surrounds it: its occupation and the titles of its activities."""

    id: str
    occupation: str
    text: str
    activities: str


@dataclass(frozen=True, slots=True)
class Weights:
    """How much each likeness counts.

    `formal`: a formal word for a plain one, beside 1 for the word itself; `literal`: a word of a phrase that means
    something else, beside 1 for what it means.
    """

    words: float = 1.0
    letters: float = 0.5
    activities: float = 1.0
    titles: float = 0.6
    trade: float = 0.6
    formal: float = 0.9
    literal: float = 0.3

    @property
    def total(self) -> float:
        """The score of a statement that is best by every likeness."""
        return self.words + self.letters + self.activities + self.titles + self.trade


class TaskLookup:
    """Built once (O*NET: some seconds), then asked from any thread. `names`: occupation → its title and other names."""

    def __init__(
        self,
        statements: Sequence[Statement],
        occupations: Lookup,
        names: Mapping[str, str],
        tables: Tables | None = None,
    ) -> None:
        self._weights = Weights()
        self._statements = statements
        self._occupations = occupations
        if not statements:
            return
        self._codes = {code: place for place, code in enumerate(dict.fromkeys(s.occupation for s in statements))}
        self._occupation_of = np.array([self._codes[s.occupation] for s in statements])
        stems, tables = Stems("en"), tables or Tables()
        self._plain = PlainWords(stems)
        self._words = Bm25((s.text for s in statements), stems, tables.at("statements"))
        self._letters = Cosine((s.text for s in statements), letter_groups, tables.at("letters of statements"))
        activities = (f"{s.text} {s.activities}" for s in statements)
        self._activities = Bm25(activities, stems, tables.at("activities"))
        self._trades = Bm25(_texts_of(self._codes, statements, names), stems, tables.at("trades"))
        known = tables.value("words", lambda: _known_words(_texts_of(self._codes, statements, names)))
        self._spelling = Spelling(known)

    def find(self, sentence: str, limit: int = 5) -> list[tuple[Statement, float]]:
        """Statements with scores (0 … 1, comparable within one answer), best first."""
        if not self._statements or not sentence.strip():
            return []
        scores = self._score(sentence[:LONGEST])
        best = np.argsort(-scores, kind="stable")[: max(0, limit)]
        return [(self._statements[int(i)], float(scores[i])) for i in best if scores[i] > 0]

    def formally(self, sentence: str) -> str:
        """The sentence, and what its phrases mean: “I look after the books … maintain accounts bookkeeping”."""
        return self._plain.formally(tokens(sentence[:LONGEST])) if self._statements else sentence

    def _score(self, sentence: str) -> Scores:
        w = self._weights
        words = [self._spelling.read(word) for word in tokens(sentence)]
        groups = [self._group(meaning) for meaning in self._plain.read(words)]
        spelled = self._plain.formally(words)
        own = w.words * _scaled(self._words.best_of(groups)) + w.activities * _scaled(self._activities.best_of(groups))
        own += w.letters * _scaled(self._letters.scores(spelled))
        trade = w.trade * _scaled(self._trades.best_of(groups)) + w.titles * self._by_titles(spelled)
        score: Scores = own + trade[self._occupation_of] * (own > 0)
        return score / w.total

    def _group(self, meaning: Meaning) -> dict[str, float]:
        formal, own = (1.0, self._weights.literal) if meaning.phrase else (self._weights.formal, 1.0)
        group = dict.fromkeys(meaning.own, own)
        return group | {stem: max(formal, group.get(stem, 0.0)) for stem in meaning.formal}

    def _by_titles(self, sentence: str) -> Scores:
        """How like each occupation the sentence is, as if it were a job title."""
        likeness = np.zeros(len(self._codes))
        for found in self._occupations.find(sentence, limit=len(self._occupations)):
            if found.id in self._codes:
                likeness[self._codes[found.id]] = found.score
        return _scaled(likeness)


def _texts_of(codes: Iterable[str], statements: Sequence[Statement], names: Mapping[str, str]) -> Iterator[str]:
    """What each occupation is called, and all that it does."""
    tasks = defaultdict[str, list[str]](list)
    for statement in statements:
        tasks[statement.occupation].append(statement.text)
    for code in codes:
        yield " ".join((names.get(code, ""), *tasks[code]))


def _known_words(texts: Iterable[str]) -> dict[str, int]:
    """Words of the trades with how many have them, and the plain ones."""
    known = Counter(word for text in texts for word in dict.fromkeys(tokens(text)))
    known.update(word for plains, _ in plain_pairs() for plain in plains for word in tokens(plain))
    return dict(known)


def _scaled(scores: Scores) -> Scores:
    most = float(scores.max()) if scores.size else 0.0
    return scores / most if most > 0 else scores
