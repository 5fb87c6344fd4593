"""The feed simulator: it is reproducible, its laws are what they say, and the feed wins in a small world."""

from __future__ import annotations

import json
import shlex
import sys
from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest

from node.cli.entry import run
from node.personalizer.evaluation.bench import bench_feed
from node.personalizer.evaluation.simulator.laws import LAWS
from node.personalizer.evaluation.simulator.remote import parse_start, simulate_remote
from node.personalizer.evaluation.simulator.rivals import Mastery, ZoneBandit
from node.personalizer.evaluation.simulator.simulation import BANDIT, FEED, MASTERY, ORACLE, PLAYERS, live, simulate
from node.personalizer.evaluation.simulator.world import Size, make_world

SMALL = Size(skills=20, lessons=120, days=8)


def test_the_laws_peak_where_they_say() -> None:
    p = np.linspace(0.01, 0.99, 99)
    peaks = {name: float(p[np.argmax(law(p))]) for name, law in LAWS.items()}
    assert peaks["peaks at even"] == pytest.approx(0.5)
    assert peaks["peaks at .85"] == pytest.approx(0.85)
    assert peaks["by success"] == pytest.approx(0.99)
    assert peaks["by error"] == pytest.approx(0.01)
    assert np.ptp(LAWS["flat"](p)) == 0


def test_the_same_seed_is_the_same_life() -> None:
    assert live(FEED, "flat", SMALL, 3) == live(FEED, "flat", SMALL, 3)
    one, two = (make_world(SMALL, law, np.random.default_rng(5)) for law in ("flat", "by error"))
    assert one.candidates == two.candidates
    assert np.array_equal(one.truth.start, two.truth.start)


def test_an_oracle_is_not_beaten_and_the_feed_beats_its_rivals() -> None:
    rows = simulate(range(1), Size(days=15))
    assert [row.law for row in rows] == list(LAWS)
    for row in rows:
        assert row.gains[ORACLE] > row.gains[FEED]
        assert row.ratio(BANDIT) > 1.0
        assert row.ratio(MASTERY) > 0.7  # two weeks of one worker say little; ten workers' two months are in the bench
        assert set(row.to_dict()["ratio"]) == set(PLAYERS) - {FEED}


def test_what_was_learned_fades_and_use_slows_that() -> None:
    world = make_world(SMALL, "flat", np.random.default_rng(1))
    world.truth.practise(0, 1.0, 0)
    fresh, faded = world.truth.skills(0)[0], world.truth.skills(20)[0]
    world.truth.practise(0, 0.0, 20)
    assert fresh > faded
    assert world.truth.stability[0] > world.truth.stability[1]


def test_a_bandit_opens_the_next_level_after_success() -> None:
    world = make_world(SMALL, "flat", np.random.default_rng(1))
    bandit = ZoneBandit(world.candidates, np.random.default_rng(0))
    before = sum(arm.open for arm in bandit.arms.values())
    days = bandit.day(0, 15)
    for _ in range(60):
        bandit.tell(next(days), success=True)
    assert sum(arm.open for arm in bandit.arms.values()) >= before
    assert any(arm.open and arm.level > 1 for arm in bandit.arms.values())


def test_a_curriculum_moves_on_at_mastery_and_stops_at_its_end() -> None:
    world = make_world(SMALL, "flat", np.random.default_rng(1))
    curriculum = Mastery(world.candidates[:2])
    first = curriculum.queue[0]
    for choice in curriculum.day(0, 15):
        curriculum.tell(choice, success=True)
    assert len(first.went) == 3
    assert curriculum.queue == []


class FakeWorld:
    """A world behind the line protocol: easy lessons, one point of gain each."""

    def __init__(self) -> None:
        self.taken = 0

    def ask(self, message: dict[str, Any]) -> Mapping[str, Any]:
        if message["do"] == "laws":
            return {"laws": ["flat"]}
        if message["do"] == "begin":
            self.taken = 0
            lessons = [{"id": f"l{i}", "skills": [f"s{i % 4}"], "minutes": 5, "score": 0.5} for i in range(12)]
            return {"lessons": lessons, "days": 2, "worker": {"minutes": 15, "tasks": []}}
        if message["do"] == "take":
            self.taken += 1
            return {"success": True, "minutes": 5 * message["share"]}
        return {"gain": float(self.taken)}


def test_another_world_is_spoken_to_in_json() -> None:
    (row,) = simulate_remote([1], FakeWorld().ask)
    assert set(row.gains) == set(PLAYERS) - {ORACLE}
    assert all(gain > 0 for gain in row.gains.values())


LESSON = {"id": "x", "skills": ["s"], "minutes": 3}


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ({"lessons": [{**LESSON, "level": "wizard"}]}, "not known"),
        ({"lessons": [{**LESSON, "minutes": 0}]}, "out of range"),
        ({"lessons": [{**LESSON, "score": 7}]}, "out of range"),
        ({"lessons": [LESSON, LESSON]}, "id of its own"),
        ({"lessons": []}, "needs lessons"),
        ({"lessons": [LESSON], "days": 0}, "is none"),
    ],
)
def test_a_world_that_cannot_be_lived_in_is_refused(said: dict[str, Any], why: str) -> None:
    with pytest.raises(ValueError, match=why):
        parse_start(said)


WORLD = """
import json, sys
for line in sys.stdin:
    told = json.loads(line)
    print(json.dumps({
        "laws": {"laws": ["flat"]},
        "begin": {"lessons": [{"id": "a", "skills": [], "minutes": 0.4}], "days": 1, "worker": {"minutes": 2}},
        "take": {"success": True, "minutes": MINUTES},
        "end": {"gain": 0},
    }[told["do"]]), flush=True)
"""


def test_a_world_in_a_process_of_its_own_is_lived_in(capsys: pytest.CaptureFixture[str]) -> None:
    def ask(minutes: str) -> int:
        world = shlex.join([sys.executable, "-c", WORLD.replace("MINUTES", minutes)])
        return run(["evaluate", "feed", "--world", world, "--json"])

    assert ask("0.5") == 0
    (law,) = json.loads(capsys.readouterr().out)["laws"]
    assert set(law["gain_per_hour"].values()) == {0.0}
    assert set(law["ratio"].values()) == {None}
    assert ask("0") == 1
    assert "took 0.0 minutes" in capsys.readouterr().err


def test_the_benchmark_rows_have_the_contract_form() -> None:
    ticks = iter(range(10_000))
    rows = [row.to_dict() for row in bench_feed(np.random.default_rng(0), lambda: next(ticks) * 1e-3, 300)]
    assert all(set(row) == {"name", "unit", "ours", "rival", "rival_name", "ratio", "goal", "ok"} for row in rows)
