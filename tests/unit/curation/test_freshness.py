"""Freshness as a number with reasons."""

from datetime import date

import pytest

from curation.freshness import ToolVersion, freshness, is_newer

TODAY = date(2026, 6, 1)
DAY = 86_400.0
NOW = (TODAY - date(1970, 1, 1)).days * DAY


def test_all_is_well() -> None:
    assert freshness(date(2026, 12, 1), TODAY, [], {}, [NOW - DAY], []).value == 1.0


def test_a_review_that_is_due_and_one_that_is_near() -> None:
    overdue = freshness(date(2025, 12, 3), TODAY, [], {}, [NOW], [])
    assert overdue.value == pytest.approx(0.45)
    assert overdue.sentences() == ["Its review was due 180 days ago."]
    assert freshness(date(2026, 6, 2), TODAY, [], {}, [NOW], []).sentences() == ["Its review is due in 1 day."]


def test_a_newer_tool_flags_the_module_with_both_versions() -> None:
    tool = ToolVersion("Acme", "Mill", "4.9")
    stale = freshness(None, TODAY, [tool], {("Acme", "Mill"): "4.10"}, [NOW], [])
    assert stale.value == pytest.approx(0.6)
    assert stale.sentences() == ["It was written for Mill 4.9; 4.10 is in use now."]
    assert freshness(None, TODAY, [tool], {("Other", "Mill"): "9"}, [NOW], []).value == 1.0


def test_reports_weigh_against_confirmations_since() -> None:
    reported = freshness(None, TODAY, [], {}, [NOW - 9 * DAY], [NOW - 5 * DAY])
    confirmed_since = freshness(None, TODAY, [], {}, [NOW - 9 * DAY, NOW - DAY], [NOW - 5 * DAY])
    assert reported.value < confirmed_since.value < 1.0
    assert "1 practitioner reported it outdated" in reported.sentences()[0]


def test_silence() -> None:
    assert freshness(None, TODAY, [], {}, [], []).value == 0.9
    assert freshness(None, TODAY, [], {}, [NOW - 729 * DAY], []).value == pytest.approx(0.5, abs=0.01)


@pytest.mark.parametrize(
    ("version", "than", "newer"),
    [
        ("4.10", "4.9", True),
        ("v5", "4.9", True),
        ("4", "4.2", False),
        ("4.2", "4", False),
        ("2024b", "2024a", True),
        ("1.0", "1.0-rc1", False),
        ("", "1", False),
    ],
)
def test_versions_compare_piece_by_piece(version: str, than: str, newer: bool) -> None:
    assert is_newer(version, than) is newer
