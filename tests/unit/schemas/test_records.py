"""Record types read what the lexicons allow, lose nothing and are up to date with them."""

import re
from pathlib import Path
from typing import Any

import pytest

from federation.codec import decode, encode
from schemas import records
from schemas.authority import ENDORSEMENT, MODULE_VERSION, PROFILE, RECORD_TYPES, VOUCH
from schemas.catalog import get_lexicon
from schemas.errors import LexiconUnknown, RecordInvalid
from schemas.generate import FOLDER, generate
from schemas.samples import SAMPLES, sample
from schemas.validation import is_known, validate_record

CLASSES: dict[str, Any] = {
    each.NSID: each for each in vars(records).values() if isinstance(each, type) and hasattr(each, "NSID")
}


def test_the_committed_types_are_the_generated_ones() -> None:
    committed = {path.name: path.read_text("utf-8") for path in Path(FOLDER).glob("*.py")}
    assert committed == generate(), "run `python -m schemas.generate`"


def test_every_record_type_has_a_class_and_a_sample() -> None:
    assert set(CLASSES) == set(SAMPLES) == set(RECORD_TYPES)


@pytest.mark.parametrize("nsid", RECORD_TYPES)
def test_a_sample_is_valid_and_survives_reading_and_writing(nsid: str) -> None:
    value = sample(nsid)
    validate_record(value, nsid, SAMPLES[nsid][0])
    written = CLASSES[nsid].parse(value).to_value()
    assert written == value
    assert decode(encode(written)) == value


@pytest.mark.parametrize("nsid", RECORD_TYPES)
def test_unknown_fields_are_kept(nsid: str) -> None:
    value = sample(nsid) | {"laterField": {"$type": "com.example.later", "list": [1, None, b"x"]}}
    assert CLASSES[nsid].parse(value).to_value() == value


@pytest.mark.parametrize("nsid", RECORD_TYPES)
def test_every_required_field_is_required_and_named(nsid: str) -> None:
    for name in ["$type", *get_lexicon(nsid)["defs"]["main"]["record"]["required"]]:
        value = sample(nsid)
        del value[name]
        with pytest.raises(RecordInvalid, match=f"{re.escape(name)}: is required"):
            CLASSES[nsid].parse(value)


@pytest.mark.parametrize(
    ("nsid", "change", "message"),
    [
        (ENDORSEMENT, {"verdict": "meh"}, "verdict: must be one of: works, works-with-changes, fails"),
        (ENDORSEMENT, {"createdAt": "yesterday"}, "createdAt: 'yesterday' is not a valid datetime"),
        (ENDORSEMENT, {"note": "é" * 3001}, "note: longer than 3000 characters"),
        (ENDORSEMENT, {"outdated": 1}, "outdated: expected a boolean, found an integer"),
        (ENDORSEMENT, {"extra": {"deep": [1.5]}}, "extra: a fraction is not in the data model"),
        (ENDORSEMENT, {"$type": MODULE_VERSION}, "$type: must be org.skillnet.endorsement"),
        (VOUCH, {"subject": "ana.example.com"}, "subject: 'ana.example.com' is not a valid DID"),
        (MODULE_VERSION, {"minutes": 0}, "minutes: must be at least 1"),
        (MODULE_VERSION, {"minutes": True}, "minutes: expected an integer, found a boolean"),
        (MODULE_VERSION, {"tools": [{"name": "A"}, {"vendor": "B"}]}, "tools[1].name: is required"),
        (MODULE_VERSION, {"skills": ["s"] * 129}, "skills: more than 128 items"),
        (MODULE_VERSION, {"body": "x" * 65_537}, "body: longer than 65536 bytes of UTF-8"),
        (MODULE_VERSION, {"slots": []}, "slots: expected an object, found an array"),
        (MODULE_VERSION, {"title": None}, "title: expected a string, found null"),
        (PROFILE, {"languages": ["en", "deutsch!"]}, "languages[1]: 'deutsch!' is not a valid language tag"),
    ],
)
def test_a_fault_is_told_with_its_place(nsid: str, change: dict[str, Any], message: str) -> None:
    with pytest.raises(RecordInvalid) as caught:
        validate_record(sample(nsid) | change, nsid)
    assert str(caught.value) == message


@pytest.mark.parametrize("nsid", sorted(SAMPLES))
def test_a_record_under_a_wrong_key_is_refused(nsid: str) -> None:
    wrong = "another" if SAMPLES[nsid][0] != "3jzfcijpj2z2a" else "not-a-tid"
    with pytest.raises(RecordInvalid, match="record key"):
        validate_record(sample(nsid), nsid, wrong)


def test_what_is_no_record_is_not_judged_as_one() -> None:
    assert is_known(ENDORSEMENT)
    assert not is_known("org.skillnet.defs")
    assert not is_known("com.example.nothing")
    with pytest.raises(LexiconUnknown):
        validate_record({}, "com.example.nothing")
    with pytest.raises(LexiconUnknown):
        validate_record({}, "com.atproto.repo.strongRef")
