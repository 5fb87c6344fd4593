"""A large form is read in a thread: the percent signs of eight megabytes keep an event loop busy for a second.

So do the lists of a JSON, and in a thread as well: it is read in one step, for which all others wait. It has fewer.
"""

from __future__ import annotations

import asyncio
from typing import Any

from litestar import Request
from litestar.datastructures import FormMultiDict
from litestar.enums import RequestEncodingType
from litestar.types import Empty

from node.errors import TooLarge
from node.web.bodies import SMALL
from node.web.memories import read_form

MOST_LISTS = 250_000  # and objects; brackets in texts count too, for to tell them apart takes as long as reading


def check_json(body: bytes) -> None:
    """Raises TooLarge where reading it would take long."""
    if len(body) > SMALL and body.count(b"[") + body.count(b"{") > MOST_LISTS:
        raise TooLarge(f"A JSON has at most {MOST_LISTS:,} lists and objects.")


class FormAside(Request[Any, Any, Any]):
    """The framework's request, but for that."""

    async def json(self) -> Any:
        """What was sent as JSON. Raises TooLarge."""
        check_json(await self.body())
        return await super().json()

    async def form(self) -> FormMultiDict:
        """Fields of the form that was sent. Raises TooLarge."""
        kind, _ = self.content_type
        if kind == RequestEncodingType.URL_ENCODED and self._connection_state.form is Empty:
            body = await self.body()
            if len(body) > SMALL:
                fields: Any = await asyncio.to_thread(read_form, body)
                self._connection_state.form = fields
        return await super().form()
