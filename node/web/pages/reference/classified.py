"""What the pages of occupations, skills and reference tasks have in common."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import cast
from urllib.parse import quote

from node.services import naming
from node.services.assembly import Services
from node.services.reference.assistance import Part
from node.services.reference.graph.bridges import Offer
from node.services.reference.graph.shelves import Book
from node.store.content import reference_releases
from node.store.content.catalogue import Audiences
from node.store.sessions import Session
from node.store.tables.reference import ReferenceTaskRow
from node.web.contexts.cards import Link, ModuleCard
from node.web.contexts.reference import AssistancePart, Finding
from node.web.pages.cards import Placed, module_cards
from node.web.pages.links import href_of_item
from node.web.pages.order import in_order

MOST_MODULES = 30
_CLASSIFIED = ("onet:", "esco:", "isco:")


def is_classified(code: str) -> bool:
    """Is this an id of a classification?"""
    return code.startswith(_CLASSIFIED)


def occupation_page_link(code: str) -> Link:
    """An occupation and its page."""
    return Link(text=naming.occupation_name(code), href=f"/occupations/{quote(code, safe=':')}")


def skill_page_link(code: str) -> Link:
    """A skill and its page."""
    return Link(text=naming.skill_name(code), href=f"/skills/{quote(code, safe=':')}")


def task_page_link(code: str) -> Link:
    """A reference task and its page."""
    return Link(text=naming.task_name(code), href=f"/tasks/{quote(code, safe=':/')}")


def statement_link(row: ReferenceTaskRow) -> Link:
    """As `task_page_link`, of a row at hand: nothing is asked of the database."""
    return Link(text=row.statement.removesuffix("."), href=f"/tasks/{quote(row.id, safe=':/')}")


def book_link(book: Book) -> Link:
    """A module or decomposition and its page."""
    return Link(text=book.title, href=href_of_item(book.uri))


def best_of(
    services: Services, session: Session, books: Iterable[Book], audiences: Audiences, task: str = ""
) -> tuple[ModuleCard, ...]:
    """Cards of modules, best first."""
    newest = sorted(books, key=lambda book: (-book.updated_at, book.uri))
    placed = in_order(services, list(dict.fromkeys(book.uri for book in newest)), task or None)
    return module_cards(services, session, placed[:MOST_MODULES], audiences, task)


def offered_cards(
    services: Services, session: Session, offers: Sequence[Offer], audiences: Audiences
) -> tuple[ModuleCard, ...]:
    """Cards of modules from other trades, each with the way it came as its reason."""
    cards = module_cards(services, session, [Placed(offer.uri) for offer in offers], audiences)
    reasons = {href_of_item(offer.uri): offer.reason for offer in offers}
    return tuple(replace(card, reason=reasons.get(card.href, card.reason)) for card in cards)


def assistance_parts(parts: Iterable[Part]) -> tuple[AssistancePart, ...]:
    """Findings as themes show them."""
    return tuple(
        AssistancePart(
            finding=cast(Finding, part.finding), words=part.words, source=part.source, date=part.date,
            by_hand=part.by_hand,
        )
        for part in parts
    )  # fmt: skip


def attribution_of(session: Session, scheme: str) -> str:
    """Whose data it is; '' while nothing of the scheme is imported."""
    release = reference_releases.find_current(session, scheme)
    return release.attribution if release else ""
