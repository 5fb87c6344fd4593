"""Paths in Markdown: read, written back the same, complained about with a place."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from node.authoring.lint import lint
from node.authoring.merge.stops import merge_paths
from node.authoring.parse import parse_path
from node.authoring.paths import is_major, path_source, path_value
from node.authoring.problems import errors_of
from node.authoring.stops.edit import add_stop, move_stop, remove_stop, turn_optional
from node.authoring.value import source_of
from schemas.datamodel import from_json
from schemas.validation import validate_record

AUTHOR = "did:plc:7iza6de2dwap2sbkpav7c6c6"
THEIRS = f"at://{AUTHOR}/org.skillnet.module/read-a-handover"
TEXT = f"""---
kind: path
name: first-month
title: First month
description: From none to some.
language: en
level: novice
occupations: [onet:43-3031.00]
house: kept as it is
---
Why this order.

1. [Read \\[it\\] over]({THEIRS}) Everything rests on it,
   even this.
2. [Check](check-a-draft) (optional) – only there.
"""


def test_a_path_is_read_and_written_back() -> None:
    document = parse_path(TEXT)
    assert errors_of(lint(document)) == []
    value = path_value(document, AUTHOR)
    assert value["modules"] == [
        {"module": THEIRS, "title": "Read [it] over", "note": "Everything rests on it, even this."},
        {"module": f"at://{AUTHOR}/org.skillnet.module/check-a-draft", "title": "Check", "note": "only there.",
         "optional": True},
    ]  # fmt: skip
    assert (value["body"], value["metadata"]) == ("Why this order.\n", {"house": "kept as it is"})
    validate_record(
        from_json({**value, "createdAt": "2026-05-01T09:30:00.000Z"}), "org.skillnet.pathVersion", "3jzfcijpj2z2a"
    )
    assert path_value(parse_path(path_source(value)), AUTHOR) == value


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [("name: first-month", "name: First Month", "bad-name"), ("title: First month\n", "", "missing-field"),
     (f"({THEIRS})", f"(at://{AUTHOR}/org.skillnet.task/x)", "stop-target"), ("(check-a-draft)", "(https://x.example)",
     "stop-target"), ("1. [", "- [", ""), ("name: first-month", "name: [", "yaml-syntax"),
     ("level: novice", "level: novise", "not-allowed"), ("level: novice", "visibility: organisation", "not-allowed")],
)  # fmt: skip
def test_what_is_wrong_is_said(old: str, new: str, code: str) -> None:
    codes = [problem.code for problem in errors_of(lint(parse_path(TEXT.replace(old, new))))]
    assert (code in codes) if code else codes == []


def test_a_path_without_modules_is_none() -> None:
    assert [p.code for p in errors_of(lint(parse_path(TEXT.partition("1. [")[0])))] == ["stops"]


def test_another_order_is_another_path() -> None:
    value = path_value(parse_path(TEXT), AUTHOR)
    assert not is_major(value, {**value, "title": "Other", "body": "Other words"})
    assert is_major(value, {**value, "modules": value["modules"][::-1]})
    assert is_major(value, {**value, "modules": value["modules"][:1]})


@given(st.text(max_size=400))
def test_no_text_breaks_it(text: str) -> None:
    document = parse_path(text)
    lint(document)
    path_source(path_value(document, AUTHOR))


LIST = """---
kind: path
---
Before.

1. [A](a) why,
   and more
2. [B](b)

3. [C](c) (optional)
Behind.
"""


def test_its_list_is_edited_and_nothing_else() -> None:
    moved = LIST.replace("1. [A](a) why,\n   and more\n2. [B](b)", "1. [B](b)\n2. [A](a) why,\n   and more")
    assert move_stop(LIST, 0, 1) == move_stop(LIST, 1, -1) == moved
    assert move_stop(moved, 0, 1) == LIST
    assert remove_stop(LIST, 0) == LIST.replace("1. [A](a) why,\n   and more\n2.", "1.").replace("3.", "2.")
    assert turn_optional(LIST, 2) == LIST.replace(" (optional)", "")
    assert turn_optional(turn_optional(LIST, 0), 0) == LIST
    assert add_stop(LIST, "at://x", "D [new]") == LIST.replace("Behind", "4. [D \\[new\\]](at://x)\nBehind")
    assert add_stop("---\n---\nWhy.", "d", "D") == "---\n---\nWhy.\n\n1. [D](d)\n"


def test_a_button_of_an_older_page_changes_nothing() -> None:
    assert move_stop(LIST, 0, -1) == move_stop(LIST, 2, 1) == remove_stop(LIST, 3) == turn_optional(LIST, -1) == LIST


@given(st.lists(st.text(min_size=1).filter(str.strip), min_size=1, max_size=5), st.integers(-1, 5))
def test_any_list_is_edited(titles: list[str], place: int) -> None:
    text = "---\nkind: path\n---\nWhy.\n"
    for title in titles:
        text = add_stop(text, "x", title)
    words = [" ".join(title.split()) for title in titles]

    def read(edited: str) -> list[str]:
        return [stop.title for stop in parse_path(edited).stops]

    assert read(text) == words
    inside = 0 <= place < len(words)
    assert read(remove_stop(text, place)) == [*words[: max(place, 0)], *words[place + 1 :]] if inside else words
    below = move_stop(text, place, 1)
    assert sorted(read(below)) == sorted(words)
    assert move_stop(below, place + 1, -1) == text
    assert turn_optional(turn_optional(text, place), place) == text


def test_its_text_comes_back_from_a_record() -> None:
    value = path_value(parse_path(TEXT), AUTHOR)
    assert source_of(value) == path_source(value)


def test_a_module_put_in_between_touches_no_other_number() -> None:
    head = "---\nkind: path\nname: p\n---\n"

    def path(*stops: str) -> str:
        return head + "".join(f"{number}. [{stop}]({stop})\n" for number, stop in enumerate(stops, 1))

    merged = merge_paths(path("a", "b", "c", "d"), path("a", "x", "b", "c", "d"), path("a", "b", "c", "y", "d"))
    assert merged.text == path("a", "x", "b", "c", "y", "d")
    assert merge_paths(path("a", "b"), path("a", "c"), path("a", "d")).conflicts
