"""Stems of words, remembered: a text repeats its words, and asking a dictionary is far quicker than stemming again."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from typing import Any

from node.search.text.languages import STEMMERS

_MOST = 30_000
"""Words of one language that are remembered, about 200 bytes each; then they are forgotten and learned again."""


class Stemmer:
    """Snowball's stemmer of one language of STEMMERS. Calls may come from several threads."""

    def __init__(self, language: str) -> None:
        import tantivy

        builder = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.whitespace())
        self._analyzer: Any = builder.filter(tantivy.Filter.stemmer(STEMMERS[language])).build()
        self._known: dict[str, str] = {}

    def stem(self, word: str) -> str:
        """The stem of one token."""
        return self._known.get(word) or self.stems((word,))[0]

    def stems(self, words: Iterable[str]) -> list[str]:
        """The stem of each token, in order."""
        words, known = list(words), self._known
        unknown = list({word for word in words if word not in known})
        if unknown:
            if len(known) + len(unknown) > _MOST:
                known = self._known = {}
                unknown = list(set(words))
            # Of a few words a stemmer leaves nothing: they stand for themselves.
            stems = self._analyzer.analyze(" ".join(unknown))
            known.update((word, stem or word) for word, stem in zip(unknown, stems, strict=True))
        return [known[word] for word in words]


@cache
def stemmer_of(language: str) -> Stemmer:
    """One for each language, for everybody."""
    return Stemmer(language)
