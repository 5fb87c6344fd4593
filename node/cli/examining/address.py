"""How the world finds this node: name, certificate, the node behind it, and a clock that others agree with."""

from __future__ import annotations

import socket
import ssl
import statistics
import time
from collections.abc import Iterator, Sequence
from email.utils import parsedate_to_datetime
from urllib.parse import urlsplit

import httpx

from node.cli.examining.finding import DAY, Finding, judged
from node.cli.reaching.client import Answered, connect
from node.errors import Unreachable

FEW_DAYS = 14  # of a certificate: whoever renews by itself does so at thirty
PATIENCE = 5.0  # seconds
SKEW = 60  # seconds: signed tokens of the protocol live for about that long
ASKED = 5  # peers

_CLOCK = "Set the clock by the network: timedatectl set-ntp true"


def examine_address(url: str, did: str) -> Iterator[Finding]:
    """From the outside in; what is wrong first explains the rest."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    name = _name(host)
    yield name
    if name.ok and parts.scheme == "https":
        yield _certificate(host, parts.port or 443)
    if name.ok:
        yield _node_behind(url, did)


def _name(host: str) -> Finding:
    try:
        found = sorted({str(entry[4][0]) for entry in socket.getaddrinfo(host, None)})
    except OSError as error:
        mend = "Add an A or AAAA record for the host of node.url; for people's handles one for *.HOST too."
        return Finding("DNS", ok=False, detail=f"{host}: {error.strerror or error}", mend=mend)
    return Finding("DNS", ok=True, detail=f"{host} is {', '.join(found[:3])}")


def _certificate(host: str, port: int, context: ssl.SSLContext | None = None) -> Finding:
    mend = "Does the proxy renew certificates, and does it reach the issuer? Caddy's log says why not."
    try:
        with (
            socket.create_connection((host, port), PATIENCE) as raw,
            (context or ssl.create_default_context()).wrap_socket(raw, server_hostname=host) as secure,
        ):
            certificate = secure.getpeercert() or {}
    except OSError as error:
        return Finding("certificate", ok=False, detail=f"{host}:{port}: {error}", mend=mend)
    days = (ssl.cert_time_to_seconds(str(certificate["notAfter"])) - time.time()) / DAY
    return judged("certificate", days >= FEW_DAYS, f"{days:.0f} days left", mend)


def _node_behind(url: str, did: str) -> Finding:
    mend = "Is the node running, and does the proxy of node.url lead to it?"
    try:
        document = connect(url).get("/.well-known/did.json")
    except (Unreachable, Answered) as error:
        return Finding("address", ok=False, detail=error.message, mend=mend)
    found = document.get("id") if isinstance(document, dict) else None
    if found != did:
        return Finding("address", ok=False, detail=f"{url} is somebody else's: {found}", mend=mend)
    return Finding("address", ok=True, detail=f"{url} leads to this node")


def examine_clock(peers: Sequence[str]) -> Finding:
    """Against what followed hosts say the time is; the middle one, since any of them may be wrong itself."""
    skews = [skew for url in peers[:ASKED] if (skew := _skew(url)) is not None]
    if not skews:
        return Finding("clock", ok=True, detail="no followed host says what time it is; not compared")
    middle = statistics.median(skews)
    seen = f"{abs(middle):.0f} s {'ahead of' if middle > 0 else 'behind'} the middle of {len(skews)} peers"
    return judged("clock", abs(middle) < SKEW, seen, _CLOCK)


def _skew(url: str) -> float | None:
    """Seconds that our clock is ahead of a host's."""
    try:
        before = time.time()
        answer = httpx.head(f"{url}/xrpc/com.atproto.server.describeServer", timeout=PATIENCE)
        then = parsedate_to_datetime(answer.headers["date"]).timestamp()
    except (httpx.HTTPError, KeyError, ValueError):
        return None
    return (before + time.time()) / 2 - then
