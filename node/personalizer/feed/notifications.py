"""Whether the feed may call: at most two notifications a day, four hours apart; and whether it is a quiet hour."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, time, timedelta

A_DAY = 2
APART = timedelta(hours=4)


def may_notify(sent: Iterable[datetime], now: datetime, a_day: int = A_DAY) -> bool:
    """`sent` and `now` in the worker's own time zone. `a_day` only lowers."""
    earlier = [at for at in sent if at <= now]
    today = [at for at in earlier if at.date() == now.date()]
    return len(today) < min(A_DAY, a_day) and all(now - at >= APART for at in earlier)


def is_within(moment: time, start: time, end: time) -> bool:
    """Whether it lies between two times of day; they may span midnight."""
    return start <= moment < end if start <= end else moment >= start or moment < end
