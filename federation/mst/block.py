"""The block of one vertex: {"l": left child, "e": [{"p", "k", "v", "t"}, …]}, read and written by hand.

Its shape is fixed: building dictionaries for a general codec costs three times as much, and what is read by comparing
it with what would be written cannot be anything but canonical. The usual block, of printable keys that share less than
256 bytes, is taken apart by one regular expression; whatever that does not explain to the last byte, the slow reader
judges.
"""

import re
from collections.abc import Sequence
from typing import Final

from federation.cids import LINK_HEAD, RAW_LENGTH
from federation.errors import TreeInvalid

Entries = tuple[list[bytes], list[bytes], list[bytes | None], list[bytes], list[int]]
"""Keys; values; children (raw CIDs, one more than keys, the left one first); heads; where each child's link stands.

A head is the part of an entry's encoding that depends on its key and the key before it.
"""

# The longest path is 317 + 1 + 512 bytes (collection, slash, record key).
MAX_KEY: Final = 1024
_VALUE: Final = b"av" + LINK_HEAD
_NO_CHILD_VALUE: Final = b"\xf6" + _VALUE
_VALUE_END: Final = len(_VALUE) + RAW_LENGTH
NULL: Final = 0xF6
_NULL: Final = bytes((NULL,))
NO_ENTRIES: Final = b"\xa2ae\x80"
_LINK_SIZE: Final = len(LINK_HEAD) + RAW_LENGTH
_ENTRY_TAIL: Final = 1 + _VALUE_END
_LINKED_TAIL: Final = _LINK_SIZE + _VALUE_END
_LEFT_NULL: Final = b"al\xf6"
_LEFT_LINK: Final = b"al" + LINK_HEAD
# Head (length and content of the suffix, length of the shared prefix), child, value.
_ENTRY: Final = re.compile(
    rb"(\xa4ak(?:[\x41-\x57]|\x58[\x18-\xff])([!-~]{1,255})ap([\x00-\x17]|\x18[\x18-\xff])at)"
    rb"(?:\xf6|\xd8\x2a\x58\x25\x00(.{36}))av\xd8\x2a\x58\x25\x00(.{36})",
    re.DOTALL,
).findall


def _head(major: int, number: int) -> bytes:
    first = major << 5
    if number < 24:
        return bytes((first + number,))
    if number < 256:
        return bytes((first + 24, number))
    if number < 65_536:
        return bytes((first + 25,)) + number.to_bytes(2, "big")
    return bytes((first + 26,)) + number.to_bytes(4, "big")


_SUFFIX: Final = [b"\xa4ak" + _head(2, number) for number in range(MAX_KEY + 1)]
_START: Final = [b"\xa2ae" + _head(4, number) for number in range(24)]
_PREFIX: Final = [b"ap" + _head(0, number) + b"at" for number in range(MAX_KEY + 1)]


def shared_prefix(left: bytes, right: bytes) -> int:
    """How many leading bytes two keys share."""
    if not left:
        return 0
    length = min(len(left), len(right))
    difference = int.from_bytes(left[:length], "big") ^ int.from_bytes(right[:length], "big")
    return length - (difference.bit_length() + 7) // 8


def entry_head(before: bytes, key: bytes) -> bytes:
    """The head of an entry whose key comes after the key `before` (empty for the first)."""
    shared = shared_prefix(before, key)
    return _SUFFIX[len(key) - shared] + key[shared:] + _PREFIX[shared]


def encode_entries(heads: list[bytes], values: list[bytes], links: list[bytes | None]) -> bytes:
    """The block of these entries; `links` are the children's raw CIDs, the left one first."""
    parts = [b"\xa2ae", _head(4, len(heads))]
    for head, value, link in zip(heads, values, links[1:], strict=True):
        if link is None:
            parts += (head, _NO_CHILD_VALUE, value)
        else:
            parts += (head, LINK_HEAD, link, _VALUE, value)
    left = links[0]
    parts += (_LEFT_NULL,) if left is None else (_LEFT_LINK, left)
    return b"".join(parts)


def link_places(heads: list[bytes], children: Sequence[object]) -> list[int]:
    """Where each child's link stands in the block of these entries, where a child is None or there."""
    places, at = [0], len(b"\xa2ae" + _head(4, len(heads)))
    for head, child in zip(heads, children[1:], strict=True):
        at += len(head)
        places.append(at)
        at += _ENTRY_TAIL if child is None else _LINKED_TAIL
    places[0] = at + 2
    return places


def replace_link(block: bytes, at: int, link: bytes) -> bytes:
    """The block with another link where one stands: at one of its `link_places`."""
    return block[: at + len(LINK_HEAD)] + link + block[at + _LINK_SIZE :]


def drop_link(block: bytes, at: int) -> bytes:
    """The block with null where a link stands: at one of its `link_places`."""
    return block[:at] + _NULL + block[at + _LINK_SIZE :]


def replace_value(block: bytes, at: int, value: bytes) -> bytes:
    """The block with another value in the entry whose child's link, or null, stands `at`."""
    at += (1 if block[at] == NULL else _LINK_SIZE) + len(_VALUE)
    return block[:at] + value + block[at + RAW_LENGTH :]


def read_entries(block: bytes) -> Entries:
    """The entries of a block that is byte for byte what we would write. Raises TreeInvalid.

    Checked: canonical form, prefixes as long as can be, keys that increase, and nothing more in the block.
    """
    try:
        return _read_usual(block)
    except (_Unusual, IndexError):
        return read_entries_slowly(block)


