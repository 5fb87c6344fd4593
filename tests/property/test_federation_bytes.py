"""Arbitrary and mutated bytes: a clear error or a proven value, never anything else."""

import contextlib

from hypothesis import given
from hypothesis import strategies as st

from federation.car import read_car
from federation.cids import cid_text, parse_cid, raw_cid
from federation.codec import decode, encode
from federation.errors import CidInvalid, FederationError, FrameInvalid, Malformed, Rejected
from federation.events import CommitEvent
from federation.frames import encode_commit, parse_frame
from federation.keys import SigningKey, VerifyingKey
from federation.mst import parse_vertex
from federation.multibase import base58_decode, base58_encode
from federation.repository import Repository, Write
from federation.verify import verify_commit_event, verify_repo_car
from schemas.identifiers.tid import tid_from_micros

KEY = SigningKey.generate()
SCALARS = st.one_of(st.none(), st.booleans(), st.integers(-(2**63), 2**63 - 1), st.text(), st.binary())
VALUES = st.recursive(
    SCALARS, lambda inner: st.one_of(st.lists(inner, max_size=5), st.dictionaries(st.text(), inner, max_size=5))
)


@given(VALUES)
def test_values_round_trip_in_one_form(value: object):
    block = encode(value)
    assert decode(block) == value
    assert encode(decode(block)) == block
    assert parse_cid(cid_text(raw_cid(block))) == raw_cid(block)


@given(st.binary(max_size=80))
def test_arbitrary_bytes_are_judged_everywhere(data: bytes):
    with contextlib.suppress(Malformed):
        assert encode(decode(data)) == data
    for read in (parse_frame, read_car, parse_vertex):
        with contextlib.suppress(Malformed):
            read(data)
    with contextlib.suppress(Rejected):
        verify_repo_car(data, "did:web:example.com", KEY.verifying_key)
    assert base58_decode(base58_encode(data)) == data


@given(st.text(max_size=80))
def test_arbitrary_texts_are_judged(text: str):
    with contextlib.suppress(CidInvalid):
        assert cid_text(parse_cid(text)) == text
    with contextlib.suppress(FederationError):
        VerifyingKey.parse_did_key("did:key:z" + text)


def _frame() -> tuple[bytes, CommitEvent, bytes]:
    repository = Repository.create("did:web:example.com", KEY, tid_from_micros(1, 0))
    for number in range(2, 12):
        writes = [Write("create", "com.example.a", f"k{number}{n}", {"n": n}) for n in range(5)]
        result = repository.apply(writes, KEY, tid_from_micros(number, 0))
    frame = encode_commit(result, 5, "now")
    event = parse_frame(frame)
    assert isinstance(event, CommitEvent)
    records = {cid_text(raw_cid(block)): block for block in (encode({"n": n}) for n in range(5))}
    return frame, event, b"".join(repository.export(records.get))


FRAME, EVENT, WHOLE = _frame()


@given(st.integers(0, len(FRAME) - 1), st.integers(1, 255))
def test_a_changed_byte_of_a_frame_is_noticed_or_harmless(position: int, change: int):
    data = bytearray(FRAME)
    data[position] ^= change
    try:
        event = parse_frame(bytes(data))
    except FrameInvalid:
        return
    if not isinstance(event, CommitEvent):
        return
    try:
        verified = verify_commit_event(event, None, KEY.verifying_key)
    except Rejected:
        return
    assert (verified.did, verified.rev, verified.data_cid) == _proven()
    assert {op.path: op.cid for op in verified.ops} == {op.path: op.cid for op in EVENT.ops}


def _proven() -> tuple[str, str, str]:
    verified = verify_commit_event(EVENT, None, KEY.verifying_key)
    return verified.did, verified.rev, verified.data_cid


@given(st.integers(0, len(WHOLE) - 1), st.integers(1, 255))
def test_a_changed_byte_of_a_repository_is_noticed(position: int, change: int):
    data = bytearray(WHOLE)
    data[position] ^= change
    with contextlib.suppress(Rejected):
        verified = verify_repo_car(bytes(data), "did:web:example.com", KEY.verifying_key)
        assert verified == verify_repo_car(WHOLE, "did:web:example.com", KEY.verifying_key)


@given(st.lists(st.integers(0, len(WHOLE)), min_size=2, max_size=2).map(sorted))
def test_a_cut_or_shuffled_repository_is_noticed(cut: list[int]):
    start, stop = cut
    with contextlib.suppress(Rejected):
        verified = verify_repo_car(WHOLE[:start] + WHOLE[stop:], "did:web:example.com", KEY.verifying_key)
        assert verified == verify_repo_car(WHOLE, "did:web:example.com", KEY.verifying_key)
