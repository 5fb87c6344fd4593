"""Learner evaluation: logs, figures, rivals; and that no label leaks."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest

from node.personalizer.errors import LogInvalid
from node.personalizer.evaluation.factors import fit_factors, predict_factors
from node.personalizer.evaluation.fitting import fit, predict_all, walk
from node.personalizer.evaluation.kernel import build_kernel
from node.personalizer.evaluation.learner import evaluate_learner
from node.personalizer.evaluation.logs.log import Answer, parse_log
from node.personalizer.evaluation.metrics import auc, calibration_error, log_loss
from node.personalizer.evaluation.tracing import fit_tracing, trace
from node.personalizer.learner.shared import Shared

HEADER = "user_id,item_id,skill_id,correct,timestamp,split"


def made_log(users: int = 40, answers: int = 40) -> list[str]:
    """Users of different skill on items of different difficulty; answers get better with practice."""
    rng = np.random.default_rng(7)
    rows = [HEADER]
    for user in range(users):
        ability = rng.normal()
        for turn in range(answers):
            item = int(rng.integers(30))
            log_odds = 1.2 * ability + (item % 5 - 2) * 0.8 + 0.03 * turn
            correct = int(rng.random() < 1 / (1 + np.exp(-log_odds)))
            split = "train" if user < users * 0.75 else "test"
            rows.append(f"u{user},i{item},s{item % 6}~s{item % 4 + 6},{correct},{turn * 100 + 1},{split}")
    return rows


def test_rows_that_repeat_an_answer_for_another_skill_are_one_answer() -> None:
    log = parse_log([HEADER, "u,i,a,1,0,", "u,i,b,1,0,", "u,i,a,0,0,", "u,i,a,0,0,", "u,j,b,1,0,"])
    assert [(a.lesson.item, a.lesson.skills, a.correct) for a in log.users["u"]] == [
        ("i", ("a", "b"), 1.0),
        ("i", ("a",), 0.0),
        ("i", ("a",), 0.0),
        ("j", ("b",), 1.0),
    ]
    assert log.collapsed == 1


def test_skills_may_be_joined_or_missing() -> None:
    log = parse_log(["user_id,item_id,skill_id,correct,timestamp", "u,i,a~b~a,1,5", "u,j,,0,6"])
    assert [answer.lesson.skills for answer in log.users["u"]] == [("a", "b"), ()]


@pytest.mark.parametrize(
    "lines", [["user,item"], [HEADER, "u,i,a,maybe,0,"], [HEADER, "u,i,a,7,0,"], [HEADER, "u,i"], []]
)
def test_a_broken_log_is_refused(lines: list[str]) -> None:
    with pytest.raises(LogInvalid):
        parse_log(lines)


def test_the_figures_are_right_on_small_examples() -> None:
    truth, p = np.array([0.0, 0, 1, 1]), np.array([0.1, 0.4, 0.4, 0.8])
    assert auc(truth, p) == pytest.approx(0.875)
    assert auc(np.ones(3), np.array([0.1, 0.2, 0.3])) == 0.5
    assert log_loss(np.array([1.0]), np.array([0.5])) == pytest.approx(np.log(2))
    assert calibration_error(truth, np.array([0.0, 0.0, 1.0, 1.0])) == 0.0
    assert calibration_error(truth, np.full(4, 0.9)) == pytest.approx(0.4)


def test_no_answer_is_predicted_with_its_own_label_in_sight() -> None:
    """Turn over any answer: no prediction up to and including it may change, under any of the models."""
    log = parse_log(made_log(users=12, answers=20))
    histories = list(log.users.values())
    shared = fit(histories, np.random.default_rng(0), epochs=1)
    factors, tracing = fit_factors(histories), fit_tracing(histories)
    for turned in (0, 7, 19):
        history = histories[0]
        other = (
            *history[:turned],
            history[turned]._replace(correct=1 - history[turned].correct),
            *history[turned + 1 :],
        )
        for predict in (
            lambda h: predict_all([h], shared),
            lambda h: predict_factors([h], factors),
            lambda h: trace([h], tracing),
        ):
            assert np.array_equal(predict(history)[: turned + 1], predict(other)[: turned + 1])


def test_the_same_seed_gives_the_same_parameters() -> None:
    histories = list(parse_log(made_log(users=8, answers=15)).users.values())
    one, two = (fit(histories, np.random.default_rng(3), epochs=2) for _ in range(2))
    assert one.weights == two.weights
    assert one.items == two.items


def test_the_kernel_is_a_correlation_matrix() -> None:
    kernel = build_kernel(list(parse_log(made_log(users=20)).users.values()))
    assert np.allclose(np.diag(kernel.matrix), 1)
    assert np.linalg.eigvalsh(kernel.matrix)[0] > -1e-9
    found = kernel.correlation(["s0", "unmet"], ["unmet", "s0", "s1"])
    assert found.shape == (2, 3)
    assert (found[1, 0], found[0, 1], found[0, 0]) == (1, 1, 0)


def test_a_split_log_is_scored_with_its_rivals() -> None:
    ticks: Iterator[int] = iter(range(100))
    report = evaluate_learner(parse_log(made_log()), np.random.default_rng(1), lambda: float(next(ticks)))
    names = [score.model for score in report.scores]
    assert names[0] == "skillnet"
    assert {"BKT", "PFA"} <= set(names)
    assert report.test_answers == 400
    assert report.scores[0].auc > 0.65
    assert report.scores[0].us == pytest.approx(1e6 / 400)
    assert report.to_dict()["auc"] == report.scores[0].auc


def test_a_log_without_a_split_is_scored_in_folds_by_user() -> None:
    rows = [row.rsplit(",", 1)[0] for row in made_log(users=10, answers=10)]
    report = evaluate_learner(parse_log(rows), np.random.default_rng(1), lambda: 0.0)
    assert report.test_answers == 100
    assert "folds" in report.split
    with pytest.raises(LogInvalid):
        evaluate_learner(parse_log(rows[:5]), np.random.default_rng(1), lambda: 0.0)


def test_tracing_learns_that_practice_helps() -> None:
    rng = np.random.default_rng(5)
    lesson = parse_log([HEADER, "u,i,a,1,0,"]).users["u"][0].lesson
    histories = []
    for _ in range(800):
        known, history = rng.random() < 0.3, []
        for _ in range(8):
            history.append(Answer(lesson, float(rng.random() < (0.92 if known else 0.15)), -1.0))
            known = known or rng.random() < 0.25
        histories.append(tuple(history))
    fitted = fit_tracing(histories)[("a",)]
    found = (fitted.known, fitted.learned, fitted.guess, fitted.slip)
    assert found == pytest.approx((0.3, 0.25, 0.15, 0.08), abs=0.06)


def test_walking_shows_the_belief_before_each_answer() -> None:
    history = parse_log(made_log(users=1)).users["u0"]
    states = [state.answers for state, _ in walk(history, Shared())]
    assert states == list(range(len(history)))
