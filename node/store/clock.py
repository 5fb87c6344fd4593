"""The node's clock, in the unit of the tables."""

from __future__ import annotations

import time
from datetime import UTC, datetime

from schemas.identifiers import datetime_from_micros

SECOND = 1_000_000
DAY = 86_400 * SECOND


def now() -> int:
    """Microseconds since 1970 UTC."""
    return time.time_ns() // 1000


def micros_of(at: datetime) -> int:
    """A moment in the unit of the tables."""
    return int(at.timestamp() * SECOND)


def moment_of(micros: int) -> datetime:
    """A time of the tables as an aware datetime in UTC."""
    return datetime.fromtimestamp(micros / SECOND, UTC)


def as_text(micros: int) -> str:
    """`micros` in RFC 3339 with milliseconds, as records carry it."""
    return str(datetime_from_micros(micros))


def parse_time(text: str) -> int:
    """Microseconds of an RFC 3339 `text`; UTC where it names no offset, wherever this machine is. Raises ValueError."""
    moment = datetime.fromisoformat(text)
    return micros_of(moment if moment.tzinfo else moment.replace(tzinfo=UTC))
