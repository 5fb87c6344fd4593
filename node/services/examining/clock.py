"""A clock that others agree with, asked of hosts that the node talks with anyway."""

from __future__ import annotations

import json
import statistics
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC
from email.utils import parsedate_to_datetime

from node.errors import NodeError
from node.services.examining.finding import Finding, in_words, judged
from node.services.outside import Outside
from node.settings.checks import directory_url
from node.settings.declared import Settings
from node.store.tables.peers import PeerRow

SKEW = 60  # seconds: signed tokens of the protocol live for about that long
SET_CLOCK = "Set the clock by the network: `timedatectl set-ntp true` (in a container, on the machine it runs on)."
ASKED = 8  # hosts at most
_PATHS = {"node": "/api/node", "server": "/xrpc/com.atproto.server.describeServer", "relay": "/xrpc/_health"}


@dataclass(frozen=True, slots=True)
class Heard:
    """What a host said: how many seconds our clock is ahead of its, and its release, '' if it told none."""

    url: str
    ahead: float
    release: str = ""


def hear(outside: Outside, settings: Settings, followed: Sequence[PeerRow]) -> list[Heard]:
    """Ask followed hosts that answer, the directory of identities, the single sign-on and relays, all at once."""
    asked = list(_addresses(settings, followed))[:ASKED]
    if not asked:
        return []
    with ThreadPoolExecutor(len(asked)) as threads:
        return [heard for heard in threads.map(lambda one: _hear(outside, *one), asked) if heard is not None]


def _addresses(settings: Settings, followed: Sequence[PeerRow]) -> Iterator[tuple[str, str]]:
    """(host, path) of each."""
    for peer in followed:
        if not peer.error:
            yield peer.url, _PATHS.get(peer.kind, _PATHS["server"])
    if directory := directory_url(settings):
        yield directory, "/_health"
    if settings.sign_on_issuer:
        yield settings.sign_on_issuer.rstrip("/"), "/.well-known/openid-configuration"
    for relay in settings.relays:
        yield relay.rstrip("/"), _PATHS["relay"]


def _hear(outside: Outside, url: str, path: str) -> Heard | None:
    before = time.time()
    try:
        answer = outside.get(url + path)
        said = parsedate_to_datetime(answer.headers["date"])
        then = (said if said.tzinfo else said.replace(tzinfo=UTC)).timestamp()  # -0000 is no place's time, not ours
        return Heard(url, (before + time.time()) / 2 - then, _release_in(answer.content))
    except (NodeError, KeyError, ValueError, OverflowError):
        return None


def _release_in(content: bytes) -> str:
    try:
        said = json.loads(content)
    except (ValueError, RecursionError):
        return ""
    release = said.get("release") if isinstance(said, dict) else ""
    return release[:40] if isinstance(release, str) else ""


def examine_clock(heard: Sequence[Heard]) -> Finding:
    """Against what other hosts say the time is; the middle one, since any of them may be wrong itself."""
    if not heard:
        return Finding("clock", ok=True, detail="nobody whom this node talks with says what time it is; not compared")
    middle = statistics.median(one.ahead for one in heard)
    hosts = f"the middle of {len(heard)} other hosts" if len(heard) > 1 else heard[0].url
    seen = f"{in_words(abs(middle))} {'ahead of' if middle > 0 else 'behind'} {hosts}"
    return judged("clock", abs(middle) < SKEW, seen, SET_CLOCK)
