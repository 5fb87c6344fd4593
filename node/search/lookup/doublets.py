"""Job titles that say a word in two forms: `Vendeur / Vendeuse de fruits` is asked as *vendeur de fruits* and as
*vendeuse de fruits*. Said in one question, the word would count twice and drown the rarer one beside it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rapidfuzz.distance import Prefix

from node.search.text.languages import FUNCTION_WORDS
from node.search.text.tokens import tokens

_MOST_WORDS = 40
"""Longer questions are no titles."""
_SHORTEST = 4
_LEAST_SHARED = 3
_SHARE = 0.5
"""Two forms of one word begin alike: with so many letters, and with this share of the shorter one."""


def forms_of(question: str) -> tuple[str, ...]:
    """The question in its first and its second forms; as it is when it has none."""
    if "/" not in question:
        return (question,)
    parts = [tokens(text) for text in question.split("/")]
    words = [word for part in parts for word in part]
    pairs = dict(_pairs(parts, words)) if len(words) <= _MOST_WORDS else {}
    if not pairs:
        return (question,)
    return tuple(
        " ".join(word for place, word in enumerate(words) if place not in left_out)
        for left_out in (set(pairs.values()), set(pairs))
    )


def _pairs(parts: Sequence[Sequence[str]], words: Sequence[str]) -> Iterator[tuple[int, int]]:
    """(place of a word, place of its other form); the first word behind a slash must be one."""
    start = 0
    for part in parts:
        found = [(_form_before(words, place, start), place) for place in range(start, start + len(part))]
        if found and found[0][0] is not None:
            yield from ((one, other) for one, other in found if one is not None)
        start += len(part)


def _form_before(words: Sequence[str], place: int, end: int) -> int | None:
    return next((other for other in range(end) if _are_forms(words[other], words[place])), None)


def _are_forms(one: str, other: str) -> bool:
    if one == other or min(len(one), len(other)) < _SHORTEST or FUNCTION_WORDS & {one, other}:
        return False
    return Prefix.similarity(one, other) >= max(_LEAST_SHARED, _SHARE * min(len(one), len(other)))
