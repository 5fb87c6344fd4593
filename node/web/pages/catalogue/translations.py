"""The same module in other languages, and the one that the reader would rather read (RFC 9110, section 12.5.4)."""

from __future__ import annotations

from collections.abc import Sequence

from node.services import naming
from node.store.content import catalogue
from node.store.content.catalogue import Audiences
from node.store.sessions import Session
from node.store.tables.catalogue import ItemRow
from node.web.contexts.catalogue.module import Translation
from node.web.pages.links import href_of_item
from schemas.identifiers import primary_language

MOST_WISHES = 20


def translations_of(session: Session, item: ItemRow, audiences: Audiences) -> tuple[Translation, ...]:
    """The original and its other translations."""
    original = item.translation_of or item.uri
    rows = catalogue.list_translations(session, [original], audiences)
    first = catalogue.find_item(session, original, audiences)
    return tuple(
        Translation(language=row.language, title=f"{row.title} ({naming.language_name(row.language)})", href=href)
        for row in (*filter(None, [first]), *rows)
        if row.uri != item.uri and not row.retired and (href := href_of_item(row.uri)) is not None
    )


def offered(item: ItemRow, others: Sequence[Translation], wishes: Sequence[str]) -> Translation | None:
    """A translation that the reader prefers to the language of this one; None where this is what they want."""
    for wish in wishes:
        if _fits(item.language, wish):
            return None
        found = next((other for other in others if _fits(other.language, wish)), None)
        if found is not None:
            return found
    return None


def wishes_in(header: str) -> list[str]:
    """The languages of an Accept-Language header, most wanted first; what is no language is passed over."""
    weighted = []
    for place, part in enumerate(header.split(",")[:MOST_WISHES]):
        tag, _, weight = part.partition(";")
        weighted.append((-_weight(weight), place, tag.strip().lower()))
    return [tag for weight, _, tag in sorted(weighted) if weight < 0 and tag and tag != "*"]


def _weight(text: str) -> float:
    name, _, value = text.strip().partition("=")
    try:
        return float(value) if name == "q" else 1.0
    except ValueError:
        return 0.0


def _fits(language: str, wish: str) -> bool:
    """`de` is served by `de-AT`, and the other way round."""
    return primary_language(language) == primary_language(wish)
