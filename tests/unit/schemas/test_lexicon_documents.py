"""Lexicon documents are judged as the protocol's fixtures and specification say."""

import copy
import json
import os
from pathlib import Path
from typing import Any

import pytest

from schemas.catalog import get_lexicon, list_lexicons
from schemas.errors import LexiconInvalid
from schemas.lexicon.document import parse_lexicon

SHARED = Path(os.environ.get("SKILLNET_SHARED_DATA", Path(__file__).parents[3] / "../shared/data"))
LEXICONS = SHARED / "atproto-interop" / "lexicon"
without_fixtures = pytest.mark.skipif(not LEXICONS.is_dir(), reason=f"no interop fixtures in {LEXICONS}")

RECORD: dict[str, Any] = {
    "lexicon": 1,
    "id": "example.lexicon.thing",
    "defs": {
        "main": {
            "type": "record",
            "key": "tid",
            "record": {
                "type": "object",
                "required": ["name"],
                "properties": {
                    "name": {"type": "string", "minLength": 1, "maxLength": 64, "format": "handle"},
                    "list": {"type": "array", "items": {"type": "union", "refs": ["#part"]}},
                    "file": {"type": "blob", "accept": ["image/*", "text/plain"], "maxSize": 5},
                },
            },
        },
        "part": {"type": "object", "properties": {"whole": {"type": "ref", "ref": "example.lexicon.thing"}}},
    },
}
QUERY: dict[str, Any] = {
    "lexicon": 1,
    "id": "example.lexicon.ask",
    "defs": {
        "main": {
            "type": "query",
            "parameters": {"type": "params", "properties": {"q": {"type": "array", "items": {"type": "string"}}}},
            "output": {"encoding": "application/json", "schema": {"type": "ref", "ref": "#answer"}},
            "errors": [{"name": "NotFound"}],
        },
        "answer": {"type": "object"},
    },
}
FIELDS = ("defs", "main", "record", "properties")


def load(name: str) -> list[dict[str, Any]]:
    path = LEXICONS / name
    return json.loads(path.read_text("utf-8")) if path.exists() else []


def changed(document: dict[str, Any], path: tuple[str | int, ...], value: Any) -> dict[str, Any]:
    document = copy.deepcopy(document)
    place: Any = document
    for part in path[:-1]:
        place = place[part]
    place[path[-1]] = value
    return document


@without_fixtures
@pytest.mark.parametrize("case", load("lexicon-valid.json"), ids=lambda case: case["name"])
def test_valid_documents_pass(case: dict[str, Any]) -> None:
    assert parse_lexicon(case["lexicon"]) == case["lexicon"]


@without_fixtures
@pytest.mark.parametrize("case", load("lexicon-invalid.json"), ids=lambda case: case["name"])
def test_invalid_documents_are_refused(case: dict[str, Any]) -> None:
    with pytest.raises(LexiconInvalid):
        parse_lexicon(case["lexicon"])


@without_fixtures
def test_the_catalogue_of_the_fixtures_passes() -> None:
    assert [parse_lexicon(json.loads(path.read_text("utf-8"))) for path in (LEXICONS / "catalog").glob("*.json")]


@pytest.mark.parametrize("nsid", list_lexicons())
def test_every_carried_lexicon_passes(nsid: str) -> None:
    assert parse_lexicon(get_lexicon(nsid))["id"] == nsid


@pytest.mark.parametrize("document", [RECORD, QUERY])
def test_the_documents_changed_below_pass_unchanged(document: dict[str, Any]) -> None:
    assert parse_lexicon(document) is document


@pytest.mark.parametrize(
    ("path", "value", "place"),
    [
        (("lexicon",), True, "lexicon"),
        (("defs",), {}, "defs"),
        (("defs", "main", "key"), "uuid", "defs.main.key"),
        (("defs", "main", "description"), 1, "defs.main.description"),
        (("defs", "two words"), {"type": "token"}, "defs.two words"),
        (("defs", "part", "type"), "query", "defs.part.type"),
        (("defs", "part", "properties"), [], "defs.part.properties"),
        ((*FIELDS, "name", "type"), "text", "defs.main.record.properties.name.type"),
        ((*FIELDS, "name", "type"), None, "defs.main.record.properties.name.type"),
        ((*FIELDS, "name", "minLength"), 65, "defs.main.record.properties.name.minLength"),
        ((*FIELDS, "name", "maxLength"), -1, "defs.main.record.properties.name.maxLength"),
        ((*FIELDS, "name", "maxLength"), True, "defs.main.record.properties.name.maxLength"),
        ((*FIELDS, "name", "format"), "email", "defs.main.record.properties.name.format"),
        ((*FIELDS, "name", "enum"), ["a", 1], "defs.main.record.properties.name.enum"),
        ((*FIELDS, "list", "items"), {"type": "array"}, "defs.main.record.properties.list.items.items"),
        ((*FIELDS, "list", "items", "refs"), ["#"], "defs.main.record.properties.list.items.refs"),
        ((*FIELDS, "file", "accept"), ["picture"], "defs.main.record.properties.file.accept"),
        (("defs", "main", "record", "required"), ["other"], "defs.main.record.required"),
    ],
)
def test_a_fault_in_a_record_is_told_with_its_place(path: tuple[str, ...], value: Any, place: str) -> None:
    with pytest.raises(LexiconInvalid) as caught:
        parse_lexicon(changed(RECORD, path, value))
    assert caught.value.path == place


@pytest.mark.parametrize(
    ("path", "value", "place"),
    [
        (("defs", "main", "parameters", "properties", "q", "items", "type"), "object", "parameters.properties.q.items"),
        (("defs", "main", "parameters", "type"), "object", "parameters.type"),
        (("defs", "main", "output"), "json", "output"),
        (("defs", "main", "output", "encoding"), "", "output.encoding"),
        (("defs", "main", "output", "schema"), {"type": "string"}, "output.schema"),
        (("defs", "main", "errors"), "NotFound", "errors"),
        (("defs", "main", "errors", 0), {"name": "Not found"}, "errors[0].name"),
    ],
)
def test_a_fault_in_a_query_is_told_with_its_place(path: tuple[str | int, ...], value: Any, place: str) -> None:
    with pytest.raises(LexiconInvalid) as caught:
        parse_lexicon(changed(QUERY, path, value))
    assert caught.value.path.startswith(f"defs.main.{place}")
