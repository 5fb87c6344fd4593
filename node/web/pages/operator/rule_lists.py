"""Rules as a list that operators hand on: downloaded, compared with what stands here, taken over."""

from __future__ import annotations

import asyncio
from typing import Any

from litestar import Response, get, post
from litestar.datastructures import UploadFile

from node.errors import Malformed, NodeError
from node.services.assembly import Services
from node.services.moderating.lists import LINES_OF, NO_RULE, Rule, parse_list, write_list
from node.services.policy import Action, Viewer, require
from node.services.withholding import DENY
from node.store.clock import as_text
from node.web.contexts.operator.moderating import RuleChange, RuleListPage
from node.web.notices import redirect_with, some_of
from node.web.pages.forms import Multipart
from node.web.pages.operator.moderation import HOME
from node.web.pages.reading import AnyRequest
from node.web.presenting import show, site_of

ADDRESS = f"{HOME}/list"
LARGEST = 5_000_000  # bytes of a list


@get("/admin/moderation/list", sync_to_thread=True, include_in_schema=False)
def hand_on(services: Services, viewer: Viewer) -> Response[str]:
    """The rules as a file that other operators can take over."""
    require(viewer, Action.MODERATE)
    text = write_list(map(Rule.of, services.moderation.decisions.rules()))
    headers = {"Content-Disposition": 'attachment; filename="rules.tsv"'}
    return Response(text, media_type="text/tab-separated-values", headers=headers)


@post("/admin/moderation/list", include_in_schema=False)
async def take_over(request: AnyRequest, services: Services, viewer: Viewer, data: Multipart) -> Response[Any]:
    """What a list would change; put in force once that was seen."""
    require(viewer, Action.MODERATE)
    try:
        rules = await asyncio.to_thread(parse_list, await _text(data.get("list")))
        if not data.get("apply"):
            return await asyncio.to_thread(_compare, request, services, viewer, rules)
        found = await services.moderation.decisions.take_over(viewer, rules, exactly=bool(data.get("exactly")))
    except NodeError as error:
        return redirect_with(services, HOME, error.words, kind="problem")
    lifted = f", {len(found.missing)} lifted" if data.get("exactly") else ""
    done = f"Of the rules {len(found.added)} are new, {len(found.changed)} changed{lifted}."
    if not found.refused:
        return redirect_with(services, f"{HOME}#rules", done)
    refused = some_of([f"{subject}: {why}" for subject, why in found.refused])
    words = f"{done} {len(found.refused)} could not be made: {refused}"
    return redirect_with(services, f"{HOME}#rules", words, kind="attention")


async def _text(given: object) -> str:
    if not isinstance(given, UploadFile):
        return str(given or "")
    body = await given.read(LARGEST + 1)
    if len(body) > LARGEST:
        raise Malformed(f"A list has at most {LARGEST // 1_000_000} MB.")
    try:
        return body.decode()
    except UnicodeDecodeError as error:
        raise Malformed("That file is no text.", hint=LINES_OF) from error


def _compare(request: AnyRequest, services: Services, viewer: Viewer, rules: list[Rule]) -> Response[Any]:
    if not rules:
        raise Malformed(NO_RULE, hint=LINES_OF)
    found = services.moderation.decisions.compare(rules)
    changes = [(None, rule) for rule in found.added] + list(found.changed)
    page = RuleListPage(
        site=site_of(request, services, viewer),
        action=ADDRESS,
        back=HOME,
        changes=tuple(RuleChange(subject=new.subject, now=_words(old), then=_words(new)) for old, new in changes),
        missing=tuple(RuleChange(subject=rule.subject, now=_words(rule), then="") for rule in found.missing),
        refused=tuple(RuleChange(subject=subject, now="", then=why) for subject, why in found.refused),
        same=found.same,
        text=write_list(rules),
    )
    return show(services, page)


def _words(rule: Rule | None) -> str:
    if rule is None:
        return ""
    effect = "denied" if rule.effect == DENY else "allowed"
    until = f" until {as_text(rule.expires_at)[:10]}" if rule.expires_at else ""
    return f"{effect}{until}: {rule.reason}".rstrip(": ")


HANDLERS = (hand_on, take_over)
