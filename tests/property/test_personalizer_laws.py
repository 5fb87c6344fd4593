"""Laws of the personalizer that hold for every input."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from node.personalizer import words
from node.personalizer.adaptation.adapting import Outline, adapt
from node.personalizer.adaptation.blocks import VARIANTS, Block, Reader
from node.personalizer.adaptation.replaying import replay as replay_lesson
from node.personalizer.adaptation.rules import steps_shown
from node.personalizer.candidates import Candidate
from node.personalizer.feed.building import build_feed
from node.personalizer.feed.columns import build_columns
from node.personalizer.feed.estimates import estimate
from node.personalizer.learner.graph import SkillGraph
from node.personalizer.learner.outcomes import OUTCOMES, Outcome
from node.personalizer.learner.prediction import predict, sigmoid
from node.personalizer.learner.prior import Prior
from node.personalizer.learner.shared import TERMS, Lesson, Shared
from node.personalizer.learner.state import LearnerState, extend
from node.personalizer.learner.update import Seen, observe, replay
from node.personalizer.levels import LEVELS
from node.personalizer.review import ReviewCard, recall, review
from node.personalizer.worker import History, Situation, WorkerView

SKILLS = ("a", "b", "c", "d", "e")
SHARED = Shared(prior=Prior(SkillGraph({"t1": ["a", "b"], "t2": ["b", "c", "d"]})))
NOW = datetime(2026, 11, 2, 7, tzinfo=UTC)

skill_sets = st.lists(st.sampled_from(SKILLS), min_size=1, max_size=3, unique=True).map(tuple)
lessons = st.builds(Lesson, st.sampled_from(["i", "j", "k"]), skill_sets, st.sampled_from(LEVELS))
outcomes = st.lists(
    st.builds(Outcome, lessons, st.sampled_from(OUTCOMES), st.floats(1.6e9, 1.7e9), st.booleans(), st.booleans()),
    max_size=25,
)
chances = st.floats(0, 1, allow_nan=False)


@given(outcomes)
def test_every_history_leaves_a_sound_belief_that_survives_json(history: list[Outcome]) -> None:
    state = replay(history, SHARED)
    assert np.array_equal(state.covariance, state.covariance.T)
    assert np.isfinite(state.mean.sum())
    assert not state.skills or np.linalg.eigvalsh(state.covariance)[0] > -1e-9
    again = LearnerState.from_dict(json.loads(json.dumps(state.to_dict())))
    assert again.to_dict() == state.to_dict()


@given(outcomes)
def test_a_belief_that_is_used_up_on_the_way_ends_the_same_to_the_last_bit(history: list[Outcome]) -> None:
    kept = used_up = extend(LearnerState(), SKILLS, SHARED.prior)
    room = np.empty_like(kept.covariance)
    for outcome in history:
        seen = Seen(outcome.success, outcome.weight, outcome.at)
        kept, used_up = (observe(s, outcome.lesson, seen, SHARED, r) for s, r in ((kept, None), (used_up, room)))
        assert used_up.to_dict() == kept.to_dict()


@given(outcomes, lessons)
def test_success_never_lowers_mastery_and_failure_never_raises_it(history: list[Outcome], lesson: Lesson) -> None:
    state = replay(history, SHARED)
    better, worse = (replay([Outcome(lesson, how, 1.75e9)], SHARED, state) for how in ("alone", "not"))
    for skill in lesson.skills:
        before = state.mean[state.index[skill]] if skill in state.index else None
        high, low = better.mean[better.index[skill]], worse.mean[worse.index[skill]]
        assert low < high
        assert before is None or low <= before <= high


clocks = st.floats(1.5e9, 1.9e9)


@given(outcomes, lessons, clocks, clocks)
def test_terms_sum_up_exactly_and_no_later_clock_raises_a_chance(
    history: list[Outcome], lesson: Lesson, one: float, other: float
) -> None:
    state = replay(history, SHARED)
    sooner, later = (predict(state, lesson, SHARED, at) for at in sorted((one, other)))
    assert later.p <= sooner.p <= predict(state, lesson, SHARED).p
    for prediction in (sooner, later):
        assert sum(term.value for term in prediction.terms) == prediction.logit
        assert prediction.p == sigmoid(prediction.logit)
    rest = {(term.name, term.value) for term in sooner.terms} ^ {(term.name, term.value) for term in later.terms}
    assert {name for name, _ in rest} <= {TERMS[-1]}  # rust


moments = st.datetimes(datetime(2024, 1, 1), datetime(2028, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - zoned by the draw


@given(st.lists(st.tuples(st.sampled_from(OUTCOMES[:4]), moments), min_size=1, max_size=8), moments, moments)
def test_memory_stays_sound_when_clocks_are_put_back(
    went: list[tuple[str, datetime]], one: datetime, other: datetime
) -> None:
    card = None
    for how, at in went:  # in no order of time
        card = review(card, "s", how, at)
    assert card is not None
    assert 0 < card.stability < 1e6
    assert 1 <= card.difficulty <= 10
    sooner, later = sorted((one, other))
    assert 0 <= recall(card, later) <= recall(card, sooner) <= 1
    assert ReviewCard.from_dict(json.loads(json.dumps(card.to_dict()))) == card


@given(outcomes, st.integers(0, 24))
def test_half_a_report_is_half_the_evidence_until_it_is_confirmed(history: list[Outcome], spot: int) -> None:
    history = [replace(outcome, by_assistant=False, confirmed=False) for outcome in history]
    if spot >= len(history):
        return
    reported = [*history[:spot], replace(history[spot], by_assistant=True), *history[spot + 1 :]]
    assert reported[spot].weight == history[spot].weight / 2
    confirmed = [*reported[:spot], replace(reported[spot], confirmed=True), *reported[spot + 1 :]]
    assert replay(confirmed, SHARED).to_dict() == replay(history, SHARED).to_dict()
    half, whole = replay(reported, SHARED).overall, replay(history, SHARED).overall
    assert abs((whole.attempts - half.attempts) - history[spot].weight / 2) < 1e-9


@given(outcomes, st.lists(skill_sets, min_size=1, max_size=6))
def test_columns_and_single_predictions_agree(history: list[Outcome], sets: list[tuple[str, ...]]) -> None:
    state = replay(history, SHARED)
    columns = build_columns(Candidate(f"m/{i}", "m", skills=skills) for i, skills in enumerate(sets))
    found = estimate(columns, state, SHARED, 1.76e9).p
    single = [predict(state, candidate.lesson, SHARED, 1.76e9).p for candidate in columns.candidates]
    assert np.allclose(found, single)


candidates = st.lists(
    st.builds(
        lambda i, skills, level, minutes, score, complexity: Candidate(
            f"m/{i}", f"m{i}", skills=skills, level=level, minutes=minutes, score=score, has_complexity=complexity
        ),
        st.integers(0, 30),
        skill_sets,
        st.sampled_from(LEVELS),
        st.integers(1, 30),
        st.one_of(st.none(), chances),
        st.booleans(),
    ),
    max_size=15,
)


@given(outcomes, candidates, st.integers(1, 60))
def test_every_feed_keeps_its_promises(history: list[Outcome], found: list[Candidate], minutes: int) -> None:
    done = {outcome.lesson.item: outcome.how for outcome in history}
    situation = Situation(WorkerView(), NOW, replay(history, SHARED), SHARED, history=History(done=done))
    feed = build_feed(situation, found, minutes)
    assert feed == build_feed(situation, found, minutes)
    assert feed.minutes <= minutes or len(feed.items) == 1
    assert len({item.subject for item in feed.items}) == len(feed.items)
    assert sum(item.kind == "stretch" for item in feed.items) <= 1
    for item in feed.items:
        assert len(item.reasons) <= 3
        assert all(reason.words for reason in item.reasons)
        assert item.p is None or 0 <= item.p <= 1
        assert item.runner_up is None or item.runner_up.why
    json.dumps(feed.to_dict(), allow_nan=False)


kinds = st.sampled_from(["text", "hint", "quiz", "example", "practice", "caution", "connect", *VARIANTS])


@given(st.lists(st.tuples(kinds, st.integers(0, 6)), max_size=12), chances, st.booleans())
def test_every_lesson_replays_and_every_change_can_be_taken_back(
    drawn: list[tuple[str, int]], p: float, due: bool
) -> None:
    blocks = tuple(
        Block(f"b{i}", kind, i + 1, kind if kind in VARIANTS else None, steps if kind == "example" else 0)
        for i, (kind, steps) in enumerate(drawn)
    )
    outline = Outline("v", blocks, {})
    lesson = adapt(outline, Reader(p, due))
    assert replay_lesson(lesson.receipt, outline) == lesson
    assert sorted(block.id for block in lesson.blocks) == sorted(block.id for block in blocks)
    plain = adapt(outline, Reader(p, due), overrides={change.block: change.undo for change in lesson.changes})
    assert plain.changes == ()
    assert [block.id for block in plain.blocks] == [block.id for block in blocks]


@given(st.integers(0, 30), chances, chances)
def test_more_skill_never_shows_more_steps(steps: int, p: float, q: float) -> None:
    low, high = sorted((p, q))
    assert 0 <= steps_shown(steps, high) <= steps_shown(steps, low) <= steps


@given(chances, st.floats(0, 5), st.floats(0, 500))
def test_every_number_has_words(p: float, spread: float, attempts: float) -> None:
    assert words.chance(p)
    assert words.certainty(spread)
    assert words.evidence(attempts, attempts)
