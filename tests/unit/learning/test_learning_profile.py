"""A profile takes what is right and names what is not."""

from __future__ import annotations

from typing import Any

import pytest

from node.errors import Malformed
from node.services.learning.sealed.profile import Profile, parse_profile

WHOLE = {
    "role": "ward nurse",
    "occupations": ["onet:29-1141.00"],
    "tasks": [],
    "goals": [{"text": "read rhythm strips", "tasks": ["t"], "skills": [], "confirmed": True}],
    "placements": {"rhythm-reading": "novice"},
    "minutesPerDay": 10,
    "languages": ["ar", "en"],
    "tools": ["paper"],
    "quietHours": {"from": "20:00", "to": "07:00"},
    "timeZone": "Europe/Berlin",
    "noticesPerDay": 1,
    "accessibility": ["no-pictures"],
    "rewriting": True,
}


def test_a_profile_comes_back_as_it_was_given() -> None:
    assert parse_profile(WHOLE).to_dict() == WHOLE
    assert parse_profile(parse_profile(WHOLE).to_dict()) == parse_profile(WHOLE)


def test_fields_left_out_stay_as_they_were() -> None:
    changed = parse_profile({"minutesPerDay": 30, "goals": "one goal in words"}, parse_profile(WHOLE))
    assert changed.minutes == 30
    assert changed.role == "ward nurse"
    assert changed.goals[0].text == "one goal in words"
    assert not changed.goals[0].is_mapped


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("role", 7),
        ("role", "x" * 401),
        ("occupations", {"a": 1}),
        ("tools", ["x"] * 51),
        ("goals", [3]),
        ("placements", {"s": "wizard"}),
        ("placements", ["s"]),
        ("minutesPerDay", 0),
        ("minutesPerDay", True),
        ("minutesPerDay", "ten"),
        ("quietHours", {"from": "25:00", "to": "07:00"}),
        ("quietHours", "always"),
        ("timeZone", "Mars/Olympus"),
        ("timeZone", "../../etc/passwd"),
        ("salary", 1),
    ],
)
def test_what_is_wrong_is_named(field: str, value: Any) -> None:
    with pytest.raises(Malformed, match=field):
        parse_profile({field: value})


def test_a_blank_profile_asks_for_nothing() -> None:
    assert parse_profile({}) == Profile()
    assert Profile().view().minutes == 15
