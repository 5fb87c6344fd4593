"""/api/me: a worker's own profile, feed, lessons, outcomes and beliefs, for the command line and their programs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from litestar import Response, Router, delete, get, post, put

from node.errors import Malformed
from node.services.assembly import Services
from node.services.policy import Viewer, require_owner
from node.store.clock import as_text
from node.web.private.answers import JSON_LINES, add_private_headers

Body = dict[str, Any]


@get("/profile", sync_to_thread=True)
def see_profile(services: Services, viewer: Viewer) -> Body:
    """What you told about yourself."""
    return services.learning.profile(viewer).to_dict()


@put("/profile", sync_to_thread=True)
def change_profile(services: Services, viewer: Viewer, data: Body) -> Body:
    """Replace the fields named; goals in words come back with the tasks and skills they were taken for."""
    return services.learning.change_profile(viewer, data).to_dict()


@get("/feed", sync_to_thread=True)
def see_feed(services: Services, viewer: Viewer) -> Body:
    """Today's list, each item with its reasons."""
    return services.learning.feed(viewer).to_dict()


@post("/help", status_code=200, sync_to_thread=True)
def ask_for_help(services: Services, viewer: Viewer, data: Body) -> Body:
    """What helps with `task`, the work you face now, in your words."""
    return services.learning.help_for_task(viewer, _text(data, "task")).to_dict()


@post("/lessons", status_code=200, sync_to_thread=True)
def open_lesson(services: Services, viewer: Viewer, data: Body) -> Body:
    """The lesson of a feed item (`receipt`) or of a module (`uri`)."""
    receipt = str(data.get("receipt") or "") or services.learning.take_up(viewer, _text(data, "uri"))
    return services.learning.lesson(viewer, receipt).to_dict()


@get("/lessons/{receipt:str}", sync_to_thread=True)
def see_lesson(services: Services, viewer: Viewer, receipt: str) -> Body:
    """The same lesson again."""
    return services.learning.lesson(viewer, receipt).to_dict()


@post("/lessons/{receipt:str}", status_code=200, sync_to_thread=True)
def change_lesson(services: Services, viewer: Viewer, receipt: str, data: Body) -> Body:
    """Fill `slots`; set `overrides`: block → show, hide, steps:N, or '' to take one back."""
    return services.learning.adapt(viewer, receipt, _words(data, "slots"), _words(data, "overrides")).to_dict()


@get("/outcomes", sync_to_thread=True)
def see_outcomes(services: Services, viewer: Viewer) -> Body:
    """Everything recorded, newest first."""
    outcomes = services.learning.outcomes(viewer)
    return {"outcomes": [{"receipt": o.id, "at": as_text(o.at), **o.to_dict()} for o in outcomes]}


@post("/outcomes", status_code=201, sync_to_thread=True)
def record_outcome(services: Services, viewer: Viewer, data: Body) -> Body:
    """How the work behind `receipt` went: alone, with-a-hint, with-help, not, skipped."""
    recorded = services.learning.record(
        viewer, _text(data, "receipt"), _text(data, "outcome"), quiz=data.get("quiz") is True
    )
    return {"receipt": recorded.id, "outcome": recorded.how, "at": as_text(recorded.at)}


@post("/outcomes/{receipt:str}/confirm", status_code=200, sync_to_thread=True)
def confirm_outcome(services: Services, viewer: Viewer, receipt: str) -> Body:
    """What an assistant reported is true."""
    recorded = services.learning.confirm(viewer, receipt)
    return {"receipt": recorded.id, "outcome": recorded.how, "confirmed": recorded.confirmed}


@put("/outcomes/{receipt:str}/evidence", sync_to_thread=True)
def keep_evidence(services: Services, viewer: Viewer, receipt: str, data: Body) -> Body:
    """What shows how it went, in your `words`, for your eyes alone; '' takes them back."""
    recorded = services.learning.keep_evidence(viewer, receipt, str(data.get("words") or ""))
    return {"receipt": recorded.id, "evidence": recorded.evidence}


@delete("/outcomes/{receipt:str}", status_code=200, sync_to_thread=True)
def withdraw_outcome(services: Services, viewer: Viewer, receipt: str) -> Body:
    """As if nothing had been recorded."""
    services.learning.withdraw_outcome(viewer, receipt)
    return {}


@get("/feedback", sync_to_thread=True)
def see_feedback(services: Services, viewer: Viewer) -> Body:
    """What you said to the feed and did not take back."""
    return {"feedback": [{**entry, "at": as_text(entry["at"])} for entry in services.learning.said(viewer)]}


