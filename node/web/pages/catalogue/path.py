"""A path, read by anybody; the modules on it as this node has them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from litestar import Response, get

from node.services.assembly import Services
from node.services.policy import Action, Viewer, may
from node.store.content import catalogue
from node.store.content.catalogue import Audiences
from node.store.sessions import Session
from node.web.contexts.catalogue.path import PathPage, StopView
from node.web.pages.cards import Placed, freshness_context, level_of, module_cards
from node.web.pages.catalogue.explaining import explain
from node.web.pages.catalogue.item_actions import actions_of
from node.web.pages.catalogue.items import Shown, origin_of, show_item
from node.web.pages.catalogue.signed import find_retirement, signed_record, version_lines
from node.web.pages.endorsements.verdicts import endorse_form, endorsement_lines
from node.web.pages.labels import item_notices
from node.web.pages.links import did_of, licence_link, occupation_link, query_of, skill_link
from node.web.pages.reading import AnyRequest, readable_by
from node.web.pages.rendering import render_text
from node.web.presenting import site_of
from schemas.authority import PATH


@get("/paths/{did:str}/{name:str}", sync_to_thread=True, include_in_schema=False)
def path_page(
    request: AnyRequest, services: Services, viewer: Viewer, did: str, name: str, version: str = ""
) -> Response[Any]:
    """The current version, or the one asked for by its key."""
    return show_item(request, services, viewer, (f"at://{did_of(did)}/{PATH}/{name}", version), _page)


def _page(request: AnyRequest, services: Services, viewer: Viewer, session: Session, shown: Shown) -> PathPage:
    item, audiences = shown.item, readable_by(services, viewer)
    stops = _stops(services, session, shown, audiences)
    minutes = sum(stop.module.minutes or 0 for stop in stops if stop.module and not stop.optional)
    return PathPage(
        site=site_of(request, services, viewer),
        title=shown.text("title"),
        description=shown.text("description"),
        language=shown.text("language") or "en",
        body=render_text(shown.text("body")),
        level=level_of(shown.text("level")) if shown.text("level") else None,
        minutes=minutes or None,
        author=shown.names.person(item.did),
        licence=licence_link(shown.text("license")) if shown.text("license") else None,
        occupations=tuple(occupation_link(code) for code in shown.words("occupations")),
        skills=tuple(skill_link(code) for code in shown.words("skills")),
        stops=stops,
        follow="/me/paths?" + query_of(uri=item.uri) if may(viewer, Action.LEARN) and not item.retired else None,
        freshness=freshness_context(services.freshening.of([item.uri]).get(item.uri)),
        explanation=explain(services, session, item, shown.verdicts),
        endorse=endorse_form(session, viewer, item, shown.version.uri, shown.verdicts),
        endorsements=endorsement_lines(services, shown.names, shown.verdicts, shown.versions, shown.titles),
        versions=version_lines(item, shown.versions),
        derived_from=origin_of(session, shown, audiences),
        actions=actions_of(session, viewer, item),
        retired=find_retirement(session, item, audiences),
        record=signed_record(services, session, shown.version),
        notices=item_notices(services, session, item, shown.version),
    )


def _stops(services: Services, session: Session, shown: Shown, audiences: Audiences) -> tuple[StopView, ...]:
    entries: list[Mapping[str, Any]] = list(shown.value.get("modules") or ())
    uris = list(dict.fromkeys(str(entry.get("module", "")) for entry in entries))
    known = [uri for uri in uris if uri in catalogue.find_items(session, uris, audiences)]
    cards = dict(zip(known, module_cards(services, session, [Placed(uri) for uri in known], audiences), strict=True))
    return tuple(_stop(entry, cards.get(str(entry.get("module", "")))) for entry in entries)


def _stop(entry: Mapping[str, Any], card: Any) -> StopView:
    return StopView(
        module=replace(card, reason="") if card is not None else None,
        title=str(entry.get("title") or str(entry.get("module", "")).rpartition("/")[2]),
        note=str(entry.get("note") or ""),
        optional=bool(entry.get("optional")),
    )


HANDLERS = (path_page,)
