"""Job titles and sentences → entries. Six likenesses are added, each scaled to its best entry.

No single one is good alone: letter groups find what words miss (endings, compounds, typos), votes of many like names
are surer than one, description and tasks help where no name is like the question. Weights were fitted on some
of O*NET's alternate titles and judged on others: half of them indexed, the other half asked, .53 at first place and .86
among ten (BM25 .46, .79); none indexed .28 and .58 (BM25 .22, .50).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from node.search.lookup.doublets import forms_of
from node.search.lookup.entry import Entry, Found
from node.search.lookup.features import LONGEST, letter_groups, short_beginnings, stems
from node.search.lookup.matrices import Bm25, Cosine
from node.search.lookup.meanings import Meanings
from node.search.lookup.tables import Scores, Tables

_VOTE_POWER = 6


@dataclass(frozen=True, slots=True)
class Weights:
    """How much each likeness counts.

    `name` and `votes`: the likest name by letter groups, and all like names together; `names`: BM25 of letter groups
    over all names; `text` the same over title, description and tasks; `all`: BM25 of stems over everything;
    `beginnings` the same of the first four letters of words. `meaning` and `meaning_of_text` count where a model is
    attached.
    """

    name: float = 0.7
    votes: float = 1.2
    names: float = 1.3
    text: float = 0.6
    all: float = 2.2
    beginnings: float = 1.0
    meaning: float = 2.4
    meaning_of_text: float = 0.8

    @property
    def total(self) -> float:
        """The score of an entry that is best by every likeness of words."""
        return self.name + self.votes + self.names + self.text + self.all + self.beginnings

    @property
    def of_meaning(self) -> float:
        """The same by meaning."""
        return self.meaning + self.meaning_of_text


NAMES_ALONE = Weights(all=1.2, beginnings=2.0)
"""Where entries have names and nothing else, BM25 of stems over everything says less, and that of beginnings more."""


class Lookup:
    """Built once from all entries (O*NET with 50,000 titles: about 3 s), then asked from any thread."""

    def __init__(self, entries: Iterable[Entry], weights: Weights | None = None, tables: Tables | None = None) -> None:
        """`tables`: those of the same entries, where they were kept; what it lacks is made and put there."""
        self._entries = list(entries)
        self._meanings: Meanings | None = None
        if not self._entries:
            return
        alone = not any(entry.description or entry.tasks for entry in self._entries)
        self._weights = weights or (NAMES_ALONE if alone else Weights())
        self._names = [name for entry in self._entries for name in entry.names]
        self._starts = np.cumsum([0, *(len(e.names) for e in self._entries[:-1])])
        words, at = stems([e.language for e in self._entries[:1]]), (tables or Tables()).at
        self._letters_of_names = Cosine(self._names, letter_groups, at("names"))
        names = (" ".join(e.names) for e in self._entries)
        self._letters_of_all_names = Bm25(names, letter_groups, at("all names"))
        self._letters_of_text = Bm25((e.text for e in self._entries), letter_groups, at("texts"))
        self._words_of_all = Bm25(self._everything(), words, at("everything"))
        self._beginnings_of_all = Bm25(self._everything(), short_beginnings, at("beginnings"))

    def _everything(self) -> Iterator[str]:
        return (f"{' '.join(entry.names)} {entry.text}" for entry in self._entries)

    @property
    def entries(self) -> Sequence[Entry]:
        """What it was made of."""
        return self._entries

    def attach(self, meanings: Meanings) -> None:
        """From now on meaning counts too. Made of the same entries."""
        self._meanings = meanings

    def __len__(self) -> int:
        return len(self._entries)

    def find(self, text: str, limit: int = 10) -> tuple[Found, ...]:
        """Best first; empty when nothing is alike."""
        question = text[:LONGEST]
        if not self._entries or not question.strip():
            return ()
        scores, names = map(np.maximum.reduce, zip(*map(self._score, forms_of(question)), strict=True))
        best = np.argsort(-scores, kind="stable")[: max(0, limit)]
        return tuple(self._found(int(i), float(scores[i]), names) for i in best if scores[i] > 0)

    def _score(self, question: str) -> tuple[Scores, Scores]:
        """(score of each entry, likeness of each name)."""
        names = self._letters_of_names.scores(question)
        score = self._score_words(question, names)
        if self._meanings is None:
            return score / self._weights.total, names
        by_name, by_text = self._meanings.scores(question)
        score += self._weights.meaning * _scaled(by_name) + self._weights.meaning_of_text * _scaled(by_text)
        return score / (self._weights.total + self._weights.of_meaning), names

    def _score_words(self, question: str, names: Scores) -> Scores:
        w = self._weights
        votes = np.cbrt(np.add.reduceat(names**_VOTE_POWER, self._starts))
        score = w.name * _scaled(np.maximum.reduceat(names, self._starts)) + w.votes * _scaled(votes)
        score += w.names * _scaled(self._letters_of_all_names.scores(question))
        score += w.text * _scaled(self._letters_of_text.scores(question))
        score += w.all * _scaled(self._words_of_all.scores(question))
        score += w.beginnings * _scaled(self._beginnings_of_all.scores(question))
        return score

    def _found(self, index: int, score: float, names: Scores) -> Found:
        entry, start = self._entries[index], int(self._starts[index])
        nearest = self._names[start + int(np.argmax(names[start : start + len(entry.names)]))]
        return Found(entry.id, entry.title, score, nearest)


def _scaled(scores: Scores) -> Scores:
    most = float(scores.max())
    return scores / most if most > 0 else scores
