"""How far a node trails a host whose stream is open."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from node.services.following.trailing import Trailing


def test_the_age_of_the_event_just_taken() -> None:
    times = [datetime(2026, 11, 22, tzinfo=UTC).timestamp()]
    trailing = Trailing(clock=lambda: times[-1])
    trailing.note("http://a", "2026-11-21T23:50:00.000Z")
    assert trailing.of("http://a") == timedelta(minutes=10)
    trailing.note("http://a", "not a time")
    assert trailing.of("http://a") == timedelta(minutes=10)
    assert trailing.of("http://b") == timedelta(0)
    trailing.note("http://a", "2026-11-22T00:05:00Z")
    assert trailing.of("http://a") == timedelta(0), "its clock is ahead"
    trailing.note("http://a", "2026-11-21T23:50:00.000Z")
    times.append(times[0] + 120)
    assert trailing.of("http://a") == timedelta(0), "nothing came lately: nothing waits"
