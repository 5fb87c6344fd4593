"""The protocol's own fixtures for the data model and for records are judged right."""

import json
import os
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from schemas.cbor import CID, decode_dag_cbor, encode_dag_cbor
from schemas.datamodel import from_json, to_json
from schemas.errors import DatamodelInvalid, Mismatch, RecordInvalid
from schemas.lexicon.lexicons import Lexicons
from schemas.record_keys import check_record_key

SHARED = Path(os.environ.get("SKILLNET_SHARED_DATA", Path(__file__).parents[3] / "../shared/data"))
INTEROP = SHARED / "atproto-interop"
pytestmark = pytest.mark.skipif(not INTEROP.is_dir(), reason=f"no interop fixtures in {INTEROP}")


def load(name: str) -> list[dict[str, Any]]:
    path = INTEROP / name
    return json.loads(path.read_text("utf-8")) if path.exists() else []


@pytest.fixture(scope="module")
def lexicons() -> Lexicons:
    documents = [json.loads(path.read_text("utf-8")) for path in (INTEROP / "lexicon/catalog").glob("*.json")]
    return Lexicons({document["id"]: document for document in documents}.get)


def judge(lexicons: Lexicons, case: dict[str, Any]) -> None:
    lexicons.get_record_check("example.lexicon.record")(from_json(case["data"]))
    check_record_key(case["rkey"], "literal:demo")


@pytest.mark.parametrize("case", load("lexicon/record-data-valid.json"), ids=lambda case: case["name"])
def test_valid_records_pass(lexicons: Lexicons, case: dict[str, Any]) -> None:
    judge(lexicons, case)


@pytest.mark.parametrize("case", load("lexicon/record-data-invalid.json"), ids=lambda case: case["name"])
def test_invalid_records_are_refused(lexicons: Lexicons, case: dict[str, Any]) -> None:
    with pytest.raises((Mismatch, DatamodelInvalid)):
        judge(lexicons, case)


def test_another_key_than_the_literal_is_refused(lexicons: Lexicons) -> None:
    case = load("lexicon/record-data-valid.json")[0]
    with pytest.raises(RecordInvalid, match="demo"):
        judge(lexicons, case | {"rkey": "other"})


@pytest.mark.parametrize("case", load("data-model/data-model-valid.json"), ids=lambda case: case["note"])
def test_valid_data_passes_and_returns(case: dict[str, Any]) -> None:
    assert to_json(from_json(case["json"])) == case["json"]


@pytest.mark.parametrize("case", load("data-model/data-model-invalid.json"), ids=lambda case: case["note"])
def test_invalid_data_is_refused(case: dict[str, Any]) -> None:
    with pytest.raises(DatamodelInvalid):
        from_json(case["json"])


@pytest.mark.parametrize("case", load("data-model/data-model-fixtures.json"), ids=lambda case: case["cid"])
def test_data_hashes_to_the_known_cid(case: dict[str, Any]) -> None:
    block = encode_dag_cbor(from_json(case["json"]))
    assert CID(b"\x01\x71\x12\x20" + sha256(block).digest()).encode() == case["cid"]
    assert to_json(decode_dag_cbor(block)) == case["json"]
