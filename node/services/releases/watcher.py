"""Reads the feeds that curators named: addresses of strangers, so through the one guarded door, small and seldom."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

from federation.errors import FederationError, StatusUnexpected
from federation.safe_http import Request, Response, SafeClient
from node.errors import Malformed, NodeError, Unreachable
from node.logs import get_logger
from node.services.outside import policy_of
from node.services.releases.entries import Entry, newest_first, parse_entries
from node.services.releases.versions import find_version
from node.settings.declared import Settings
from node.store.clock import DAY, now
from node.store.content import tools
from node.store.database import Database
from node.store.sessions import Session
from node.store.tables.tools import ToolFeedRow, ToolReleaseRow

EVERY = DAY // 4  # a release flags what names the tool within a day, also after a feed was down for one turn
LONGEST_WAIT = DAY
LARGEST = 2_000_000  # bytes of a feed
PATIENCE = 20.0  # seconds for one feed
AT_ONCE = 4
MOST_FEEDS = 500
MOST_KEPT = 50  # releases taken from one reading
NOT_MODIFIED = 304


@dataclass(frozen=True, slots=True)
class Reading:
    """What a feed said: its entries, or None when nothing has changed since."""

    entries: list[Entry] | None
    etag: str = ""
    modified: str = ""


class ReleaseWatcher:
    """The feeds of this node. `told` is called after new releases were stored."""

    def __init__(self, settings: Settings, database: Database, told: Callable[[], None]) -> None:
        self._settings = settings
        self._database = database
        self._told = told
        self._log = get_logger("releases")

    def name(self, url: str, vendor: str, product: str, named_by: str) -> ToolFeedRow:
        """Watch a feed from now on; read at once, so that a wrong address is noticed. Raises Malformed, Unreachable."""
        address, product = _checked(url), " ".join(product.split())
        if not 0 < len(product) <= 100 or len(vendor) > 100:
            raise Malformed("Which product? Name it as modules do.", hint="Like --product Excel --vendor Microsoft")
        row = ToolFeedRow(url=address, vendor=" ".join(vendor.split()), product=product, named_by=named_by)
        row.added_at = now()
        with self._database.read() as session:
            if len(tools.list_feeds(session)) >= MOST_FEEDS and tools.find_feed(session, address) is None:
                raise Malformed(f"This node watches {MOST_FEEDS} feeds at most.")
        reading = asyncio.run(self._with_client([row]))[0]
        if isinstance(reading, NodeError):
            raise reading
        self._store(row, reading)
        return row

    def forget(self, url: str) -> ToolFeedRow:
        """Watch a feed no more. Raises Unknown."""
        with self._database.read() as session:
            row = tools.get_feed(session, url)
        self._database.writer.write(lambda session: tools.delete_feed(session, url))
        self._told()
        return row

    def read_due(self, *, all_of_them: bool = False) -> int:
        """Read the feeds whose time has come (or all); returns how many new releases were seen."""
        with self._database.read() as session:
            due = tools.list_feeds(session) if all_of_them else tools.list_due_feeds(session, now(), MOST_FEEDS)
        readings = asyncio.run(self._with_client(due)) if due else []
        return sum(self._store(row, reading) for row, reading in zip(due, readings, strict=True))

    async def _with_client(self, rows: list[ToolFeedRow]) -> list[Reading | NodeError]:
        gate = asyncio.Semaphore(AT_ONCE)
        async with SafeClient(policy=policy_of(self._settings)) as http:

            async def one(row: ToolFeedRow) -> Reading | NodeError:
                async with gate:
                    return await _read(row, http.request)

            return list(await asyncio.gather(*map(one, rows)))

    def _store(self, row: ToolFeedRow, reading: Reading | NodeError) -> int:
        """Note what was read; the number of releases that were not known."""
        at = now()

        def work(session: Session) -> int:
            row.checked_at = at
            if isinstance(reading, NodeError):
                row.failures, row.error = row.failures + 1, reading.message[:500]
                row.next_check = at + min(EVERY * 2 ** min(row.failures - 1, 4), LONGEST_WAIT)
                tools.save_feed(session, row)
                return 0
            row.failures, row.error, row.next_check = 0, "", at + EVERY
            if reading.entries is not None:
                row.etag, row.modified = reading.etag, reading.modified
            tools.save_feed(session, row)
            return _add_releases(session, row, reading.entries or [], at)

        added = self._database.writer.write(work)
        if added:
            self._log.info("releases seen", product=row.product, releases=added)
            self._told()
        return added


def _add_releases(session: Session, row: ToolFeedRow, entries: list[Entry], at: int) -> int:
    known, added = tools.known_versions(session, row.url), 0
    for entry in newest_first(entries):
        version = find_version(entry.title, row.product)
        if version is None or version in known or added >= MOST_KEPT:
            continue
        known.add(version)
        added += 1
        published = min(entry.at or at, at)  # a feed cannot announce from the future
        release = ToolReleaseRow(
            feed=row.url, version=version, title=entry.title, href=entry.href, published_at=published, seen_at=at
        )
        tools.add_release(session, release)
    return added


async def _read(row: ToolFeedRow, ask: Callable[[Request], Awaitable[Response]]) -> Reading | NodeError:
    """One conditional GET (RFC 9110, 13.1): what has not changed costs its host and this node almost nothing."""
    conditions = {"if-none-match": row.etag, "if-modified-since": row.modified}
    headers = {name: text for name, text in conditions.items() if text}
    accept = "application/atom+xml, application/rss+xml, application/feed+json, application/xml;q=0.9, */*;q=0.5"
    try:
        answer = await ask(Request(row.url, headers={"accept": accept, **headers}, limit=LARGEST, seconds=PATIENCE))
        entries = parse_entries(answer.content)
    except StatusUnexpected as error:
        return Reading(None) if error.status == NOT_MODIFIED and headers else Unreachable(str(error))
    except FederationError as error:
        return Unreachable(str(error))
    except NodeError as error:
        return error
    return Reading(entries, _header(answer.headers, "etag"), _header(answer.headers, "last-modified"))


def _header(headers: Mapping[str, str], name: str) -> str:
    return headers.get(name, "")[:300]


def _checked(url: str) -> str:
    address = url.strip()
    if len(address) > 1_000 or not address.lower().startswith(("https://", "http://")):
        raise Malformed("The address of a feed begins with https://.")
    return address
