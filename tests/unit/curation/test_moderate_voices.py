"""Step 6b: what is cut at the ends of the opinions on a subject."""

import numpy as np
import pytest

from curation.parameters import Parameters
from curation.voices.voices import Voices, without_extremes


def voices(*said: tuple[int, float, float]) -> Voices:
    """Of (subject, voice, opinion); organisations are numbered by place."""
    columns = list(zip(*said, strict=True))
    return Voices(np.array(columns[0]), np.arange(len(said)), np.array(columns[1]), np.array(columns[2]))


def left(*said: tuple[int, float, float]) -> list[float]:
    heard = voices(*said)
    return pytest.approx(without_extremes(heard, heard, Parameters()).voice.tolist(), abs=1e-9)


def test_a_small_voice_far_from_the_others_is_not_counted() -> None:
    assert left((0, 0.9, 0.5), (0, 0.9, 0.6), (0, 0.2, 1.0)) == [0.65, 0.85, 0.0]


def test_of_criticism_half_stays() -> None:
    assert left((0, 0.2, 0.0), (0, 0.9, 1.0)) == [0.1, 0.65]


def test_without_praise_nothing_is_taken_from_the_top() -> None:
    assert left((0, 0.2, 0.0), (0, 0.2, 0.0)) == [0.1, 0.2]


def test_at_most_a_share_of_little_voice_is_cut() -> None:
    assert left((0, 0.1, 1.0), (0, 0.1, 1.0)) == [0.05, 0.1]


def test_each_subject_is_treated_as_if_it_were_alone() -> None:
    first, second = ((0, 0.7, 0.1), (0, 0.3, 1.0), (0, 0.4, 0.6)), ((3, 0.2, 0.9), (3, 0.5, 0.3))
    together = voices(*first, *second)
    apart = [without_extremes(one, one, Parameters()).voice for one in (voices(*first), voices(*second))]
    assert without_extremes(together, together, Parameters()).voice.tolist() == np.concatenate(apart).tolist()
