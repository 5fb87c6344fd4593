"""Passwords that a guesser tries first: neighbours on the keyboard, repetitions, a common word or the name with digits.

No list of a million that leaked: whoever guesses waits after five, so the first few hundred are what matters.
"""

from __future__ import annotations

import re

FEWEST = 4  # different characters
_ROWS = (
    "01234567890123456789", "abcdefghijklmnopqrstuvwxyz", "qwertyuiop", "qwertzuiop", "azertyuiop", "asdfghjkl",
    "zxcvbnm", "1q2w3e4r5t6y7u8i9o0p", "q1w2e3r4t5y6u7i8o9p0", "1qaz2wsx3edc4rfv5tgb", "qazwsxedcrfvtgb",
    "zaq12wsxcde34rfv",
)  # fmt: skip
_WORDS = frozenset({
    "password", "passwort", "motdepasse", "contrasena", "welcome", "willkommen", "hello", "letmein", "login", "secret",
    "changeme", "default", "iloveyou", "sunshine", "princess", "dragon", "monkey", "football", "baseball", "superman",
    "master", "admin", "administrator", "root", "user", "guest", "test", "qwerty", "qwertz", "azerty", "worker",
    "skillnet",
})  # fmt: skip
_WRITTEN = str.maketrans("@4301$5!", "aaeoissi")
_ENDS = re.compile(r"^[\W\d_]+|[\W\d_]+$")


def is_guessable(password: str, name: str = "") -> bool:
    """Is it among the first that anybody tries? `name`: whose it would be."""
    said = password.casefold()
    bare = _ENDS.sub("", said)
    written = {bare, bare.translate(_WRITTEN), _ENDS.sub("", said.translate(_WRITTEN))} - {""}
    return (
        len(set(said)) < FEWEST
        or said in (said + said)[1:-1]  # one piece again and again
        or not written.isdisjoint(_WORDS | {_ENDS.sub("", name)})
        or _is_row(said)
        or (len(bare) >= FEWEST and _is_row(bare))
    )


def _is_row(text: str) -> bool:
    """Does one key stand beside the other, from the left or from the right?"""
    return any(text in row or text[::-1] in row for row in _ROWS)
