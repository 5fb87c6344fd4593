"""Parameters, inputs, outputs and messages are judged by the lexicon of the request."""

from typing import Any

import pytest

from schemas.cbor import CID
from schemas.errors import BodyInvalid, LexiconUnknown, ParametersInvalid, RecordInvalid
from schemas.parameters import parse_parameters
from schemas.samples import HASH, MODULE_URI
from schemas.validation import validate_input, validate_message, validate_output, validate_parameters, validate_record

SEARCH = "org.skillnet.catalogue.search"
LIST = "com.atproto.repo.listRecords"
CREATE = "com.atproto.repo.createRecord"
SUBSCRIBE = "com.atproto.sync.subscribeRepos"


def test_text_becomes_typed_parameters_with_defaults() -> None:
    pairs = [("q", "draft"), ("layer", "tool"), ("layer", "concept"), ("facets", "true"), ("limit", "5"), ("x", "y")]
    assert parse_parameters(pairs, SEARCH) == {
        "q": "draft",
        "layer": ["tool", "concept"],
        "facets": True,
        "limit": 5,
        "sort": "best",
    }


@pytest.mark.parametrize(
    ("pairs", "nsid", "message"),
    [
        ([("limit", "many")], SEARCH, "limit: must be an integer"),
        ([("limit", "0")], SEARCH, "limit: must be at least 1"),
        ([("limit", "1"), ("limit", "2")], SEARCH, "limit: is given more than once"),
        ([("facets", "yes")], SEARCH, "facets: must be true or false"),
        ([("language", "en"), ("language", "?")], SEARCH, "language[1]: '?' is not a valid language tag"),
        ([("collection", "org.skillnet.module")], LIST, "repo: is required"),
    ],
)
def test_bad_parameters_are_told_by_name(pairs: list[tuple[str, str]], nsid: str, message: str) -> None:
    with pytest.raises(ParametersInvalid) as caught:
        parse_parameters(pairs, nsid)
    assert str(caught.value) == message


def test_a_request_without_parameters_takes_any_and_keeps_none() -> None:
    assert parse_parameters([("a", "b")], "com.atproto.server.describeServer") == {}
    validate_parameters({"a": "b"}, "com.atproto.server.describeServer")


def test_an_unknown_request_is_named() -> None:
    with pytest.raises(LexiconUnknown, match=r"com\.example\.ask"):
        parse_parameters([], "com.example.ask")


def test_inputs() -> None:
    body: dict[str, Any] = {"repo": "ana.example.com", "collection": "org.skillnet.vouch", "record": {"$type": "x"}}
    validate_input(body, CREATE)
    with pytest.raises(BodyInvalid, match="collection: 'vouch' is not a valid NSID"):
        validate_input(body | {"collection": "vouch"}, CREATE)
    with pytest.raises(BodyInvalid, match="expected an object, found a string"):
        validate_input("text", CREATE)


def test_closed_unions_in_inputs() -> None:
    write = {"$type": "com.atproto.repo.applyWrites#delete", "collection": "org.skillnet.vouch", "rkey": "self"}
    body = {"repo": "ana.example.com", "writes": [write]}
    validate_input(body, "com.atproto.repo.applyWrites")
    with pytest.raises(BodyInvalid, match=r"writes\[0\]\.\$type: must be one of"):
        validate_input(body | {"writes": [write | {"$type": "com.example.move"}]}, "com.atproto.repo.applyWrites")


def test_outputs() -> None:
    entry = {"uri": MODULE_URI, "kind": "module", "title": "Check a draft"}
    answer = {"hits": [{"entry": entry | {"score": {"value": -20_000, "mean": 500_000, "evidence": 1}}}], "total": 1}
    validate_output(answer, SEARCH)
    with pytest.raises(BodyInvalid, match=r"hits\[0\]\.entry\.title: is required"):
        validate_output({"hits": [{"entry": {"uri": MODULE_URI, "kind": "module"}}]}, SEARCH)


def test_what_has_no_schema_passes() -> None:
    validate_output(b"a CAR", "com.atproto.sync.getRepo")


def test_messages() -> None:
    event = {"seq": 1, "did": "did:web:example.com", "time": "2026-05-01T09:30:00.000Z", "active": True}
    validate_message(event, SUBSCRIBE, "#account")
    with pytest.raises(BodyInvalid, match="seq: is required"):
        validate_message({name: event[name] for name in ("did", "time", "active")}, SUBSCRIBE, "#account")
    with pytest.raises(LexiconUnknown, match="#rumour"):
        validate_message(event, SUBSCRIBE, "#rumour")


def test_a_record_inside_an_answer_is_judged_by_its_own_lexicon() -> None:
    """By that alone: to the answer's it is `unknown`, because the official library knows no reference to a record."""
    entry = {"uri": MODULE_URI, "kind": "module", "title": "Check a draft"}
    version = {"uri": MODULE_URI, "cid": HASH}
    head = {"$type": "org.skillnet.module", "name": "a", "title": "A", "current": version, "createdAt": "now"}
    answer = {"entry": entry, "head": head, "version": {}, "versionUri": MODULE_URI, "versionCid": HASH}
    validate_output(answer, "org.skillnet.catalogue.getModule")
    with pytest.raises(RecordInvalid, match=r"createdAt: 'now' is not a valid datetime"):
        validate_record(head, str(head["$type"]))


def test_a_link_is_no_string() -> None:
    entry = {"uri": MODULE_URI, "kind": "module", "title": "Check a draft", "cid": CID.decode(HASH)}
    with pytest.raises(BodyInvalid, match=r"cid: expected a string, found a link"):
        validate_output({"hits": [{"entry": entry}]}, SEARCH)
