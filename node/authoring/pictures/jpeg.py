"""JPEG (ITU-T T.81): a row of segments, each with a marker, and the compressed picture between them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from node.authoring.pictures.turning import turning

SIGNATURE = b"\xff\xd8\xff"
_END, _SCAN = 0xD9, 0xDA
_ALONE = frozenset({0x01, *range(0xD0, 0xD8), _END})  # markers without a length
_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}  # those that say how large the picture is
_NOTES, _COLOURS, _ADOBE = 0xE1, 0xE2, 0xEE
_SAID = frozenset({*range(0xE0, 0xF0), 0xFE})  # what programs wrote beside the picture
_NEXT_MARKER = re.compile(rb"\xff[^\x00\xff\xd0-\xd7]")


def size(body: bytes) -> tuple[int, int]:
    """(width, height) in pixels; zeros where it is not said."""
    for marker, segment in _segments(body):
        if marker in _FRAMES and len(segment) >= 9:
            return int.from_bytes(segment[7:9], "big"), int.from_bytes(segment[5:7], "big")
    return 0, 0


def bare(body: bytes) -> bytes:
    """Without notes, comments, small copies of itself and what follows its end; colours and turning stay."""
    return SIGNATURE[:2] + b"".join(_kept(marker, segment) for marker, segment in _segments(body))


def _kept(marker: int, segment: bytes) -> bytes:
    said = segment[4:]
    if marker not in _SAID or (marker == _ADOBE and said.startswith(b"Adobe")):
        return segment
    if marker == _COLOURS and said.startswith(b"ICC_PROFILE\0"):
        return segment
    if marker == _NOTES and said.startswith(b"Exif\0\0") and (notes := turning(said)):
        return b"\xff\xe1" + (len(notes) + 8).to_bytes(2, "big") + b"Exif\0\0" + notes
    if marker == 0xE0 and said.startswith(b"JFIF\0"):
        return b"\xff\xe0\0\x10" + said[:12].ljust(12, b"\0") + b"\0\0"
    return b""


def _segments(body: bytes) -> Iterator[tuple[int, bytes]]:
    """(marker, bytes) of each segment after the first two bytes; a scan carries its picture.

    From where it is damaged on the rest is one, with marker 0.
    """
    at, marker = 2, 0
    while marker != _END and body[at : at + 1] == b"\xff" and at + 1 < len(body):
        marker = body[at + 1]
        if marker == 0xFF:
            at += 1  # a byte of filling
            continue
        end = at + 2 + (0 if marker in _ALONE else int.from_bytes(body[at + 2 : at + 4], "big"))
        if end > len(body):
            break
        if marker == _SCAN:
            found = _NEXT_MARKER.search(body, end)
            end = found.start() if found else len(body)
        yield marker, body[at:end]
        at = end
    if marker != _END:
        yield 0, body[at:]
