"""Whether the feed may call: at most two notifications a day, four hours apart, never in quiet hours."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, time, timedelta

A_DAY = 2
APART = timedelta(hours=4)


def may_notify(
    sent: Iterable[datetime], now: datetime, quiet: tuple[time, time] | None = None, a_day: int = A_DAY
) -> bool:
    """`sent` and `now` in the worker's own time zone; quiet hours may run over midnight. `a_day` only lowers."""
    if quiet is not None and _within(now.time(), *quiet):
        return False
    earlier = [at for at in sent if at <= now]
    today = [at for at in earlier if at.date() == now.date()]
    return len(today) < min(A_DAY, a_day) and all(now - at >= APART for at in earlier)


def _within(moment: time, start: time, end: time) -> bool:
    return start <= moment < end if start <= end else moment >= start or moment < end
