"""What an operator decides on the page of moderation, about one thing or several at once."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from functools import partial
from typing import Any

from litestar import Response, post

from node.errors import Malformed, NodeError
from node.services.assembly import Services
from node.services.moderating.lists import Rule, parse_until
from node.services.moderating.subjects import LONGEST_REASON, Subject, parse_subject
from node.services.policy import Action, Viewer, audiences_of, require
from node.services.withholding import DENY
from node.store.repositories import accounts
from node.store.sessions import Session
from node.web.contexts.operator.moderating import TakeDownPage, TakenLine, TypedDecision
from node.web.contexts.site import Notice
from node.web.notices import redirect_with, some_of
from node.web.pages.accounts.proving import ask_for_proof
from node.web.pages.forms import Form, Repeating, all_of, one_of
from node.web.pages.links import query_of
from node.web.pages.operator.moderation import HOME, page_of
from node.web.pages.operator.subjects import Subjects
from node.web.pages.reading import AnyRequest
from node.web.presenting import show, site_of

_BECOMES = {  # of what is here, of what came from elsewhere
    "record": (
        "It is deleted from its author’s repository with all its versions, for good, and every follower is told.",
        "It goes from this node and is not taken again. Lifted, it is fetched again.",
    ),
    "account": (
        "It is served no longer, and kept. Lifted, it is served again.",
        "All that came of it goes, and nothing is taken again. Lifted, it is fetched again.",
    ),
    "host": ("", "It is followed no more, and all that came from it goes. Lifted, it can be followed again."),
}
_UNKNOWN = "Nothing of that is here: is it spelt rightly? It is not taken if it comes."


@post("/admin/moderation/reports", sync_to_thread=True, include_in_schema=False)
def answer(request: AnyRequest, services: Services, viewer: Viewer, data: Repeating) -> Response[Any]:
    """Leave things as they are; the reports about them are answered with the reason."""
    require(viewer, Action.MODERATE)
    reports, reason = services.moderation.reports, one_of(data, "reason")
    try:
        closed = sum(reports.answer_about(viewer, about.text, reason) for about in _subjects_in(data))
    except NodeError as error:
        return _again(request, services, viewer, data, error)
    return redirect_with(services, HOME, f"Left as it is; {_reports(closed)} answered.")


@post("/admin/moderation/rules", include_in_schema=False)
async def decide(request: AnyRequest, services: Services, viewer: Viewer, data: Repeating) -> Response[Any]:
    """Allow or deny hosts, accounts or records. Before anything is taken down the page asks once more."""
    require(viewer, Action.MODERATE)
    erase = bool(one_of(data, "erase"))
    if erase and not viewer.proven:
        return ask_for_proof(services, HOME)
    effect, reason, decisions = one_of(data, "effect"), one_of(data, "reason"), services.moderation.decisions
    try:
        until = parse_until(one_of(data, "until"))
        if effect == DENY and not one_of(data, "sure"):
            for about in _subjects_in(data):  # what cannot be is said before anything is asked
                decisions.check(Rule(effect, about.text, reason or "-", until))
            return await asyncio.to_thread(_ask_once_more, request, services, viewer, data)
        # Records before accounts: nothing of these is served then.
        subjects = sorted(_subjects_in(data), key=lambda subject: subject.kind == "account")
        done, refused = await _each(
            subjects, lambda about: decisions.decide(viewer, Rule(effect, about.text, reason, until), erase=erase)
        )
    except NodeError as error:
        return await asyncio.to_thread(_again, request, services, viewer, data, error)
    words = "is allowed by name." if effect != DENY else "is taken down; it stands in the public log."
    is_kept = effect == DENY and len(done) == 1 and done[0].kind == "account" and not erase
    undo = f"{HOME}/rules/lift?" + query_of(subject=done[0].text) if is_kept else None
    return _done(services, f"{HOME}#rules", f"{_named(done)} {words}", refused, undo)


def _ask_once_more(request: AnyRequest, services: Services, viewer: Viewer, data: Repeating) -> Response[Any]:
    with services.database.read() as session:
        here = {subject: _is_here(session, subject) for subject in _subjects_in(data)}
        decisions = services.moderation.decisions
        unknown = {one.text for one in here if not decisions.is_known(session, one)}
        called = {one.text: decisions.called(session, one) for one in here}
        subjects = Subjects(session, [subject.text for subject in here], audiences_of(viewer))
    taken = tuple(
        _taken(subjects, subject, called[subject.text], is_here=is_here, is_known=subject.text not in unknown)
        for subject, is_here in here.items()
    )
    page = TakeDownPage(
        site=site_of(request, services, viewer),
        action=f"{HOME}/rules",
        back=HOME,
        taken=taken,
        reason=one_of(data, "reason"),
        until=one_of(data, "until"),
        erasable=any(is_here and subject.kind == "account" for subject, is_here in here.items()),
        label=None if any(subject.kind == "host" for subject in here) else f"{HOME}/labels",
    )
    return show(services, page)


def _is_here(session: Session, subject: Subject) -> bool:
    return bool(subject.did) and accounts.find_account(session, subject.did) is not None


def _taken(subjects: Subjects, subject: Subject, called: str, *, is_here: bool, is_known: bool) -> TakenLine:
    becomes = _BECOMES[subject.kind][0 if is_here else 1] if is_known else _UNKNOWN
    becomes += f" It is the name of an account too, which stays: {called}." if called else ""
    return TakenLine(subject=subjects.link(subject.text), about=subject.text, becomes=becomes)


@post("/admin/moderation/rules/lift", include_in_schema=False)
async def lift(services: Services, viewer: Viewer, subject: str) -> Response[Any]:
    """End a rule."""
    require(viewer, Action.MODERATE)
    about = await services.moderation.decisions.lift(viewer, subject)
    more = " Follow it again on the page of the node if you want what it brings." if about.kind == "host" else ""
    return redirect_with(services, f"{HOME}#rules", f"There is no rule about {about.text} any more.{more}")


@post("/admin/moderation/labels", include_in_schema=False)
async def give_label(request: AnyRequest, services: Services, viewer: Viewer, data: Repeating) -> Response[Any]:
    """Label accounts or records as this node; reports about them are answered with it."""
    require(viewer, Action.MODERATE)
    value, reason, moderation = one_of(data, "value"), one_of(data, "reason"), services.moderation

    def label(about: Subject) -> None:
        moderation.labelling.give(viewer, about.text, value, reason)
        moderation.reports.answer_about(viewer, about.text, f"Labelled {value}: {reason}"[:LONGEST_REASON])

    try:
        done, refused = await _each(_subjects_in(data), lambda about: asyncio.to_thread(label, about))
    except NodeError as error:
        again = partial(_again, request, services, viewer, data, error, label=value or "-")
        return await asyncio.to_thread(again)
    is_one = len(done) == 1 and not refused
    undo = f"{HOME}/labels/withdraw?" + query_of(subject=done[0].text, value=value) if is_one else None
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
        return redirect_with(services, HOME, error.words, kind="problem")
    words = f"Labels of {row.did} that count here: {row.labels}. {row.error}".rstrip()
    return redirect_with(services, f"{HOME}#labelers", words, kind="attention" if row.error else "done")


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


def _subjects_in(data: Repeating) -> list[Subject]:
    """What it is about. Raises Malformed, for nothing too."""
    if not (subjects := all_of(data, "subject")):
        raise Malformed("Tick what it is about.")
    return list(map(parse_subject, subjects))


async def _each(
    subjects: Iterable[Subject], do: Callable[[Subject], Awaitable[object]]
) -> tuple[list[Subject], list[NodeError]]:
    """To which it was done, and why not to the others. Raises NodeError where it was done to none."""
    done: list[Subject] = []
    refused: list[NodeError] = []
    for subject in subjects:
        try:
            await do(subject)
            done.append(subject)
        except NodeError as error:
            refused.append(error)
    if not done:
        raise refused[0]
    return done, refused


def _again(
    request: AnyRequest, services: Services, viewer: Viewer, data: Repeating, why: NodeError, *, label: str = ""
) -> Response[Any]:
    """The page once more, with what was typed."""
    typed = TypedDecision(
        about=tuple(all_of(data, "subject")),
        reason=one_of(data, "reason"),
        until=one_of(data, "until"),
    )
    notices = (Notice(kind="problem", text=why.words),)
    return show(services, page_of(request, services, viewer, typed=typed, label=label, notices=notices), status=400)


def _done(services: Services, to: str, done: str, refused: list[NodeError], undo: str | None) -> Response[Any]:
    if not refused:
        return redirect_with(services, to, done, undo=undo)
    left = some_of([error.words for error in refused])
    return redirect_with(services, HOME, f"{done} Not done: {left}", kind="problem", undo=undo)


HANDLERS = (answer, decide, lift, give_label, withdraw_label, subscribe, unsubscribe)
