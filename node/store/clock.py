"""The node's clock, in the unit of the tables."""

from __future__ import annotations

import time
from datetime import UTC, datetime

SECOND = 1_000_000
DAY = 86_400 * SECOND


def now() -> int:
    """Microseconds since 1970 UTC."""
    return time.time_ns() // 1000


def as_text(micros: int) -> str:
    """`micros` in RFC 3339 with milliseconds, as records carry it."""
    return datetime.fromtimestamp(micros / SECOND, UTC).strftime("%Y-%m-%dT%H:%M:%S.") + f"{micros // 1000 % 1000:03d}Z"


def parse_time(text: str) -> int:
    """Microseconds of an RFC 3339 `text`. Raises ValueError."""
    return int(datetime.fromisoformat(text).timestamp() * SECOND)
