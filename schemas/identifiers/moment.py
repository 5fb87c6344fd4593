"""Points in time as the protocol writes them: the meeting of RFC 3339 and ISO 8601 with a zone.

Source: https://atproto.com/specs/lexicon#datetime.
"""

import re
from datetime import UTC, date, datetime
from fractions import Fraction

from schemas.errors import IdentifierInvalid

_DATETIME = re.compile(
    r"([0-9]{4})-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])"
    r"T([01][0-9]|2[0-3]):([0-5][0-9]):([0-5][0-9])(\.[0-9]{1,20})?"
    r"(?:Z|(?!-00:00)([+-])([01][0-9]|2[0-3]):([0-5][0-9]))"
).fullmatch
_LONG_MONTH_DAYS = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
# `date` does not know the year 0; the Gregorian calendar repeats after 400 years of 146,097 days.
_CYCLE_YEARS, _CYCLE_DAYS = 400, 146_097
_EPOCH_DAY = date(1970, 1, 1).toordinal()
_YEAR_ZERO = (date(400, 1, 1).toordinal() - _CYCLE_DAYS - _EPOCH_DAY) * 86_400


class Datetime(str):
    """A point in time such as `2026-05-01T09:30:00.000Z`, kept exactly as it was written."""

    __slots__ = ()

    @property
    def seconds(self) -> float:
        """Seconds since 1970-01-01T00:00:00Z."""
        return float(_exact_seconds(self))


def parse_datetime(text: str) -> Datetime:
    """Raise `IdentifierInvalid` unless `text` names a real moment, with zone, not before the year 0."""
    match = _DATETIME(text)
    if match is None:
        raise IdentifierInvalid("datetime", text, hint="such as 2026-05-01T09:30:00.000Z")
    if (match[3] > "28" and not _day_exists(match[1], match[2], match[3])) or (
        match[1] == "0000" and _exact_seconds(text) < _YEAR_ZERO
    ):
        raise IdentifierInvalid("datetime", text)
    return Datetime(text)


def datetime_from_micros(micros: int) -> Datetime:
    """Write a moment (microseconds since 1970) in the form that the protocol prefers: UTC, milliseconds, `Z`."""
    seconds, rest = divmod(micros, 1_000_000)
    whole = datetime.fromtimestamp(seconds, UTC).replace(tzinfo=None).isoformat()
    return Datetime(f"{whole}.{rest // 1000:03}Z")


def _day_exists(year: str, month: str, day: str) -> bool:
    if int(day) > _LONG_MONTH_DAYS[int(month) - 1]:
        return False
    return (month, day) != ("02", "29") or (int(year) % 4 == 0 and (int(year) % 100 != 0 or int(year) % 400 == 0))


def _exact_seconds(text: str) -> Fraction:
    match = _DATETIME(text)
    if match is None:
        raise IdentifierInvalid("datetime", text)
    year, month, day, hour, minute, second = (int(part) for part in match.groups()[:6])
    days = date(year or _CYCLE_YEARS, month, day).toordinal() - (0 if year else _CYCLE_DAYS) - _EPOCH_DAY
    offset = int(f"{match[8]}1") * (int(match[9]) * 60 + int(match[10])) if match[8] else 0
    whole = ((days * 24 + hour) * 60 + minute - offset) * 60 + second
    return whole + (Fraction(f"0{match[7]}") if match[7] else Fraction(0))
