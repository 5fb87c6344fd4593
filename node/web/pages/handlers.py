"""Every page that is not a worker's own."""

from __future__ import annotations

from typing import Any

from node.web.pages import home
from node.web.pages.accounts import (
    account,
    forgotten,
    passkeys,
    proving,
    registering,
    second_factor,
    sign_on,
    signing_in,
)
from node.web.pages.catalogue import history, module, path, picture, signed, task
from node.web.pages.endorsements import endorsing, keeping_fresh
from node.web.pages.finding import search
from node.web.pages.operator import (
    admin,
    admin_actions,
    audit,
    moderation,
    moderation_actions,
    people,
    people_actions,
    reporting,
    rule_lists,
)
from node.web.pages.organisations import trust
from node.web.pages.practitioners import attesting, person, practitioner, vouching
from node.web.pages.reference import find_work, occupations, skills
from node.web.pages.writing import ending, making_public, stops, suggestions, uploading, work, write

HANDLERS: tuple[Any, ...] = (
    *home.HANDLERS,
    *reporting.HANDLERS,
    *moderation.HANDLERS,
    *moderation_actions.HANDLERS,
    *rule_lists.HANDLERS,
    *search.HANDLERS,
    *module.HANDLERS,
    *task.HANDLERS,
    *path.HANDLERS,
    *find_work.HANDLERS,
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
    *attesting.HANDLERS,
    *write.HANDLERS,
    *uploading.HANDLERS,
    *stops.HANDLERS,
    *work.HANDLERS,
    *suggestions.HANDLERS,
    *history.HANDLERS,
    *ending.HANDLERS,
    *making_public.HANDLERS,
    *admin.HANDLERS,
    *admin_actions.HANDLERS,
    *people.HANDLERS,
    *people_actions.HANDLERS,
    *audit.HANDLERS,
    *signing_in.HANDLERS,
    *registering.HANDLERS,
    *account.HANDLERS,
    *second_factor.HANDLERS,
    *sign_on.HANDLERS,
    *proving.HANDLERS,
    *passkeys.HANDLERS,
    *forgotten.HANDLERS,
)
