"""org.skillnet.curation.*: the ranking as this node sees it, with its reasons and with all that it is computed from."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from itertools import islice
from typing import TYPE_CHECKING, Any

from litestar import Request

from node.errors import Malformed
from node.services.assembly import Services
from node.services.ranking import statements
from node.services.ranking.epochs import epoch_of
from node.store.clock import as_text, moment_of, now
from node.store.content import catalogue, contributions
from node.store.content.catalogue import PUBLIC
from node.store.repositories import records
from node.store.sessions import Session
from node.web.xrpc.skillnet.reading import reading
from node.web.xrpc.skillnet.summaries import millionths, page, parameters_of, score_of, summaries_of

if TYPE_CHECKING:
    from curation.stated.statements import Statement

AnyRequest = Request[Any, Any, Any]
Body = dict[str, Any]
MOST_INPUTS = 1_000  # named in one explanation
_PEOPLE, _SAID = "people:", "said:"


def _viewer(services: Services, asked: Body) -> str:
    """This node, or an organisation whose eyes it can borrow: one that it trusts. Raises Malformed."""
    viewer = str(asked.get("viewer") or services.identity.did)
    if viewer != services.identity.did and viewer not in services.rankings.trust():
        raise Malformed(
            "This node does not trust that organisation, so it cannot see as it does.", code="ViewerUnknown"
        )
    return viewer


def _epoch() -> str:
    return moment_of(epoch_of(now())).date().isoformat()


@reading("org.skillnet.curation.getRanking")
def get_ranking(request: AnyRequest, services: Services) -> Body:
    """Modules, best first."""
    from curation.exchange import parameters_value
    from curation.parameters import Parameters

    asked = parameters_of(request, "org.skillnet.curation.getRanking")
    viewer, task = _viewer(services, asked), asked.get("task") or None
    with services.database.read() as session:
        rows = {row.uri: row for row in catalogue.list_items(session, PUBLIC, kind="module") if not row.retired}
    occupation = asked.get("occupation")
    wanted = [
        row.uri
        for row in rows.values()
        if (not task or task in row.tasks) and (not occupation or occupation in row.occupations)
    ]
    ranked = services.rankings.unranked_reason(viewer) is None
    places, more = page(_places(services, wanted, task, viewer, ranked=ranked), asked)
    shown = [uri for uri, _ in places]
    scores = services.rankings.scores(shown, task, viewer)
    entries = summaries_of(services, [rows[uri] for uri in shown])
    with services.database.read() as session:
        named = _inputs(session, services, shown, viewer) if asked.get("inputs") else []
    return {
        "viewer": viewer,
        "epoch": _epoch(),
        "at": as_text(now()),
        "ranked": ranked,
        "parameters": parameters_value(Parameters()),
        "items": [
            {"entry": entry, "score": score_of(score), **({"explored": True} if explored else {})}
            for entry, score, (_, explored) in zip(entries, scores, places, strict=True)
        ],
        **({"inputs": named} if asked.get("inputs") else {}),
        **more,
    }


def _places(
    services: Services, uris: list[str], task: str | None, viewer: str, *, ranked: bool
) -> list[tuple[str, bool]]:
    """As pages order them; True marks what stands there to be tried. Without trust nothing is offered that way."""
    if ranked:
        return services.rankings.explore(uris, task, viewer)
    return [(uri, False) for uri in services.rankings.order(uris, task, viewer)]


@reading("org.skillnet.curation.explain")
def explain(request: AnyRequest, services: Services) -> Body:
    """Why an item stands where it stands, with the endorsements that were read."""
    asked = parameters_of(request, "org.skillnet.curation.explain")
    uri, task, viewer = asked["uri"], asked.get("task") or None, _viewer(services, asked)
    with services.database.read() as session:
        if catalogue.find_item(session, uri, PUBLIC) is None:
            raise Malformed("This node's catalogue has no such item.", code="NotFound")
        names = {row.did: row.name for row in contributions.list_organisations(session)}
        named = _inputs(session, services, [uri], viewer)
    found = services.rankings.explain(uri, task, viewer)
    fresh = services.freshening.of([uri])[uri]
    voices = [
        {
            "organisation": v.organisation,
            **({"name": names[v.organisation]} if v.organisation in names else {}),
            "opinion": millionths(v.opinion),
            "voice": millionths(v.voice),
            "contribution": millionths(v.contribution),
            "trust": millionths(v.trust),
            "trustPath": list(v.trust_path),
        }
        for v in found.voices
    ]
    dropped = [{"reason": d.code, "text": d.sentence(), "count": d.endorsements} for d in found.dropped]
    return {
        "uri": uri,
        "score": score_of(services.rankings.scores([uri], task, viewer)[0]),
        "prior": millionths(found.prior),
        "sentence": " ".join(found.sentences())[:2000],
        "voices": voices,
        "dropped": dropped,
        "raise": [rise.sentence() for rise in found.what_would_raise],
        "freshness": {"value": millionths(fresh.value), "reasons": fresh.sentences()},
        "inputs": named,
    }


@reading("org.skillnet.curation.getInputs")
def get_inputs(request: AnyRequest, services: Services) -> Body:
    """Every statement that the ranking is computed from, page by page."""
    from curation.exchange import parameters_value, value_of
    from curation.parameters import Parameters

    asked = parameters_of(request, "org.skillnet.curation.getInputs")
    viewer, cursor, limit = _viewer(services, asked), str(asked.get("cursor") or _PEOPLE + "0"), int(asked["limit"])
    with services.database.read() as session:
        found, onward = _page_of(session, cursor, limit)
    slow = {"$bytes": base64.b64encode(services.rankings.slow_layer(viewer)).decode().rstrip("=")}
    return {
        "viewer": viewer,
        "epoch": _epoch(),
        "parameters": parameters_value(Parameters()),
        **({"slow": slow} if cursor == _PEOPLE + "0" else {}),
        "statements": [value_of(statement) for statement in found],
        **({"cursor": onward} if onward else {}),
    }


def _page_of(session: Session, cursor: str, limit: int) -> tuple[list[Statement], str]:
    """People, subjects and tasks first, by number; then endorsements, by address. Raises Malformed."""
    if cursor.startswith(_SAID):
        rows = contributions.page_endorsements(session, PUBLIC, cursor.removeprefix(_SAID), limit)
        versions = [(row, catalogue.find_version(session, row.version_uri, PUBLIC)) for row in rows]
        counted = [statements.endorsement_of(row, version) for row, version in versions]
        return [one for one in counted if one is not None], _SAID + rows[-1].uri if len(rows) == limit else ""
    start = cursor.removeprefix(_PEOPLE)
    if not (cursor.startswith(_PEOPLE) and start.isdecimal() and len(start) < 9):
        raise Malformed("This cursor was not given out here.")
    found = list(islice(_before_endorsements(session), int(start), int(start) + limit))
    return found, f"{_PEOPLE}{int(start) + limit}" if len(found) == limit else _SAID


def _before_endorsements(session: Session) -> Iterator[Statement]:
    items = catalogue.list_items(session, PUBLIC)
    yield from statements.read_people(session, now())
    yield from statements.tasks_named(items)
    yield from map(statements.subject_of, items)


def _inputs(session: Session, services: Services, uris: list[str], viewer: str) -> list[Body]:
    """The records of the endorsements that were counted for these items."""
    said = contributions.endorsements_by_item(session, uris, PUBLIC)
    heard = services.rankings.heard_among({row.did for rows in said.values() for row in rows}, viewer)
    counted = [row.uri for rows in said.values() for row in rows if row.did in heard][:MOST_INPUTS]
    found = [records.find_record_by_uri(session, uri) for uri in counted]
    return [{"uri": row.uri, "cid": row.cid} for row in found if row is not None]


HANDLERS = (get_ranking, explain, get_inputs)
