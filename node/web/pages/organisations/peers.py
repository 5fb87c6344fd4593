"""Followed hosts in words."""

from __future__ import annotations

from typing import Literal
from urllib.parse import urlsplit

from node.store.repositories.peers import lag_of
from node.store.tables.peers import PeerRow
from node.web.contexts.organisations.trust import PeerLine

State = Literal["live", "catching-up", "unreachable", "quarantined"]

_STATES: dict[str, State] = {
    "new": "catching-up", "backfill": "catching-up", "live": "live", "waiting": "unreachable",
    "quarantined": "quarantined",
}  # fmt: skip


def peer_line(row: PeerRow) -> PeerLine:
    """How following a host goes."""
    state = _STATES.get(row.state, "catching-up")
    return PeerLine(
        name=row.organisation or urlsplit(row.url).netloc or row.url,
        url=row.url,
        state=state,
        words=_words(row, state),
        lag=None if state == "live" or not row.seen_at else lag_of(row),
    )


def _words(row: PeerRow, state: State) -> str:
    trusted = " This node vouches for it." if row.trusted else ""
    if state == "live":
        return f"Everything it publishes is read as it happens.{trusted}"
    if state == "catching-up":
        return f"What it published before is being read and verified.{trusted}"
    return f"{row.error or 'It does not answer.'}{trusted}"
