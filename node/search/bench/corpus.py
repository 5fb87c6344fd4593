"""A made-up catalogue: words with Zipf's frequencies, titles of a few words, the same for the same seed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from node.search.document import SearchDocument

_ONSETS = tuple("b br c ch cl d dr f fl g gr h j k l m n p pl pr r s sh st t tr v w".split())  # noqa: SIM905 - a table
_VOWELS = ["a", "e", "i", "o", "u", "ai", "ea", "ou"]
_CODAS = ["", "n", "r", "s", "t", "l", "m", "ck", "nd", "st"]
_LAYERS = ("tool", "concept", "capability")
_LEVELS = ("novice", "advanced-beginner", "competent", "proficient", "expert")
_LANGUAGES = ("en", "en", "en", "en", "de", "de", "fr", "es")


@dataclass(frozen=True, slots=True)
class Corpus:
    """`size` documents over `words` distinct words; about 60 words a document."""

    size: int
    words: int = 60_000
    seed: int = 7

    def documents(self) -> Iterator[SearchDocument]:
        """In order of their number; about 400 bytes each."""
        random = self._random()
        vocabulary = self.vocabulary()
        for start in range(0, self.size, 1000):
            yield from self._batch(random, vocabulary, start, min(1000, self.size - start))

    def vocabulary(self) -> list[str]:
        """Distinct words, most frequent first."""
        random = self._random()
        found: dict[str, None] = {}
        while len(found) < self.words:
            for length in random.choice([2, 3, 3, 4], 1000):
                found["".join(_syllable(random) for _ in range(length))] = None
        return list(found)[: self.words]

    def _random(self) -> Any:
        import numpy as np

        return np.random.default_rng(self.seed)

    def _batch(self, random: Any, vocabulary: list[str], start: int, count: int) -> Iterator[SearchDocument]:
        # Zipf's law with exponent 1, cut at the vocabulary's size.
        drawn = (self.words ** random.random((count, 66))).astype(int) - 1
        choices = random.integers(0, 1 << 30, (count, 6))
        for i in range(count):
            yield _document(start + i, [vocabulary[n] for n in drawn[i]], choices[i].tolist())


def _syllable(random: Any) -> str:
    onset, vowel, coda = (int(n) for n in random.integers(0, 1 << 30, 3))
    return _ONSETS[onset % len(_ONSETS)] + _VOWELS[vowel % len(_VOWELS)] + _CODAS[coda % len(_CODAS)]


def _document(number: int, words: list[str], choices: list[int]) -> SearchDocument:
    return SearchDocument(
        id=f"at://did:plc:bench{choices[4] % 5000}/org.skillnet.module/{number}",
        kind="task" if choices[5] % 3 == 0 else "module",
        title=" ".join(words[:5]).capitalize(),
        summary=" ".join(words[5:20]),
        body=" ".join(words[20:]),
        language=_LANGUAGES[choices[2] % len(_LANGUAGES)],
        facets={
            "layer": [_LAYERS[choices[0] % 3]],
            "level": [_LEVELS[choices[1] % 5]],
            "occupation": [f"{choices[3] % 900}"],
            "author": [f"did:plc:bench{choices[4] % 5000}"],
        },
        updated=1_700_000_000 + number,
        minutes=5 + choices[5] % 40,
        version=str(number),
    )
