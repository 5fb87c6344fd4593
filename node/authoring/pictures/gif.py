"""GIF (89a): a row of blocks, each in pieces of at most 255 bytes."""

from __future__ import annotations

from collections.abc import Iterator

SIGNATURES = (b"GIF87a", b"GIF89a")
_EXTENSION, _PICTURE, _END = 0x21, 0x2C, 0x3B
_COMMENT, _PROGRAM = 0xFE, 0xFF
_LOOPS = (b"NETSCAPE2.0", b"ANIMEXTS1.0")  # what programs say about repeating a film


def size(body: bytes) -> tuple[int, int]:
    """(width, height) in pixels; zeros where it is not said."""
    return int.from_bytes(body[6:8], "little"), int.from_bytes(body[8:10], "little")


def bare(body: bytes) -> bytes:
    """Without comments, programs' notes and what follows its end."""
    return b"".join(block for block in _blocks(body) if not _is_said(block))


def _is_said(block: bytes) -> bool:
    if block[:1] != bytes([_EXTENSION]) or len(block) < 3:
        return False
    return block[1] == _COMMENT or (block[1] == _PROGRAM and block[3:14] not in _LOOPS)


def _blocks(body: bytes) -> Iterator[bytes]:
    """The head with its colours, then each block; what is neither ends it, from damage on with all the rest."""
    at = 13 + _colours(body[10:11])
    yield body[:at]
    while at < len(body):
        if body[at] == _EXTENSION:
            end = _after_pieces(body, at + 2)
        elif body[at] == _PICTURE:
            end = _after_pieces(body, at + 11 + _colours(body[at + 9 : at + 10]))
        else:
            yield body[at : at + 1] if body[at] == _END else body[at:]
            return
        yield body[at:end]
        at = end


def _colours(packed: bytes) -> int:
    """Bytes of the table of colours that these flags announce."""
    return 3 << (packed[0] & 7) + 1 if packed and packed[0] & 0x80 else 0


def _after_pieces(body: bytes, at: int) -> int:
    while at < len(body) and body[at]:
        at += 1 + body[at]
    return at + 1
