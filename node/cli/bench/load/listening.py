"""Programs that follow the node's event stream all the while: what they lag behind is measured by the frames' times."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from contextlib import aclosing

from federation.addresses import AddressPolicy
from federation.errors import FetchFailed
from federation.stream import subscribe
from node.cli.bench.load.taking import Taken
from node.cli.bench.load.user import User


async def listen_all(users: Sequence[User], taken: Taken) -> None:
    """One stream for each program among the users, until cancelled; a stream that ends is a failure."""
    async with asyncio.TaskGroup() as group:
        for user in users:
            group.create_task(_listen(user.connections.url, taken))


async def _listen(url: str, taken: Taken) -> None:
    while True:
        try:
            async with aclosing(subscribe(url, policy=AddressPolicy(allow_private=True))) as frames:
                async for _ in frames:
                    pass
        except FetchFailed as error:
            taken.note("federation: stream", 0.0, type(error).__name__)
            await asyncio.sleep(1)
