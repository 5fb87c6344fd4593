"""The learner model: what an outcome teaches, and what is kept of it."""

from __future__ import annotations

import json
import math

import numpy as np
import pytest

from node.personalizer.errors import OutcomeUnknown, StateInvalid
from node.personalizer.learner.graph import SkillGraph
from node.personalizer.learner.outcomes import Outcome
from node.personalizer.learner.prediction import predict
from node.personalizer.learner.prior import Prior
from node.personalizer.learner.shared import Lesson, Shared
from node.personalizer.learner.state import LearnerState, extend, project
from node.personalizer.learner.update import Seen, forget, observe, place, replay, update

DAY = 86_400.0
GRAPH = SkillGraph({"close": ["ledger", "accruals"], "audit": ["ledger", "sampling"], "weld": ["tig"]})
SHARED = Shared(prior=Prior(GRAPH))
LEDGER = Lesson("at://did:plc:a/org.skillnet.module/ledger", ("ledger",), "competent")


def of(skill: str) -> Lesson:
    return Lesson(f"m/{skill}", (skill,), "competent")


def did(how: str, lesson: Lesson = LEDGER, **more: object) -> Outcome:
    return Outcome(lesson, how, at=1.7e9, **more)


def test_the_terms_sum_to_the_log_odds() -> None:
    state = update(LearnerState(), did("alone"), SHARED)
    prediction = predict(state, LEDGER, SHARED, at=1.7e9 + 20 * DAY)
    assert sum(term.value for term in prediction.terms) == pytest.approx(math.log(prediction.p / (1 - prediction.p)))


def test_outcomes_order_the_chances() -> None:
    chances = [
        predict(update(LearnerState(), did(how), SHARED), LEDGER, SHARED).p
        for how in ("alone", "with-a-hint", "with-help", "not")
    ]
    assert chances == sorted(chances, reverse=True)


def test_a_skipped_lesson_teaches_nothing() -> None:
    state = update(LearnerState(), did("alone"), SHARED)
    assert update(state, did("skipped"), SHARED) is state


def test_a_quiz_and_an_unconfirmed_report_count_less() -> None:
    means = [
        float(update(LearnerState(), did("alone", **more), SHARED).mean[0])
        for more in ({}, {"by_assistant": True, "confirmed": True}, {"by_assistant": True}, {"quiz": True})
    ]
    assert means[0] == means[1] > means[2] > means[3] > 0


def test_an_unknown_outcome_is_refused_with_the_known_ones() -> None:
    with pytest.raises(OutcomeUnknown) as caught:
        did("brilliantly")
    assert "with-a-hint" in caught.value.hint


def test_what_is_learned_spreads_along_the_graph() -> None:
    state = update(LearnerState(), did("alone"), SHARED)
    near, far = (predict(state, of(skill), SHARED) for skill in ("accruals", "tig"))
    assert near.p > far.p > predict(LearnerState(), of("tig"), SHARED).p
    assert "other skills" in near.evidence


def test_skills_met_later_equal_skills_there_from_the_start() -> None:
    still = Shared(prior=Prior(GRAPH), drift=0.0)
    skills = ["ledger", "accruals", "sampling", "tig"]
    early, late = extend(LearnerState(), skills, still.prior), LearnerState()
    for i, skill in enumerate(["tig", "ledger", "ledger", "sampling", "accruals"]):
        early = observe(early, of(skill), Seen(i % 2), still)
        late = observe(late, of(skill), Seen(i % 2), still)
    places = [late.index[skill] for skill in skills]
    assert np.allclose(early.mean, late.mean[places])
    assert np.allclose(early.covariance, late.covariance[np.ix_(places, places)])


def test_projection_equals_extension() -> None:
    state = replay([did("alone"), did("not", of("tig"))], SHARED)
    mean, variance = project(state, {"accruals": 0, "tig": 1, "unheard-of": 2}, SHARED.prior)
    whole = extend(state, ["accruals", "tig", "unheard-of"], SHARED.prior)
    places = [whole.index[skill] for skill in ("accruals", "tig", "unheard-of")]
    assert np.allclose(mean, whole.mean[places])
    assert np.allclose(variance, np.diagonal(whole.covariance)[places])


def test_the_state_survives_json_bit_for_bit() -> None:
    state = replay([did("alone"), did("not", of("tig")), did("with-help", of("sampling"))], SHARED)
    again = LearnerState.from_dict(json.loads(json.dumps(state.to_dict())))
    assert again.to_dict() == state.to_dict()
    assert predict(again, LEDGER, SHARED) == predict(state, LEDGER, SHARED)


@pytest.mark.parametrize(
    "broken",
    [
        {},
        {"format": 2},
        {**LearnerState().to_dict(), "mean": [1.0]},
        {**LearnerState().to_dict(), "traces": 3},
        {**replay([did("alone")], SHARED).to_dict(), "mean": [float("nan")]},
        {**replay([did("alone")], SHARED).to_dict(), "traces": []},
    ],
)
def test_a_broken_state_is_refused(broken: dict[str, object]) -> None:
    with pytest.raises(StateInvalid):
        LearnerState.from_dict(broken)


def test_updating_leaves_the_old_state_as_it_was() -> None:
    state = update(LearnerState(), did("alone"), SHARED)
    before = json.dumps(state.to_dict())
    update(state, did("not"), SHARED)
    place(state, "ledger", "expert", SHARED)
    assert json.dumps(state.to_dict()) == before


def test_placing_oneself_moves_the_estimate_and_never_undoes_evidence() -> None:
    levels = ("novice", "competent", "expert")
    chances = [predict(place(LearnerState(), "ledger", level, SHARED), LEDGER, SHARED).p for level in levels]
    assert chances == sorted(chances)
    assert chances[1] > 0.7
    failing = replay([did("not")] * 6, SHARED, place(LearnerState(), "ledger", "expert", SHARED))
    assert predict(failing, LEDGER, SHARED).p < 0.45


def test_skills_rust_by_the_clock_and_certainty_with_them() -> None:
    state = replay([did("alone")] * 4, SHARED)
    soon, late = (predict(state, LEDGER, SHARED, at=1.7e9 + days * DAY).p for days in (1, 200))
    assert late < soon
    later = update(state, Outcome(LEDGER, "alone", at=1.7e9 + 300 * DAY), SHARED)
    assert later.covariance[0, 0] > update(state, did("alone"), SHARED).covariance[0, 0]


def test_forgetting_a_skill_leaves_a_sound_state() -> None:
    state = forget(replay([did("alone"), did("not", of("tig"))], SHARED), "ledger")
    assert state.skills == ("tig",)
    assert np.linalg.eigvalsh(state.covariance)[0] > 0
    assert forget(state, "ledger") is state


def test_a_lesson_of_several_skills_is_one_answer() -> None:
    both = Lesson("m/close", ("ledger", "accruals"), "competent")
    state = update(LearnerState(), did("alone", both), SHARED)
    assert state.answers == 1
    assert state.overall.attempts == 1
    assert [trace.attempts for trace in state.traces] == [1, 1]


def test_easier_tags_mean_better_chances() -> None:
    levels = ("expert", "proficient", "competent", "advanced-beginner", "novice")
    chances = [predict(LearnerState(), Lesson("m", ("x",), level), SHARED).p for level in levels]
    assert chances == sorted(chances)
