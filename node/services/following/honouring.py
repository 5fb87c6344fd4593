"""How long peers take to honour our deletions: they say how far they have read us; by then it has taken effect."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import urlsplit

from node.errors import NodeError
from node.services.outside import Outside
from node.settings.declared import Settings
from node.store.administration import facts
from node.store.clock import now
from node.store.database import Database
from node.store.repositories import events, peers
from node.store.sessions import Session


def watch_deletions(database: Database, outside: Outside, settings: Settings) -> None:
    """Ask every node that is followed live whether it has read our newest deletion, until it has."""
    with database.read() as session:
        newest = events.find_newest_deletion(session)
        rows = [row for row in peers.list_peers(session) if row.kind == "node" and row.state == "live"]
        waiting = [row.url for row in rows if newest and _seen(session, row.url) < newest[0]]
    if newest is None:
        return
    seq, at = newest
    hostname = urlsplit(settings.public_url).netloc
    for url in waiting:
        try:
            reached = outside.reading_of(url, hostname)
        except NodeError:
            continue  # it does not follow us, or does not answer just now
        if reached >= seq:
            _keep(database, url, {"seq": seq, "lag": now() - at})


def _keep(database: Database, url: str, honoured: dict[str, int]) -> None:
    database.writer.write(lambda session: facts.save_fact(session, _fact(url), honoured))


def deletion_lag(session: Session, url: str) -> timedelta | None:
    """How long a peer took to honour our last deletion that it has read, at most; None where it was never seen to."""
    fact = facts.find_fact(session, _fact(url))
    return None if fact is None else timedelta(microseconds=int(fact["lag"]))


def _seen(session: Session, url: str) -> int:
    return int((facts.find_fact(session, _fact(url)) or {}).get("seq", 0))


def _fact(url: str) -> str:
    return f"deletion-honoured|{url}"
