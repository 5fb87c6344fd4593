"""The learner model on real answers: a part of the published ASSISTments 2009 split, students held out."""

from __future__ import annotations

import os
from itertools import islice
from pathlib import Path

import numpy as np
import pytest

from node.cli.evaluating.log_files import open_log
from node.personalizer.evaluation.learner import evaluate_learner
from node.personalizer.evaluation.logs.log import parse_log

SHARED = Path(os.environ.get("SKILLNET_SHARED_DATA", Path(__file__).parents[3] / "../shared/data"))
FILE = SHARED / "assistments09_train" / "log.csv.xz"
ANSWERS, IN_TEST = 40_000, 5


@pytest.mark.real
@pytest.mark.skipif(not FILE.exists(), reason="the published log is not beside the repository")
def test_the_model_is_ahead_of_its_rivals_on_students_it_never_saw() -> None:
    """The whole log gives more (.78): here its items are known from few."""
    with open_log(FILE) as lines:
        header, *rows = islice(lines, ANSWERS)
    sides = ("test" if int(row.split(",")[0]) % IN_TEST == 0 else "train" for row in rows)
    dealt = [row.rsplit(",", 1)[0] + f",{side}" for row, side in zip(rows, sides, strict=True)]
    report = evaluate_learner(parse_log([header, *dealt]), np.random.default_rng(1), lambda: 0.0)
    found = {score.model: score for score in report.scores}
    assert found["skillnet"].auc > 0.74
    assert found["skillnet"].calibration_error < 0.035
    assert max(found["PFA"].auc, found["BKT"].auc) < found["skillnet"].auc - 0.02
    assert found["skillnet, cold"].auc > 0.7
