"""Paths in Markdown: read, written back the same, complained about with a place."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from node.authoring.merge.stops import merge_paths
from node.authoring.paths import is_major, parse_path, path_source, path_value
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
    assert document.problems == ()
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
    [("name: first-month", "name: First Month", "name"), ("title: First month\n", "", "missing"),
     (f"({THEIRS})", f"(at://{AUTHOR}/org.skillnet.task/x)", "stop-target"), ("(check-a-draft)", "(https://x.example)",
     "stop-target"), ("1. [", "- [", ""), ("name: first-month", "name: [", "yaml-syntax")],
)  # fmt: skip
def test_what_is_wrong_is_said(old: str, new: str, code: str) -> None:
    codes = [problem.code for problem in parse_path(TEXT.replace(old, new)).problems]
    assert (code in codes) if code else codes == []


def test_a_path_without_modules_is_none() -> None:
    assert [p.code for p in parse_path(TEXT.partition("1. [")[0]).problems] == ["stops"]


def test_another_order_is_another_path() -> None:
    value = path_value(parse_path(TEXT), AUTHOR)
    assert not is_major(value, {**value, "title": "Other", "body": "Other words"})
    assert is_major(value, {**value, "modules": value["modules"][::-1]})
    assert is_major(value, {**value, "modules": value["modules"][:1]})


@given(st.text(max_size=400))
def test_no_text_breaks_it(text: str) -> None:
    document = parse_path(text)
    path_source(path_value(document, AUTHOR))


def test_a_module_put_in_between_touches_no_other_number() -> None:
    head = "---\nkind: path\nname: p\n---\n"

    def path(*stops: str) -> str:
        return head + "".join(f"{number}. [{stop}]({stop})\n" for number, stop in enumerate(stops, 1))

    merged = merge_paths(path("a", "b", "c", "d"), path("a", "x", "b", "c", "d"), path("a", "b", "c", "y", "d"))
    assert merged.text == path("a", "x", "b", "c", "y", "d")
    assert merge_paths(path("a", "b"), path("a", "c"), path("a", "d")).conflicts
