"""WebP (RFC 9649): a RIFF file of chunks."""

from __future__ import annotations

from collections.abc import Iterator

from node.authoring.pictures.turning import turning

_SHOWN = frozenset({b"VP8 ", b"VP8L", b"VP8X", b"ALPH", b"ANIM", b"ANMF", b"ICCP"})
_SAYS_NOTES, _SAYS_XMP = 0x08, 0x04  # bits of the first byte of VP8X


def is_webp(body: bytes) -> bool:
    """Does it begin as one?"""
    return body[:4] == b"RIFF" and body[8:12] == b"WEBP"


def size(body: bytes) -> tuple[int, int]:
    """(width, height) in pixels; zeros where it is not said."""
    name, data = body[12:16], body[20:30]
    if len(data) < 10:
        return 0, 0
    if name == b"VP8X":
        return int.from_bytes(data[4:7], "little") + 1, int.from_bytes(data[7:10], "little") + 1
    if name == b"VP8L":
        packed = int.from_bytes(data[1:5], "little")
        return (packed & 0x3FFF) + 1, (packed >> 14 & 0x3FFF) + 1
    return int.from_bytes(data[6:8], "little") & 0x3FFF, int.from_bytes(data[8:10], "little") & 0x3FFF


def bare(body: bytes) -> bytes:
    """Without notes, words and what follows its end; colours and turning stay."""
    chunks = list(_chunks(body))
    notes = next((turning(chunk[8:]) for name, chunk in chunks if name == b"EXIF"), b"")
    kept = [_restated(name, chunk, notes) for name, chunk in chunks if not name or name in _SHOWN]
    if notes and chunks[0][0] == b"VP8X":
        kept.append(b"EXIF" + len(notes).to_bytes(4, "little") + notes)
    inner = b"WEBP" + b"".join(kept)
    return b"RIFF" + len(inner).to_bytes(4, "little") + inner


def _restated(name: bytes, chunk: bytes, notes: bytes) -> bytes:
    """A chunk as it is; the one that says which others there are says what is true now."""
    if name != b"VP8X" or len(chunk) < 9:
        return chunk
    flags = chunk[8] & ~(_SAYS_NOTES | _SAYS_XMP) | (_SAYS_NOTES if notes else 0)
    return chunk[:8] + bytes([flags]) + chunk[9:]


def _chunks(body: bytes) -> Iterator[tuple[bytes, bytes]]:
    """(name, bytes) of each; from where it is damaged on the rest is one, with no name."""
    at, whole = 12, min(len(body), int.from_bytes(body[4:8], "little") + 8)
    while at < whole:
        length = int.from_bytes(body[at + 4 : at + 8], "little")
        if at + 8 + length > whole:
            yield b"", body[at:whole]
            return
        end = min(at + 8 + length + length % 2, whole)
        yield body[at : at + 4], body[at:end]
        at = end
