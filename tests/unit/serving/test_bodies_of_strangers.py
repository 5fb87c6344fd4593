"""Who is not known here sends little; the large forms of those who are keep no event loop busy."""

from __future__ import annotations

import asyncio
import json
import threading
from typing import Any

import pytest
from litestar import Litestar, post
from litestar.testing import TestClient

from node.errors import TooLarge
from node.services.people.jwt import ExpiredToken
from node.web import large_forms, memories
from node.web.bodies import SMALL, STRANGERS, Bodies, TooLargeForStrangers
from node.web.large_forms import FormAside
from node.web.memories import remember_little
from node.web.problems import answer_error

PIECE = 65_536


async def _read(_scope: Any, receive: Any, send: Any) -> None:
    while (await receive()).get("more_body"):
        pass
    await send({"type": "http.response.start", "status": 200, "headers": []})


def _answer(size: int, *, known: bool) -> tuple[int, list[bool]]:
    """The status that a body gets, and each answer to whether its sender is known."""
    told, asked = _told(size, known=known)
    return told[0]["status"], asked


def _told(size: int, *, known: bool) -> tuple[list[Any], list[bool]]:
    asked, told = [], []

    async def knows(_scope: Any) -> bool:
        asked.append(known)
        return known

    async def send(message: Any) -> None:
        told.append(message)

    async def story() -> None:
        left = size

        async def receive() -> Any:
            nonlocal left
            piece, left = min(left, PIECE), left - min(left, PIECE)
            return {"type": "http.request", "body": b"x" * piece, "more_body": left > 0}

        scope = {"type": "http", "path": "/sign-in", "method": "POST", "headers": []}
        await Bodies(_read, 10_000_000, knows=knows)(scope, receive, send)

    asyncio.run(story())
    return told, asked


def test_a_large_body_is_taken_of_who_is_known_and_asked_about_once() -> None:
    assert _answer(STRANGERS, known=False) == (200, [])
    assert _answer(2 * STRANGERS, known=False) == (TooLargeForStrangers.status, [False])
    assert _answer(4 * STRANGERS, known=True) == (200, [True])
    told, _ = _told(2 * STRANGERS, known=False)
    assert json.loads(told[1]["body"])["hint"] == TooLargeForStrangers.hint
    assert b"retry-after" not in dict(told[0]["headers"])


def test_who_shows_a_token_that_ran_out_hears_so_also_where_nobody_else_would_say_it() -> None:
    async def knows(_scope: Any) -> bool:
        raise ExpiredToken

    told: list[Any] = []

    async def send(message: Any) -> None:
        told.append(message)

    async def receive() -> Any:
        return {"type": "http.request", "body": b"x" * (STRANGERS + 1), "more_body": False}

    scope = {"type": "http", "path": "/xrpc/com.atproto.repo.applyWrites", "method": "POST", "headers": []}
    asyncio.run(Bodies(_read, 10_000_000, knows=knows)(scope, receive, send))
    assert (told[0]["status"], json.loads(told[1]["body"])["error"]) == (400, "ExpiredToken")


def test_a_large_form_is_read_beside_the_event_loop(monkeypatch: pytest.MonkeyPatch) -> None:
    @post("/take")
    async def take(request: FormAside) -> list[str]:
        begun.append(threading.get_ident())
        return [name + value for name, value in (await request.form()).items()]

    def read(encoded: bytes) -> Any:
        begun.append(threading.get_ident())
        return memories.read_form(encoded)

    begun: list[int] = []
    monkeypatch.setattr(large_forms, "read_form", read)
    app = Litestar([take], request_class=FormAside, openapi_config=None, logging_config=None)
    remember_little(app)
    with TestClient(app) as client:
        assert client.post("/take", data={"a": "ö"}).json() == ["aö"]
        assert len(begun) == 1
        assert client.post("/take", data={"a": "ö" * SMALL}).json() == ["a" + "ö" * SMALL]
    loop, of_large = begun[1:]
    assert of_large != loop


def test_a_json_of_countless_lists_is_refused_before_it_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    @post("/take")
    async def take(request: FormAside) -> int:
        return len(await request.json())

    monkeypatch.setattr(large_forms, "MOST_LISTS", 30_000)
    handlers = {Exception: answer_error}
    app = Litestar(
        [take], request_class=FormAside, exception_handlers=handlers, openapi_config=None, logging_config=None
    )
    with TestClient(app) as client:
        assert client.post("/take", json=[["a[b"]] * 14_999).json() == 14_999
        assert client.post("/take", json=[[]] * 30_000).status_code == TooLarge.status
