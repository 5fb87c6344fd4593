"""Laws of the data model, of graphemes and of the compiled lexicons, over values drawn from the lexicons themselves."""

import contextlib
import json
from hashlib import sha256
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from federation.codec import decode, encode
from schemas import records
from schemas.authority import RECORD_TYPES
from schemas.catalog import carried_lexicons, get_lexicon
from schemas.cbor import CID
from schemas.datamodel import check_value, from_json, to_json
from schemas.errors import LexiconInvalid, RecordInvalid
from schemas.graphemes import count_graphemes
from schemas.lexicon.document import parse_lexicon
from schemas.lexicon.references import full_name
from schemas.samples import ANA, BEN, HASH, MODULE_URI, NOW
from schemas.validation import validate_record

LINKS = st.binary(min_size=1, max_size=4).map(lambda content: CID(b"\x01\x55\x12\x20" + sha256(content).digest()))
KEYS = st.text(max_size=8).filter(lambda key: key not in {"$type", "$link", "$bytes"})
LEAVES = st.none() | st.booleans() | st.integers(-(2**63), 2**63 - 1) | st.text() | st.binary() | LINKS
VALUES = st.recursive(
    LEAVES, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=4), max_leaves=12
)
OBJECTS = st.dictionaries(KEYS, VALUES, max_size=5)
FORMATS = {
    "at-identifier": [ANA, "ana.example.com"],
    "at-uri": [MODULE_URI, f"at://{BEN}"],
    "cid": [HASH],
    "datetime": [NOW, "1999-12-31T23:59:59+01:00"],
    "did": [ANA, BEN],
    "language": ["en", "zh-Hant"],
    "record-key": ["a-name", "self"],
    "uri": ["https://example.com/"],
}
CLASSES: dict[str, Any] = {
    each.NSID: each for each in vars(records).values() if isinstance(each, type) and hasattr(each, "NSID")
}


def values_of(definition: dict[str, Any], inside: str) -> st.SearchStrategy[Any]:
    """Values that a definition allows."""
    kind = definition["type"]
    if kind == "array":
        return st.lists(values_of(definition["items"], inside), min_size=definition.get("minLength", 0), max_size=3)
    if kind == "ref":
        name = full_name(definition["ref"], inside)
        return objects_of(carried_lexicons().get_definition(name), name.partition("#")[0])
    plain = {"string": strings_of, "integer": integers_of, "blob": blobs_of}
    return plain[kind](definition) if kind in plain else {"boolean": st.booleans(), "unknown": OBJECTS}[kind]


def integers_of(definition: dict[str, Any]) -> st.SearchStrategy[int]:
    return st.integers(definition["minimum"], definition["maximum"])


def blobs_of(definition: dict[str, Any]) -> st.SearchStrategy[dict[str, Any]]:
    media_type = definition["accept"][0].replace("text/*", "text/markdown").replace("*/*", "text/x-python")
    fixed = {"$type": st.just("blob"), "mimeType": st.just(media_type)}
    return st.fixed_dictionaries({**fixed, "ref": LINKS, "size": st.integers(0, definition["maxSize"])})


def strings_of(definition: dict[str, Any]) -> st.SearchStrategy[str]:
    if "enum" in definition:
        return st.sampled_from(definition["enum"])
    if "format" in definition:
        return st.sampled_from(FORMATS[definition["format"]])
    low, high = definition.get("minLength", 0), definition["maxLength"]
    return st.text(min_size=low, max_size=min(high // 4, 40)) if high > 10 else st.just("2027-05-01")


def objects_of(definition: Any, inside: str) -> st.SearchStrategy[dict[str, Any]]:
    required, properties = definition.get("required", []), definition["properties"]
    return st.fixed_dictionaries(
        {name: values_of(properties[name], inside) for name in required},
        optional={name: values_of(part, inside) for name, part in properties.items() if name not in required},
    )


def records_of(nsid: str) -> st.SearchStrategy[dict[str, Any]]:
    record = get_lexicon(nsid)["defs"]["main"]["record"]
    return objects_of(record, nsid).map(lambda value: {"$type": nsid, **value})


@given(OBJECTS)
def test_json_and_back_changes_nothing(value: dict[str, Any]) -> None:
    check_value(value)
    assert from_json(json.loads(json.dumps(to_json(value)))) == value


@given(st.text(), st.text())
def test_graphemes_never_grow_by_joining(left: str, right: str) -> None:
    joined = count_graphemes(left + right)
    assert max(count_graphemes(left), count_graphemes(right)) <= joined or "\u200d" in left + right or not left
    assert joined <= count_graphemes(left) + count_graphemes(right) <= len(left) + len(right)


@pytest.mark.parametrize("nsid", RECORD_TYPES)
@settings(max_examples=15)
@given(data=st.data())
def test_what_a_lexicon_allows_is_valid_and_survives_its_class(nsid: str, data: st.DataObject) -> None:
    value = data.draw(records_of(nsid))
    validate_record(value, nsid)
    assert decode(encode(value)) == value
    written = CLASSES[nsid].parse(value).to_value()
    assert written.items() <= value.items() or all(not value.get(name) for name in value if name not in written)
    assert CLASSES[nsid].parse(written).to_value() == written


@pytest.mark.parametrize("nsid", RECORD_TYPES)
@settings(max_examples=10)
@given(data=st.data())
def test_one_field_of_another_type_is_refused_by_name(nsid: str, data: st.DataObject) -> None:
    value = data.draw(records_of(nsid))
    name = data.draw(st.sampled_from(sorted(value.keys() - {"$type"})))
    with pytest.raises(RecordInvalid) as caught:
        validate_record(value | {name: CID.decode(HASH)}, nsid)
    assert caught.value.path == name


@pytest.mark.parametrize("nsid", RECORD_TYPES)
@settings(max_examples=10)
@given(value=VALUES)
def test_anything_else_is_refused_in_this_packages_words(nsid: str, value: Any) -> None:
    with pytest.raises(RecordInvalid):
        validate_record(value, nsid)


WORDS = ["object", "record", "query", "array", "ref", "string", "#a", "example.lexicon.thing", "any"]
NAMES = ["lexicon", "id", "defs", "main", "type", "record", "key", "properties", "required", "items", "ref"]
DOCUMENTS = st.recursive(
    st.none() | st.booleans() | st.integers() | st.sampled_from(WORDS),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(NAMES), inner, max_size=5),
    max_leaves=20,
)


@given(DOCUMENTS)
def test_any_document_is_judged_without_surprise(document: Any) -> None:
    wrapped = {"lexicon": 1, "id": "example.lexicon.thing", "defs": {"main": document, "other": document}}
    for candidate in (document, wrapped):
        with contextlib.suppress(LexiconInvalid):
            assert parse_lexicon(candidate) is candidate
