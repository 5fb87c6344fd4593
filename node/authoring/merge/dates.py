"""Dates of the last change: two people each wrote theirs, and of both the later one is true of the merge."""

import re

_KEY = re.compile(r"(?:^|[._\- ])(?:date|updated|modified|lastmod|revised|reviewed|updated[_-]at)\Z", re.IGNORECASE)
_ISO = re.compile(r"(\d{4})-(\d\d)-(\d\d)(T[\d:.]+Z?)?\Z")
_SLASHED = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})\Z")

_Day = tuple[int, int, int, str]


def is_last_change(key: str) -> bool:
    """Does a key of this name say when something was last changed?"""
    return bool(_KEY.search(key))


def find_later(key: str, one: str, other: str) -> str | None:
    """The later of two values of a key that says when something was last changed.

    None for other keys – a deadline is a decision –, for what is no date, and where month and day could be meant either
    way round and it matters.
    """
    if not is_last_change(key):
        return None
    found = {
        one if first > second else other
        for first, second in zip(_readings(one), _readings(other), strict=True)
        if first is not None and second is not None and first != second
    }
    return found.pop() if len(found) == 1 else None


def _readings(text: str) -> tuple[_Day | None, _Day | None]:
    """The day with the month first and with the day first."""
    iso = _ISO.match(text.strip())
    if iso:
        day = (int(iso[1]), int(iso[2]), int(iso[3]), iso[4] or "")
        return day, day
    slashed = _SLASHED.match(text.strip())
    if slashed is None:
        return None, None
    first, second, year = (int(part) for part in slashed.groups())
    return (year, first, second, "") if first <= 12 else None, (year, second, first, "") if second <= 12 else None
