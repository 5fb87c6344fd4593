"""BERT's tokenizer: clean, lower-case, split at spaces and punctuation, then the longest known pieces of each word.

Source: Devlin et al. 2019 (BERT) and the published reference tokenizer; `tokenizer.json` holds vocabulary and options.
"""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Iterator, Mapping
from functools import lru_cache
from pathlib import Path

from node.search.meaning.model import ModelUnusable

LONGEST_WORD = 100


class WordPiece:
    """Texts → numbers of pieces, with the marks for beginning and end."""

    def __init__(self, vocabulary: Mapping[str, int], *, lower: bool, longest: int) -> None:
        self._vocabulary = vocabulary
        self._lower = lower
        self._longest = longest
        self._begin, self._end, self._unknown = (vocabulary[mark] for mark in ("[CLS]", "[SEP]", "[UNK]"))
        self._pieces = lru_cache(maxsize=50_000)(self._split)

    def numbers(self, text: str) -> tuple[int, ...]:
        """At most `longest` of them."""
        found = [n for word in _words(text[: 20 * self._longest], lower=self._lower) for n in self._pieces(word)]
        return (self._begin, *found[: self._longest - 2], self._end)

    def _split(self, word: str) -> tuple[int, ...]:
        if len(word) > LONGEST_WORD:
            return (self._unknown,)
        found: list[int] = []
        at = 0
        while at < len(word):
            prefix = "##" if at else ""
            ends = range(len(word), at, -1)
            end = next((end for end in ends if prefix + word[at:end] in self._vocabulary), 0)
            if not end:
                return (self._unknown,)
            found.append(self._vocabulary[prefix + word[at:end]])
            at = end
        return tuple(found)


def load_wordpiece(path: Path, longest: int) -> WordPiece:
    """From a tokenizer.json. Raises ModelUnusable for one of another kind."""
    try:
        read = json.loads(path.read_text("utf-8"))
        model, normalizer = read["model"], read.get("normalizer") or {}
        if model.get("type", "WordPiece") != "WordPiece":
            raise ModelUnusable(f"{path} is a tokenizer of the kind {model['type']}; WordPiece is read.")
        return WordPiece(model["vocab"], lower=bool(normalizer.get("lowercase", True)), longest=longest)
    except (OSError, ValueError, KeyError, AttributeError, TypeError) as error:
        raise ModelUnusable(f"{path} cannot be read: {error!r}") from error


def _words(text: str, *, lower: bool) -> Iterator[str]:
    if lower:
        text = "".join(c for c in unicodedata.normalize("NFD", text.lower()) if unicodedata.category(c) != "Mn")
    word: list[str] = []
    for letter in text:
        alone = _stands_alone(letter)
        if alone or letter.isspace() or unicodedata.category(letter) in ("Cc", "Cf"):
            if word and (alone or letter.isspace()):
                yield "".join(word)
                word = []
            if alone:
                yield letter
        else:
            word.append(letter)
    if word:
        yield "".join(word)


def _stands_alone(letter: str) -> bool:
    code = ord(letter)
    if code < 128:
        return not letter.isalnum() and letter > " " and code != 127
    chinese = 0x4E00 <= code <= 0x9FFF or 0x3400 <= code <= 0x4DBF or 0xF900 <= code <= 0xFAFF or code >= 0x20000
    return chinese or unicodedata.category(letter).startswith("P")
