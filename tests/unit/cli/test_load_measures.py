"""What `bench load` makes of what it measured."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from node.cli.bench.chaos.crowd import Span, most_at_a_time
from node.cli.bench.figures import percentile, row
from node.cli.bench.load.acting import SHARES, STEPS, STILL
from node.cli.bench.load.reporting import row_of_health
from node.cli.bench.load.taking import Gauge, Taken, slope
from node.cli.bench.load.watching import Health
from node.cli.bench.running import processor_seconds


def test_a_straight_line_has_its_slope() -> None:
    assert slope([10.0, 12.0, 14.0, 16.0]) == pytest.approx(2.0)
    assert slope([5.0, 5.0, 5.0]) == 0
    assert slope([5.0]) == 0


def test_a_percentile_is_one_of_the_values() -> None:
    assert percentile(list(range(100)), 0.99) == 99
    assert percentile([3.0], 0.5) == 3.0
    assert percentile([], 0.5) == 0


def test_only_what_is_over_between_begin_and_end_counts() -> None:
    taken = Taken()
    taken.note("a page", 9.0, "500")
    taken.begin()
    taken.note("a page", 0.1)
    taken.note("a page", 0.2, "503")
    taken.end()
    taken.note("a page", 9.0, "500")
    assert taken.all == [0.1, 0.2]
    assert taken.failures == {"a page: 503": 1}
    assert [slow.seconds for slow in sorted(taken.slowest)] == [0.1, 0.2]


def test_of_many_the_slowest_ten_are_remembered() -> None:
    taken = Taken()
    taken.begin()
    for number in range(50):
        taken.note("a page", float(number))
    assert sorted(slow.seconds for slow in taken.slowest) == [float(number) for number in range(40, 50)]


def test_memory_is_told_at_the_start_each_minute_and_at_the_end() -> None:
    gauge = Gauge([], memory=[float(second) for second in range(150)])
    assert gauge.by_the_minute == [0.0, 60.0, 120.0, 149.0]
    assert gauge.growth == pytest.approx(60.0)


@pytest.mark.parametrize("shares", [SHARES, STILL])
def test_shares_make_a_hundred_of_what_users_do(shares: dict[str, int]) -> None:
    assert sum(shares.values()) == 100
    assert shares.keys() == STEPS.keys()


def test_a_goal_is_missed_by_what_is_worse_or_sick() -> None:
    assert row("x", "ms", 3, 3)["ok"]
    assert not row("x", "ms", 4, 3)["ok"]
    assert row("x", "ms", 4)["ok"]
    assert row_of_health("x", Health([0.1]))["ok"]
    assert not row_of_health("x", Health([0.1], sick=1))["ok"]
    assert not row_of_health("x", Health([1.2]))["ok"]


def test_a_server_that_has_ended_took_no_time_that_could_be_told() -> None:
    ended = subprocess.Popen([sys.executable, "-c", ""], stdin=subprocess.DEVNULL)
    os.waitid(os.P_PID, ended.pid, os.WEXITED | os.WNOWAIT)
    with pytest.raises(ProcessLookupError):
        processor_seconds(ended.pid)  # before anybody asks how it ended
    ended.wait()
    with pytest.raises(ProcessLookupError):
        processor_seconds(ended.pid)
    assert processor_seconds(os.getpid()) > 0


def test_the_pressure_of_a_crowd_is_of_those_that_were_under_way_together() -> None:
    assert most_at_a_time([Span(0.0, 2.0, 64), Span(1.0, 3.0, 4), Span(2.0, 4.0, 64)]) == 68
    assert most_at_a_time([]) == 0
