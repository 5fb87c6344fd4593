"""Connections to the core, by a socket's file or over a network that may swallow what is sent."""

from __future__ import annotations

import socket

import httpx

ANSWER = httpx.Timeout(120.0, connect=5.0)  # seconds that the core may take; one that is cut off is not reached
LIMITS = httpx.Limits(max_connections=None, max_keepalive_connections=50)
# On a connection that stood before, nothing says that what is sent arrives, or that who computes still lives.
GONE_AFTER = {"TCP_USER_TIMEOUT": 10_000, "TCP_KEEPIDLE": 5, "TCP_KEEPINTVL": 2, "TCP_KEEPCNT": 2}  # ten seconds


def client_for(core: str) -> httpx.AsyncClient:
    """Asks the core that is at this address."""
    if core.startswith("unix:"):
        transport = httpx.AsyncHTTPTransport(uds=core.removeprefix("unix:"), limits=LIMITS)
        return httpx.AsyncClient(transport=transport, base_url="http://core", timeout=ANSWER)
    known = [(getattr(socket, name), value) for name, value in GONE_AFTER.items() if hasattr(socket, name)]
    options = [(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1), *((socket.IPPROTO_TCP, *option) for option in known)]
    transport = httpx.AsyncHTTPTransport(limits=LIMITS, socket_options=options, trust_env=False)
    return httpx.AsyncClient(transport=transport, base_url=core, timeout=ANSWER)
