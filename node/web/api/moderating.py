"""/api for operators: rules, reports, labels, labelers; and the public log."""

from __future__ import annotations

import asyncio
from typing import Any

from litestar import delete, get, post

from node.errors import Malformed
from node.services.assembly import Services
from node.services.moderating.lists import Rule, parse_list, parse_until, write_list
from node.services.moderating.reports import parse_number
from node.services.moderating.subjects import parse_subject
from node.services.policy import Action, Viewer, audiences_of, require, require_in_person
from node.store.clock import as_text
from node.store.tables.moderation import LabelerRow, LabelRow, ModerationRow, ReportRow
from node.web.access.viewing import require_reading

Body = dict[str, Any]
MOST_LINES = 200


@get("/api/moderation/rules", sync_to_thread=True)
def list_rules(services: Services, viewer: Viewer) -> list[Body]:
    """Hosts, accounts and records that are allowed or denied, with reason and expiry."""
    require(viewer, Action.MODERATE)
    return [{**_rule(Rule.of(row)), "madeAt": as_text(row.made_at)} for row in services.moderation.decisions.rules()]


@post("/api/moderation/rules", status_code=201)
async def decide(services: Services, viewer: Viewer, data: Body) -> Body:
    """Allow or deny a host, an account or a record; what is denied goes. `erase` deletes an account of this node."""
    erase = data.get("erase") is True
    if erase:
        require_in_person(viewer, Action.MODERATE)
    require(viewer, Action.MODERATE)
    rule = Rule(_text(data, "effect"), _text(data, "subject"), _text(data, "reason"), parse_until(_text(data, "until")))
    decisions = services.moderation.decisions
    known, called = await asyncio.to_thread(_known, services, rule.subject)
    subject = await decisions.decide(viewer, rule, erase=erase)
    return {**_rule(rule), "subject": subject.text, "kind": subject.kind, "known": known, "called": called}


def _known(services: Services, text: str) -> tuple[bool, str]:
    """Is it here, or was heard of; and who is called like this host."""
    subject, decisions = parse_subject(text), services.moderation.decisions
    with services.database.read() as session:
        return decisions.is_known(session, subject), decisions.called(session, subject)


@delete("/api/moderation/rules", status_code=200)
async def lift(services: Services, viewer: Viewer, subject: str, reason: str = "") -> Body:
    """End a rule; what followed from it is undone where that is possible."""
    require(viewer, Action.MODERATE)
    return {"subject": (await services.moderation.decisions.lift(viewer, subject, reason)).text}


@get("/api/moderation/list", sync_to_thread=True)
def export_list(services: Services, viewer: Viewer) -> Body:
    """The rules as a list for other nodes."""
    require(viewer, Action.MODERATE)
    return {"list": write_list(map(Rule.of, services.moderation.decisions.rules()))}


@post("/api/moderation/list", status_code=200)
async def import_list(services: Services, viewer: Viewer, data: Body) -> Body:
    """What a list would change; with `apply` it is put in force, with `exactly` what it does not name is lifted.

    `refused` names the rules that could not be made; the others are in force all the same.
    """
    require(viewer, Action.MODERATE)
    decisions = services.moderation.decisions
    rules = await asyncio.to_thread(parse_list, _text(data, "list"))
    if data.get("apply") is True:
        found = await decisions.take_over(viewer, rules, exactly=data.get("exactly") is True)
    else:
        found = await asyncio.to_thread(decisions.compare, rules)
    return {
        "added": list(map(_rule, found.added)),
        "changed": [{"from": _rule(old), "to": _rule(new)} for old, new in found.changed],
        "missing": list(map(_rule, found.missing)),
        "same": found.same,
        "refused": [{"subject": subject, "why": why} for subject, why in found.refused],
        "applied": data.get("apply") is True,
    }


@get("/api/moderation/reports", sync_to_thread=True)
def list_reports(services: Services, viewer: Viewer, answered: bool = False) -> list[Body]:
    """The queue, oldest first; or what was answered."""
    require(viewer, Action.MODERATE)
    reports = services.moderation.reports
    return list(map(_report, reports.answered() if answered else reports.waiting()))


