"""Questions drawn from a corpus, clean and misspelt, the same for the same seed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from node.search.document import SearchDocument

_LETTERS = "abcdefghijklmnoprstuvw"


@dataclass(frozen=True, slots=True)
class Drawn:
    """Words of one document's title, and that document's id; `clean` are the words before they were misspelt."""

    wanted: str
    words: tuple[str, ...]
    clean: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """A complete question: nothing is being typed any more."""
        return " ".join(self.words) + " "


def draw(documents: Sequence[SearchDocument], words: int) -> list[Drawn]:
    """Questions of the first so many words of each one's title."""
    return [Drawn(document.id, tuple(document.title.lower().split()[:words])) for document in documents]


def misspelt(question: Drawn, typos: int, seed: int) -> Drawn:
    """So many letters left out, added, changed or swapped, in words of five letters or more (eight for two)."""
    import numpy as np

    random = np.random.default_rng(seed)
    words = list(question.words)
    long = [i for i, w in enumerate(words) if len(w) >= (5 if typos == 1 else 9)]
    if long:
        i = int(random.choice(long))
        for _ in range(typos):
            words[i] = _spoil(words[i], random)
    return Drawn(question.wanted, tuple(words), question.words)


def _spoil(word: str, random: Any) -> str:
    at, kind = int(random.integers(0, len(word) - 1)), int(random.integers(0, 4))
    letter = _LETTERS[int(random.integers(0, len(_LETTERS)))]
    return (
        word[:at] + word[at + 1 :],
        word[:at] + letter + word[at:],
        word[:at] + letter + word[at + 1 :],
        word[:at] + word[at + 1] + word[at] + word[at + 2 :],
    )[kind]