class _Unusual(Exception):
    """Internal: the slow reader must judge this block."""


def find_child(block: bytes, key: bytes) -> tuple[bytes, int, bytes | None] | None:
    """(first key, where the link stands below which `key` belongs, the child there); None for an unusual block.

    Form and order are not checked: for a block that is known to be sound but for the link that is found.
    """
    try:
        left, end, rows = _rows_of(block)
    except (_Unusual, IndexError):
        return None
    at, before, place, found = 4, b"", end + 2, left
    for head, suffix, prefix, child, _ in rows:
        before = before[: prefix[-1]] + suffix
        at += len(head)
        if before <= key:
            place, found = at, child or None
        at += _LINKED_TAIL if child else _ENTRY_TAIL
    return (rows[0][1] if rows else b"", place, found) if at == end else None


def _rows_of(block: bytes) -> tuple[bytes | None, int, list[tuple[bytes, bytes, bytes, bytes, bytes]]]:
    """The left child, where its field begins, and what looks like entries before. Raises _Unusual or IndexError."""
    left, end = None, len(block) - 3
    if block[end:] != _LEFT_NULL:
        left, end = block[-RAW_LENGTH:], end - _LINK_SIZE + 1
        if block[end:-RAW_LENGTH] != _LEFT_LINK:
            raise _Unusual
    rows = _ENTRY(block, 4, end)
    if block[:4] != _START[len(rows)]:
        raise _Unusual
    return left, end, rows


def _read_usual(block: bytes) -> Entries:
    """The entries of a block in its usual form. Raises _Unusual or IndexError for any other."""
    left, end, rows = _rows_of(block)
    at, key = 4, b""
    keys: list[bytes] = []
    values: list[bytes] = []
    heads: list[bytes] = []
    children: list[bytes | None] = [left]
    places = [end + 2]
    for head, suffix, prefix, child, value in rows:
        shared = prefix[-1]
        # The prefix is as long as can be, and the key comes after the one before, if the next byte is greater.
        if not head.startswith(_SUFFIX[len(suffix)]) or (shared != len(key) and suffix[0] <= key[shared]):
            raise _Unusual
        key = key[:shared] + suffix
        keys.append(key)
        values.append(value)
        heads.append(head)
        at += len(head)
        places.append(at)
        if child:
            children.append(child)
            at += _LINKED_TAIL
        else:
            children.append(None)
            at += _ENTRY_TAIL
    if at != end:  # matches whose lengths add up to the whole leave nothing between them
        raise _Unusual
    return keys, values, children, heads, places


def read_entries_slowly(block: bytes) -> Entries:
    """As `read_entries`, one byte after the other: the judge of every form."""
    try:
        return _read(block)
    except (ValueError, IndexError) as error:
        raise TreeInvalid(f"not a tree vertex: {error}") from error


def _read(block: bytes) -> Entries:
    keys: list[bytes] = []
    values: list[bytes] = []
    heads: list[bytes] = []
    children: list[bytes | None] = [None]
    places = [0]
    count, position = _read_count(block)
    key = b""
    for _ in range(count):
        size, at = _read_number(block, position + 3, 0x40)
        suffix = block[at : at + size]
        shared, at = _read_number(block, at + size + 2, 0)
        at += 2
        head = block[position:at]
        if shared + size > MAX_KEY or head != _SUFFIX[size] + suffix + _PREFIX[shared]:
            raise ValueError("an entry is not in canonical form or its key is too long")
        if not suffix or (shared != len(key) and suffix[0] <= key[shared]):
            raise ValueError("keys out of order or sharing more than they say")
        key = key[:shared] + suffix
        places.append(at)
        child, at = (None, at + 1) if block[at] == NULL else _read_link(block, at)
        position = at + _VALUE_END
        if block[at : at + len(_VALUE)] != _VALUE:
            raise ValueError("expected a value")
        keys.append(key)
        values.append(block[at + len(_VALUE) : position])
        children.append(child)
        heads.append(head)
    children[0], places[0] = _read_left(block, position), position + 2
    return keys, values, children, heads, places


def _read_count(block: bytes) -> tuple[int, int]:
    first = block[3]
    count = int.from_bytes(block[4 : 4 + (1 << min(first - 0x98, 2))], "big") if first >= 0x98 else first - 0x80
    if count < 0 or not block.startswith(start := b"\xa2ae" + _head(4, count)):
        raise ValueError("expected a list of entries")
    return count, len(start)


def _read_number(block: bytes, position: int, major: int) -> tuple[int, int]:
    """A number after `major`; that the form is the right one is the caller's to check."""
    first = block[position] - major
    if 0 <= first < 24:
        return first, position + 1
    if first == 24:
        return block[position + 1], position + 2
    return int.from_bytes(block[position + 1 : position + 3], "big"), position + 3


def _read_link(block: bytes, position: int) -> tuple[bytes, int]:
    if block[position : position + 5] != LINK_HEAD:
        raise ValueError("expected a link or null")
    return block[position + 5 : position + 41], position + 41


def _read_left(block: bytes, position: int) -> bytes | None:
    if block[position:] == _LEFT_NULL:
        return None
    if block[position : position + 2] != b"al" or len(block) != position + 43:
        raise ValueError("expected the left child, and then no more")
    return _read_link(block, position + 2)[0]
