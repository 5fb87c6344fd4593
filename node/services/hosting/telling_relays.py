"""Relays are told that this node has news: who follows them then hears of its practitioners."""

from __future__ import annotations

from functools import partial
from urllib.parse import urlsplit

from node.errors import NodeError
from node.logs import get_logger
from node.services.outside import Outside
from node.settings.declared import Settings
from node.store.administration import facts
from node.store.database import Database
from node.store.repositories import events


def tell_relays(database: Database, outside: Outside, settings: Settings) -> int:
    """Ask each configured relay to read this node, if anything was announced since the last time; how many were told.

    One that is read already loses nothing by it, and one that lost us takes us up again.
    """
    with database.read() as session:
        newest = events.last_seq(session)
        waiting = [url for url in settings.relays if (facts.find_fact(session, _fact(url)) or {}).get("seq") != newest]
    told = 0
    for url in waiting:
        try:
            outside.request_crawl(url, urlsplit(settings.public_url).netloc)
        except NodeError as error:
            get_logger("relays").warning("a relay was not told", relay=url, error=error.message)
            continue
        database.writer.write(partial(facts.save_fact, name=_fact(url), value={"seq": newest}))
        told += 1
    return told


def _fact(url: str) -> str:
    return f"relay-told|{url}"
