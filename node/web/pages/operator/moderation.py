"""The operator's page of moderation: what waits, what is decided, who labels."""

from __future__ import annotations

import asyncio
from typing import Any, Literal, cast

from litestar import Response, get, post

from node.errors import NodeError
from node.services.assembly import Services
from node.services.moderating.labelling import OFFERED
from node.services.moderating.lists import Rule, parse_until
from node.services.moderating.reports import REASONS, parse_number
from node.services.policy import Action, Viewer, audiences_of, require
from node.store.clock import moment_of
from node.store.sessions import Session
from node.store.tables.moderation import LabelerRow, LabelRow, ReportRow, RuleRow
from node.web.contexts.cards import Choice
from node.web.contexts.operator.moderating import LabelerLine, LabelLine, ModerationPage, ReportLine, RuleLine
from node.web.notices import redirect_with, show_once
from node.web.pages.forms import Form
from node.web.pages.links import query_of
from node.web.pages.operator.reporting import subject_link
from node.web.pages.reading import AnyRequest
from node.web.presenting import site_of

HOME = "/admin/moderation"


@get("/admin/moderation", sync_to_thread=True, include_in_schema=False)
def moderation_page(request: AnyRequest, services: Services, viewer: Viewer) -> Response[Any]:
    """Everything on one page: a quiet node has little of it."""
    require(viewer, Action.MODERATE)
    moderation = services.moderation
    with services.database.read() as session:
        page = ModerationPage(
            site=site_of(request, services, viewer),
            reports=tuple(_report(session, viewer, row) for row in moderation.reports.waiting()),
            labels_offered=tuple(Choice(value=value, label=words) for value, words in OFFERED.items()),
            rules=tuple(map(_rule, moderation.decisions.rules())),
            decide=f"{HOME}/rules",
            labels=tuple(_label(session, viewer, row) for row in moderation.labelling.own()),
            label=f"{HOME}/labels",
            labelers=tuple(map(_labeler, moderation.labelers.subscribed())),
            subscribe=f"{HOME}/labelers",
            log="/moderation",
        )
    return show_once(request, services, page)


@post("/admin/moderation/reports/{number:str}", include_in_schema=False)
async def act_on_report(services: Services, viewer: Viewer, number: str, data: Form) -> Response[Any]:
    """Label or take down what it is about, or leave it; the report is answered with the reason."""
    require(viewer, Action.MODERATE)
    moderation, reason = services.moderation, data.get("reason", "")
    try:
        row = await asyncio.to_thread(moderation.reports.get, parse_number(number))
        if data.get("do") == "take-down":
            await moderation.decisions.decide(viewer, Rule("deny", row.subject, reason))
        elif data.get("do") == "label":
            await asyncio.to_thread(moderation.labelling.give, viewer, row.subject, data.get("value", ""), reason)
        await asyncio.to_thread(moderation.reports.answer, viewer, row.id, reason)
    except NodeError as error:
        return _problem(services, error)
    return redirect_with(services, HOME, "Done. What was decided stands in the public log.")


@post("/admin/moderation/rules", include_in_schema=False)
async def decide(services: Services, viewer: Viewer, data: Form) -> Response[Any]:
    """Allow or deny a host, an account or a record."""
    require(viewer, Action.MODERATE)
    effect, subject, reason = (data.get(name, "") for name in ("effect", "subject", "reason"))
    try:
        rule = Rule(effect, subject, reason, parse_until(data.get("until", "")))
        about = await services.moderation.decisions.decide(viewer, rule)
    except NodeError as error:
        return _problem(services, error)
    done = "is denied; what came of it is gone." if effect == "deny" else "is allowed by name."
    return redirect_with(services, f"{HOME}#rules", f"{about.text} {done}")


