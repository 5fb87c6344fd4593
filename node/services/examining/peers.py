"""Followed hosts, and what was refused of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from node.services.examining.finding import Finding, in_words, judged, own_command
from node.settings.declared import Settings
from node.store.clock import SECOND, now
from node.store.repositories import peers
from node.store.sessions import Session
from node.store.tables.peers import PeerRow

LATELY = 100  # refusals


def examine_peers(session: Session, followed: Sequence[PeerRow], settings: Settings) -> Iterator[Finding]:
    """Each by its address."""
    for peer in followed:
        yield judged(f"peer {peer.url}", not peer.error, _seen(peer), _mend(peer, settings))
    refused = peers.list_rejections(session, limit=LATELY)
    if refused:
        reasons = ", ".join(sorted({one.code for one in refused}))
        yield Finding("refused from peers", ok=True, detail=f"{len(refused)} lately: {reasons}; /admin says what")


def _seen(peer: PeerRow) -> str:
    if not peer.error:
        return {"live": "its stream is open"}.get(peer.state, "what it published before is being read")
    silent = in_words(peers.lag_of(peer).total_seconds())
    return f"not heard for {silent}: {peer.error}"


def _mend(peer: PeerRow, settings: Settings) -> str:
    sync, leave = own_command("sync", settings.data), own_command(f"unfollow {peer.url}", settings.data)
    wait = (peer.next_try - now()) / SECOND
    again = f"Tried again in {in_words(wait)}" if wait >= 1 else "Being tried again"
    return f"{again}; {sync} tries now. If it went for good: {leave}, which also forgets what came from there."
