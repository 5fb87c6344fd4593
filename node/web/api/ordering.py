"""/api for readers: what is found, in which order, and why. Each asker gets what they may see, no more."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any

from litestar import get
from litestar.di import Provide
from litestar.params import Parameter

from node.errors import Unknown
from node.services.assembly import Services
from node.services.policy import Viewer, audiences_of
from node.store.content import catalogue, contributions
from node.web.access.viewing import require_reading
from node.web.api.reading import get_item, handles_of, summary_of

if TYPE_CHECKING:
    from curation.explaining.explanation import Dropped, VoiceHeard

Body = dict[str, Any]
MOST = 100  # hits or places in one answer

Limit = Annotated[int, Parameter(ge=1, le=MOST)]
Offset = Annotated[int, Parameter(ge=0, le=10_000)]


@dataclass(frozen=True, slots=True)
class Narrowing:
    """Any of the values within a property, all properties together."""

    kind: list[str] | None = None
    occupation: list[str] | None = None
    layer: list[str] | None = None
    level: list[str] | None = None
    language: list[str] | None = None

    def filters(self) -> dict[str, tuple[str, ...]]:
        """What was given."""
        given = {name: getattr(self, name) for name in self.__slots__}
        return {name: tuple(values) for name, values in given.items() if values}


@dataclass(frozen=True, slots=True)
class Slice:
    """Which part of a list is wanted."""

    limit: Limit = 10
    offset: Offset = 0


@dataclass(frozen=True, slots=True)
class Viewpoint:
    """For which task, and through whose eyes; this node's own when empty."""

    task: str = ""
    through: str = ""


_NARROWING = Provide(Narrowing, sync_to_thread=False)
_SLICE = Provide(Slice, sync_to_thread=False)
_VIEWPOINT = Provide(Viewpoint, sync_to_thread=False)


@get("/api/search", sync_to_thread=True, dependencies={"narrowing": _NARROWING, "part": _SLICE})
def search(services: Services, viewer: Viewer, narrowing: Narrowing, part: Slice, q: str = "") -> Body:
    """Hits in the order relevance × curation × freshness, each with the reasons for its place."""
    from node.search.request import SearchRequest

    require_reading(services, viewer)
    audiences = audiences_of(viewer)
    request = SearchRequest(q, audiences, narrowing.filters(), limit=part.limit, offset=part.offset)
    found = services.finder.search(request)
    with services.database.read() as session:
        items = catalogue.find_items(session, [hit.id for hit in found.hits], audiences)
        handles = handles_of(session, {row.did for row in items.values()})
    hits = []
    for hit in found.hits:
        row = items.get(hit.id)
        if row is None and hit.id.startswith("at://"):
            continue  # withdrawn, and the index does not know yet
        facts = summary_of(services, row, handles) if row else {"uri": hit.id, "kind": hit.kind, "title": hit.title}
        parts = hit.parts
        why = {
            "text": parts.text, "curation": parts.curation, "freshness": parts.freshness, "score": parts.score,
            "sentence": parts.sentence(),
        }  # fmt: skip
        hits.append({**facts, "snippetHtml": hit.snippet_html, "versions": hit.versions, "why": why})
    return {
        "query": q, "total": found.total, "didYouMean": found.did_you_mean, "notes": list(found.notes), "hits": hits,
    }  # fmt: skip


@get("/api/suggest", sync_to_thread=True)
def suggest(services: Services, viewer: Viewer, q: str, limit: Annotated[int, Parameter(ge=1, le=20)] = 8) -> Body:
    """Titles for what is being typed."""
    require_reading(services, viewer)
    found = services.finder.suggest(q, audiences_of(viewer), limit)
    return {"suggestions": [{"uri": item.id, "kind": item.kind, "title": item.title} for item in found]}


