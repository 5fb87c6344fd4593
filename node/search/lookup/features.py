"""Features of a text: its words' stems, and the letter groups of its words."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from node.search.text.languages import FUNCTION_WORDS, STEMMERS, primary
from node.search.text.stemming import stemmer_of
from node.search.text.tokens import tokens

LONGEST = 4000
_BEGINNING, _SHORT = 5, 4  # letters
Features = Callable[[str], list[str]]


def content_words(text: str) -> list[str]:
    """Tokens without function words; all of them when there are no others."""
    found = tokens(text[:LONGEST])
    return [t for t in found if t not in FUNCTION_WORDS] or found


def letter_groups(text: str) -> list[str]:
    """Groups of three and four letters of each word with its ends marked: they bear typos, compounds and endings."""
    found: list[str] = []
    for word in content_words(text):
        ended = f"<{word}>"
        for size in (3, 4):
            found += [ended[i : i + size] for i in range(max(1, len(ended) - size + 1))]
    return found


def beginnings(text: str) -> list[str]:
    """The first letters of each content word: in most languages endings say least (McNamee and Mayfield 2004)."""
    return [word[:_BEGINNING] for word in content_words(text)]


def short_beginnings(text: str) -> list[str]:
    """Fewer letters: beside stems they join what a stemmer leaves apart, `accueillant` and `accueil`."""
    return [word[:_SHORT] for word in content_words(text)]


def stems(languages: Sequence[str]) -> Features:
    """Stems in the first of these languages that has a stemmer, else beginnings of words."""
    known = next((name for name in map(primary, languages) if name in STEMMERS), "")
    return Stems(known) if known else beginnings


@dataclass(frozen=True, slots=True)
class Stems:
    """The stems of a text's content words in one language; an object, so that another process can have it."""

    language: str

    def __call__(self, text: str) -> list[str]:
        return stemmer_of(self.language).stems(content_words(text))
