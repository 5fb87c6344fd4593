"""Entries of the public catalogue as `org.skillnet.catalogue.defs` says: no floats, so shares are millionths."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from litestar import Request

from node.errors import Malformed
from node.services import naming
from node.services.assembly import Services
from node.store.clock import as_text
from node.store.content import catalogue
from node.store.content.catalogue import PUBLIC
from node.store.repositories import records
from node.store.sessions import Session
from node.store.tables.catalogue import ItemRow
from node.store.tables.reference import ReferenceTaskRow
from schemas.datamodel import to_json
from schemas.errors import ParametersInvalid
from schemas.parameters import parse_parameters

Body = dict[str, Any]
MILLION = 1_000_000
LONGEST_TITLE, LONGEST_REASON = 300, 500


def parameters_of(request: Request[Any, Any, Any], nsid: str) -> Body:
    """The query's parameters, typed and with defaults, as its lexicon says. Raises Malformed."""
    try:
        return dict(parse_parameters(request.query_params.multi_items(), nsid))
    except ParametersInvalid as error:
        raise Malformed(str(error)) from error


def offset_of(parameters: Body) -> int:
    """Where a page begins. Raises Malformed for a cursor that was not given out here."""
    cursor = str(parameters.get("cursor") or "0")
    if not (cursor.isascii() and cursor.isdigit() and len(cursor) < 9):
        raise Malformed("This cursor was not given out here.")
    return int(cursor)


def page(items: list[Any], parameters: Body) -> tuple[list[Any], Body]:
    """One page of a list, and the cursor of the next."""
    start, limit = offset_of(parameters), int(parameters["limit"])
    more = {"cursor": str(start + limit)} if len(items) > start + limit else {}
    return items[start : start + limit], more


def millionths(share: float) -> int:
    """A share as a whole number."""
    return round(share * MILLION)


def score_of(score: Any) -> Body:
    """A ranking's score: value and mean in millionths, evidence in thousandths."""
    return {"value": millionths(score.value), "mean": millionths(score.mean), "evidence": round(score.evidence * 1000)}


def summaries_of(services: Services, rows: Iterable[ItemRow]) -> list[Body]:
    """Entries with score and freshness, in the order given."""
    rows = list(rows)
    uris = [row.uri for row in rows]
    fresh = services.freshening.of(uris)
    scores = services.rankings.scores(uris) if services.rankings.unranked_reason() is None else [None] * len(uris)
    found = []
    for row, score in zip(rows, scores, strict=True):
        freshness = fresh[row.uri]
        entry = _facts(row) | {
            "freshness": {"value": millionths(freshness.value), "reasons": freshness.sentences()},
            **({"score": score_of(score)} if score else {}),
        }
        found.append(entry)
    return found


def _facts(row: ItemRow) -> Body:
    facts: Body = {
        "uri": row.uri,
        "cid": row.version_cid,
        "version": row.version_uri,
        "kind": row.kind,
        "title": row.title,
        "summary": row.description,
        "language": row.language,
        "layer": row.layer,
        "level": row.level,
        "minutes": row.minutes,
        "license": row.licence,
        "author": row.did,
        "tasks": row.tasks,
        "occupations": row.occupations,
        "skills": row.skills,
        "retired": bool(row.retired),
        "indexedAt": as_text(row.updated_at),
    }
    return {name: value for name, value in facts.items() if value not in ("", [], 0, False)}


def reference_entry(row: ReferenceTaskRow, licence: str) -> Body:
    """A task of a classification as an entry: its id in the place of an address, its occupation as the summary."""
    return {
        "uri": row.id,
        "kind": "task",
        "title": row.statement[:LONGEST_TITLE],
        "summary": f"{row.id.partition(':')[2]}: {naming.occupation_name(row.occupation)}",
        "language": "en",
        **({"license": licence} if licence else {}),
        "occupations": [row.occupation],
        **({"retired": True} if row.gone else {}),
    }


def offers_of(services: Services, session: Session, task: str, limit: int) -> list[Body]:
    """Modules that help with a task, as `org.skillnet.task.getTask#offer` says, nearest and best first."""
    offers = services.reference.bridges.offers(task, PUBLIC, limit)
    rows = catalogue.find_items(session, [offer.uri for offer in offers], PUBLIC)
    entries = {entry["uri"]: entry for entry in summaries_of(services, rows.values())}
    return [
        {"entry": entries[one.uri], "bridge": list(one.bridge), "reason": one.reason[:LONGEST_REASON]}
        for one in offers
        if one.uri in entries
    ]


def whole_item(services: Services, uri: str, version: str | None, kind: str) -> Body:
    """Entry, head and one version of an item. Raises Malformed (NotFound)."""
    with services.database.read() as session:
        row = catalogue.find_item(session, uri, PUBLIC)
        head = records.find_record_by_uri(session, uri)
        shown = catalogue.find_version(session, version or (row.version_uri if row else ""), PUBLIC)
    if row is None or head is None or shown is None or row.kind != kind or shown.item_uri != uri:
        raise Malformed(f"This node's catalogue has no such {kind}.", code="NotFound")
    from federation.codec import decode

    return {
        "entry": summaries_of(services, [row])[0],
        "head": to_json(decode(head.block)),
        "version": shown.value,
        "versionUri": shown.uri,
        "versionCid": shown.cid,
    }
