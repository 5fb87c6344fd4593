"""What is indexed of a text: its words, without the marks of Markdown."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from node.services.finding.plain_text import plain_text


def test_marks_of_the_format_are_left_out() -> None:
    text = plain_text(
        "## Look *twice*\n\n::: {#p1 .practice}\n- [x] Take [the report](slot:artifact)\n:::\n\n"
        "| a | b |\n|---|---|\n| 1 | **2** |\n\n![A table](pictures/t.png) `code` snake_case_stays 3 * 4\n"
    )
    for expected in ("Look twice", "Take the report", "A table", "code", "snake_case_stays", "1 · 2"):
        assert expected in text
    for mark in (":::", "**", "|", "](", "slot:", "##"):
        assert mark not in text


@given(st.text(max_size=300))
def test_any_text_is_read_and_never_grows(text: str) -> None:
    assert len(plain_text(text)) <= len(text)
