"""Timestamp ids: sortable keys and revisions. Source: https://atproto.com/specs/tid."""

import re

from schemas.errors import IdentifierInvalid

_ALPHABET = "234567abcdefghijklmnopqrstuvwxyz"
_DIGITS = {letter: digit for digit, letter in enumerate(_ALPHABET)}
_TID = re.compile(r"[234567abcdefghij][234567abcdefghijklmnopqrstuvwxyz]{12}").fullmatch
_CLOCK_BITS = 10
_MICROS_LIMIT = 1 << 53


class Tid(str):
    """Thirteen letters that sort by time: 53 bits of microseconds since 1970 and 10 bits that tell clocks apart."""

    __slots__ = ()

    @property
    def micros(self) -> int:
        """Microseconds since 1970-01-01T00:00:00Z."""
        return _number(self) >> _CLOCK_BITS

    @property
    def clock_id(self) -> int:
        """Which clock made it, 0 to 1,023."""
        return _number(self) & ((1 << _CLOCK_BITS) - 1)


def parse_tid(text: str) -> Tid:
    """Raise `IdentifierInvalid` unless `text` is a TID."""
    if _TID(text) is None:
        raise IdentifierInvalid("TID", text)
    return Tid(text)


def tid_from_micros(micros: int, clock_id: int) -> Tid:
    """Make the TID of a moment (microseconds since 1970, below 2⁵³) on a clock (0 to 1,023)."""
    if not (0 <= micros < _MICROS_LIMIT and 0 <= clock_id < 1 << _CLOCK_BITS):
        raise IdentifierInvalid("TID", (micros, clock_id), hint="microseconds below 2⁵³, clock id below 1,024")
    number = micros << _CLOCK_BITS | clock_id
    return Tid("".join([_ALPHABET[number >> shift & 31] for shift in range(60, -1, -5)]))


def _number(tid: str) -> int:
    number = 0
    for letter in tid:
        number = number << 5 | _DIGITS[letter]
    return number
