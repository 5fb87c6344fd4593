"""Offers of the learning service as items of the feed page."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from node.services.assembly import Services
from node.store.content import catalogue
from node.store.content.catalogue import MEMBERS
from node.store.tables.catalogue import ItemRow
from node.web.contexts.cards import Freshness, Link, PersonLink
from node.web.contexts.worker.feed import Chance, FeedItem, ReasonTerm, RunnerUp
from node.web.pages.cards import freshness_context, layer_of, level_of
from node.web.pages.links import href_of_item, href_of_person, task_link
from node.web.pages.names import Names
from node.web.private.pages.words import kind_shown, sentence

if TYPE_CHECKING:
    from node.personalizer.feed.items import FeedItem as Chosen
    from node.services.learning.feed.offers import Offer

LEAST_SHARE = 0.08  # so that the smallest bar can be seen


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What the catalogue knows about the subjects of a list."""

    rows: Mapping[str, ItemRow]
    fresh: Mapping[str, Freshness]
    people: Mapping[str, PersonLink]
    descriptions: Mapping[str, str]
    titles: Mapping[str, str]
    own_tasks: frozenset[str]


def items_of(services: Services, offers: Sequence[Offer], own_tasks: Iterable[str]) -> tuple[FeedItem, ...]:
    """In order; what the worker dealt with today is left out."""
    left = [offer for offer in offers if not offer.outcome]
    around = _look_around(services, left, frozenset(own_tasks))
    return tuple(_item(offer, around) for offer in left)


def _look_around(services: Services, offers: Sequence[Offer], own_tasks: frozenset[str]) -> Surroundings:
    subjects = [offer.item.subject for offer in offers]
    people = {subject for subject in subjects if subject.startswith("did:")} | {o.author for o in offers if o.author}
    with services.database.read() as session:
        rows = catalogue.find_items(session, subjects, MEMBERS)
        served = {task for row in rows.values() for task in row.tasks if task in own_tasks}
        titles = {uri: row.title for uri, row in catalogue.find_items(session, list(served), MEMBERS).items()}
        names = Names(session, people)
        links = {did: names.person(did) for did in people}
        profiles = {did: names.find_profile(did) for did in people}
    fresh = {uri: freshness_context(found) for uri, found in services.freshening.of(list(rows)).items()}
    described = {did: profile.description for did, profile in profiles.items() if profile}
    return Surroundings(rows, fresh, links, described, titles, own_tasks)


def _item(offer: Offer, around: Surroundings) -> FeedItem:
    item, row = offer.item, around.rows.get(offer.item.subject)
    by = around.people.get(item.subject) or around.people.get(offer.author)
    return FeedItem(
        id=offer.id,
        kind=kind_shown(item.kind),
        title=item.title,
        summary=offer.summary or around.descriptions.get(item.subject, ""),
        language=offer.language or "en",
        href=_href(offer),
        minutes=item.minutes or None,
        layer=layer_of(row.layer) if row and row.layer else None,
        level=level_of(row.level) if row else None,
        by=by,
        freshness=around.fresh.get(item.subject),
        task=_task(row, around),
        because=_because(item),
        chance=chance_of(item),
        runner_up=_runner_up(item),
        feedback=f"/me/feed/{offer.id}",
    )


def _href(offer: Offer) -> str:
    """A person by their public page, a module to be looked at again by its own, all else as a lesson."""
    if offer.item.kind == "connection":
        return href_of_person(offer.item.subject)
    page = href_of_item(offer.item.subject) if offer.item.kind == "re-verify" else None
    return page or offer.href


def _task(row: ItemRow | None, around: Surroundings) -> Link | None:
    """The worker's own task that it serves; a decomposed one before a reference task."""
    served = [task for task in row.tasks if task in around.own_tasks] if row else []
    return task_link(min(served, key=lambda task: task not in around.titles), around.titles) if served else None


def chance_of(item: Chosen) -> Chance | None:
    """The estimate in words; under its heading 'on your own' goes without saying."""
    if item.p is None or not item.chance:
        return None
    words = sentence(item.chance.replace(" on your own", ""))
    return Chance(p=item.p, words=words, evidence=sentence(item.evidence))


def _because(item: Chosen) -> tuple[ReasonTerm, ...]:
    """Never rising: what comes first because of the item's kind weighs as much as anything after it."""
    shares = [max(later.share for later in item.reasons[place:]) for place in range(len(item.reasons))]
    largest = max(shares, default=0.0)
    return tuple(
        ReasonTerm(
            words=sentence(reason.words),
            share=max(LEAST_SHARE, share / largest) if largest > 0 else 1.0,
        )
        for reason, share in zip(item.reasons, shares, strict=True)
    )


def _runner_up(item: Chosen) -> RunnerUp | None:
    second = item.runner_up
    if second is None:
        return None
    return RunnerUp(subject=Link(text=second.title, href=href_of_item(second.uri)), lost_because=sentence(second.why))
