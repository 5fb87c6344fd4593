"""Reporting what is wrong, and the public log of what was decided."""

from __future__ import annotations

from typing import Any

from litestar import Response, get, post

from node.services.assembly import Services
from node.services.moderating.reports import REASONS
from node.services.moderating.subjects import parse_subject
from node.services.policy import Action, Viewer, audiences_of, require
from node.store.clock import moment_of
from node.store.tables.moderation import ModerationRow
from node.web.contexts.cards import Choice
from node.web.contexts.operator.moderating import EarlierReport, LogLine, ModerationLogPage, ReportPage
from node.web.notices import redirect_with, show_once
from node.web.pages.forms import Form
from node.web.pages.links import query_of
from node.web.pages.operator.subjects import Subjects
from node.web.pages.reading import AnyRequest, readable_by
from node.web.presenting import site_of

AT_ONCE = 100


@get("/report", sync_to_thread=True, include_in_schema=False)
def report_page(request: AnyRequest, services: Services, viewer: Viewer, about: str, kind: str = "") -> Response[Any]:
    """What is wrong with it, and what became of an earlier report."""
    require(viewer, Action.REPORT)
    with services.database.read() as session:
        subject = Subjects(session, [about], audiences_of(viewer)).link(about)
    page = ReportPage(
        site=site_of(request, services, viewer),
        action="/report",
        about=parse_subject(about).text,
        subject=subject,
        kinds=tuple(Choice(value=one, label=words, chosen=one == kind) for one, words in REASONS.items()),
        earlier=_earlier(services, viewer, about),
    )
    return show_once(request, services, page)


def _earlier(services: Services, viewer: Viewer, about: str) -> EarlierReport | None:
    row = services.moderation.reports.find_latest(viewer, about)
    if row is None:
        return None
    answered_at = moment_of(row.closed_at) if row.closed_at else None
    return EarlierReport(at=moment_of(row.at), answered_at=answered_at, answer=row.answer)


@post("/report", sync_to_thread=True, include_in_schema=False)
def report(services: Services, viewer: Viewer, data: Form) -> Response[Any]:
    """Into the operator's queue."""
    require(viewer, Action.REPORT)
    about, kind = data.get("about", ""), data.get("kind", "")
    kind = kind if kind in REASONS else "com.atproto.moderation.defs#reasonOther"
    services.moderation.reports.make(viewer, about, kind, data.get("reason", ""))
    with services.database.read() as session:
        back = Subjects(session, [about], audiences_of(viewer)).link(about).href
    done = "Thank you. The operator of this node will look at it; the answer will stand where you reported it."
    return redirect_with(services, back or "/", done)


@get("/moderation", sync_to_thread=True, include_in_schema=False)
def log_page(request: AnyRequest, services: Services, viewer: Viewer, before: int = 0) -> Response[Any]:
    """What this node decided, and why."""
    readable_by(services, viewer)
    audiences = audiences_of(viewer)
    rows = services.moderation.log(audiences, AT_ONCE, before)
    with services.database.read() as session:
        subjects = Subjects(session, {row.subject for row in rows}, audiences)
    lines = tuple(_line(subjects, row) for row in rows)
    older = "/moderation?" + query_of(before=str(rows[-1].id)) if len(rows) == AT_ONCE else None
    page = ModerationLogPage(site=site_of(request, services, viewer), lines=lines, older=older)
    return show_once(request, services, page)


def _line(subjects: Subjects, row: ModerationRow) -> LogLine:
    return LogLine(
        at=moment_of(row.at),
        action=row.action,
        subject=subjects.link(row.subject),
        about=row.subject,
        reason=row.reason,
        until=moment_of(row.expires_at) if row.expires_at else None,
    )


HANDLERS = (report_page, report, log_page)
