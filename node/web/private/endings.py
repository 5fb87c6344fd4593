"""Workers are told when what they took up goes out of use: on their page, in their feed, with what to use instead."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

from node.services.assembly import Services
from node.services.policy import Viewer, audiences_of
from node.store.content import catalogue
from node.store.content.catalogue import PUBLIC, Audiences
from node.store.tables.catalogue import ItemRow
from node.web.contexts.catalogue.record import Retirement
from node.web.contexts.site import Notice
from node.web.pages.catalogue.signed import find_retirement
from node.web.pages.links import href_of_item
from node.web.private.entries import FeedEntry

TOLD_FOR = timedelta(days=14)  # after it went out of use


def ended(services: Services, viewer: Viewer, audiences: Audiences) -> list[tuple[ItemRow, Retirement]]:
    """Items that the worker took up and that went out of use lately, the last first."""
    taken_up = services.learning.taken_up(viewer)
    since = (datetime.now(UTC) - TOLD_FOR).date()
    with services.database.read() as session:
        rows = catalogue.find_items(session, list(taken_up), audiences).values()
        found = [(row, find_retirement(session, row, audiences)) for row in rows if row.retired]
    lately = [(row, ending) for row, ending in found if ending is not None and ending.at >= since]
    return sorted(lately, key=lambda pair: (pair[1].at, pair[0].uri), reverse=True)


def endings_of(services: Services, viewer: Viewer) -> tuple[Notice, ...]:
    """A line for each."""
    return tuple(
        Notice(kind="attention", text=words_of(row, ending))
        for row, ending in ended(services, viewer, audiences_of(viewer))
    )


def words_of(row: ItemRow, ending: Retirement) -> str:
    """“Title” is out of use: the author's reason. What to use instead."""
    instead = f" Use instead: “{ending.superseded_by.text}”." if ending.superseded_by else ""
    reason = ending.reason if ending.reason.endswith((".", "!", "?")) else f"{ending.reason}."
    return f"“{row.title}”, which you took up, is out of use: {reason}{instead}"


def ending_entries(services: Services, viewer: Viewer) -> Iterator[FeedEntry]:
    """The same for feed readers, which are told of nothing that is kept inside."""
    site = services.settings.public_url
    for row, ending in ended(services, viewer, PUBLIC):
        at = datetime(ending.at.year, ending.at.month, ending.at.day, tzinfo=UTC)
        instead = ending.superseded_by.href if ending.superseded_by else None
        yield FeedEntry(
            id=f"tag:{urlsplit(site).hostname or 'localhost'},{ending.at.isoformat()}:{row.version_cid}-retired",
            kind="retired",
            title=f"Out of use: {row.title}",
            url=f"{site}{instead or href_of_item(row.uri) or '/me'}",
            summary=words_of(row, ending),
            language="en",
            at=at,
        )
