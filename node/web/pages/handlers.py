"""Every page that is not a worker's own."""

from __future__ import annotations

from typing import Any

from node.web.pages import (
    admin,
    admin_actions,
    ending,
    endorsing,
    history,
    home,
    keeping_fresh,
    making_public,
    module,
    occupations,
    path,
    person,
    picture,
    practitioner,
    search,
    signed,
    signing_in,
    skills,
    suggestions,
    task,
    trust,
    uploading,
    vouching,
    write,
)

HANDLERS: tuple[Any, ...] = (
    *home.HANDLERS,
    *search.HANDLERS,
    *module.HANDLERS,
    *task.HANDLERS,
    *path.HANDLERS,
    *occupations.HANDLERS,
    *skills.HANDLERS,
    *person.HANDLERS,
    *trust.HANDLERS,
    *picture.HANDLERS,
    *signed.HANDLERS,
    *endorsing.HANDLERS,
    *keeping_fresh.HANDLERS,
    *vouching.HANDLERS,
    *practitioner.HANDLERS,
    *write.HANDLERS,
    *uploading.HANDLERS,
    *suggestions.HANDLERS,
    *history.HANDLERS,
    *ending.HANDLERS,
    *making_public.HANDLERS,
    *admin.HANDLERS,
    *admin_actions.HANDLERS,
    *signing_in.HANDLERS,
)
