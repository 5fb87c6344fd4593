"""Which words of a long question are worth asking for when any will do."""

from __future__ import annotations

import pytest

from node.search.tantivy_engine.plan import Option, Plan, Wanted

TOTAL = 100_000


def wanted(word: str, documents: int, *, needed: bool = True) -> Wanted:
    return Wanted((Option((word,)),), needed=needed, documents=documents)


@pytest.mark.parametrize(
    ("counts", "total", "telling"),
    [
        ({"the": 99_000, "wrench": 40, "torque": 900}, TOTAL, ["wrench", "torque"]),
        ({"the": 99_000, "work": 30_000, "safe": 9_000, "torque": 900}, TOTAL, ["torque", "safe"]),
        ({"the": 99_000, "work": 30_000, "qwxz": 0, "zzzq": 0}, TOTAL, ["work", "the"]),
        ({"the": 99_000}, TOTAL, ["the"]),
        ({"qwxz": 0, "zzzq": 0}, TOTAL, ["qwxz", "zzzq"]),
        ({"the": 8, "wrench": 1, "torque": 5}, 8, ["the", "wrench", "torque"]),
    ],
)
def test_frequent_words_are_left_out_beside_rare_ones(counts: dict[str, int], total: int, telling: list[str]) -> None:
    plan = Plan(tuple(wanted(word, n) for word, n in counts.items()), (), ())
    assert [place.options[0].tokens[0] for place in plan.telling(total)] == telling


def test_what_need_not_stand_there_is_not_asked_for() -> None:
    plan = Plan((wanted("how", 50_000, needed=False), wanted("wrench", 40)), (), ())
    assert [place.options[0].tokens[0] for place in plan.telling(TOTAL)] == ["wrench"]
