"""Names looked up by the operating system's resolver, in threads of their own.

The resolver blocks, for many seconds where a name's servers are silent. Names that were found before therefore have
threads that no unknown name can take, and neither takes the program's other threads.
"""

import asyncio
import socket
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial
from typing import Any, Final

from federation.errors import FetchTimedOut, HostUnreachable

_SECONDS: Final = 10
_MOST: Final = 10_000  # names remembered
_FOUND_BEFORE = ThreadPoolExecutor(8, "lookup-known")
_OTHERS = ThreadPoolExecutor(32, "lookup")
_found: set[str] = set()


async def look_up(host: str, port: int) -> list[str]:
    """The addresses of a host by the operating system's resolver. Raises HostUnreachable, FetchTimedOut."""
    ask = partial(socket.getaddrinfo, host, port, type=socket.SOCK_STREAM)
    lookup: Future[Any] = (_FOUND_BEFORE if host in _found else _OTHERS).submit(ask)
    try:
        # Not wait_for: before Python 3.12 it forgets a cancellation that comes as the answer does.
        async with asyncio.timeout(_SECONDS):
            answers = await asyncio.wrap_future(lookup)
    except TimeoutError as error:
        _doubt(host, lookup)
        raise FetchTimedOut(f"looking up {host}") from error
    except (OSError, UnicodeError) as error:
        _doubt(host, lookup)
        raise HostUnreachable(f"{host} has no address") from error
    if len(_found) >= _MOST:
        _found.clear()
    _found.add(host)
    return list(dict.fromkeys(str(entry[4][0]) for entry in answers))


def _doubt(host: str, lookup: Future[Any]) -> None:
    """It failed, unless it never had its turn."""
    if not lookup.cancelled():
        _found.discard(host)
