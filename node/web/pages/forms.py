"""Forms as browsers send them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

from litestar.enums import RequestEncodingType
from litestar.params import Body

Form = Annotated[dict[str, str], Body(media_type=RequestEncodingType.URL_ENCODED)]


def is_ticked(data: Mapping[str, str], name: str) -> bool:
    """Was the box ticked, or the button with that name used?"""
    return data.get(name, "") not in ("", "no")
