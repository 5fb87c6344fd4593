"""What a host says of itself: a node, another server of repositories, or a relay of other hosts' events."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass

from federation.errors import AnswerMalformed, FetchFailed, StatusUnexpected
from federation.xrpc_client import XrpcClient
from schemas.authority import NODE

_NO_SUCH_METHOD = (400, 404, 405, 501)


@dataclass(frozen=True, slots=True)
class Described:
    """DID, organisation (empty for one that is no node), its directory. `kind` is node, server or relay."""

    did: str
    organisation: str = ""
    directory: str = ""
    kind: str = "server"


async def describe(client: XrpcClient) -> Described:
    """Ask the host who it is. Raises FetchFailed."""
    try:
        did = (await client.describe_server()).did
    except (StatusUnexpected, AnswerMalformed) as error:
        if not await _relays(client, error):
            raise
        return Described("", kind="relay")
    try:
        record = (await client.get_record(did, NODE, "self"))["value"]
    except FetchFailed:
        return Described(did)
    return Described(did, str(record.get("name", ""))[:200], str(record.get("directory", "")), "node")


async def _relays(client: XrpcClient, error: FetchFailed) -> bool:
    """A relay hosts no accounts and says nothing of itself, but lists those of others."""
    if isinstance(error, StatusUnexpected) and error.status not in _NO_SUCH_METHOD:
        return False
    with contextlib.suppress(FetchFailed):
        await client.list_repos(limit=1)
        return True
    return False