@post("/api/moderation/reports/{number:str}/answer", status_code=200, sync_to_thread=True)
def answer(services: Services, viewer: Viewer, number: str, data: Body) -> Body:
    """Close a report and all others about the same subject."""
    require(viewer, Action.MODERATE)
    return {"closed": services.moderation.reports.answer(viewer, parse_number(number), _text(data, "answer"))}


@get("/api/moderation/labels", sync_to_thread=True)
def list_labels(services: Services, viewer: Viewer) -> list[Body]:
    """Labels that this node gave and that are in force."""
    require(viewer, Action.MODERATE)
    return list(map(_label, services.moderation.labelling.own()))


@post("/api/moderation/labels", status_code=201, sync_to_thread=True)
def give_label(services: Services, viewer: Viewer, data: Body) -> Body:
    """Label an account or a record as this node; with `withdraw` take the label back."""
    require(viewer, Action.MODERATE)
    about, val, reason = (_text(data, name) for name in ("subject", "value", "reason"))
    labelling = services.moderation.labelling
    if data.get("withdraw") is True:
        return _label(labelling.take_back(viewer, about, val, reason))
    known, _ = _known(services, about)
    return {
        **_label(labelling.give(viewer, about, val, reason, until=parse_until(_text(data, "until")))),
        "known": known,
    }


@get("/api/moderation/labelers", sync_to_thread=True)
def list_labelers(services: Services, viewer: Viewer) -> list[Body]:
    """Labelers whose labels count here."""
    require(viewer, Action.MODERATE)
    return list(map(_labeler, services.moderation.labelers.subscribed()))


@post("/api/moderation/labelers", status_code=201, sync_to_thread=True)
def add_labeler(services: Services, viewer: Viewer, data: Body) -> Body:
    """Let a labeler's labels count here, at most to `effect`: hide or warn."""
    require(viewer, Action.MODERATE)
    effect = _text(data, "effect") or "warn"
    return _labeler(services.moderation.labelers.subscribe(viewer, _text(data, "did"), effect))


@delete("/api/moderation/labelers", status_code=200, sync_to_thread=True)
def remove_labeler(services: Services, viewer: Viewer, did: str) -> Body:
    """Forget a labeler and its labels."""
    require(viewer, Action.MODERATE)
    services.moderation.labelers.unsubscribe(viewer, did)
    return {"did": did}


@get("/api/moderation/log", sync_to_thread=True)
def read_log(services: Services, viewer: Viewer, limit: int = 50, before: int = 0) -> list[Body]:
    """The public log of moderation, newest first."""
    require_reading(services, viewer)
    return list(map(_line, services.moderation.log(audiences_of(viewer), max(1, min(limit, MOST_LINES)), before)))


def _text(data: Body, name: str) -> str:
    value = data.get(name) or ""
    if not isinstance(value, str):
        raise Malformed(f"{name} is a text.")
    return value


def _moment(micros: int) -> str | None:
    return as_text(micros) if micros else None


def _rule(rule: Rule) -> Body:
    return {"effect": rule.effect, "subject": rule.subject, "reason": rule.reason, "until": _moment(rule.expires_at)}


def _report(row: ReportRow) -> Body:
    return {
        "id": row.id, "subject": row.subject, "cid": row.cid, "kind": row.kind, "reason": row.reason, "by": row.by,
        "at": as_text(row.at), "closedAt": _moment(row.closed_at), "answer": row.answer,
    }  # fmt: skip


def _label(row: LabelRow) -> Body:
    return {
        "src": row.src, "uri": row.uri, "val": row.val, "cid": row.cid, "neg": row.neg, "cts": row.cts,
        "until": _moment(row.expires_at),
    }  # fmt: skip


def _labeler(row: LabelerRow) -> Body:
    return {
        "did": row.did, "url": row.url, "effect": row.effect, "labels": row.labels, "error": row.error,
        "readAt": _moment(row.read_at),
    }  # fmt: skip


def _line(row: ModerationRow) -> Body:
    return {
        "id": row.id, "at": as_text(row.at), "action": row.action, "subject": row.subject, "reason": row.reason,
        "until": _moment(row.expires_at),
    }  # fmt: skip


HANDLERS = (
    list_rules, decide, lift, export_list, import_list, list_reports, answer, list_labels, give_label, list_labelers,
    add_labeler, remove_labeler, read_log,
)  # fmt: skip
