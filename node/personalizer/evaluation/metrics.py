"""How good predictions are: AUC (ranks), log-loss (nats) and expected calibration error over ten equal bins."""

from __future__ import annotations

import numpy as np

from node.personalizer.learner.graph import FloatArray

BINS = 10


def auc(truth: FloatArray, p: FloatArray) -> float:
    """The chance that a right answer was given a higher p than a wrong one, ties half. 0.5 if only one kind occurs."""
    positive = truth > 0.5
    wins, losses = int(positive.sum()), int((~positive).sum())
    if wins == 0 or losses == 0:
        return 0.5
    _, place, counts = np.unique(p, return_inverse=True, return_counts=True)
    ranks = np.cumsum(counts) - (counts - 1) / 2
    return float((ranks[place][positive].sum() - wins * (wins + 1) / 2) / (wins * losses))


def log_loss(truth: FloatArray, p: FloatArray) -> float:
    """Mean surprise in nats."""
    p = np.clip(p, 1e-9, 1 - 1e-9)
    return float(-np.mean(truth * np.log(p) + (1 - truth) * np.log(1 - p)))


def calibration_error(truth: FloatArray, p: FloatArray) -> float:
    """Mean distance between what was predicted and what happened, by bin of p, weighted by the bin's size."""
    bins = np.minimum(BINS - 1, (p * BINS).astype(np.intp))
    said = np.bincount(bins, weights=p, minlength=BINS)
    was = np.bincount(bins, weights=truth, minlength=BINS)
    return float(np.abs(said - was).sum() / len(p))
