"""Levels and words; what is pooled, without a person in it; and review by the clock."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from node.personalizer import words
from node.personalizer.errors import LevelUnknown
from node.personalizer.learner.difficulty import LEAST_WORKERS, Learned, Pool, Pooled, Pooling, renew
from node.personalizer.learner.outcomes import Outcome
from node.personalizer.learner.prediction import predict
from node.personalizer.learner.shared import Lesson, Shared
from node.personalizer.learner.state import LearnerState
from node.personalizer.learner.update import replay
from node.personalizer.levels import LEVELS, get_standard, level_of
from node.personalizer.review import ReviewCard, due, recall, remember, review

NOW = datetime(2026, 11, 2, 7, tzinfo=UTC)
LESSON = Lesson("m", ("suturing",), "competent")


def test_levels_and_places_on_the_scale_agree() -> None:
    assert [level_of(get_standard(level)) for level in LEVELS] == list(LEVELS)
    assert (level_of(-9), level_of(9)) == ("novice", "expert")
    with pytest.raises(LevelUnknown):
        get_standard("wizard")


def pool_of(pooling: Pooling) -> Pool:
    return Pool(dict(pooling.items))


def test_a_difficulty_is_pooled_across_workers_and_used_only_when_it_is_nobodys() -> None:
    pooling, shared = Pooling(), Shared()
    for worker in range(8):
        pooling.hear(LearnerState(), Outcome(LESSON, "not", 1.0), shared)
        assert ("m" in renew({}, pool_of(pooling))) == (worker + 1 >= LEAST_WORKERS)
    pool = pool_of(pooling)
    harder = Shared(items={"m": renew({}, pool)["m"].ease})
    assert predict(LearnerState(), LESSON, harder).p < predict(LearnerState(), LESSON, shared).p
    pooling.hear(LearnerState(), Outcome(LESSON, "skipped", 1.0), shared)
    assert pool_of(pooling) == pool


@given(st.lists(st.integers(0, 20), min_size=1, max_size=30))
def test_what_is_learned_of_an_item_changes_with_five_workers_or_not_at_all(numbers: list[int]) -> None:
    """Whoever joins, leaves, is erased or comes in for somebody: no two values lie fewer than five workers apart."""
    learned: dict[str, Learned] = {}
    for night, workers in enumerate(numbers):
        before = learned.get("m")
        learned = renew(learned, Pool({"m": Pooled(float(night), 1.0, workers)} if workers else {}))
        after = learned.get("m")
        if after is not None:
            assert after.used == (workers >= LEAST_WORKERS)
        if before is not None and after is not None and after.ease != before.ease:
            assert abs(after.workers - before.workers) >= LEAST_WORKERS


def test_one_worker_many_times_stays_one_worker() -> None:
    pooling, state = Pooling(), LearnerState()
    for _ in range(5):
        outcome = Outcome(LESSON, "not", 1.0)
        pooling.hear(state, outcome, Shared())
        state = replay([outcome], Shared(), state)
    assert pooling.items["m"].workers == 1


def test_memory_fades_by_the_clock_and_comes_back_by_use() -> None:
    card = review(None, "suturing", "alone", NOW)
    recalls = [recall(card, NOW + timedelta(days=days)) for days in (0, 5, 50)]
    assert recalls == sorted(recalls, reverse=True)
    assert recalls[0] == pytest.approx(1.0)
    again = review(card, "suturing", "alone", NOW + timedelta(days=5))
    assert again.stability > card.stability
    assert ReviewCard.from_dict(json.loads(json.dumps(again.to_dict()))) == again


def test_what_failed_is_learned_again_rather_than_reviewed() -> None:
    late = NOW + timedelta(days=60)
    cards = remember({}, Outcome(LESSON, "alone", 0.0), NOW)
    assert list(due(cards.values(), late)) == ["suturing"]
    assert due(cards.values(), NOW) == {}
    failed = remember(cards, Outcome(LESSON, "not", 0.0), late)
    assert due(failed.values(), late + timedelta(days=60)) == {}


@pytest.mark.parametrize("more", [{"quiz": True}, {"by_assistant": True}])
def test_weak_evidence_sets_no_review(more: dict[str, bool]) -> None:
    assert remember({}, Outcome(LESSON, "alone", 0.0, **more), NOW) == {}
    assert remember({}, Outcome(LESSON, "skipped", 0.0), NOW) == {}


def test_words_read_well() -> None:
    assert words.chance(0.75) == "about three times in four on your own"
    assert words.count(1, "outcome") == "1 outcome"
    assert words.count(0.5, "outcome") == "part of one outcome"
    assert words.count(2.5, "outcome") == "2 outcomes"
    assert words.listed(["a", "b", "c"]) == "a, b and c"
    assert words.listed([]) == ""
