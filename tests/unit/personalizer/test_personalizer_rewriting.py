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


@pytest.mark.parametrize(
    ("language", "passage", "kept", "changed"),
    [
        ("en", "Give two tablets, then wait.", "First give 2 tablets, then wait.", "Give three tablets, then wait."),
        ("en-GB", "Wait five minutes by the door.", "Stay by the door five minutes.", "Wait five hours by the door."),
        ("en", "Ask Maria for the MRI list.", "Maria has the MRI list: ask.", "Ask the nurse for the MRI list."),
        ("en", "Ask a nurse for the list.", "The list is with a nurse: ask.", "Ask a nurse, Maria, for the list."),
        ("en", "Take half of the pH paper.", "Of the pH paper take half.", "Take the double of the pH paper."),
        ("en", "Turn left before the gate.", "Before the gate turn left.", "Turn right before the gate."),
        ("de", "Nimm einundzwanzig Tropfen.", "Einundzwanzig Tropfen nimm.", "Nimm zweiundzwanzig Tropfen."),
        ("de", "Zähle die Tabletten im Becher.", "Im Becher liegen Tabletten: zähle.", "Zähle drei im Becher."),
        (
            "fr",
            "Tourne à gauche, attends deux heures.",
            "Deux heures: attends à gauche.",
            "Attends à droite deux heures.",
        ),
        ("it", "Aspetta sei ore, poi conta.", "Conta poi, aspetta sei ore.", "Aspetta sei giorni, poi conta."),
        (
            "ar",
            "خذ ثلاث حبات كل ست ساعات بعد الأكل",
            "بعد الأكل خذ ثلاث حبات كل ست ساعات",
            "خذ ثلاث حبات كل ست أيام بعد الأكل",
        ),
    ],
)
def test_facts_in_words_are_facts_too(language: str, passage: str, kept: str, changed: str) -> None:
    assert accept(passage, kept, language)
    with pytest.raises(RewriteRefused):
        accept(passage, changed, language)


def test_a_language_of_which_no_words_are_known_is_read_by_its_signs() -> None:
    assert accept("Vezmi dvě tablety, 5 mg.", "Dvě tablety vezmi, 5 mg.", "cs")
    with pytest.raises(RewriteRefused):
        accept("Vezmi dvě tablety, 5 mg.", "Vezmi dvě tablety, 50 mg.", "cs")
