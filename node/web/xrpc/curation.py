"""org.skillnet.curation.*: the ranking as this node sees it, with its reasons."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from litestar import Request, get

from node.errors import Malformed
from node.services.assembly import Services
from node.store import catalogue, contributions
from node.store.catalogue import PUBLIC
from node.store.clock import DAY, as_text, now
from node.web.xrpc.summaries import millionths, page, parameters_of, score_of, summaries_of

AnyRequest = Request[Any, Any, Any]
Body = dict[str, Any]


def _viewer(services: Services, asked: Body) -> str:
    """This node, or an organisation whose eyes it can borrow: one that it trusts. Raises Malformed."""
    viewer = str(asked.get("viewer") or services.identity.did)
    if viewer != services.identity.did and viewer not in services.rankings.trust():
        raise Malformed(
            "This node does not trust that organisation, so it cannot see as it does.", code="UnknownViewer"
        )
    return viewer


@get("/xrpc/org.skillnet.curation.getRanking", sync_to_thread=True)
def get_ranking(request: AnyRequest, services: Services) -> Body:
    """Modules, best first."""
    asked = parameters_of(request, "org.skillnet.curation.getRanking")
    viewer, task = _viewer(services, asked), asked.get("task") or None
    with services.database.read() as session:
        rows = {row.uri: row for row in catalogue.list_items(session, PUBLIC, kind="module")}
    occupation = asked.get("occupation")
    wanted = [
        row.uri
        for row in rows.values()
        if (not task or task in row.tasks) and (not occupation or occupation in row.occupations)
    ]
    order = services.rankings.order(wanted, task, viewer)
    shown, more = page(order, asked)
    scores = services.rankings.scores(shown, task, viewer)
    entries = summaries_of(services, [rows[uri] for uri in shown])
    epoch = now() // DAY * DAY
    return {
        "viewer": viewer,
        "epoch": datetime.fromtimestamp(epoch / 1_000_000, UTC).date().isoformat(),
        "at": as_text(now()),
        "ranked": services.rankings.unranked_reason() is None,
        "items": [{"entry": e, "score": score_of(s)} for e, s in zip(entries, scores, strict=True)],
        **more,
    }


@get("/xrpc/org.skillnet.curation.explain", sync_to_thread=True)
def explain(request: AnyRequest, services: Services) -> Body:
    """Why an item stands where it stands, with the endorsements that were read."""
    asked = parameters_of(request, "org.skillnet.curation.explain")
    uri, task = asked["uri"], asked.get("task") or None
    with services.database.read() as session:
        if catalogue.find_item(session, uri, PUBLIC) is None:
            raise Malformed("This node's catalogue has no such item.", code="NotFound")
        names = {row.did: row.name for row in contributions.list_organisations(session)}
    found = services.rankings.explain(uri, task, _viewer(services, asked))
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
        "score": score_of(services.rankings.scores([uri], task)[0]),
        "prior": millionths(found.prior),
        "sentence": " ".join(found.sentences())[:2000],
        "voices": voices,
        "dropped": dropped,
        "freshness": {"value": millionths(fresh.value), "reasons": fresh.sentences()},
    }


HANDLERS = (get_ranking, explain)
