"""What a rewording must say as the passage does: in the same order, no more of it and no less."""

from __future__ import annotations

import re
from collections import Counter
from functools import cache
from typing import Final, NamedTuple

from node.personalizer.facts.words import WORDS

_CODE = re.compile(r"`+[^`]*`+|^(?: {4,}|\t).*$", re.MULTILINE)
_LINK = re.compile(r"\]\([^)]*\)|https?://\S+|www\.\S+|\[[^\]]+\]:\s*\S+")
_MARKUP = re.compile(
    r"<[A-Za-z/!][^>]*>|^ {0,3}(?:```|~~~).*$|^ {0,3}:{3,}.*$|^ {0,3}#{1,6}\s.*$|^ {0,3}(?:=+|-+)\s*$|!\[", re.MULTILINE
)
_ADDRESS = re.compile(r"[\w.+-]+@[\w-]+\.\w+|\bat://\S+|\bdid:\w+:\S+")
_FROZEN: Final = {"code": _CODE, "links": _LINK, "markup": _MARKUP, "addresses": _ADDRESS}
_SIGNS = r"%|‰|°[CF]?|[mkµμ]?[gmlLsVAWJNb]|mc?g|[cd][ml]|min|[hKt]|k?Pa|kN|[kMG]?Hz|bar|psi|rpm|m?mol|IU|[x×]"
_DIGITS = r"\d+(?:[.,]\d+)*"
# “Never” that comes back as “always” is the worst that a rewording can do. Whole words, of a few languages.
_NO = re.compile(
    r"\b(?:no|not|never|cannot|none|nor|\w+n['’]t|nicht|nie|niemals|kein\w*|pas|jamais|nunca|non|não|niet|geen"
    r"|لا|لم|لن|ليس|ليست)\b",
    re.IGNORECASE,
)
_WORD = re.compile(r"[^\W_]+")
_BEFORE_A_WORD = " \"“„«‘'([*_"
_I: Final = "I"


class _Reading(NamedTuple):
    """How a language is read: its numbers and their digits, its opposites, whether a capital makes a name."""

    number: re.Pattern[str]
    digits: dict[str, str]
    opposites: tuple[tuple[str, str], ...]
    names: bool


def find_change(passage: str, text: str, language: str = "") -> str | None:
    """What `text` says otherwise than the passage, as a sentence; None if nothing of what is looked at.

    `language`: two letters; of others than `WORDS` only digits and signs are read, and names by their shape.
    """
    for name, pattern in _FROZEN.items():
        if _found(pattern, passage) != _found(pattern, text):
            return f"It changes {name}, which are frozen."
    reading = _reading(language if language in WORDS else "")
    if _numbers(reading, passage) != _numbers(reading, text):
        return "It changes numbers, which are frozen."
    if len(_NO.findall(passage)) != len(_NO.findall(text)):
        return "It says yes where the passage says no, or the reverse."
    before, after = (Counter(map(str.casefold, _WORD.findall(part))) for part in (passage, text))
    if _names(reading, passage) - after.keys() or _names(reading, text) - before.keys():
        return "It changes names, which are frozen."
    for pair in reading.opposites:
        moved = [after[word] - before[word] for word in pair]
        if min(moved) < 0 < max(moved):
            return f"It puts {' for '.join(pair if moved[0] > 0 else pair[::-1])}."
    return None


@cache
def _reading(language: str) -> _Reading:
    words = WORDS.get(language)
    if words is None:
        return _Reading(re.compile(rf"({_DIGITS})(\s?(?:{_SIGNS})(?!\w))?"), {}, (), False)
    digits = dict(words.numbers())
    one, units = _any_of(digits), _any_of(words.units.split())
    spelt = rf"(?:{one})" if words.between is None else rf"(?:(?:{words.between})?(?:{one}))+"
    number = re.compile(
        rf"({_DIGITS}|\b(?i:{spelt})\b)([\s-]?(?:(?i:{units})(?=\w{{0,3}}\b)|(?:{_SIGNS})(?!\w)))?",
    )
    return _Reading(number, digits, tuple(words.pairs()), words.names)


def _any_of(words: dict[str, str] | list[str]) -> str:
    return "|".join(sorted(map(re.escape, words), key=len, reverse=True))


def _numbers(reading: _Reading, text: str) -> list[str]:
    """As digits with their units: three and 3 are one, and so are 5 mg and 5mg."""
    return [
        f"{reading.digits.get(number.casefold(), number.casefold())} {unit.strip(' -')}".strip()
        for number, unit in reading.number.findall(text)
    ]


def _names(reading: _Reading, text: str) -> set[str]:
    """What has several capitals or digits among its letters; a capital within a sentence, where only names have one."""
    return {
        word.casefold()
        for word, start in ((found.group(), found.start()) for found in _WORD.finditer(text))
        if _is_shaped(word) or (reading.names and word[0].isupper() and word != _I and _is_within(text[:start]))
    }


def _is_shaped(word: str) -> bool:
    return any(map(str.isalpha, word)) and any(sign.isupper() or sign.isdigit() for sign in word[1:])


def _is_within(before: str) -> bool:
    """Whether the sentence has begun: a word, a digit or a comma on the same line stands before."""
    last = before.rstrip(_BEFORE_A_WORD)[-1:]
    return last.isalnum() or last in tuple(",;&")


def _found(pattern: re.Pattern[str], text: str) -> list[str]:
    return [" ".join(found.split()) for found in pattern.findall(text)]
