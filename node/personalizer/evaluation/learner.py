"""`skillnet evaluate learner`: train on some users, score on others, rivals in the same run."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, replace
from typing import Any

import numpy as np

from node.personalizer.evaluation.cold import cold_shared, tag_items, tagged
from node.personalizer.evaluation.factors import fit_factors, predict_factors
from node.personalizer.evaluation.fitting import fit, predict_all
from node.personalizer.evaluation.logs.log import Log
from node.personalizer.evaluation.logs.trials import Trial, count, make_plan, make_trials
from node.personalizer.evaluation.metrics import auc, calibration_error, log_loss
from node.personalizer.evaluation.tracing import fit_tracing, trace
from node.personalizer.learner.graph import FloatArray

Clock = Callable[[], float]
Progress = Callable[[str, float], None]


@dataclass(frozen=True, slots=True)
class Score:
    """`log_loss` in nats; `calibration_error` over ten bins; `us` microseconds for one prediction and update."""

    model: str
    auc: float
    log_loss: float
    calibration_error: float
    us: float | None = None


@dataclass(frozen=True, slots=True)
class LearnerReport:
    """What was measured, on what. `scores`: this model first, then the rivals and the cold start.

    `trained_answers` and `test_answers` are fewer than the log holds where it is so long that users were drawn.
    """

    users: int
    items: int
    skills: int
    answers: int
    trained_answers: int
    test_answers: int
    collapsed: int
    split: str
    scores: tuple[Score, ...]

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON values; the model's own figures also at the top level."""
        ours = self.scores[0]
        return {**asdict(ours), **asdict(self), "scores": [asdict(score) for score in self.scores]}


def evaluate_learner(
    log: Log, rng: np.random.Generator, clock: Clock, progress: Progress = lambda _text, _done: None
) -> LearnerReport:
    """By the log's own split or folds where it has them, else five folds by user. `clock` in seconds; it only times.

    Raises `LogInvalid` when there are too few users to split.
    """
    plan = make_plan(log, rng)
    truths: list[FloatArray] = []
    chances: dict[str, list[FloatArray]] = {}
    seconds, trained, walked = 0.0, 0, 0
    for turn, trial in enumerate(make_trials(log, plan, rng)):
        progress(f"part {turn + 1} of {len(plan.pairs)}", turn / len(plan.pairs))
        truths.append(np.array([answer.correct for history in trial.test for answer in history])[trial.scored])
        trained, walked = trained + count(trial.train), walked + len(trial.scored)
        for name, p, took in _score(trial, rng, clock):
            chances.setdefault(name, []).append(p[trial.scored])
            seconds += took
    truth = np.concatenate(truths)
    joined = {name: np.concatenate(found) for name, found in chances.items()}
    scores = [Score(n, auc(truth, p), log_loss(truth, p), calibration_error(truth, p)) for n, p in joined.items()]
    first = replace(scores[0], us=seconds / walked * 1e6)
    return LearnerReport(
        users=len(log.names),
        items=len({lesson.item for lesson in log.lessons}),
        skills=len({skill for lesson in log.lessons for skill in lesson.skills}),
        answers=log.answers,
        trained_answers=trained,
        test_answers=len(truth),
        collapsed=log.collapsed,
        split=plan.words,
        scores=(first, *scores[1:]),
    )


def _score(trial: Trial, rng: np.random.Generator, clock: Clock) -> Iterator[tuple[str, FloatArray, float]]:
    train, test = trial.train, trial.test
    shared = fit(train, rng, trial.rounds)
    start = clock()
    p = predict_all(test, shared)
    yield "skillnet", p, clock() - start
    yield "PFA", predict_factors(test, fit_factors(train)), 0.0
    yield "BKT", trace(test, fit_tracing(train)), 0.0
    yield "skillnet, cold", predict_all(tagged(test, tag_items(train)), cold_shared()), 0.0
