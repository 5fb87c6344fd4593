"""Passwords that a guesser tries first: those of few pieces, such as a word with a year, or keys that are neighbours.

No list of a million that leaked: whoever guesses waits after five, so the first few hundred are what matters.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

FEWEST = 4  # different characters
PIECES = 6  # fewer are tried one after the other
_ROWS = (
    "01234567890123456789", "abcdefghijklmnopqrstuvwxyz", "qwertyuiop", "qwertzuiop", "azertyuiop", "asdfghjkl",
    "zxcvbnm", "1q2w3e4r5t6y7u8i9o0p", "q1w2e3r4t5y6u7i8o9p0", "1qaz2wsx3edc4rfv5tgb", "qazwsxedcrfvtgb",
    "zaq12wsxcde34rfv",
)  # fmt: skip
_KEYS = "\n".join((*_ROWS, *(row[::-1] for row in _ROWS)))
_WORDS = frozenset({
    "password", "passwort", "motdepasse", "contrasena", "welcome", "willkommen", "hello", "letmein", "login", "secret",
    "changeme", "default", "iloveyou", "sunshine", "princess", "dragon", "monkey", "football", "baseball", "superman",
    "master", "admin", "administrator", "root", "user", "guest", "test", "worker", "skillnet",
    "spring", "summer", "autumn", "winter", "frühling", "sommer", "herbst", "january", "february", "march", "april",
    "june", "july", "august", "september", "october", "november", "december", "monday", "tuesday", "wednesday",
    "thursday", "friday", "saturday", "sunday",
})  # fmt: skip
_YEAR, _TWO = r"(?:19|20)\d\d", r"(?:0[1-9]|[12]\d|3[01])"  # the latter of a day and of a month
_DATE = re.compile(rf"(?:{_TWO}\W?{_TWO}\W?)?{_YEAR}|{_YEAR}\W?{_TWO}\W?{_TWO}")
_SHORT, _LONG = 3, 40  # characters of a piece that is known
_WRITTEN = str.maketrans("@4301$5!", "aaeoissi")
_SHIFTED = str.maketrans("!@#$%^&*()", "1234567890")


def is_guessable(password: str, name: str = "") -> bool:
    """Is it among the first that anybody tries? `name`: whose it would be."""
    said = password.casefold()
    return (
        len(set(said)) < FEWEST
        or said in (said + said)[1:-1]  # one piece again and again
        or _is_of_few_pieces(said, _WORDS.union({name} - {""}, re.findall(r"[a-z]{3,}", name)))
    )


def _is_of_few_pieces(said: str, words: frozenset[str]) -> bool:
    """Fewer than PIECES: what is known is one, and so is each letter, digit or kind of sign that is left over.

    What is known, or a sign, counts where it comes first only: to say it again is no secret. That is asked of the
    characters before, not of how they were taken apart, so that the fewest for each beginning add up.
    """
    readings = (said, said.translate(_WRITTEN), said.translate(_SHIFTED))
    fewest = [0]  # for each beginning of it
    for end in range(1, len(said) + 1):
        last = said[end - 1]
        ways = [fewest[-1] + (last.isalnum() or last not in said[: end - 1])]
        for start, known in _known_before(end, readings, words):
            ways.append(fewest[start] + all(known not in reading[:start] for reading in readings))
        fewest.append(min(ways))
        if min(fewest[-_LONG:]) >= PIECES:
            return False  # whatever follows adds to one of these
    return fewest[-1] < PIECES


def _known_before(end: int, readings: tuple[str, ...], words: frozenset[str]) -> Iterator[tuple[int, str]]:
    """Where something begins that ends there and is known, and what it is."""
    for start in range(max(0, end - _LONG), end):
        for text in {reading[start:end] for reading in readings}:
            if text in words or _is_known(text) or (text[::2] == text[1::2] and _is_known(text[::2])):
                yield start, text


def _is_known(text: str) -> bool:
    """Neighbours on the keyboard or in the alphabet, one key, a year, a date."""
    return len(text) >= _SHORT and (text in _KEYS or len(set(text)) == 1 or _DATE.fullmatch(text) is not None)
