"""How it went: recorded, confirmed, taken back; and what changed because of it, in words."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from litestar import Response, post

from node.services.assembly import Services
from node.services.policy import Viewer, require_worker
from node.store.clock import moment_of
from node.web.contexts.worker.feed import Reported
from node.web.contexts.worker.lesson import RecordedOutcome
from node.web.notices import redirect_with
from node.web.private.pages.door import Form, text_of
from node.web.private.pages.endorsing import offer_after
from node.web.private.pages.words import as_outcome, check_said, listed, outcome_said, outcome_shown, skill_title

if TYPE_CHECKING:
    from node.services.learning.feed.today import Served
    from node.services.learning.sealed.ledger import Recorded

NAMED = 2  # titles and skills named in a sentence
SKIPPED = "It counts neither for nor against you."


@post("/me/lessons/{receipt:str}/outcome", sync_to_thread=True, include_in_schema=False)
def record_outcome(services: Services, viewer: Viewer, receipt: str, data: Form) -> Response[Any]:
    """Record, then show the feed and what changed in it."""
    require_worker(viewer)
    how = as_outcome(text_of(data, "outcome"))
    before, believed = services.learning.feed(viewer), _chances(services, viewer)
    recorded = services.learning.record(viewer, receipt, how)
    effects = (
        _difference(before, services.learning.feed(viewer), recorded),
        _moved(believed, _chances(services, viewer), recorded),
    )
    text = " ".join([f"“{recorded.title}”: {outcome_said(how)}.", *filter(None, effects)])
    return redirect_with(services, f"/me?after={receipt}", text, undo=_undo(receipt))


@post("/me/lessons/{receipt:str}/outcome/undo", sync_to_thread=True, include_in_schema=False)
def take_back(services: Services, viewer: Viewer, receipt: str) -> Response[Any]:
    """As if nothing had been recorded."""
    require_worker(viewer)
    if services.learning.withdraw_outcome(viewer, receipt).is_check:
        return redirect_with(services, "/me", "Taken back: you can say again whether it held up.")
    return redirect_with(services, f"/me/lessons/{receipt}", "Taken back: nothing is recorded here.")


@post("/me/lessons/{receipt:str}/outcome/confirm", sync_to_thread=True, include_in_schema=False)
def confirm(services: Services, viewer: Viewer, receipt: str) -> Response[Any]:
    """What the assistant reported is true."""
    require_worker(viewer)
    recorded = services.learning.confirm(viewer, receipt)
    text = f"“{recorded.title}”: {outcome_said(recorded.how)}. It counts in full now."
    return redirect_with(services, f"/me/lessons/{receipt}", text, undo=_undo(receipt))


@post("/me/lessons/{receipt:str}/outcome/evidence", sync_to_thread=True, include_in_schema=False)
def keep_evidence(services: Services, viewer: Viewer, receipt: str, data: Form) -> Response[Any]:
    """What shows it, in the worker's words."""
    require_worker(viewer)
    kept = services.learning.keep_evidence(viewer, receipt, text_of(data, "evidence"))
    return redirect_with(services, f"/me/lessons/{receipt}", "Kept, for you alone." if kept.evidence else "Taken back.")


def recorded_of(services: Services, viewer: Viewer, recorded: Recorded) -> RecordedOutcome:
    """What was recorded, as the lesson's page shows it."""
    unconfirmed = recorded.by_assistant and not recorded.confirmed
    return RecordedOutcome(
        outcome=outcome_shown(recorded.how),
        at=moment_of(recorded.at),
        effect=SKIPPED if recorded.how == "skipped" else _now_believed(services, viewer, recorded),
        undo=_undo(recorded.id),
        confirm=f"/me/lessons/{recorded.id}/outcome/confirm" if unconfirmed else None,
        evidence=recorded.evidence,
        keep_evidence=f"/me/lessons/{recorded.id}/outcome/evidence",
        endorse=offer_after(viewer, recorded),
    )


def reported_of(recorded: Recorded) -> Reported:
    """What an assistant reported, as the feed page asks about it."""
    return Reported(
        words=f"“{recorded.title}”: {outcome_said(recorded.how)}.",
        at=moment_of(recorded.at),
        confirm=f"/me/lessons/{recorded.id}/outcome/confirm",
        undo=_undo(recorded.id),
    )


def _now_believed(services: Services, viewer: Viewer, recorded: Recorded) -> str:
    known = _chances(services, viewer)
    said = [f"{skill_title(skill)}: {known[skill]}." for skill in recorded.skills[:NAMED] if skill in known]
    return f"What the node believes now: {' '.join(said)}" if said else ""


def _chances(services: Services, viewer: Viewer) -> dict[str, str]:
    """What is believed of each skill, in words."""
    return {belief.skill: belief.chance for belief in services.learning.beliefs(viewer)}


def _moved(before: Mapping[str, str], after: Mapping[str, str], recorded: Recorded) -> str:
    """The skill of which something else is believed now; one that was known before says more."""
    moved = [skill for skill in recorded.skills if skill in after and before.get(skill) != after[skill]]
    skill = min(moved, key=lambda skill: skill not in before, default="")
    if not skill:
        return ""
    was = f" (before: {before[skill]})" if skill in before else ""
    return f"Of “{skill_title(skill)}” the node believes now: {after[skill]}{was}."


def _difference(before: Served, after: Served, recorded: Recorded) -> str:
    """What came to the list and what left it, the recorded item itself aside."""
    was = {offer.item.subject: offer.item.title for offer in before.offers if offer.item.subject != recorded.subject}
    now = {offer.item.subject: offer.item.title for offer in after.offers if offer.item.subject != recorded.subject}
    come = [title for subject, title in now.items() if subject not in was]
    gone = [title for subject, title in was.items() if subject not in now]
    if come:
        return f"New in your list because of it: {listed(come[:NAMED])}."
    if gone:
        return f"No longer in your list because of it: {listed(gone[:NAMED])}."
    return SKIPPED if recorded.how == "skipped" else "It is off your list; the rest of it stays."


def _undo(receipt: str) -> str:
    return f"/me/lessons/{receipt}/outcome/undo"


@post("/me/lessons/{receipt:str}/held-up", sync_to_thread=True, include_in_schema=False)
def held_up(services: Services, viewer: Viewer, receipt: str, data: Form) -> Response[Any]:
    """How the real task went since."""
    require_worker(viewer)
    how = as_outcome(text_of(data, "outcome"))
    kept = services.learning.checks(viewer).answer(viewer, receipt, how, datetime.now(UTC))
    return redirect_with(services, "/me", f"“{kept.title}”, on the real task: {check_said(how)}.", undo=_undo(kept.id))


HANDLERS = (record_outcome, take_back, confirm, keep_evidence, held_up)