@get("/api/ranking", sync_to_thread=True, dependencies={"viewpoint": _VIEWPOINT, "part": _SLICE})
def ranking(services: Services, viewer: Viewer, viewpoint: Viewpoint, part: Slice, kind: str = "module") -> Body:
    """Best first as this node sees them; `through` a trusted organisation's eyes. With `task` only what it is for."""
    require_reading(services, viewer)
    task, through = _checked(services, viewpoint)
    audiences = audiences_of(viewer)
    with services.database.read() as session:
        rows = {row.uri: row for row in catalogue.list_items(session, audiences, kind=kind) if not row.retired}
        if task:
            used = {said.item_uri for said in contributions.list_endorsements(session, audiences) if said.task == task}
            rows = {uri: row for uri, row in rows.items() if task in row.tasks or uri in used}
        handles = handles_of(session, {row.did for row in rows.values()})
    reason = services.rankings.unranked_reason() if not through else None
    fresh = dict(zip(rows, services.freshening.values(list(rows)), strict=True))
    ordered = services.rankings.order(rows, task or None, through)
    if reason is not None:
        ordered = sorted(rows, key=lambda uri: (-fresh[uri], uri))
    page = ordered[part.offset : part.offset + part.limit]
    scores = services.rankings.scores(page, task or None, through)
    places = [
        {
            "place": part.offset + number, **summary_of(services, rows[uri], handles), "score": score.value,
            "mean": score.mean, "evidence": score.evidence, "freshness": fresh[uri],
        }
        for number, (uri, score) in enumerate(zip(page, scores, strict=True), 1)
    ]  # fmt: skip
    return {
        "ranked": reason is None, "reason": reason, "task": task or None,
        "viewer": through or services.identity.did, "total": len(rows), "places": places,
    }  # fmt: skip


def _checked(services: Services, viewpoint: Viewpoint) -> tuple[str, str]:
    """Task and viewer. Only the eyes of an organisation that this node trusts: others' are anybody's to choose."""
    through = viewpoint.through
    if through and through not in services.rankings.trust():
        raise Unknown(
            f"{through[:300]} is not an organisation that this node trusts.", hint="GET /api/trust lists them."
        )
    return viewpoint.task, through


@get("/api/explanation", sync_to_thread=True, dependencies={"viewpoint": _VIEWPOINT})
def explain(services: Services, viewer: Viewer, viewpoint: Viewpoint, uri: str) -> Body:
    """Why an item stands where it stands: voices, what was dropped, what would raise it, freshness."""
    require_reading(services, viewer)
    task, through = _checked(services, viewpoint)
    with services.database.read() as session:
        row = get_item(session, uri, viewer)
        names = {known.did: known.name for known in contributions.list_organisations(session) if known.name}
        handles = handles_of(session, {row.did})
    found = services.rankings.explain(row.uri, task or None, through)
    fresh = services.freshening.of([row.uri])[row.uri]
    return {
        "item": summary_of(services, row, handles),
        "task": task or None,
        "viewer": through or services.identity.did,
        "ranked": found.ranked,
        "score": found.score,
        "mean": found.mean,
        "evidence": found.evidence,
        "prior": found.prior,
        "voices": [_voice(voice, names) for voice in found.voices],
        "dropped": [_dropped(drop, names) for drop in found.dropped],
        "wouldRaise": [
            {"organisation": rise.organisation, "gain": rise.gain, "sentence": _named(rise.sentence(), names)}
            for rise in found.what_would_raise
        ],
        "freshness": {"value": fresh.value, "reasons": fresh.sentences()},
        "sentences": [_named(sentence, names) for sentence in found.sentences()],
    }


def _voice(voice: VoiceHeard, names: dict[str, str]) -> Body:
    return {
        "organisation": voice.organisation,
        "name": names.get(voice.organisation, ""),
        "opinion": voice.opinion,
        "voice": voice.voice,
        "contribution": voice.contribution,
        "trust": voice.trust,
        "trustPath": list(voice.trust_path),
        "sentence": _named(voice.sentence(), names),
    }


def _dropped(drop: Dropped, names: dict[str, str]) -> Body:
    return {
        "code": drop.code,
        "endorsements": drop.endorsements,
        "organisations": list(drop.organisations),
        "voice": drop.voice,
        "sentence": _named(drop.sentence(), names),
    }


def _named(sentence: str, names: dict[str, str]) -> str:
    """DIDs of organisations replaced by their names."""
    for did, name in names.items():
        sentence = sentence.replace(did, name)
    return sentence


@get("/api/trust", sync_to_thread=True)
def trust(services: Services, viewer: Viewer) -> list[Body]:
    """The organisations that this node trusts, strongest first, each with whom it is trusted through."""
    require_reading(services, viewer)
    with services.database.read() as session:
        names = {known.did: known for known in contributions.list_organisations(session)}
    found = services.rankings.trust()
    return [
        {
            "organisation": did, "name": names[did].name if did in names else "",
            "url": names[did].url if did in names else "", "trust": held.trust, "through": held.parent,
        }
        for did, held in found.items()
    ]  # fmt: skip


HANDLERS = (search, suggest, ranking, explain, trust)
