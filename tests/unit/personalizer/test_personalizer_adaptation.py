"""Adaptation: how a lesson differs from its module, and how every difference is taken back."""

from __future__ import annotations

import pytest

from node.personalizer.adaptation.adapting import Adapted, Outline, adapt
from node.personalizer.adaptation.blocks import Block, Reader, Slot
from node.personalizer.adaptation.replaying import replay
from node.personalizer.adaptation.rules import steps_shown
from node.personalizer.errors import OverrideInvalid, ReceiptInvalid, SlotValueUnknown

BLOCKS = (
    Block("b0", "text", 20),
    Block("n", "novice", 22, variant="novice"),
    Block("c", "competent", 25, variant="competent"),
    Block("x", "expert", 28, variant="expert"),
    Block("e", "example", 31, steps=4),
    Block("h", "hint", 38),
    Block("k", "text", 41, skill="source-checking"),
    Block("p1", "practice", 44),
    Block("q", "quiz", 48),
    Block("w", "caution", 55),
)
SLOTS = {"artifact": Slot("the report you work on", ("a quarterly report", "a credit memo"), "the report")}
OUTLINE = Outline("bafyreia", BLOCKS, SLOTS)


def shown(adapted: Adapted) -> set[str]:
    return {block.id for block in adapted.blocks if block.visible}


@pytest.mark.parametrize(
    ("p", "variant"), [(0.1, "n"), (0.449, "n"), (0.45, "c"), (0.8, "c"), (0.801, "x"), (0.99, "x")]
)
def test_the_chance_picks_the_variant(p: float, variant: str) -> None:
    assert shown(adapt(OUTLINE, Reader(p))) & {"n", "c", "x"} == {variant}


@pytest.mark.parametrize(
    ("there", "p", "chosen"),
    [
        (("novice", "expert"), 0.6, "novice"),
        (("competent", "expert"), 0.2, "competent"),
        (("novice", "competent"), 0.9, "competent"),
        (("novice",), 0.6, "novice"),
        (("novice",), 0.9, None),
        (("expert",), 0.2, None),
    ],
)
def test_the_nearest_variant_wins_and_ties_help_more(there: tuple[str, ...], p: float, chosen: str | None) -> None:
    blocks = tuple(Block(variant, variant, line, variant=variant) for line, variant in enumerate(there, 1))
    assert shown(adapt(Outline("v", blocks, {}), Reader(p))) == ({chosen} if chosen else set())


def test_variants_met_again_are_another_group() -> None:
    names = ("novice", "expert", "novice", "expert")
    blocks = tuple(Block(f"{name}{i}", name, i + 1, variant=name) for i, name in enumerate(names))
    assert shown(adapt(Outline("v", blocks, {}), Reader(0.9))) == {"expert1", "expert3"}


@pytest.mark.parametrize(("p", "steps"), [(0.1, 4), (0.45, 4), (0.55, 3), (0.65, 2), (0.75, 1), (0.85, 0), (1.0, 0)])
def test_examples_fade_backwards(p: float, steps: int) -> None:
    assert steps_shown(4, p) == steps


def test_hints_and_quizzes_drop_when_they_no_longer_help() -> None:
    assert "h" in shown(adapt(OUTLINE, Reader(0.69)))
    assert "h" not in shown(adapt(OUTLINE, Reader(0.70)))
    assert "q" in shown(adapt(OUTLINE, Reader(0.94)))
    assert "q" not in shown(adapt(OUTLINE, Reader(0.95)))
    assert "q" in shown(adapt(OUTLINE, Reader(0.95, due=True)))


def test_cautions_and_practice_are_never_hidden() -> None:
    for p in (0.0, 0.3, 0.6, 0.9, 1.0):
        assert {"w", "p1"} <= shown(adapt(OUTLINE, Reader(p, known={"source-checking": 1.0})))


def test_what_is_known_is_skipped_and_practice_comes_first_for_those_who_can() -> None:
    adapted = adapt(OUTLINE, Reader(0.9, known={"source-checking": 0.97}))
    assert "k" not in shown(adapted)
    assert [block.id for block in adapted.blocks][:2] == ["b0", "p1"]


def test_every_change_says_what_why_and_where() -> None:
    for p in (0.1, 0.6, 0.9, 0.99):
        adapted = adapt(OUTLINE, Reader(p))
        hidden = {block.id for block in BLOCKS} - shown(adapted)
        assert hidden <= {change.block for change in adapted.changes}
        lines = {block.id: block.line for block in BLOCKS}
        assert all(change.why and change.line == lines[change.block] for change in adapted.changes)


def test_every_change_can_be_taken_back() -> None:
    for p in (0.1, 0.6, 0.9, 0.99):
        adapted = adapt(OUTLINE, Reader(p))
        undone = adapt(OUTLINE, Reader(p), overrides={change.block: change.undo for change in adapted.changes})
        assert undone.changes == ()
        assert [block.id for block in undone.blocks] == [block.id for block in BLOCKS]
        assert all(block.visible for block in undone.blocks)


def test_a_worker_may_hide_or_fade_what_they_like() -> None:
    adapted = adapt(OUTLINE, Reader(0.3), overrides={"q": "hide", "e": "steps:1"})
    assert "q" not in shown(adapted)
    assert next(block for block in adapted.blocks if block.id == "e").steps == 1
    assert {change.why for change in adapted.changes if change.block in ("q", "e")} == {"you chose this"}


@pytest.mark.parametrize("overrides", [{"nowhere": "show"}, {"q": "burn"}, {"e": "steps:9"}, {"e": "steps:-1"}])
def test_an_impossible_override_is_refused(overrides: dict[str, str]) -> None:
    with pytest.raises(OverrideInvalid):
        adapt(OUTLINE, Reader(0.5), overrides=overrides)


def test_slots_take_only_declared_values() -> None:
    assert adapt(OUTLINE, Reader(0.5)).slots == {"artifact": "the report"}
    assert adapt(OUTLINE, Reader(0.5), {"artifact": "a credit memo"}).slots == {"artifact": "a credit memo"}
    with pytest.raises(SlotValueUnknown) as caught:
        adapt(OUTLINE, Reader(0.5), {"artifact": "<script>"})
    assert "a credit memo" in caught.value.hint
    with pytest.raises(SlotValueUnknown):
        adapt(OUTLINE, Reader(0.5), {"other": "x"})


def test_a_receipt_replays_byte_for_byte() -> None:
    reader = Reader(0.1 + 0.2, due=True, known={"source-checking": 0.5})
    first = adapt(OUTLINE, reader, {"artifact": "a credit memo"}, {"q": "hide"})
    again = replay(first.receipt, OUTLINE)
    assert again == first
    assert again.receipt == first.receipt


def test_a_receipt_of_another_version_or_a_changed_one_is_refused() -> None:
    receipt = adapt(OUTLINE, Reader(0.5)).receipt
    for wrong, outline in [
        (receipt, Outline("bafyreib", BLOCKS, SLOTS)),
        (receipt, Outline("bafyreia", BLOCKS[:-1], SLOTS)),
        (receipt.replace(b'"p":0.5', b'"p":0.9'), OUTLINE),
        (receipt + b" ", OUTLINE),
        (b"[]", OUTLINE),
        (b"\xff", OUTLINE),
    ]:
        with pytest.raises(ReceiptInvalid):
            replay(wrong, outline)
