"""What was found, with what the catalogue says of it and why it stands at its place."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Literal, cast

from markupsafe import Markup

from node.services import naming
from node.services.assembly import Services
from node.store.content import catalogue
from node.store.content.catalogue import Audiences
from node.store.sessions import Session
from node.store.tables.catalogue import ItemRow
from node.web.contexts.cards import Freshness
from node.web.contexts.search import Hit, OrderPart
from node.web.pages.cards import freshness_context, layer_of, level_of
from node.web.pages.finding.query import Query
from node.web.pages.labels import warnings_in_list
from node.web.pages.links import href_of_item, href_of_organisation, href_of_person, href_of_search, occupation_link
from node.web.pages.names import Names
from node.web.pages.reference.classified import skill_page_link, task_page_link

if TYPE_CHECKING:
    from node.search.result import Hit as Found
    from node.search.result import Parts

Kind = Literal["module", "task", "occupation", "occupation-task", "skill", "path", "person", "organisation"]


def hits_of(
    services: Services, session: Session, found: Sequence[Found], audiences: Audiences, query: Query
) -> tuple[Hit, ...]:
    """In the order found, without what was withdrawn and the index does not know of yet."""
    items = catalogue.find_items(
        session, [hit.id for hit in found if hit.kind in ("module", "task", "path")], audiences
    )
    people = [hit.id for hit in found if hit.kind == "person"]
    names = Names(session, [*(item.did for item in items.values()), *people])
    fresh = services.freshening.of(list(items))
    shown: Mapping[str, Freshness] = {uri: freshness_context(value) for uri, value in fresh.items()}
    warnings = warnings_in_list(session, items.values(), people)
    return tuple(
        replace(
            _hit(hit, items.get(hit.id), names, shown),
            warnings=warnings.get(hit.id, ()),
            more_versions=query.with_forks(hit.versions),
        )
        for hit in found
        if hit.id in items or not hit.id.startswith("at://")
    )


def _hit(found: Found, item: ItemRow | None, names: Names, fresh: Mapping[str, Freshness]) -> Hit:
    module = item is not None and item.kind == "module"
    return Hit(
        kind=cast(Kind, found.kind),
        title=Markup(found.title_html),  # noqa: S704 - escaped by the search engine
        href=_href(found),
        snippet=Markup(found.snippet_html) or Markup.escape(item.description if item else ""),  # noqa: S704 - as above
        language=(item.language if item else "") or "en",
        layer=layer_of(item.layer) if module and item else None,
        level=level_of(item.level) if module and item else None,
        minutes=(item.minutes or None) if item else None,
        by=_by(found, item, names),
        freshness=fresh.get(found.id) if module else None,
        order=_order(found.parts, curated=item is not None),
        more_versions=None,
    )


def _href(found: Found) -> str:
    if found.kind == "person":
        return href_of_person(found.id)
    if found.kind == "organisation":
        return href_of_organisation(found.id)
    if found.kind == "occupation":
        return occupation_link(found.id).href or "/"
    if found.kind in ("skill", "occupation-task"):
        made = skill_page_link if found.kind == "skill" else task_page_link
        return made(found.id).href or "/"
    return href_of_item(found.id) or href_of_search(q=found.title)


def _by(found: Found, item: ItemRow | None, names: Names) -> str:
    did = item.did if item else found.id if found.kind == "person" else ""
    if not did:
        return ""
    who = names.person(did)
    if item is None:
        profile = names.find_profile(did)
        doing = [naming.occupation_name(code) for code in (profile.occupations if profile else [])[:1]]
        return ", ".join(filter(None, (*doing, who.organisation)))
    return ", ".join(filter(None, (who.name, who.organisation)))


def _order(parts: Parts, *, curated: bool) -> tuple[OrderPart, ...]:
    """The factors of the blend: text × (1 + weight × curation) × freshness."""
    matched = "all words match" if parts.tier == "all" else "some words match"
    relevance = OrderPart(
        name="Relevance", share=_share(parts.text), words=f"{matched}, {parts.text:.2f} of the best fit"
    )
    if not curated:
        return (relevance,)
    lift = 1 + parts.weight * parts.curation
    verdicts = f"counts × {lift:.2f}" if parts.curation > 0 else "no verdict counts yet: × 1"
    return (
        relevance,
        OrderPart(name="Practitioners’ verdicts", share=_share(parts.curation), words=verdicts),
        OrderPart(name="Freshness", share=_share(parts.freshness), words=f"× {parts.freshness:.2f}"),
    )


def _share(value: float) -> float:
    return max(0.0, min(1.0, value))
