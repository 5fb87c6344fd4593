"""Pictures are published without what they say of where, when and with what they were taken."""

from __future__ import annotations

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from node.authoring.pictures.picture import (
    MOST_PIXELS,
    PictureTooLarge,
    bare,
    check_size,
    find_picture_type,
)
from tests.integration.fixtures.pictures import (
    ADOBE,
    COLOURS,
    FRAME,
    JFIF,
    PLACE,
    SCAN,
    chunk,
    gif,
    jpeg,
    notes,
    png,
    riff,
    segment,
    webp,
    webp_chunk,
)


@pytest.mark.parametrize(
    "picture", [jpeg(), png(), gif(), webp(0x2C, webp_chunk(b"EXIF", notes()), webp_chunk(b"XMP ", PLACE))]
)
def test_nothing_is_said_any_more(picture: bytes) -> None:
    cleaned = bare(picture)
    assert PLACE in picture
    assert PLACE[:3] not in cleaned
    assert bare(cleaned) == cleaned
    assert find_picture_type(cleaned) == find_picture_type(picture) != ""


def test_a_jpeg_keeps_its_colours_and_stands_upright() -> None:
    turned = bare(jpeg())
    upright = b"\xff\xd8" + JFIF + COLOURS + ADOBE + FRAME + SCAN + b"\xff\xd9"
    assert bare(jpeg(orientation=1)) == upright
    said = turned[len(b"\xff\xd8" + JFIF) : -len(upright) + len(b"\xff\xd8" + JFIF)]
    assert said == segment(0xE1, b"Exif\0\0MM\0\x2a\0\0\0\x08\0\1\x01\x12\0\3\0\0\0\1\0\6\0\0\0\0\0\0")


def test_a_png_keeps_what_it_takes_to_show_it() -> None:
    names = [b"IHDR", b"gAMA", b"IDAT", b"IEND"]
    cleaned = bare(png())
    assert [name for name in (*names, b"tEXt", b"iTXt", b"eXIf", b"tIME", b"maKe") if name in cleaned] == names
    assert cleaned.endswith(chunk(b"IEND", b""))
    assert b"eXIf" in bare(png(orientation=3))


def test_a_webp_claims_no_notes_that_are_gone() -> None:
    assert bare(webp(0x2C, webp_chunk(b"EXIF", notes(1)))) == webp(0x20)
    assert bare(webp(0x20) + PLACE) == webp(0x20)
    turned = bare(webp(0x2C, webp_chunk(b"EXIF", notes(8)), webp_chunk(b"XMP ", PLACE)))
    assert turned[20] == 0x28
    assert turned.endswith(b"\0\x08\0\0\0\0\0\0")


@pytest.mark.parametrize("body", [b"", b"%PDF-1.7 " + PLACE, b"<svg onload=alert(1)>", b"\xff\xd8", b"GIF8"])
def test_what_is_no_picture_stays_as_it_is(body: bytes) -> None:
    assert bare(body) == body
    assert find_picture_type(body) == ""


@pytest.mark.parametrize("picture", [jpeg(), png(), webp(), gif()], ids=["jpeg", "png", "webp", "gif"])
def test_a_damaged_picture_loses_no_more(picture: bytes) -> None:
    """What a browser can still show of it, it still can."""
    for length in range(16, len(picture), 7):
        cleaned = bare(picture[:length])
        assert bare(cleaned) == cleaned
        assert cleaned[:3] == picture[:3]


@given(
    st.sampled_from([b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"GIF89a", b"RIFF\xff\0\0\0WEBP"]), st.binary(max_size=200)
)
def test_anything_may_follow(beginning: bytes, rest: bytes) -> None:
    bare(beginning + rest)
    find_picture_type(beginning + rest)


def test_a_picture_that_nobody_could_look_at_is_no_picture() -> None:
    large = png(60_000, 60_000)
    assert find_picture_type(large) == ""
    with pytest.raises(PictureTooLarge):
        check_size(large)
    assert find_picture_type(png(8_000, MOST_PIXELS // 8_000)) == "image/png"
    check_size(png())
    lossy = webp_chunk(b"VP8 ", b"\0\0\0\x9d\x01\x2a" + struct.pack("<HH", 16_383, 16_383))
    assert find_picture_type(riff(lossy)) == ""
    assert find_picture_type(riff(webp_chunk(b"VP8L", b"\x2f" + b"\xff" * 9))) == ""
    huge = b"\xff\xd8" + segment(0xC2, struct.pack(">BHHB", 8, 65_000, 65_000, 3) + bytes(9)) + SCAN
    assert find_picture_type(huge) == ""
