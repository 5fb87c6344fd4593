"""Worlds, attacks, rivals and measures in small: enough to see that each does what it says."""

import numpy as np
import pytest

from curation.worlds.attacks import ATTACKS
from curation.worlds.bench import our_scores, speed_rows
from curation.worlds.honest import Shape, honest_world
from curation.worlds.measures import junk_share, places_gained, places_lost, quality_of, ranks_of
from curation.worlds.rivals import RIVALS
from curation.worlds.world import World

SMALL = Shape(organisations=12, practitioners=200, modules=60, junk=5, endorsements=1500, occupations=3)


@pytest.fixture(scope="module")
def world() -> World:
    return honest_world(np.random.default_rng(7), SMALL)


def test_a_world_has_the_size_asked_for_and_comes_again_from_its_seed(world: World) -> None:
    assert world.modules == 65
    assert world.junk.sum() == 5
    assert 1300 < len(world.by) <= 1500 + 5 * 8
    assert len(np.unique(world.module << 32 | world.by)) == len(world.by)
    again = honest_world(np.random.default_rng(7), SMALL)
    assert all(np.array_equal(getattr(world, name), getattr(again, name)) for name in World.__slots__)


def test_ours_finds_quality_and_never_lifts_the_junk_to_the_top(world: World) -> None:
    scores = our_scores(world)
    assert quality_of(scores, world.quality, world.junk).tau > 0.5
    for name in ("flood", "camouflage", "ring", "one-person nodes", "sleepers"):
        attacked = ATTACKS[name](np.random.default_rng(1), world, 40)
        assert attacked.practitioners == world.practitioners + 40
        assert junk_share(our_scores(attacked), attacked.junk) == 0.0


@pytest.mark.parametrize("name", RIVALS)
def test_each_rival_scores_every_module(world: World, name: str) -> None:
    scores = RIVALS[name](world)
    assert scores.shape == (world.modules,)
    assert quality_of(scores, world.quality, world.junk).tau > 0.2


def test_counting_alone_is_bought_by_a_flood(world: World) -> None:
    attacked = ATTACKS["flood"](np.random.default_rng(1), world, 400)
    assert junk_share(RIVALS["raw count"](attacked), attacked.junk) == 0.5
    assert places_gained(RIVALS["raw count"](world), RIVALS["raw count"](attacked), world.junk) > 40


def test_slander_and_turning_change_verdicts_but_not_the_people(world: World) -> None:
    slandered = ATTACKS["slander"](np.random.default_rng(1), world, 40)
    best = np.argsort(-world.quality, kind="stable")[:3]
    assert places_lost(RIVALS["raw count"](world), RIVALS["raw count"](slandered), best) > 0
    turned = ATTACKS["turned"](np.random.default_rng(1), world, 20)
    assert turned.practitioners == world.practitioners
    assert len(turned.by) > len(world.by)


def test_measures() -> None:
    scores = np.array([0.1, 0.9, 0.9, 0.5])
    assert ranks_of(scores).tolist() == [4, 1, 2, 3]
    perfect = quality_of(np.linspace(0, 1, 20), np.linspace(0, 1, 20), np.zeros(20, np.bool_))
    assert (perfect.ndcg, perfect.tau) == (1.0, pytest.approx(1.0))


def test_speed_rows_report_that_incremental_equals_full(world: World) -> None:
    ticks = iter(np.arange(0.0, 1e4, 0.001))
    rows = speed_rows(world, lambda: float(next(ticks)), np.random.default_rng(3))
    assert [row["ok"] for row in rows][2] is True
    assert set(rows[0]) == {"name", "unit", "ours", "rival", "rival_name", "ratio", "goal", "ok"}
