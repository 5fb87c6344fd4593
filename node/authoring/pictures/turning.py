"""The one thing in a camera's notes (Exif 2.32, a TIFF file in itself) that a picture cannot be shown without."""

from __future__ import annotations

import struct

_ORIENTATION = 0x0112
_SHORT = 3
_MOST_ENTRIES = 1000


def turning(notes: bytes) -> bytes:
    """Notes that say nothing but how the picture is to be turned; empty when it stands upright, or nothing is said."""
    try:
        value = _orientation(notes.removeprefix(b"Exif\0\0"))
    except struct.error:
        return b""
    if not 2 <= value <= 8:
        return b""
    return b"MM\0\x2a" + struct.pack(">IHHHIHHI", 8, 1, _ORIENTATION, _SHORT, 1, value, 0, 0)


def _orientation(tiff: bytes) -> int:
    order = {b"II*\0": "<", b"MM\0*": ">"}.get(tiff[:4])
    if order is None:
        return 0
    (start,) = struct.unpack_from(f"{order}I", tiff, 4)
    (count,) = struct.unpack_from(f"{order}H", tiff, start)
    for place in range(start + 2, start + 2 + 12 * min(count, _MOST_ENTRIES), 12):
        tag, kind, number, value = struct.unpack_from(f"{order}HHIH", tiff, place)
        if (tag, kind, number) == (_ORIENTATION, _SHORT, 1):
            return int(value)
    return 0
