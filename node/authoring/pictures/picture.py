"""What kind of picture some bytes are, and the same picture without what it says of its maker.

A picture from a telephone says where it was taken, when and with what: a workshop, a patient's home. None of that is
needed to show it, so none of it is published. No pixel is decoded or changed here.
"""

from __future__ import annotations

from collections.abc import Callable

from node.authoring.pictures import gif, jpeg, png, webp
from node.errors import TooLarge

PNG, JPEG, GIF, WEBP = "image/png", "image/jpeg", "image/gif", "image/webp"
PICTURES = frozenset({PNG, JPEG, GIF, WEBP})
MOST_PIXELS = 64_000_000  # a quarter of a gigabyte in the browser of each reader
HEAD = 1 << 18  # bytes in which a picture says how large it is, long colour tables before it included
_SIZES = {PNG: png.size, JPEG: jpeg.size, GIF: gif.size, WEBP: webp.size}
_BARE: dict[str, Callable[[bytes], bytes]] = {PNG: png.bare, JPEG: jpeg.bare, GIF: gif.bare, WEBP: webp.bare}


class PictureTooLarge(TooLarge):
    """The picture has more pixels than a browser can be asked to show."""

    hint = f"Make it smaller: at most {MOST_PIXELS // 1_000_000} million pixels."


def is_picture(head: bytes) -> bool:
    """Do bytes that begin like this make a picture, however large?"""
    return bool(_kind(head))


def find_picture_type(head: bytes) -> str:
    """The media type of a picture that begins like this; '' for what is none, or would fill a reader's memory."""
    kind = _kind(head)
    return kind if kind and _pixels(kind, head) <= MOST_PIXELS else ""


def bare(body: bytes) -> bytes:
    """A picture without notes and words; whatever is no picture as it is."""
    kind = _kind(body)
    return _BARE[kind](body) if kind else body


def check_size(body: bytes) -> None:
    """Raises PictureTooLarge for a picture that nobody could look at."""
    kind = _kind(body)
    if kind and _pixels(kind, body) > MOST_PIXELS:
        raise PictureTooLarge


def _kind(head: bytes) -> str:
    if head.startswith(png.SIGNATURE):
        return PNG
    if head.startswith(jpeg.SIGNATURE):
        return JPEG
    if head.startswith(gif.SIGNATURES):
        return GIF
    return WEBP if webp.is_webp(head) else ""


def _pixels(kind: str, head: bytes) -> int:
    width, height = _SIZES[kind](head)
    return width * height
