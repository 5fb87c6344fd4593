"""What a sentence of a worker's hangs on: its words without chatter, numbers and times, in plain and formal words."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache, lru_cache
from typing import TYPE_CHECKING

from node.store.tables.catalogue import ItemRow

if TYPE_CHECKING:
    from node.services.reference.looking.plain_words import Meaning, PlainWords

LONGEST_ASKED, LONGEST_SAID = 300, 2_000
MOST_WORDS = 10
STEM = 5
IN_OTHER_WORDS = 0.7
_COUNTED = frozenset(
    word
    for line in (
        "now time times today yesterday tomorrow minute minutes hour hours day days week weeks since ago",
        "like without look looks looking looked seem seems say says said",
        "one two three four five six seven eight nine ten twelve twenty thirty hundred thousand first second third",
    )
    for word in line.split()
)
"""When and how many: every text has them, and none is about them."""


def plain_of(text: str) -> str:
    """Words only: what somebody faces is a sentence, not a query with operators."""
    words = "".join(letter if letter.isalnum() or letter in "'-’" else " " for letter in text).split()
    return " ".join(words)[:LONGEST_ASKED]


def meanings_of(plain: str) -> tuple[Meaning, ...]:
    """What the words mean, by their beginnings; nothing where they say nothing."""
    from node.search.text.tokens import tokens

    words = [word for word in tokens(plain) if word not in _COUNTED and not word.isdigit()]
    words = [word for word in words if len(word) > 1 or not word.isascii()]
    return _plain_words().meanings(words)[:MOST_WORDS]


def covered_by(wanted: Mapping[Meaning, float], row: ItemRow) -> float:
    """Which part of what is meant, by what it says, the item says that it is about."""
    return sum(weight * said_by(meaning, row) for meaning, weight in wanted.items()) / (sum(wanted.values()) or 1.0)


def said_by(meaning: Meaning, row: ItemRow) -> float:
    """1 where title, description, name or skills have a word of it, less where they have one that stands for it."""
    said = _words_of(row.uri, row.title, row.description, tuple(row.skills))
    return 1.0 if said.intersection(meaning.own) else IN_OTHER_WORDS if said.intersection(meaning.formal) else 0.0


@lru_cache(maxsize=2_000)
def _words_of(uri: str, title: str, description: str, skills: tuple[str, ...]) -> frozenset[str]:
    from node.search.text.tokens import tokens

    text = " ".join([title, description, uri.rpartition("/")[2], *skills]).replace("-", " ")[:LONGEST_SAID]
    return frozenset(_plain_words().stem(word) for word in tokens(text))


@cache
def _plain_words() -> PlainWords:
    """Everyday words by their beginnings: those serve for any language."""
    from node.search.text.tokens import tokens
    from node.services.reference.looking.plain_words import PlainWords

    return PlainWords(lambda text: [word[:STEM] for word in tokens(text)])
