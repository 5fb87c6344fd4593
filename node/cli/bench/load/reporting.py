"""The rows of `bench load`: what was seen beside what it should be."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from node.cli.bench.figures import Row, percentile, row
from node.cli.bench.load.load import Load
from node.cli.bench.load.taking import Gauge, Taken
from node.cli.bench.load.watching import Health

P99, HEALTHY, FLAT = 200.0, 1000, 1.0  # ms; ms until /health must answer; MB a minute
FEWEST = 100  # requests of a kind that a p99 can be told of
FILLING = 300.0  # seconds in which caches fill: a shorter run says nothing of growth


def rows_of_load(taken: Taken, gauge: Gauge, load: Load) -> Iterator[Row]:
    """All that was seen while the users worked."""
    many = sum(map(len, taken.seconds.values()))
    rate = round(many / taken.lasted, 1)
    yield row(f"{load.users:,} users, one step in {load.rest:g} s each, {taken.lasted:.0f} s", "requests/s", rate)
    spread = [_spread("all", taken.all), *(_spread(kind, taken.seconds[kind]) for kind in sorted(taken.seconds))]
    yield from spread
    if not all(each["ok"] for each in spread):
        yield from _slowest(taken)
    yield from _failed(taken)
    yield row_of_health("/health, slowest", taken.health)
    yield row("processor time of the node", "ms a request", round(gauge.processor * 1000 / max(1, many), 2))
    yield row("processor time of the node", "cores", round(gauge.processor / taken.lasted, 2))
    yield row("processor time of this bench, beside it", "cores", round(taken.generator / taken.lasted, 2))
    yield from _memory(gauge, taken.lasted)


def row_of_health(name: str, health: Health) -> Row:
    """The slowest answer of /health; one that is no 200 is as bad as one that comes too late."""
    sick = f" ({health.sick} not green)" if health.sick else ""
    most = -1 if health.sick else HEALTHY
    return row(name + sick, "ms", round(health.slowest * 1000), most, goal=f"≤ {HEALTHY}")


def spread_of(name: str, seconds: Sequence[float], most: float | None = P99) -> Row:
    """Three percentiles; the last is held against the goal."""
    p50, p95, p99 = (round(percentile(seconds, share) * 1000, 1) for share in (0.5, 0.95, 0.99))
    return row(f"{name} ({len(seconds):,}; p50 {p50}, p95 {p95})", "ms p99", p99, most, p50=p50, p95=p95)


def _spread(kind: str, seconds: Sequence[float]) -> Row:
    return spread_of(kind, seconds, P99 if len(seconds) >= FEWEST else None)


def _slowest(taken: Taken) -> Iterator[Row]:
    for slow in sorted(taken.slowest, reverse=True):
        yield row(f"slowest: {slow.kind}, {slow.at:.1f} s after the start", "ms", round(slow.seconds * 1000, 1))


def _failed(taken: Taken) -> Iterator[Row]:
    for kind, many in taken.failures.most_common():
        yield row(f"failed: {kind}", "requests", many)
    yield row("failed", "requests", sum(taken.failures.values()), 0)


def _memory(gauge: Gauge, lasted: float) -> Iterator[Row]:
    *minutes, last = gauge.by_the_minute
    for number, held in enumerate(minutes):
        yield row(f"memory after {number} min" if number else "memory at the start", "MB", round(held))
    yield row("memory at the end", "MB", round(last))
    growth = round(gauge.growth, 2)
    yield row("memory, growth in the second half", "MB a minute", growth, None if lasted < FILLING else FLAT)