@post("/admin/moderation/rules/lift", include_in_schema=False)
async def lift(services: Services, viewer: Viewer, subject: str) -> Response[Any]:
    """End a rule."""
    require(viewer, Action.MODERATE)
    await services.moderation.decisions.lift(viewer, subject)
    return redirect_with(services, f"{HOME}#rules", f"There is no rule about {subject} any more.")


@post("/admin/moderation/labels", sync_to_thread=True, include_in_schema=False)
def give_label(services: Services, viewer: Viewer, data: Form) -> Response[Any]:
    """Label an account or a record as this node."""
    require(viewer, Action.MODERATE)
    about, value, reason = (data.get(name, "") for name in ("subject", "value", "reason"))
    try:
        services.moderation.labelling.give(viewer, about, value, reason)
    except NodeError as error:
        return _problem(services, error)
    return redirect_with(services, f"{HOME}#labels", "The label is signed and given.")


@post("/admin/moderation/labels/withdraw", sync_to_thread=True, include_in_schema=False)
def withdraw_label(services: Services, viewer: Viewer, subject: str, value: str) -> Response[Any]:
    """Take a label back."""
    require(viewer, Action.MODERATE)
    services.moderation.labelling.take_back(viewer, subject, value)
    return redirect_with(services, f"{HOME}#labels", "The label is taken back.")


@post("/admin/moderation/labelers", sync_to_thread=True, include_in_schema=False)
def subscribe(services: Services, viewer: Viewer, data: Form) -> Response[Any]:
    """Let a labeler's labels count here."""
    require(viewer, Action.MODERATE)
    try:
        row = services.moderation.labelers.subscribe(viewer, data.get("did", ""), data.get("effect", "warn"))
    except NodeError as error:
        return _problem(services, error)
    return redirect_with(services, f"{HOME}#labelers", f"{row.labels} labels of {row.did} count here.")


@post("/admin/moderation/labelers/drop", sync_to_thread=True, include_in_schema=False)
def unsubscribe(services: Services, viewer: Viewer, did: str) -> Response[Any]:
    """Forget a labeler and its labels."""
    require(viewer, Action.MODERATE)
    services.moderation.labelers.unsubscribe(viewer, did)
    return redirect_with(services, f"{HOME}#labelers", f"The labels of {did} count no longer.")


def _problem(services: Services, error: NodeError) -> Response[Any]:
    return redirect_with(services, HOME, f"{error.message} {error.hint}".strip(), kind="problem")


def _report(session: Session, viewer: Viewer, row: ReportRow) -> ReportLine:
    return ReportLine(
        subject=subject_link(session, row.subject, audiences_of(viewer)),
        about=row.subject,
        kind=REASONS.get(row.kind, row.kind.partition("#")[2] or row.kind),
        reason=row.reason,
        by=row.by,
        at=moment_of(row.at),
        act=f"{HOME}/reports/{row.id}",
    )


def _rule(row: RuleRow) -> RuleLine:
    return RuleLine(
        subject=row.subject,
        effect=cast(Literal["allow", "deny"], row.effect),
        reason=row.reason,
        until=moment_of(row.expires_at) if row.expires_at else None,
        lift=f"{HOME}/rules/lift?" + query_of(subject=row.subject),
    )


def _label(session: Session, viewer: Viewer, row: LabelRow) -> LabelLine:
    return LabelLine(
        subject=subject_link(session, row.uri, audiences_of(viewer)),
        value=row.val,
        withdraw=f"{HOME}/labels/withdraw?" + query_of(subject=row.uri, value=row.val),
    )


def _labeler(row: LabelerRow) -> LabelerLine:
    return LabelerLine(
        did=row.did,
        hides=row.effect == "hide",
        labels=row.labels,
        read_at=moment_of(row.read_at) if row.read_at else None,
        problem=row.error,
        drop=f"{HOME}/labelers/drop?" + query_of(did=row.did),
    )


HANDLERS = (
    moderation_page, act_on_report, decide, lift, give_label, withdraw_label, subscribe, unsubscribe,
)  # fmt: skip
