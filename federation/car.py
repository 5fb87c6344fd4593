"""CAR version 1 files: read with every hash checked and limits kept, written in the order they are given.

No other reader at hand checks a hash. Source: https://ipld.io/specs/transport/car/carv1/
"""

from collections.abc import Iterable
from hashlib import sha256
from typing import Any, Final, NamedTuple

from federation.cids import DAG_CBOR_PREFIX, LINK_HEAD, RAW_LENGTH, RAW_PREFIX
from federation.codec import CID, decode_map, encode
from federation.errors import BlockHashMismatch, CarInvalid, Malformed

# The header of a file with one root, as all that hosts send.
_ONE_ROOT: Final = b"\x3a\xa2eroots\x81" + LINK_HEAD + DAG_CBOR_PREFIX
_VERSION: Final = b"gversion\x01"
_ROOT_START: Final = len(_ONE_ROOT) - len(DAG_CBOR_PREFIX)
_ROOT_STOP: Final = _ROOT_START + RAW_LENGTH
_USUAL_STOP: Final = _ROOT_STOP + len(_VERSION)

Block = tuple[bytes, bytes]
"""Raw CID and content."""


class CarLimits(NamedTuple):
    """What a reader takes: bytes of the whole file, blocks in it, bytes of one block (commit, vertex or record)."""

    size: int = 512_000_000
    blocks: int = 2_000_000
    block_size: int = 1_048_576


class Car(NamedTuple):
    """A read file: root CIDs (raw), and every block by its raw CID."""

    roots: tuple[bytes, ...]
    blocks: dict[bytes, bytes]


def read_car(data: bytes, limits: CarLimits | None = None) -> Car:
    """Read and check a whole file. Raises CarInvalid, or BlockHashMismatch for a block that lies."""
    limits = limits or CarLimits()
    if len(data) > limits.size:
        raise CarInvalid(f"{len(data)} bytes are more than the limit of {limits.size}")
    roots, position = _read_header(data)
    blocks: dict[bytes, bytes] = {}
    end, longest, most = len(data), limits.block_size + RAW_LENGTH, limits.blocks
    while position < end:
        length = data[position]
        if length < 0x80:
            position += 1
        elif position + 1 < end and 0 < (second := data[position + 1]) < 0x80:
            length += (second - 1) << 7
            position += 2
        else:
            length, position = _read_varint(data, position)
        start, stop = position + RAW_LENGTH, position + length
        if stop > end or not RAW_LENGTH <= length <= longest:
            raise CarInvalid("a block is cut off, too short or too long")
        cid, block = data[position:start], data[start:stop]
        if cid != DAG_CBOR_PREFIX + sha256(block).digest():
            _check_other(cid, block)
        blocks[cid] = block
        if len(blocks) > most:
            raise CarInvalid(f"more than {most} blocks")
        position = stop
    return Car(roots, blocks)


def write_car(roots: Iterable[bytes], blocks: Iterable[Block]) -> bytes:
    """A whole file: roots are raw CIDs; blocks come in the order given."""
    parts = [car_header(roots)]
    for cid, block in blocks:
        parts += (_varint(RAW_LENGTH + len(block)), cid, block)
    return b"".join(parts)


def car_header(roots: Iterable[bytes]) -> bytes:
    """The beginning of a file that is streamed."""
    header = encode({"version": 1, "roots": [CID(root) for root in roots]})
    return _varint(len(header)) + header


def car_section(cid: bytes, block: bytes) -> bytes:
    """One block of a file that is streamed."""
    return _varint(RAW_LENGTH + len(block)) + cid + block


def _check_other(cid: bytes, block: bytes) -> None:
    """A block that is not what a DAG-CBOR CID says: a blob's, or a lie."""
    if cid[:4] != DAG_CBOR_PREFIX and cid[:4] != RAW_PREFIX:
        raise CarInvalid("a block has a CID of another kind than AT Protocol uses")
    if cid != RAW_PREFIX + sha256(block).digest():
        raise BlockHashMismatch(cid.hex())


def _read_header(data: bytes) -> tuple[tuple[bytes, ...], int]:
    if data.startswith(_ONE_ROOT) and data[_ROOT_STOP:_USUAL_STOP] == _VERSION:
        return (data[_ROOT_START:_ROOT_STOP],), _USUAL_STOP
    length, position = _read_varint(data, 0)
    if length > 10_000 or position + length > len(data):
        raise CarInvalid("the header is cut off or too long")
    try:
        header = decode_map(data[position : position + length])
    except Malformed as error:
        raise CarInvalid(f"header: {error}") from error
    return _roots(header), position + length


def _roots(header: dict[str, Any]) -> tuple[bytes, ...]:
    roots = header.get("roots")
    if header.get("version") != 1 or not isinstance(roots, list) or not all(isinstance(root, CID) for root in roots):
        raise CarInvalid("the header must name version 1 and its roots")
    return tuple(root.cid_bytes for root in roots)


def _varint(number: int) -> bytes:
    if number < 0x80:
        return bytes((number,))
    if number < 0x4000:
        return bytes((number & 0x7F | 0x80, number >> 7))
    parts = bytearray()
    while number >= 0x80:
        parts.append(number & 0x7F | 0x80)
        number >>= 7
    parts.append(number)
    return bytes(parts)


def _read_varint(data: bytes, position: int) -> tuple[int, int]:
    number = shift = 0
    while True:
        if position >= len(data) or shift > 56:
            raise CarInvalid("a length is cut off or too long")
        byte = data[position]
        position += 1
        number |= (byte & 0x7F) << shift
        if byte < 0x80:
            if not byte and shift:
                raise CarInvalid("a length is longer than it need be")
            return number, position
        shift += 7
