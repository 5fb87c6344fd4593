"""The words of an index with their document counts: completions of a word being typed, variants of a misspelt one.

Expanding a query from the index's own words keeps BM25 for each of them, so that a typo hardly changes the order.
Kept in memory: about 150 bytes a word, the rarest left out beyond MOST_WORDS.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from heapq import nlargest
from threading import Lock
from typing import Protocol

MOST_WORDS = 400_000
_LONGEST = 32
_MOST_INSERTED = 2_000
"""New words that are put between the others one by one; more are arranged with all others anew."""


@dataclass(frozen=True, slots=True)
class Variant:
    """A word of the index near to one that was typed, so many single-letter edits away, in so many documents."""

    word: str
    edits: int
    documents: int


@dataclass(frozen=True, slots=True)
class TypoRule:
    """From how many letters one or two typos are tolerated. 5/9 is what servers do; 4/8 finds more."""

    one: int = 4
    two: int = 8

    def edits(self, word: str) -> int:
        """0, 1 or 2; none in codes and numbers, nor in words that may be names of things like `c++`."""
        if len(word) < self.one or len(word) > _LONGEST or not word.isalpha():
            return 0
        return 2 if len(word) >= self.two else 1


class Words(Protocol):
    """What expanding a question needs to know of words; see `Vocabulary`."""

    def documents(self, word: str) -> int:
        """In about how many documents a word occurs."""
        ...

    def completions(self, prefix: str, limit: int) -> tuple[str, ...]:
        """Words that begin with `prefix`."""
        ...

    def variants(self, word: str, edits: int, limit: int) -> tuple[Variant, ...]:
        """Words near to one."""
        ...


class Vocabulary:
    """Reading needs no lock: words are only put in between, and a new arrangement replaces the old one whole."""

    def __init__(self, words: Iterable[tuple[str, int]] = ()) -> None:
        self._changing = Lock()
        self._counts: dict[str, int] = {}
        self._sorted: list[str] = []
        self._buckets: dict[tuple[str, int], list[str]] = {}
        self._firsts: set[str] = set()
        self._new: set[str] = set()
        self._cached = lru_cache(maxsize=4096)(self._search_variants)
        self._completed = lru_cache(maxsize=4096)(self._search_completions)
        self.replace(words)

    def __len__(self) -> int:
        return len(self._counts)

    def documents(self, word: str) -> int:
        """In about how many documents a word occurs."""
        return self._counts.get(word, 0)

    def replace(self, words: Iterable[tuple[str, int]]) -> None:
        """Take over the words of the index; a word may come several times, once per field."""
        counts: dict[str, int] = {}
        for word, documents in words:
            counts[word] = max(documents, counts.get(word, 0))
        with self._changing:
            self._counts = _without_rarest(counts)
            self._new = set()
            self._arrange()

    def add(self, documents: Iterable[set[str]]) -> None:
        """Count the words of new documents, each document's words once."""
        with self._changing:
            for words in documents:
                for word in words:
                    known = self._counts.get(word, 0)
                    self._counts[word] = known + 1
                    if not known:
                        self._new.add(word)

    def completions(self, prefix: str, limit: int) -> tuple[str, ...]:
        """Words that begin with `prefix`, without itself, most frequent first, then by letter.

        How frequent a known word has become counts from the next new word on.
        """
        self._settle()
        return self._completed(prefix, limit)

    def variants(self, word: str, edits: int, limit: int) -> tuple[Variant, ...]:
        """Words at most `edits` letters added, left out, changed or swapped away; nearest, then most frequent first."""
        self._settle()
        return self._cached(word, edits, limit)

    def _search_completions(self, prefix: str, limit: int) -> tuple[str, ...]:
        words = self._sorted
        start = bisect_left(words, prefix)
        end = bisect_left(words, prefix + "\U0010ffff", start)
        found = (w for w in words[start:end] if w != prefix)
        return tuple(nlargest(limit, found, key=lambda w: self._counts.get(w, 0)))

    def _search_variants(self, word: str, edits: int, limit: int) -> tuple[Variant, ...]:
        found = self._near(word, edits)
        if not any(v.edits == 1 for v in found):
            found += self._other_beginnings(word)
        found.sort(key=lambda v: (v.edits, -v.documents, v.word))
        return tuple(found[:limit])

    def _near(self, word: str, edits: int) -> list[Variant]:
        """Among words with one of its first two letters at the beginning: nearly all misspellings keep it."""
        from rapidfuzz.distance import OSA
        from rapidfuzz.process import extract

        found = []
        for first in {word[0], word[1]}:
            for length in range(len(word) - edits, len(word) + edits + 1):
                choices = self._buckets.get((first, length))
                if choices:
                    hits = extract(word, choices, scorer=OSA.distance, score_cutoff=edits, limit=64)
                    found += [Variant(w, int(d), self._counts.get(w, 0)) for w, d, _ in hits if d]
        return found

    def _other_beginnings(self, word: str) -> list[Variant]:
        """Words one edit away with any other beginning: the first letter was changed or left out."""
        counts, others = self._counts, self._firsts - {word[0], word[1]}
        near = (first + rest for first in others for rest in (word, word[1:]))
        return [Variant(w, 1, counts[w]) for w in near if w in counts and _may_be_meant(w)]

    def _settle(self) -> None:
        if not self._new:
            return
        with self._changing:
            new, self._new = self._new, set()
            if len(new) > _MOST_INSERTED:
                self._arrange()
            else:
                self._insert(new)
            self._cached.cache_clear()
            self._completed.cache_clear()

    def _insert(self, words: Iterable[str]) -> None:
        for word in words:
            insort(self._sorted, word)
            if _may_be_meant(word):
                self._buckets.setdefault((word[0], len(word)), []).append(word)
                self._firsts.add(word[0])

    def _arrange(self) -> None:
        buckets: defaultdict[tuple[str, int], list[str]] = defaultdict(list)
        self._sorted = sorted(self._counts)
        for word in self._sorted:
            if _may_be_meant(word):
                buckets[word[0], len(word)].append(word)
        self._buckets = dict(buckets)
        self._firsts = {first for first, _ in buckets}
        self._cached.cache_clear()
        self._completed.cache_clear()


def _may_be_meant(word: str) -> bool:
    """Whether a misspelt word may have been this one: no code, no fragment, not endless."""
    return 3 <= len(word) <= _LONGEST + 2 and word.isalpha()


def _without_rarest(counts: dict[str, int]) -> dict[str, int]:
    least = 1
    while len(counts) > MOST_WORDS:
        least += 1
        counts = {word: n for word, n in counts.items() if n >= least}
    return counts
