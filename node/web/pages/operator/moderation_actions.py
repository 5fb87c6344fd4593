"""What an operator decides on the page of moderation, about one thing or several at once."""

from __future__ import annotations

import asyncio
from typing import Any

from litestar import Response, post

from node.errors import NodeError
from node.services.assembly import Services
from node.services.moderating.lists import Rule, parse_until
from node.services.moderating.subjects import Subject, parse_subject
from node.services.policy import Action, Viewer, audiences_of, require
from node.services.withholding import DENY
from node.store.repositories import accounts
from node.store.sessions import Session
from node.web.contexts.operator.moderating import TakeDownPage, TakenLine
from node.web.contexts.site import Notice
from node.web.notices import redirect_with
from node.web.pages.accounts.proving import ask_for_proof
from node.web.pages.forms import Form, Repeating, all_of, one_of
from node.web.pages.links import query_of
from node.web.pages.operator.moderation import HOME, page_of
from node.web.pages.operator.reporting import subject_link
from node.web.pages.reading import AnyRequest
from node.web.presenting import show, site_of

NOTHING = "Tick what it is about."
MOST_NAMED = 3  # things that could not be done, with why: a notice is short
LONGEST_NOTICE = 1_000  # characters of them
_KEPT = "It is served no longer, and kept. Lifted, it is served again."
_BECOMES = {  # of what is here, of what came from elsewhere
    "record": (
        "It is deleted from its author’s repository with all its versions, for good, and every follower is told.",
        "It goes from this node and is not taken again. Lifted, it is fetched again.",
    ),
    "account": (_KEPT, "All that came of it goes, and nothing is taken again. Lifted, it is fetched again."),
    "host": ("", "It is followed no more, and all that came from it goes. Lifted, it can be followed again."),
}


@post("/admin/moderation/reports", sync_to_thread=True, include_in_schema=False)
def answer(request: AnyRequest, services: Services, viewer: Viewer, data: Repeating) -> Response[Any]:
    """Leave things as they are; the reports about them are answered with the reason."""
    require(viewer, Action.MODERATE)
    subjects, reason = all_of(data, "subject"), one_of(data, "reason")
    if not subjects:
        return _again(request, services, viewer, data, NOTHING)
    try:
        closed = sum(services.moderation.reports.answer_about(viewer, about, reason) for about in subjects)
    except NodeError as error:
        return _again(request, services, viewer, data, _words(error))
    return redirect_with(services, HOME, f"Left as it is; {_reports(closed)} answered.")


@post("/admin/moderation/rules", include_in_schema=False)
async def decide(request: AnyRequest, services: Services, viewer: Viewer, data: Repeating) -> Response[Any]:
    """Allow or deny hosts, accounts or records. Before anything is taken down the page asks once more."""
    require(viewer, Action.MODERATE)
    if one_of(data, "erase") and not viewer.proven:
        return ask_for_proof(services, HOME)
    effect = one_of(data, "effect")
    if not all_of(data, "subject"):
        return await asyncio.to_thread(_again, request, services, viewer, data, NOTHING)
    try:
        if effect == DENY and not one_of(data, "sure"):
            return await asyncio.to_thread(_ask_once_more, request, services, viewer, data)
        done, refused = await _decide_all(services, viewer, data)
    except NodeError as error:
        return await asyncio.to_thread(_again, request, services, viewer, data, _words(error))
    if not done:
        return await asyncio.to_thread(_again, request, services, viewer, data, refused[0])
    words = "is allowed by name." if effect != DENY else "is taken down; it stands in the public log."
    is_kept = effect == DENY and len(done) == 1 and done[0].kind == "account" and not one_of(data, "erase")
    undo = f"{HOME}/rules/lift?" + query_of(subject=done[0].text) if is_kept else None
    return _done(services, f"{HOME}#rules", f"{_named(done)} {words}", refused, undo)


async def _decide_all(services: Services, viewer: Viewer, data: Repeating) -> tuple[list[Subject], list[str]]:
    """What was decided, and in words what could not be. Records before accounts: nothing of these is served then."""
    effect, reason, until = one_of(data, "effect"), one_of(data, "reason"), parse_until(one_of(data, "until"))
    done: list[Subject] = []
    refused: list[str] = []
    subjects = map(parse_subject, all_of(data, "subject"))
    for subject in sorted(subjects, key=lambda subject: subject.kind == "account"):
        rule = Rule(effect, subject.text, reason, until)
        try:
            done.append(await services.moderation.decisions.decide(viewer, rule, erase=bool(one_of(data, "erase"))))
        except NodeError as error:
            refused.append(_words(error))
    return done, refused


