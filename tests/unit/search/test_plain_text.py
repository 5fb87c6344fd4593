"""What is indexed of a text: its words, without the marks of Markdown."""

from __future__ import annotations

import time

import pytest
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


@pytest.mark.parametrize(
    "text", ["[" * 64_000, "[a](" * 16_000, "| a" + " " * 64_000 + "b", "|" * 64_000, "<a" * 32_000, "_" * 64_000]
)
def test_no_text_of_a_stranger_stops_the_node(text: str) -> None:
    """A row of a table with sixty thousand spaces took days, and nothing else ran meanwhile."""
    began = time.process_time()
    plain_text(text)
    assert time.process_time() - began < 2.0


def test_links_are_what_they_are_called() -> None:
    assert plain_text("See [it](https://x.example/A_(b)) and [![the dial](d.png)](e) | f") == "See it and the dial | f"
    assert plain_text("| a | | b  |  ") == "a · · b"
