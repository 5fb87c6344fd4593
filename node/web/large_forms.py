"""A large form is read in a thread: the percent signs of eight megabytes keep an event loop busy for a second."""

from __future__ import annotations

import asyncio
from typing import Any

from litestar import Request
from litestar.datastructures import FormMultiDict
from litestar.enums import RequestEncodingType
from litestar.types import Empty

from node.web.bodies import SMALL
from node.web.memories import read_form


class FormAside(Request[Any, Any, Any]):
    """The framework's request, but for that."""

    async def form(self) -> FormMultiDict:
        """Fields of the form that was sent. Raises TooLarge."""
        kind, _ = self.content_type
        if kind == RequestEncodingType.URL_ENCODED and self._connection_state.form is Empty:
            body = await self.body()
            if len(body) > SMALL:
                fields: Any = await asyncio.to_thread(read_form, body)
                self._connection_state.form = fields
        return await super().form()
