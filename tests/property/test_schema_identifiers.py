"""Laws of identifiers: any text is either read unchanged or refused as malformed, in bounded time."""

import contextlib
from collections.abc import Callable
from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas import identifiers as ids

PARSERS: list[Callable[[str], str]] = [
    ids.parse_at_identifier,
    ids.parse_at_uri,
    ids.parse_cid,
    ids.parse_datetime,
    ids.parse_did,
    ids.parse_handle,
    ids.parse_language,
    ids.parse_nsid,
    ids.parse_record_key,
    ids.parse_tid,
    ids.parse_uri,
]
NEARLY = st.text(alphabet="abcxzAZ0129-_.:~%/@#at did:plc\n\u00e9٣", max_size=60)
LABEL = st.from_regex(r"[a-z]([a-z0-9-]{0,10}[a-z0-9])?", fullmatch=True)
HANDLES = st.lists(LABEL, min_size=2, max_size=4).map(".".join)
DIDS = st.from_regex(r"did:(plc|web):[a-zA-Z0-9._:%-]{0,30}[a-zA-Z0-9._-]", fullmatch=True)
RECORD_KEYS = st.from_regex(r"[a-zA-Z0-9_~.:-]{1,40}", fullmatch=True).filter(lambda key: key not in {".", ".."})


@pytest.mark.parametrize("parse", PARSERS, ids=lambda parse: parse.__name__)
@given(text=st.text() | NEARLY)
def test_text_is_read_unchanged_or_refused(parse: Callable[[str], str], text: str) -> None:
    with contextlib.suppress(ids.IdentifierInvalid):
        assert parse(text) == text


@pytest.mark.parametrize("parse", PARSERS, ids=lambda parse: parse.__name__)
@pytest.mark.parametrize("piece", ["a", "a.", "a-", "did:", "%", "en-", "0", ":", "-x", "at://"])
def test_long_text_is_judged_at_once(parse: Callable[[str], str], piece: str) -> None:
    with pytest.raises(ids.IdentifierInvalid):
        parse(piece * 50_000)


@given(authority=HANDLES | DIDS, collection=HANDLES.map(lambda handle: f"{handle}.thing"), rkey=RECORD_KEYS)
def test_an_at_uri_gives_its_parts_back(authority: str, collection: str, rkey: str) -> None:
    uri = ids.parse_at_uri(f"at://{authority}/{collection}/{rkey}")
    assert (uri.authority, uri.collection, uri.rkey) == (authority, collection, rkey)
    assert ids.parse_at_uri(f"at://{authority}/{collection}").rkey == ""
    assert ids.parse_at_uri(f"at://{authority}").collection == ""


@given(st.integers(0, 2**53 - 1), st.integers(0, 1023))
def test_a_tid_gives_its_moment_and_clock_back(micros: int, clock_id: int) -> None:
    tid = ids.tid_from_micros(micros, clock_id)
    assert ids.parse_tid(tid) == tid
    assert (tid.micros, tid.clock_id) == (micros, clock_id)


@given(st.lists(st.tuples(st.integers(0, 2**53 - 1), st.integers(0, 1023)), max_size=20))
def test_tids_sort_like_their_moments(moments: list[tuple[int, int]]) -> None:
    assert [ids.tid_from_micros(*moment) for moment in sorted(moments)] == sorted(
        ids.tid_from_micros(*moment) for moment in moments
    )


@given(st.integers(-62_135_596_800_000, 253_402_300_799_999))
def test_a_datetime_gives_its_moment_back(millis: int) -> None:
    written = ids.datetime_from_micros(millis * 1000)
    assert ids.parse_datetime(written).seconds == pytest.approx(millis / 1000, abs=5e-4)


@given(st.datetimes(), st.integers(-23 * 60 - 59, 23 * 60 + 59))
def test_an_offset_is_taken_into_account(local: datetime, minutes: int) -> None:
    sign = "-" if minutes < 0 else "+"
    text = f"{local.isoformat()}{sign}{abs(minutes) // 60:02}:{abs(minutes) % 60:02}"
    seconds = (local - datetime(1970, 1, 1)).total_seconds() - minutes * 60  # noqa: DTZ001 - the offset is added by hand
    assert ids.parse_datetime(text).seconds == pytest.approx(seconds, abs=1e-3)
