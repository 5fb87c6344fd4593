"""What a worker's sentence hangs on, and what an item says of it."""

from __future__ import annotations

import pytest

from node.services.learning.wanted import covered_by, meanings_of, plain_of, said_by
from node.store.tables.catalogue import ItemRow

CARE_NOTES = ItemRow(
    uri="at://did:plc:a/org.skillnet.module/care-notes",
    title="Write notes that hold up",
    description="Take out what the software added; check the medications and the running drip.",
    skills=["plain-observation-notes"],
)


@pytest.mark.parametrize(
    "text", ["", "the", "?", "what do I do now", "x " * 2_500, "10 minutes, 3 times a day", "- + ()"]
)
def test_chatter_numbers_and_times_ask_for_nothing(text: str) -> None:
    assert meanings_of(plain_of(text)) == ()


@pytest.mark.parametrize(
    ("word", "much"),
    [
        ("notes", 1.0),
        ("noting", 0.0),
        ("care", 1.0),
        ("ran", 1.0),
        ("observing", 1.0),
        ("pills", 0.7),
        ("welding", 0.0),
    ],
)
def test_an_item_says_a_word_itself_in_its_name_or_formally(word: str, much: float) -> None:
    (meaning,) = meanings_of(word)
    assert said_by(meaning, CARE_NOTES) == much


def test_what_is_covered_follows_the_weights() -> None:
    notes, welding = meanings_of("notes welding")
    assert covered_by({notes: 3.0, welding: 1.0}, CARE_NOTES) == 0.75
    assert covered_by({}, CARE_NOTES) == 0.0


def test_words_of_any_script_ask_for_something() -> None:
    assert meanings_of("المريضة لا تأكل")
    assert meanings_of("焊接")
