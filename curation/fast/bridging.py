"""The opinion to expect from an organisation that leans neither way. Step 9 of the design.

A ridge regression of opinions on the factor φ, whose intercept is the mean: praise from one side only saturates.
"""

from dataclasses import dataclass

import numpy as np

from curation.arrays import Floats, sum_by
from curation.parameters import Parameters
from curation.slow.leniency import Lean
from curation.voices.voices import Voices

LEAST_VARIANCE = 0.02


@dataclass(frozen=True, slots=True)
class Scores:
    """By subject of a batch: mean μ in 0..1, evidence E > 0, and the score that orders."""

    value: Floats
    mean: Floats
    evidence: Floats


def bridged(voices: Voices, segments: int, lean: Lean, prior: float, parameters: Parameters) -> Scores:
    """Scores of all subjects of a batch from their final voices."""
    voice, factor = voices.voice, lean.factor[voices.organisation]
    opinion = voices.opinion - lean.leniency[voices.organisation]
    heard = sum_by(voices.segment, voice, segments) + parameters.prior_weight
    square = sum_by(voices.segment, voice * factor * factor, segments) + parameters.factor_weight
    tilt = sum_by(voices.segment, voice * factor, segments)
    level = sum_by(voices.segment, voice * opinion, segments) + parameters.prior_weight * prior
    slope = sum_by(voices.segment, voice * factor * opinion, segments)
    mean = np.clip((square * level - tilt * slope) / (heard * square - tilt * tilt), 0.0, 1.0)
    evidence = heard - tilt * tilt / square
    deviation = np.sqrt(np.maximum(mean * (1.0 - mean), LEAST_VARIANCE) / evidence)
    return Scores(mean - parameters.caution * deviation, mean, evidence)
