"""The operator's page of moderation: what waits, what is decided, who labels."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Literal, cast

from litestar import Response, get

from node.services.assembly import Services
from node.services.moderating.labelling import OFFERED
from node.services.moderating.reports import REASONS
from node.services.policy import Action, Viewer, audiences_of, require
from node.store.administration import labels, moderation
from node.store.clock import moment_of, now
from node.store.sessions import Session
from node.store.tables.moderation import LabelerRow, LabelRow, ReportRow, RuleRow
from node.web.contexts.cards import Choice, Link
from node.web.contexts.operator.moderating import (
    AnsweredLine,
    LabelerLine,
    LabelLine,
    ModerationPage,
    ReportedLine,
    ReportLine,
    RuleLine,
    TypedDecision,
)
from node.web.contexts.site import Notice
from node.web.notices import show_once
from node.web.pages.links import href_of_person, query_of
from node.web.pages.names import Names
from node.web.pages.operator.subjects import Subjects
from node.web.pages.reading import AnyRequest
from node.web.presenting import site_of

HOME = "/admin/moderation"
ANSWERED = 20
NOTHING = TypedDecision()


@get("/admin/moderation", sync_to_thread=True, include_in_schema=False)
def moderation_page(request: AnyRequest, services: Services, viewer: Viewer) -> Response[Any]:
    """Everything on one page: a quiet node has little of it."""
    require(viewer, Action.MODERATE)
    return show_once(request, services, page_of(request, services, viewer))


def page_of(
    request: AnyRequest,
    services: Services,
    viewer: Viewer,
    *,
    typed: TypedDecision = NOTHING,
    label: str = "",
    notices: tuple[Notice, ...] = (),
) -> ModerationPage:
    """The page; with what somebody typed, where what they sent is asked for again, in the form that they used.

    `label`: the value, where it was one to be given.
    """
    decided, own = services.moderation, services.moderation.labelling.own()
    waiting, answered = decided.reports.waiting(), decided.reports.answered()[:ANSWERED]
    queue = {row.subject for row in waiting}
    elsewhere = typed if typed.about and not queue.issuperset(typed.about) else NOTHING
    answering = NOTHING if elsewhere.about else typed
    with services.database.read() as session:
        about = {*(row.subject for row in (*waiting, *answered)), *(row.uri for row in own)}
        subjects = Subjects(session, about, audiences_of(viewer))
        return ModerationPage(
            site=site_of(request, services, viewer),
            notices=notices,
            waiting=moderation.count_reports(session),
            reported=tuple(_reported(session, subjects, waiting, services.identity.did)),
            answered=tuple(_answered(subjects, row) for row in answered),
            answer=f"{HOME}/reports",
            reason=answering.reason,
            ticked=answering.about,
            typed_rule=NOTHING if label else elsewhere,
            typed_label=elsewhere if label else NOTHING,
            labels_offered=tuple(
                Choice(value=value, label=words, chosen=value == label) for value, words in OFFERED.items()
            ),
            rules=tuple(map(_rule, decided.decisions.rules())),
            decide=f"{HOME}/rules",
            handed_on=f"{HOME}/list",
            compare=f"{HOME}/list",
            labels=tuple(_label(subjects, row) for row in own),
            label=f"{HOME}/labels",
            labelers=tuple(map(_labeler, decided.labelers.subscribed())),
            subscribe=f"{HOME}/labelers",
            log="/moderation",
        )


def _reported(
    session: Session, subjects: Subjects, waiting: Sequence[ReportRow], node_did: str
) -> Iterator[ReportedLine]:
    """What waits, by what it is about: what ten people report is one decision."""
    names = Names(session, {row.by for row in waiting})
    by_subject: dict[str, list[ReportLine]] = {}
    for row in waiting:
        by_subject.setdefault(row.subject, []).append(_report(names, row))
    standing: dict[str, list[str]] = {about: [] for about in by_subject}
    for label in labels.list_labels_of(session, standing, now()):
        if label.src == node_did:
            standing[label.uri].append(label.val)
    for about, reports in by_subject.items():
        item = subjects.find_item(about)
        yield ReportedLine(
            subject=subjects.link(about),
            about=about,
            says=item.description if item else "",
            standing=tuple(standing[about]),
            reports=tuple(reports),
        )


def _report(names: Names, row: ReportRow) -> ReportLine:
    known = row.by.startswith("did:")
    return ReportLine(
        kind=REASONS.get(row.kind, row.kind.partition("#")[2] or row.kind),
        reason=row.reason,
        by=Link(text=names.name(row.by), href=href_of_person(row.by)) if known else Link(text=row.by, href=None),
        at=moment_of(row.at),
    )


def _answered(subjects: Subjects, row: ReportRow) -> AnsweredLine:
    return AnsweredLine(subject=subjects.link(row.subject), answer=row.answer, at=moment_of(row.closed_at))


def _rule(row: RuleRow) -> RuleLine:
    return RuleLine(
        subject=row.subject,
        effect=cast(Literal["allow", "deny"], row.effect),
        reason=row.reason,
        until=moment_of(row.expires_at) if row.expires_at else None,
        lift=f"{HOME}/rules/lift?" + query_of(subject=row.subject),
    )


def _label(subjects: Subjects, row: LabelRow) -> LabelLine:
    return LabelLine(
        subject=subjects.link(row.uri),
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


HANDLERS = (moderation_page,)
