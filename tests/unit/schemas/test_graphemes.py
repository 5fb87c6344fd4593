"""Graphemes are counted as UAX #29 says; cases from its test file (Unicode 17.0) and from scripts people write in."""

import pytest

from schemas.graphemes import count_graphemes, exceeds_graphemes


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("", 0),
        ("plain", 5),
        ("a\r\nb", 3),
        ("é\r\nb", 3),
        ("e\u0301te\u0301", 3),
        ("\u0301", 1),
        ("🇩🇪🏳️‍🌈", 2),
        ("🇩🇪🇩", 2),
        ("👩‍👩‍👦‍👦👩‍👩‍👦‍👦", 2),
        ("👍🏽👍🏽", 2),
        ("a\u200d🎈", 2),
        ("⛹️‍♀️", 1),
        ("각각", 2),
        ("\u1100\u1161\u11a8", 1),
        ("क्षत्रिय", 3),
        ("\u0915\u094d\u200c\u0924", 2),
        ("\u0915\u094d\u200d\u0924", 1),
        ("நிலை", 2),
        ("ก\u0e33", 1),
        ("مُحَمَّد", 4),
        ("\u0600\u0661", 1),
        ("é\u0000é", 3),
        ("日本語", 3),
    ],
)
def test_count(text: str, count: int) -> None:
    assert count_graphemes(text) == count


def test_a_limit_is_judged_like_the_count() -> None:
    assert exceeds_graphemes("e\u0301" * 11, 10)
    assert not exceeds_graphemes("e\u0301" * 10, 10)
    assert exceeds_graphemes("x" * 11, 10)
