"""Many at once who ask for what takes memory, and what it would take to work on all of it together."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from itertools import accumulate
from threading import Lock
from typing import Any

import httpx

from node.cli.bench.chaos.stage import PASSWORD, Stage
from node.services.room import HASHING

CROWD, ASKED = 24, 300  # people; requests of all of them
FORM = 4_000_000  # bytes that are sent to the desk: more than a draft may have, which it says once it has read them
PATIENCE = 300.0  # seconds: where memory is little, passwords are looked at one by one
SENT, TOLD = "http11.send_request_body.complete", "http11.receive_response_headers.complete"  # httpcore's own words
GONE, UNTOLD = 0, -1  # the connection broke; a 503 that does not say when to come back


@dataclass(frozen=True, slots=True)
class Heavy:
    """A kind of request: the bytes that it takes to work on one, and how it is answered when that was done."""

    name: str
    takes: int
    done: int
    ask: Callable[[httpx.Client], httpx.Response]


@dataclass(frozen=True, slots=True)
class Span:
    """One request that was done: when all of it was sent and when its answer began, by one clock."""

    sent: float
    told: float
    takes: int


def most_at_a_time(spans: Sequence[Span]) -> int:
    """Bytes of those that overlap."""
    changes = [(span.sent, span.takes) for span in spans] + [(span.told, -span.takes) for span in spans]
    return max(accumulate(more for _, more in sorted(changes)), default=0)


class Crowd:
    """`answers` by kind and status."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self._counting = Lock()
        self._spans: list[Span] = []
        self.answers: Counter[tuple[str, int]] = Counter()
        with stage.signed_in("anna") as client:
            client.get("/write").raise_for_status()
            self._cookies = httpx.Cookies(client.cookies)
        self._token = next(str(one.value) for one in self._cookies.jar if one.name.endswith("_csrf"))
        self._kinds = (
            Heavy("a repository", 0, 200, self._fetch),
            Heavy("a form", FORM, 413, self._send),
            Heavy("a sign-in", HASHING, 200, self._sign_in),
        )

    def ask_all(self) -> None:
        """Each at once with the others, one after the other."""
        with ThreadPoolExecutor(CROWD) as threads:
            list(threads.map(self._ask, range(ASKED)))

    def wrong(self, *allowed: int) -> list[str]:
        """Answers that are neither of what was done, nor to come back later, nor `allowed`."""
        done = {kind.name: kind.done for kind in self._kinds}
        return [
            f"{many} × {name}: {status}"
            for (name, status), many in self.answers.items()
            if status not in (done[name], 429, 503, *allowed)
        ]

    def undone(self) -> list[str]:
        """Kinds of which none was done: the node was not pressed by them."""
        return [f"{one.name}: none was done" for one in self._kinds if not self.answers[one.name, one.done]]

    @property
    def refused(self) -> int:
        """How many were sent away for want of room, or lost."""
        return sum(many for (_, status), many in self.answers.items() if status in (503, 507, GONE))

    @property
    def most(self) -> int:
        """Bytes that those which the node had at a time, and did, would have taken together."""
        return most_at_a_time(self._spans)

    def _ask(self, number: int) -> None:
        kind = self._kinds[number % len(self._kinds)]
        at: dict[str, float] = {}
        with self._stage.signed_in("anna") as client:
            client.timeout = httpx.Timeout(PATIENCE)
            client.event_hooks = {"request": [partial(_note_moments, at)]}
            status = self._status(kind, client)
        with self._counting:
            self.answers[kind.name, status] += 1
            if status == kind.done and SENT in at:  # an answer may come before all of it was sent
                self._spans.append(Span(at[SENT], at[TOLD], kind.takes))

    @staticmethod
    def _status(kind: Heavy, client: httpx.Client) -> int:
        try:
            answer = kind.ask(client)
        except httpx.TransportError:
            return GONE
        return UNTOLD if answer.status_code == 503 and "retry-after" not in answer.headers else answer.status_code

    def _fetch(self, client: httpx.Client) -> httpx.Response:
        return client.get("/xrpc/com.atproto.sync.getRepo", params={"did": self._stage.people["anna"]})

    def _send(self, client: httpx.Client) -> httpx.Response:
        client.cookies = self._cookies
        fields = {"draft": "long", "kind": "module", "text": "x" * FORM}
        return client.post("/write", data=fields, headers={"x-csrftoken": self._token})

    @staticmethod
    def _sign_in(client: httpx.Client) -> httpx.Response:
        body = {"identifier": "anna", "password": PASSWORD}
        return client.post("/xrpc/com.atproto.server.createSession", json=body)


def _note_moments(at: dict[str, float], request: httpx.Request) -> None:
    """When what happens to this request has happened."""

    def note(name: str, _told: dict[str, Any]) -> None:
        at[name] = time.monotonic()

    request.extensions = {**request.extensions, "trace": note}