@post("/feedback", status_code=201, sync_to_thread=True)
def give_feedback(services: Services, viewer: Viewer, data: Body) -> Body:
    """`feedback` (less-like-this, i-know-this, not-my-goal) on an `item` of the feed or a module's `uri`."""
    subject = str(data.get("item") or "") or _text(data, "uri")
    entry = services.learning.say(viewer, _text(data, "feedback"), subject)
    return {"id": entry.id, "feedback": entry.kind, "subject": entry.subject}


@delete("/feedback/{feedback:str}", status_code=200, sync_to_thread=True)
def take_feedback_back(services: Services, viewer: Viewer, feedback: str) -> Body:
    """Undo."""
    services.learning.unsay(viewer, feedback)
    return {}


@get("/beliefs", sync_to_thread=True)
def see_beliefs(services: Services, viewer: Viewer) -> Body:
    """Everything the node believes of you, and what you said to it."""
    corrections = services.learning.corrections(viewer)
    return {
        "beliefs": [belief.to_dict() for belief in services.learning.beliefs(viewer)],
        "corrections": [{**entry, "at": as_text(entry["at"])} for entry in corrections],
    }


@post("/beliefs/{skill:path}", status_code=201, sync_to_thread=True)
def correct_belief(services: Services, viewer: Viewer, skill: str, data: Body) -> Body:
    """`belief`: alone, with-a-hint, with-help, not-yet, a level, or forget."""
    return {"id": services.learning.correct(viewer, skill.removeprefix("/"), _text(data, "belief"))}


@delete("/corrections/{correction:str}", status_code=200, sync_to_thread=True)
def take_correction_back(services: Services, viewer: Viewer, correction: str) -> Body:
    """Undo."""
    services.learning.undo_correction(viewer, correction)
    return {}


@get("/export", sync_to_thread=True)
def export(services: Services, viewer: Viewer) -> Response[str]:
    """Everything kept about you, as JSON Lines."""
    lines = "".join(services.learning.export(viewer))
    headers = {"Content-Disposition": f'attachment; filename="{viewer.name}.jsonl"'}
    return Response(lines, media_type=JSON_LINES, headers=headers)


@get("/holdings", sync_to_thread=True)
def see_holdings(services: Services, viewer: Viewer) -> Body:
    """How much is kept of what, what for, and what let others into the account."""
    learning = services.learning
    return {
        "holdings": [{"kind": h.kind, "count": h.count, "purpose": h.purpose} for h in learning.holdings(viewer)],
        "accesses": [
            {"at": as_text(row.at), "by": row.actor, "what": row.action}
            for row in services.audit.doors_opened(viewer.name)
        ],
    }


@post("/forget", status_code=200, sync_to_thread=True)
def forget(services: Services, viewer: Viewer, data: Body) -> Body:
    """Erase everything; `confirm` is your sign-in name. Nobody can undo it."""
    require_owner(viewer)
    if data.get("confirm") != viewer.name:
        raise Malformed("Confirm with your sign-in name.", hint='{"confirm": "your-name"}')
    erased = services.learning.forget(viewer)
    return {"entries": erased.entries, "files": erased.files, "left": list(erased.left)}


@get("/feed-address", sync_to_thread=True)
def see_feed_address(services: Services, viewer: Viewer) -> Body:
    """Your private feed addresses, null until made."""
    made = services.learning.addresses.find(viewer)
    return _addresses(services, made.token if made else "")


@post("/feed-address", status_code=201, sync_to_thread=True)
def renew_feed_address(services: Services, viewer: Viewer) -> Body:
    """New addresses; the old ones end."""
    return _addresses(services, services.learning.addresses.renew(viewer).token)


def _addresses(services: Services, token: str) -> Body:
    url = services.settings.public_url
    feeds = {kind: f"{url}/feeds/{token}.{kind}" if token else None for kind in ("atom", "json")}
    return {**feeds, "assistant": f"{url}/mcp"}


def _text(data: Body, name: str) -> str:
    value = data.get(name)
    if not isinstance(value, str) or not value.strip() or len(value) > 2000:
        raise Malformed(f"{name} is a text of at most 2,000 characters.")
    return value.strip()


def _words(data: Body, name: str) -> dict[str, str]:
    value = data.get(name) or {}
    if not isinstance(value, Mapping) or not all(isinstance(word, str) for word in value.values()):
        raise Malformed(f"{name} maps names to texts.")
    return {str(key): word for key, word in value.items()}


HANDLERS = (
    Router(
        "/api/me",
        route_handlers=[
            see_profile, change_profile, see_feed, ask_for_help, open_lesson, see_lesson, change_lesson, see_outcomes,
            record_outcome, confirm_outcome, keep_evidence, withdraw_outcome, see_feedback, give_feedback,
            take_feedback_back,
            see_beliefs, correct_belief, take_correction_back, export, see_holdings, forget, see_feed_address,
            renew_feed_address,
        ],
        after_request=add_private_headers,
    ),
)  # fmt: skip
