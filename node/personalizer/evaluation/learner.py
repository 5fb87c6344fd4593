"""`skillnet evaluate learner`: train on some users, score on others, rivals in the same run."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

import numpy as np

from node.personalizer.errors import LogInvalid
from node.personalizer.evaluation.cold import cold_shared, tag_items, tagged
from node.personalizer.evaluation.factors import fit_factors, predict_factors
from node.personalizer.evaluation.fitting import fit, predict_all
from node.personalizer.evaluation.log import History, Log, fold_users
from node.personalizer.evaluation.metrics import auc, calibration_error, log_loss
from node.personalizer.evaluation.tracing import fit_tracing, trace
from node.personalizer.learner.graph import FloatArray

FOLDS = 5
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
    """What was measured, on what. `scores`: this model first, then the rivals and the cold start."""

    users: int
    answers: int
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
    """By the log's own split where it has one, else five folds by user. `clock` in seconds; it only times.

    Raises `LogInvalid` when there are too few users to split.
    """
    parts = list(_parts(log, rng))
    truths: list[FloatArray] = []
    chances: dict[str, list[FloatArray]] = {}
    seconds = 0.0
    for turn, (train, test) in enumerate(parts):
        progress(f"part {turn + 1} of {len(parts)}", turn / len(parts))
        truths.append(np.array([answer.correct for history in test for answer in history]))
        for name, p, took in _score(train, test, rng, clock):
            chances.setdefault(name, []).append(p)
            seconds += took
    truth = np.concatenate(truths)
    joined = {name: np.concatenate(found) for name, found in chances.items()}
    scores = [Score(n, auc(truth, p), log_loss(truth, p), calibration_error(truth, p)) for n, p in joined.items()]
    first = replace(scores[0], us=seconds / len(truth) * 1e6)
    split = "the log's own" if log.test else f"{FOLDS} folds by user"
    return LearnerReport(len(log.users), log.answers, len(truth), log.collapsed, split, (first, *scores[1:]))


def _parts(log: Log, rng: np.random.Generator) -> Iterator[tuple[list[History], list[History]]]:
    if log.train and log.test:
        yield [log.users[user] for user in log.train], [log.users[user] for user in log.test]
        return
    users = list(log.users)
    if len(users) < FOLDS:
        raise LogInvalid(f"{len(users)} users are too few for {FOLDS} folds.")
    for fold in fold_users(users, FOLDS, rng.permutation(len(users)).tolist()):
        held = set(fold)
        yield [log.users[user] for user in users if user not in held], [log.users[user] for user in fold]


def _score(
    train: Sequence[History], test: Sequence[History], rng: np.random.Generator, clock: Clock
) -> Iterator[tuple[str, FloatArray, float]]:
    shared = fit(train, rng)
    start = clock()
    p = predict_all(test, shared)
    yield "skillnet", p, clock() - start
    yield "PFA", predict_factors(test, fit_factors(train)), 0.0
    yield "BKT", trace(test, fit_tracing(train)), 0.0
    yield "skillnet, cold", predict_all(tagged(test, tag_items(train)), cold_shared()), 0.0
