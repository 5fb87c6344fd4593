"""What a reworded passage must keep, whatever language it is in."""

from __future__ import annotations

import pytest

from node.personalizer.errors import RewriteRefused
from node.personalizer.rewriting import accept


def test_the_language_may_be_any() -> None:
    assert accept("Zähle 3 Summen, ohne hinzusehen.", "Zähle 3 Summen blind, ohne hinzusehen.")
    zero_width = "می\u200cتوانید 3 بار بشمارید"
    assert accept(zero_width, f"شما {zero_width}")  # Persian cannot be written without it


@pytest.mark.parametrize(
    "other",
    [
        "Give 5 g of the first before 8 mg of the second.",
        "Give 8 mg of the first before 5 mg of the second.",
        "Never give 5 mg of the first before 8 mg of the second.",
    ],
)
def test_units_order_and_a_no_are_facts(other: str) -> None:
    passage = "Give 5 mg of the first before 8 mg of the second."
    assert accept(passage, f"Always {passage[0].lower()}{passage[1:]}")
    with pytest.raises(RewriteRefused):
        accept(passage, other)


def test_of_several_a_no_none_may_be_dropped() -> None:
    passage = "Never open the lid. Do not touch the blade. Do not stand behind it."
    assert accept(passage, "Never open the lid. Don't touch the blade. And do not stand behind it.")
    with pytest.raises(RewriteRefused):
        accept(passage, "Never open the lid. Touch the blade. Stand behind it.")
