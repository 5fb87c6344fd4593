"""Whether the feed may call: at most two notifications a day, four hours apart; and whether it is a quiet hour."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, time, timedelta

A_DAY = 2
APART = timedelta(hours=4).total_seconds()


def may_notify(sent: Iterable[datetime], now: datetime, a_day: int = A_DAY) -> bool:
    """`sent` and `now` in the worker's own time zone. `a_day` only lowers.

    What was sent later than now, by a clock that was put back since, counts as any other.
    """
    sent = list(sent)
    today = [at for at in sent if at.date() == now.date()]
    # By one clock: where summer time begins, two times of one zone lie an hour less apart than their figures say.
    return len(today) < min(A_DAY, a_day) and all(abs(now.timestamp() - at.timestamp()) >= APART for at in sent)


def is_within(moment: time, start: time, end: time) -> bool:
    """Whether it lies between two times of day; they may span midnight."""
    return start <= moment < end if start <= end else moment >= start or moment < end
