"""What `bench load` makes of what it measured."""

from __future__ import annotations

import pytest

from node.cli.load_bench.taking import Taken, percentile, slope


def test_a_straight_line_has_its_slope() -> None:
    assert slope([10.0, 12.0, 14.0, 16.0]) == pytest.approx(2.0)
    assert slope([5.0, 5.0, 5.0]) == 0
    assert slope([5.0]) == 0


def test_a_percentile_is_one_of_the_values() -> None:
    assert percentile(list(range(100)), 0.99) == 99
    assert percentile([3.0], 0.5) == 3.0
    assert percentile([], 0.5) == 0


def test_what_comes_before_the_measure_is_not_counted() -> None:
    taken = Taken()
    taken.note("a page", 9.0, "500")
    taken.counts = True
    taken.note("a page", 0.1)
    taken.note("a page", 0.2, "503")
    assert taken.all == [0.1, 0.2]
    assert taken.failures == {"a page: 503": 1}
