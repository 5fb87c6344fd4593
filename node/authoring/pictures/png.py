"""PNG (third edition, 2025): a row of chunks, each with a name."""

from __future__ import annotations

from collections.abc import Iterator
from zlib import crc32

from node.authoring.pictures.turning import turning

SIGNATURE = b"\x89PNG\r\n\x1a\n"
# What it takes to show the picture: its parts, its movements, its colours. Everything else is words about it.
_SHOWN = frozenset(
    b"IHDR PLTE IDAT IEND tRNS cHRM gAMA iCCP sBIT sRGB cICP mDCV cLLI bKGD hIST pHYs sPLT acTL fcTL fdAT".split()
)


def size(body: bytes) -> tuple[int, int]:
    """(width, height) in pixels; zeros where it is not said."""
    if body[12:16] != b"IHDR":
        return 0, 0
    return int.from_bytes(body[16:20], "big"), int.from_bytes(body[20:24], "big")


def bare(body: bytes) -> bytes:
    """Without texts, times, notes and what follows its end; colours and turning stay."""
    return SIGNATURE + b"".join(_kept(name, chunk) for name, chunk in _chunks(body))


def _kept(name: bytes, chunk: bytes) -> bytes:
    if not name or name in _SHOWN:
        return chunk
    if name == b"eXIf" and (notes := turning(chunk[8:-4])):
        return len(notes).to_bytes(4, "big") + name + notes + crc32(name + notes).to_bytes(4, "big")
    return b""


def _chunks(body: bytes) -> Iterator[tuple[bytes, bytes]]:
    """(name, bytes) of each; from where it is damaged on the rest is one, with no name."""
    at = len(SIGNATURE)
    while (end := at + 12 + int.from_bytes(body[at : at + 4], "big")) <= len(body):
        name = body[at + 4 : at + 8]
        yield name, body[at:end]
        if name == b"IEND":
            return
        at = end
    yield b"", body[at:]
