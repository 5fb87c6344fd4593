"""Connections by host: whatever one host does with its own, another's requests neither wait for it nor cost more.

One pool for all looks through every connection for every request, and a hundred hosts that accept and say nothing
would hold all that it has.
"""

from collections import OrderedDict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from ssl import SSLContext

import httpcore

EACH, IDLE = 8, 2  # connections to one host, and of them without a request
KEPT = 256  # hosts whose idle connections are kept
EXPIRY = 30.0  # seconds


class Pools:
    """A pool of connections for each origin, all through one network backend."""

    def __init__(self, network: httpcore.AsyncNetworkBackend) -> None:
        self._network = network
        self._tls: SSLContext | None = None  # loading the authorities takes longer than many requests
        self._pools: OrderedDict[str, httpcore.AsyncConnectionPool] = OrderedDict()
        self._users: dict[str, int] = {}

    @asynccontextmanager
    async def of(self, origin: str) -> AsyncIterator[httpcore.AsyncConnectionPool]:
        """The pool of an origin (scheme, host and port), for one exchange."""
        pool = self._pools.get(origin) or self._made(origin)
        self._pools.move_to_end(origin)
        self._users[origin] = self._users.get(origin, 0) + 1
        try:
            yield pool
        finally:
            self._users[origin] -= 1
            await self._let_go()

    def _made(self, origin: str) -> httpcore.AsyncConnectionPool:
        if self._tls is None and origin.startswith("https:"):
            self._tls = httpcore.default_ssl_context()
        pool = self._pools[origin] = httpcore.AsyncConnectionPool(
            ssl_context=self._tls,
            max_connections=EACH,
            max_keepalive_connections=IDLE,
            keepalive_expiry=EXPIRY,
            network_backend=self._network,
        )
        return pool

    async def _let_go(self) -> None:
        """Close the pools that were not used for longest, if there are too many and nobody is using them."""
        spare = len(self._pools) - KEPT
        for origin in [name for name in list(self._pools)[: max(spare, 0)] if not self._users[name]]:
            del self._users[origin]
            await self._pools.pop(origin).aclose()

    async def close(self) -> None:
        """Close all connections."""
        pools, self._pools = self._pools, OrderedDict()
        for pool in pools.values():
            await pool.aclose()