def _ask_once_more(request: AnyRequest, services: Services, viewer: Viewer, data: Repeating) -> Response[Any]:
    with services.database.read() as session:
        subjects = list(map(parse_subject, all_of(data, "subject")))
        taken = tuple(_taken(session, viewer, subject) for subject in subjects)
    page = TakeDownPage(
        site=site_of(request, services, viewer),
        action=f"{HOME}/rules",
        back=HOME,
        taken=taken,
        reason=one_of(data, "reason"),
        until=one_of(data, "until"),
        erasable=any(line.becomes == _KEPT for line in taken),
        label=None if any(subject.kind == "host" for subject in subjects) else f"{HOME}/labels",
    )
    return show(services, page)


def _taken(session: Session, viewer: Viewer, subject: Subject) -> TakenLine:
    link = subject_link(session, subject.text, audiences_of(viewer))
    is_here = bool(subject.did) and accounts.find_account(session, subject.did) is not None
    return TakenLine(subject=link, about=subject.text, becomes=_BECOMES[subject.kind][0 if is_here else 1])


@post("/admin/moderation/rules/lift", include_in_schema=False)
async def lift(services: Services, viewer: Viewer, subject: str) -> Response[Any]:
    """End a rule."""
    require(viewer, Action.MODERATE)
    about = await services.moderation.decisions.lift(viewer, subject)
    more = " Follow it again on the page of the node if you want what it brings." if about.kind == "host" else ""
    return redirect_with(services, f"{HOME}#rules", f"There is no rule about {about.text} any more.{more}")


@post("/admin/moderation/labels", sync_to_thread=True, include_in_schema=False)
def give_label(request: AnyRequest, services: Services, viewer: Viewer, data: Repeating) -> Response[Any]:
    """Label accounts or records as this node; reports about them are answered with it."""
    require(viewer, Action.MODERATE)
    subjects, value, reason = all_of(data, "subject"), one_of(data, "value"), one_of(data, "reason")
    if not subjects:
        return _again(request, services, viewer, data, NOTHING)
    done, refused = [], []
    for about in subjects:
        try:
            services.moderation.labelling.give(viewer, about, value, reason)
            services.moderation.reports.answer_about(viewer, about, f"Labelled {value}: {reason}")
            done.append(parse_subject(about))
        except NodeError as error:
            refused.append(_words(error))
    if not done:
        return _again(request, services, viewer, data, refused[0])
    undo = f"{HOME}/labels/withdraw?" + query_of(subject=subjects[0], value=value) if len(subjects) == 1 else None
    return _done(services, f"{HOME}#labels", f"{_named(done)} is labelled {value}.", refused, undo)


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
        return redirect_with(services, HOME, _words(error), kind="problem")
    return redirect_with(services, f"{HOME}#labelers", f"{row.labels} labels of {row.did} count here.")


@post("/admin/moderation/labelers/drop", sync_to_thread=True, include_in_schema=False)
def unsubscribe(services: Services, viewer: Viewer, did: str) -> Response[Any]:
    """Forget a labeler and its labels."""
    require(viewer, Action.MODERATE)
    services.moderation.labelers.unsubscribe(viewer, did)
    return redirect_with(services, f"{HOME}#labelers", f"The labels of {did} count no longer.")


def _named(subjects: list[Subject]) -> str:
    return subjects[0].text if len(subjects) == 1 else f"Each of {len(subjects)}"


def _reports(count: int) -> str:
    return "1 report is" if count == 1 else f"{count} reports are"


def _words(error: NodeError) -> str:
    return f"{error.message} {error.hint}".strip()


def _again(request: AnyRequest, services: Services, viewer: Viewer, data: Repeating, problem: str) -> Response[Any]:
    """The page once more, with the reason that was typed."""
    notices = (Notice(kind="problem", text=problem),)
    return show(
        services, page_of(request, services, viewer, reason=one_of(data, "reason"), notices=notices), status=400
    )


def _done(services: Services, to: str, done: str, refused: list[str], undo: str | None) -> Response[Any]:
    if not refused:
        return redirect_with(services, to, done, undo=undo)
    left = f"Not done: {'; '.join(refused[:MOST_NAMED])}"[:LONGEST_NOTICE]
    return redirect_with(services, HOME, f"{done} {left}", kind="problem", undo=undo)


HANDLERS = (answer, decide, lift, give_label, withdraw_label, subscribe, unsubscribe)
