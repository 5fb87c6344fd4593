"""What the data model refuses beyond the protocol's fixtures, and in which words."""

from typing import Any

import pytest

from schemas.cbor import CID
from schemas.datamodel import MAX_DEPTH, check_value, from_json, parse_link, to_json
from schemas.errors import DatamodelInvalid
from schemas.samples import HASH


def nested(depth: int) -> dict[str, Any]:
    value: dict[str, Any] = {}
    for _ in range(depth - 1):
        value = {"in": value}
    return value


def test_depth_is_bounded_both_ways() -> None:
    check_value(nested(MAX_DEPTH))
    assert from_json(nested(MAX_DEPTH))
    for judge in (check_value, from_json):
        with pytest.raises(DatamodelInvalid, match="nested deeper than 32"):
            judge(nested(MAX_DEPTH + 1))


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ({"a": 1.5}, "a fraction"),
        ({"a": float("nan")}, "a fraction"),
        ({"a": 2**63}, "64 bits"),
        ({"a": (1, 2)}, "a tuple"),
        ({"a": {1: 2}}, "name is an integer"),
        ({"a": "\ud800"}, "surrogate"),
        ({"\udc00": 1}, "surrogate"),
        ({"k" * 8_193: 1}, "longer than 8192"),
        ({"a": {"$type": ""}}, "name of a type"),
        ({"a": {"$type": "blob", "ref": CID(b"\x01"), "mimeType": "a/b", "size": 1}}, "a link"),
        ({"a": {"$type": "blob", "ref": CID.decode(HASH), "mimeType": "a/b", "size": True}}, "size in bytes"),
        ({"a": CID(b"\x12\x20" + bytes(32))}, "a link"),
    ],
)
def test_values_outside_the_model_are_refused(value: Any, words: str) -> None:
    with pytest.raises(DatamodelInvalid, match=words):
        check_value(value)


@pytest.mark.parametrize(
    "text",
    [HASH.upper(), HASH[:-1], HASH[:-1] + "r", "zdj7WWeQ43G6JJvLWQWZpyHuAMq6uYWRjkBXFad11vE2LHhQ7", HASH + "\n", None],
)
def test_links_have_one_spelling(text: Any) -> None:
    with pytest.raises(DatamodelInvalid):
        parse_link(text)


@pytest.mark.parametrize("text", ["AQI=", "AQI"])
def test_bytes_may_be_padded_and_are_written_bare(text: str) -> None:
    assert from_json({"b": {"$bytes": text}}) == {"b": b"\x01\x02"}
    assert to_json({"b": b"\x01\x02"}) == {"b": {"$bytes": "AQI"}}


@pytest.mark.parametrize("text", ["A", "AQ-_", "A Q I", "é"])
def test_bytes_that_are_not_base64_are_refused(text: str) -> None:
    with pytest.raises(DatamodelInvalid):
        from_json({"b": {"$bytes": text}})
