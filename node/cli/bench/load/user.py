"""One person's browser or program: cookies, tokens, and the clock that runs while it waits."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Mapping
from dataclasses import dataclass, field

from node.cli.bench.load.connections import FAILURES, Answer, Connections, form
from node.cli.bench.load.taking import Taken


@dataclass(slots=True)
class User:
    """Who asks, over which connections; `draw` makes each person's way through the node repeatable."""

    name: str
    connections: Connections
    taken: Taken
    draw: random.Random
    cookies: dict[str, str] = field(default_factory=dict)

    @property
    def csrf(self) -> str:
        """What forms must say again of the cookie, so that no foreign page can send them."""
        return next((value for name, value in self.cookies.items() if name.endswith("_csrf")), "")

    async def ask(
        self, kind: str, method: str, path: str, headers: Mapping[str, str] | None = None, body: bytes = b""
    ) -> Answer | None:
        """One request of a kind; None where it failed. A redirect is followed as a request of its own."""
        began = time.perf_counter()
        try:
            answer = await self.connections.ask(method, path, {**self._own(), **(headers or {})}, body)
        except FAILURES as error:
            self.taken.note(kind, time.perf_counter() - began, type(error).__name__)
            return None
        failure = str(answer.status) if answer.status >= 400 else ""
        self.taken.note(kind, time.perf_counter() - began, failure)
        self._keep(answer.cookies)
        if answer.status in (302, 303) and "location" in answer.headers:
            return await self.ask(f"{kind}, then", "GET", answer.headers["location"])
        return None if failure else answer

    async def send(self, kind: str, path: str, fields: Mapping[str, str], *, live: bool = False) -> Answer | None:
        """Send a form; `live` as a page does that replaces a part of itself."""
        headers, body = form({"_csrf_token": self.csrf, **fields})
        return await self.ask(kind, "POST", path, {**headers, **({"HX-Request": "true"} if live else {})}, body)

    async def rest(self, seconds: float) -> None:
        """Read, think, work: half to one and a half times as long."""
        await asyncio.sleep(seconds * self.draw.uniform(0.5, 1.5))

    def _own(self) -> dict[str, str]:
        return {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())} if self.cookies else {}

    def _keep(self, cookies: tuple[str, ...]) -> None:
        for cookie in cookies:
            name, _, value = cookie.partition(";")[0].partition("=")
            self.cookies[name.strip()] = value
