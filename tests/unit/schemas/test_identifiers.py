"""What identifiers know about themselves, and what the protocol's fixtures leave open."""

import pytest

from schemas import identifiers as ids
from schemas.endorsement_key import endorsement_key
from schemas.samples import ANA, MODULE_URI, TASK_ID


def test_parts() -> None:
    assert ids.parse_did("did:web:localhost%3A8000").method == "web"
    assert ids.parse_handle("Ana.Example.COM").normalized == "ana.example.com"
    nsid = ids.parse_nsid("org.skillnet.moduleVersion")
    assert (nsid.authority, nsid.name) == ("skillnet.org", "moduleVersion")
    assert ids.primary_language(ids.parse_language("zh-Hant-TW")) == "zh"
    assert ids.parse_uri("HTTPS://example.com").scheme == "https"
    assert ids.parse_at_uri(f"at://{ANA}/org.skillnet.module/a").collection == "org.skillnet.module"
    assert ids.record_parts(f"at://{ANA}/org.skillnet.module/a") == (ANA, "org.skillnet.module", "a")
    assert ids.record_parts(f"at://{ANA}/org.skillnet.module") == ("", "", "")


def test_a_key_without_a_collection_makes_no_address() -> None:
    with pytest.raises(ids.IdentifierInvalid):
        ids.parse_at_uri(f"at://{ANA}//self")


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("1970-01-01T00:00:00Z", 0),
        ("1970-01-01T00:00:00.5Z", 0.5),
        ("1969-12-31T23:00:00-01:00", 0),
        ("2026-05-01T09:30:00.123456789+02:00", 1777620600.123456789),
        ("0000-01-01T00:00:00Z", -62167219200),
        ("9999-12-31T23:59:59Z", 253402300799),
    ],
)  # fmt: skip - a table
def test_seconds(text: str, seconds: float) -> None:
    assert ids.parse_datetime(text).seconds == pytest.approx(seconds, abs=1e-6)


@pytest.mark.parametrize("text", ["2025-02-29", "1900-02-29", "2026-04-31"])
def test_days_that_do_not_exist(text: str) -> None:
    with pytest.raises(ids.IdentifierInvalid):
        ids.parse_datetime(f"{text}T00:00:00Z")


def test_micros_become_a_datetime_in_the_preferred_form() -> None:
    assert ids.datetime_from_micros(1_777_620_600_123_999) == "2026-05-01T07:30:00.123Z"


@pytest.mark.parametrize(("micros", "clock_id"), [(-1, 0), (2**53, 0), (0, 1024), (0, -1)])
def test_tids_have_bounds(micros: int, clock_id: int) -> None:
    with pytest.raises(ids.IdentifierInvalid, match="TID"):
        ids.tid_from_micros(micros, clock_id)


@pytest.mark.parametrize("text", ["de-419-DE", "en-Latn-Cyrl", "x", "en-x", "en_GB", "de-DE-1901-x-"])
def test_tags_outside_the_grammar(text: str) -> None:
    with pytest.raises(ids.IdentifierInvalid):
        ids.parse_language(text)


def test_the_key_of_an_endorsement_is_stable_and_tells_module_and_task_apart() -> None:
    key = endorsement_key(MODULE_URI, TASK_ID)
    assert key == "3mir3csncfoumvypo7qdkqmnkskg6kci"
    assert ids.parse_record_key(key) == key
    assert len({key, endorsement_key(MODULE_URI, ""), endorsement_key(MODULE_URI + TASK_ID, "")}) == 3


def test_an_error_shows_what_was_found_but_not_all_of_it() -> None:
    with pytest.raises(ids.IdentifierInvalid) as caught:
        ids.parse_did("did:plc:" + "é" * 500)
    assert "is not a valid DID" in str(caught.value)
    assert len(str(caught.value)) < 250
