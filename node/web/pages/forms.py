"""Forms as browsers send them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from litestar.enums import RequestEncodingType
from litestar.params import Body

Form = Annotated[dict[str, str], Body(media_type=RequestEncodingType.URL_ENCODED)]
Multipart = Annotated[dict[str, Any], Body(media_type=RequestEncodingType.MULTI_PART)]  # with files
# A field that repeats arrives as a list, one that does not as a text.
Repeating = Annotated[dict[str, str | list[str]], Body(media_type=RequestEncodingType.URL_ENCODED)]


def is_ticked(data: Mapping[str, str], name: str) -> bool:
    """Was the box ticked, or the button with that name used?"""
    return data.get(name, "") not in ("", "no")


def all_of(data: Mapping[str, str | list[str]], name: str) -> list[str]:
    """Every value of a field that may repeat, without those that are empty."""
    said = data.get(name, [])
    return [text for value in ([said] if isinstance(said, str) else said) if (text := value.strip())]


def one_of(data: Mapping[str, str | list[str]], name: str) -> str:
    """The first value of a field, '' without."""
    return next(iter(all_of(data, name)), "")
