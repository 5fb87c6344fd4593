"""Outcomes and corrections in the order of time: each counts, each can be undone."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from node.personalizer.learner.shared import Shared
from node.services.learning.believing import believe
from node.services.learning.sealed.ledger import Correction, Day, Ledger, Recorded

SHARED = Shared()
DAY = 86_400_000_000


def _outcome(name: str, how: str, at: int, **more: Any) -> Recorded:
    return Recorded(name, f"at://x/{name}", how, at, ("planning",), "competent", title=name, minutes=5, **more)


def _mean(ledger: Ledger) -> float:
    state = believe(ledger, SHARED).state
    return float(state.mean[state.index["planning"]])


def test_an_assistants_report_counts_half_until_confirmed() -> None:
    own = Ledger(outcomes=(_outcome("a", "alone", DAY),))
    reported = Ledger(outcomes=(_outcome("a", "alone", DAY, by_assistant=True),))
    confirmed = Ledger(outcomes=(_outcome("a", "alone", DAY, by_assistant=True, confirmed=True),))
    assert 0 < _mean(reported) < _mean(own)
    assert _mean(confirmed) == _mean(own)


def test_a_correction_replaces_what_was_believed_and_later_outcomes_count_on_top() -> None:
    failed = Ledger(outcomes=tuple(_outcome(f"f{i}", "not", DAY + i) for i in range(4)))
    corrected = replace(failed, corrections=(Correction("c", "planning", "alone", 2 * DAY),))
    assert _mean(corrected) > 0 > _mean(failed)
    later = replace(corrected, outcomes=(*failed.outcomes, _outcome("late", "not", 3 * DAY)))
    assert _mean(later) < _mean(corrected)


def test_forgetting_a_skill_leaves_nothing_of_it() -> None:
    ledger = Ledger(
        outcomes=(_outcome("a", "alone", DAY),), corrections=(Correction("c", "planning", "forget", 2 * DAY),)
    )
    belief = believe(ledger, SHARED)
    assert "planning" not in belief.state.index
    assert "planning" not in belief.cards


def test_a_skipped_lesson_says_nothing() -> None:
    assert believe(Ledger(outcomes=(_outcome("a", "skipped", DAY),)), SHARED).state.answers == 0


def test_the_stamp_follows_what_counts() -> None:
    ledger = Ledger(outcomes=(_outcome("a", "alone", DAY, by_assistant=True),))
    confirmed = Ledger(outcomes=(replace(ledger.outcomes[0], confirmed=True),))
    assert ledger.stamp != confirmed.stamp
    assert ledger.stamp == replace(ledger, opened={"at://x/a": 5}).stamp


@pytest.mark.parametrize(
    ("opened", "times"), [({}, 2), ({"at://x/m": DAY * 20_000}, 1), ({"at://x/m": DAY * 30_000}, 0)]
)
def test_what_was_shown_and_not_opened_since_is_counted(opened: dict[str, int], times: int) -> None:
    days = tuple(
        Day(date.fromordinal(719_163 + number), "s", ("i",), (("lesson", "at://x/m"),)) for number in (19_999, 20_001)
    )
    seen = Ledger(days=days, opened=opened).history(date.fromordinal(719_163 + 25_000)).seen
    assert seen.get("at://x/m", 0) == times


def test_a_rare_kind_done_today_does_not_come_again_today() -> None:
    today = date.fromordinal(719_163 + 100)
    done = Ledger(outcomes=(_outcome("a", "alone", DAY * 100, kind="review"),))
    assert done.history(today).review_on == today
    assert Ledger().history(today).review_on is None


def test_what_was_dealt_with_today_waits_until_tomorrow() -> None:
    ledger = Ledger(outcomes=(_outcome("m", "not", DAY * 100),))
    today, tomorrow = (ledger.history(date.fromordinal(719_163 + day)) for day in (100, 101))
    assert today.today == {"at://x/m"}
    assert not tomorrow.today
    assert today.done == tomorrow.done == {"at://x/m": "not"}


def test_skipping_is_no_outcome_takes_no_minutes_and_is_no_taking_up() -> None:
    shown = (Day(date.fromordinal(719_163 + 99), "s", ("i",), (("lesson", "at://x/m"),)),)
    skipped = Ledger(outcomes=(_outcome("m", "skipped", DAY * 99),), days=shown, opened={"at://x/m": DAY * 99})
    history = skipped.history(date.fromordinal(719_163 + 100))
    assert (history.done, history.seen, skipped.minutes_spent(0)) == ({}, {"at://x/m": 1}, 0)


def test_what_did_not_come_up_since_does_not_bring_the_lesson_back() -> None:
    went = _outcome("m", "alone", DAY * 90)
    asked = replace(went, id="m.check", how="skipped", at=DAY * 99, kind="check", minutes=0)
    ledger = Ledger(outcomes=(went, asked), opened={"at://x/m": DAY * 90})
    assert ledger.history(date.fromordinal(719_163 + 100)).done == {"at://x/m": "alone"}
