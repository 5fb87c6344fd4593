"""The codec in Python alone reads, writes and refuses what the compiled one does."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from schemas.cbor import COMPILED, plain

if COMPILED:
    import cbrrr
else:
    pytest.skip("cbrrr could not be built on this machine: there is nothing to compare with", allow_module_level=True)

LINKS = st.binary(min_size=0, max_size=40)
SCALARS = (
    st.none()
    | st.booleans()
    | st.integers(-(2**65), 2**65)
    | st.floats()
    | st.binary(max_size=300)
    | st.text(max_size=30)
    | LINKS.map(plain.CID)
)
VALUES = st.recursive(
    SCALARS, lambda below: st.lists(below) | st.dictionaries(st.text(max_size=4), below), max_leaves=9
)


JSON = st.recursive(
    st.none() | st.integers() | st.text(max_size=9) | st.floats(),
    lambda below: st.lists(below) | st.dictionaries(st.sampled_from(["$link", "$bytes", "a", "bb"]), below),
    max_leaves=9,
)


def _theirs(value: Any) -> Any:
    """The same value with the compiled codec's links."""
    if isinstance(value, plain.CID):
        return cbrrr.CID(value.cid_bytes)
    if isinstance(value, dict):
        return {key: _theirs(item) for key, item in value.items()}
    return [_theirs(item) for item in value] if isinstance(value, list) else value


def _outcome(call: Any, *arguments: Any, **options: Any) -> Any:
    try:
        return call(*arguments, **options)
    except (ValueError, TypeError) as error:
        return TypeError if isinstance(error, TypeError) else ValueError


@given(VALUES)
def test_both_write_the_same_bytes(value: Any) -> None:
    written = _outcome(plain.encode_dag_cbor, value)
    assert written == _outcome(cbrrr.encode_dag_cbor, _theirs(value))
    if isinstance(written, bytes):
        assert _theirs(plain.decode_dag_cbor(written)) == cbrrr.decode_dag_cbor(written)


@given(VALUES, st.data())
def test_both_read_or_refuse_the_same_damaged_bytes(value: Any, data: st.DataObject) -> None:
    written = _outcome(plain.encode_dag_cbor, value)
    if not isinstance(written, bytes):
        return
    place = data.draw(st.integers(0, len(written)))
    damaged = written[:place] + data.draw(st.binary(max_size=3)) + written[place + data.draw(st.integers(0, 3)) :]
    _same_reading(damaged)


@given(st.binary(max_size=60))
@example(b"\x9f\xff")  # indefinite
@example(b"\x18\x17")  # longer than needed
@example(b"\xa2\x61b\x01\x61a\x01")  # keys out of order
@example(b"\xa2\x61a\x01\x61a\x01")  # twice the same key
@example(b"\xd8\x2b\x41\x00")  # another tag
@example(b"\xd8\x2a\x40")  # an empty link
@example(b"\xfb\x7f\xf8\x00\x00\x00\x00\x00\x00")  # NaN
@example(b"\x61\xff")  # not UTF-8
@example(b"\x9b\xff\xff\xff\xff\xff\xff\xff\xff")  # a list longer than the bytes
def test_both_read_or_refuse_the_same_bytes(data: bytes) -> None:
    _same_reading(data)


def _same_reading(data: bytes) -> None:
    for json in (False, True):
        ours = _outcome(plain.decode_dag_cbor, data, atjson_mode=json)
        assert _theirs(ours) == _outcome(cbrrr.decode_dag_cbor, data, atjson_mode=json)


@given(JSON)
@example({"$link": "bafyreiclp443lavogvhj3d2ob2cxbfuscni2k5jk7bebjzg7khl3esabwq"})
@example({"$bytes": "AAE"})
@example({"$bytes": "AAE="})
@example({"$bytes": "A"})
def test_both_write_the_same_bytes_from_json(value: Any) -> None:
    ours, theirs = (
        _outcome(codec, value, atjson_mode=True) for codec in (plain.encode_dag_cbor, cbrrr.encode_dag_cbor)
    )
    assert ours == theirs or isinstance(ours, type) == isinstance(theirs, type) is True


def test_a_deep_value_is_refused_and_exhausts_nothing() -> None:
    with pytest.raises(ValueError, match="deep"):
        plain.decode_dag_cbor(b"\x81" * 100_000 + b"\x00")
    deep: Any = 0
    for _ in range(100_000):
        deep = [deep]
    with pytest.raises(ValueError, match="deep"):
        plain.encode_dag_cbor(deep)


def test_links_are_written_as_the_other_writes_them() -> None:
    raw = b"\x01\x71\x12\x20" + bytes(range(32))
    assert plain.CID(raw).encode() == cbrrr.CID(raw).encode() == repr(plain.CID(raw))[4:-1]
    assert plain.CID.decode(plain.CID(raw).encode()) == plain.CID(raw)
    assert plain.decode_first(plain.encode_dag_cbor(1) + b"\xff") == 1
    with pytest.raises(ValueError, match="base32"):
        plain.CID.decode("zQm")
