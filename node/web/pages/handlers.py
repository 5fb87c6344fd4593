"""Every page that is not a worker's own."""

from __future__ import annotations

from typing import Any

from node.web.pages import home, module, person, picture, search, signed, signing_in, task

HANDLERS: tuple[Any, ...] = (
    *home.HANDLERS,
    *search.HANDLERS,
    *module.HANDLERS,
    *task.HANDLERS,
    *person.HANDLERS,
    *picture.HANDLERS,
    *signed.HANDLERS,
    *signing_in.HANDLERS,
)
