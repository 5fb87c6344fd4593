"""The lexicons that the software carries are complete, bounded and described."""

from collections.abc import Iterator
from typing import Any

import pytest

from federation.codec import encode
from schemas.authority import AUTHORITY, RECORD_TYPES
from schemas.catalog import LEXICON_SCHEMA, carried_lexicons, get_lexicon, lexicon_record, list_lexicons
from schemas.errors import LexiconUnknown
from schemas.validation import validate_record

OURS = list_lexicons(AUTHORITY)
BOUNDED_BY_FORMAT = {"at-identifier", "at-uri", "cid", "datetime", "did", "handle", "language", "nsid", "tid", "uri"}


def definitions(value: Any, place: str) -> Iterator[tuple[str, dict[str, Any]]]:
    if isinstance(value, dict):
        if isinstance(value.get("type"), str):
            yield place, value
        for key, item in value.items():
            yield from definitions(item, f"{place}.{key}")


def every_definition() -> Iterator[tuple[str, dict[str, Any]]]:
    for nsid in OURS:
        yield from definitions(get_lexicon(nsid)["defs"], nsid)


def test_every_record_type_has_a_lexicon() -> None:
    assert set(RECORD_TYPES) <= set(OURS)
    assert {get_lexicon(nsid)["defs"]["main"]["type"] for nsid in RECORD_TYPES} == {"record"}


@pytest.mark.parametrize("nsid", list_lexicons())
def test_every_lexicon_stands_under_its_id_and_compiles_with_all_it_refers_to(nsid: str) -> None:
    lexicons, document = carried_lexicons(), get_lexicon(nsid)
    assert document["id"] == nsid
    for fragment, definition in document["defs"].items():
        if definition["type"] in {"query", "procedure", "subscription"}:
            lexicons.get_parameters_check(nsid)
            for part in ("input", "output", "message"):
                lexicons.get_body_check(nsid, part)
        else:
            lexicons.get_check(nsid if fragment == "main" else f"{nsid}#{fragment}")
    for place, definition in definitions(document["defs"], nsid):
        for reference in [definition["ref"]] if definition["type"] == "ref" else definition.get("refs", []):
            name = nsid + reference if reference.startswith("#") else reference
            assert lexicons.get_definition(name), place


def test_an_answer_of_ours_refers_to_no_record() -> None:
    """The official library reads no answer whose lexicon does (`Unexpected lexicon type: record`)."""
    referring = [(place, d["ref"]) for place, d in every_definition() if d["type"] == "ref"]
    assert [place for place, reference in referring if reference in RECORD_TYPES] == []
    assert len(referring) > 20


def test_every_size_of_ours_has_a_limit() -> None:
    unbounded = []
    for place, definition in every_definition():
        kind = definition["type"]
        if kind == "string" and definition.get("format") not in BOUNDED_BY_FORMAT and "maxLength" not in definition:
            unbounded.append(place)
        if kind in {"array", "bytes"} and "maxLength" not in definition:
            unbounded.append(place)
        if kind == "integer" and not {"minimum", "maximum"} <= definition.keys():
            unbounded.append(place)
        if kind == "blob" and not {"accept", "maxSize"} <= definition.keys():
            unbounded.append(place)
    assert unbounded == []


def test_everything_of_ours_is_described() -> None:
    silent = {"object", "params"}
    assert [p for p, d in every_definition() if d["type"] not in silent and len(d.get("description", "")) < 4] == []


def test_an_unknown_lexicon_is_named() -> None:
    with pytest.raises(LexiconUnknown, match=r"org\.skillnet\.nothing"):
        get_lexicon("org.skillnet.nothing")


@pytest.mark.parametrize("nsid", OURS)
def test_a_lexicon_can_be_published_as_a_record_of_its_own(nsid: str) -> None:
    record = lexicon_record(nsid)
    validate_record(record, LEXICON_SCHEMA, nsid)
    assert len(encode(record)) < 60_000
    record["defs"].clear()
    assert get_lexicon(nsid)["defs"], "what is published is a copy"
