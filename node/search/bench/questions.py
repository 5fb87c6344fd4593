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


def hostile(frequent: Sequence[str]) -> list[str]:
    """Texts of up to 9,999 letters that nobody types in earnest; `frequent`: words, commonest first."""
    phrases = [" ".join(frequent[i : i + 3]) for i in range(60)]
    return [
        text[:9_999]
        for text in (
            " ".join(frequent[:1000]),
            " ".join(frequent[:32]),
            " ".join(f'"{phrase}"' for phrase in phrases),
            f'"{frequent[0]} ' * 900,
            " ".join([frequent[0], *(f"-{word}" for word in frequent[1:200])]),
            " ".join([frequent[0], *(f'-"{phrase}"' for phrase in phrases)]),
            " ".join(f"{word[:3]}q{word[3:]}" for word in frequent[300:332]),
            " ".join(_LETTERS),
            "機" * 3000,
            "x" * 9_999,
            "layer:x " * 500 + "audience:organisation",
            "(a+)+$ .* [a-z]{1,99999} ^(([a-z])+.)+ title:( /re/ ~9 ^^ AND OR NOT",
            "\x00\x01\x1b[31m\u202e" * 500,
        )
    ]


def _spoil(word: str, random: Any) -> str:
    at, kind = int(random.integers(0, len(word) - 1)), int(random.integers(0, 4))
    letter = _LETTERS[int(random.integers(0, len(_LETTERS)))]
    return (
        word[:at] + word[at + 1 :],
        word[:at] + letter + word[at:],
        word[:at] + letter + word[at + 1 :],
        word[:at] + word[at + 1] + word[at] + word[at + 2 :],
    )[kind]
