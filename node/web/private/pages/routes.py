"""All private pages."""

from __future__ import annotations

from typing import Any

from node.web.private.pages import (
    beliefs,
    checking,
    elsewhere,
    lesson,
    outcomes,
    paths,
    profile,
    searches,
    takeaway,
    today,
    work_history,
)

HANDLERS: tuple[Any, ...] = (
    *today.HANDLERS,
    *lesson.HANDLERS,
    *outcomes.HANDLERS,
    *profile.HANDLERS,
    *paths.HANDLERS,
    *beliefs.HANDLERS,
    *takeaway.HANDLERS,
    *work_history.HANDLERS,
    *elsewhere.HANDLERS,
    *checking.HANDLERS,
    *searches.HANDLERS,
)
