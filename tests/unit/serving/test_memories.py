"""What strangers send is not remembered: neither their megabytes nor anybody's password."""

from __future__ import annotations

import asyncio
import functools
import gc
import sys
import weakref
from collections.abc import Iterator
from typing import Any

import pytest
from litestar import Litestar, Request, get, post
from litestar.params import FromPath, FromQuery
from litestar.testing import TestClient

from node.errors import TooLarge
from node.web import memories
from node.web.bodies import Bodies
from node.web.memories import MOST_FIELDS, SHORT, read_form, remember_little
from node.web.pages.forms import Form
from node.web.problems import answer_error

CACHED = type(functools.lru_cache(len))
HARMLESS = {"normalize_headers"}  # kept by the framework for each handler, whoever asks


@post("/take")
async def take(data: Form) -> str:
    return ",".join(data)


@get("/read/{what:str}")
async def read(what: FromPath[str], q: FromQuery[str]) -> str:
    return what[:5] + q[:5]


@pytest.fixture
def client() -> Any:
    app = Litestar([take, read], exception_handlers={Exception: answer_error}, openapi_config=None, logging_config=None)
    remember_little(app)
    with TestClient(app) as client:
        yield client


def _looked_up() -> list[int]:
    """How often each of the framework's memories was asked for what it did not hold, and holds from then on."""
    return [one.cache_info().misses for one in (*memories.REMEMBERED, memories._FORMS)]


def test_only_what_is_short_is_remembered_and_no_form(client: Any) -> None:
    client.post("/take", data={"a": "b"})
    before = _looked_up()
    assert client.post("/take", data={"name": "anna", "password": "a long sentence"}).text == "name,password"
    long = "x" * (SHORT + 1)
    assert client.get(f"/read/{long}?q={long}", headers={"cookie": f"a={long}"}).text == "xxxxxxxxxx"
    assert _looked_up() == before
    assert client.get("/read/abc?q=abc").status_code == 200
    assert _looked_up() != before, "or this would prove nothing"


def test_no_part_of_the_framework_still_calls_what_remembers(client: Any) -> None:
    """A release of it that does so elsewhere, or remembers something new, is met here."""
    modules: list[Any] = [module for name, module in list(sys.modules.items()) if name.partition(".")[0] == "litestar"]
    classes = [value for module in modules for value in vars(module).values() if isinstance(value, type)]
    found = {
        f"{place.__name__}.{name}"
        for place in (*modules, *classes)
        for name, value in vars(place).items()
        for called in [getattr(value, "__func__", value)]
        if isinstance(called, CACHED) and called.__module__.startswith("litestar.")
        if called.__name__ not in HARMLESS
    }
    assert found == set()


def test_a_form_of_a_million_fields_is_refused(client: Any) -> None:
    with pytest.raises(TooLarge):
        read_form(b"a=1&" * MOST_FIELDS)
    headers = {"content-type": "application/x-www-form-urlencoded"}
    assert client.post("/take", content=b"a=1&" * MOST_FIELDS, headers=headers).status_code == 413
    assert read_form(b"a=1&b=&a=%C3%A9+x&c") == {"a": ["1", "é x"], "b": "", "c": ""}


class Large(dict[str, str]):
    """A form whose end can be seen."""


@pytest.fixture
def collector_away() -> Iterator[None]:
    gc.disable()
    yield
    gc.enable()


def test_a_form_that_was_refused_is_gone_without_the_collector(collector_away: None) -> None:
    """It comes by too rarely: strangers' refused forms were a gigabyte by then."""
    seen: list[weakref.ref[Large]] = []

    @post("/refuse", sync_to_thread=True)
    def refuse(request: Request[Any, Any, Any]) -> None:
        form = Large()
        seen.append(weakref.ref(form))
        error = TooLarge()  # as futures and `except … as` do: the frame holds the error, and the error the frame
        raise error

    app = Litestar([refuse], exception_handlers={Exception: answer_error}, openapi_config=None, logging_config=None)
    body = Bodies(app, 1_000_000)
    scope: dict[str, Any] = {
        "type": "http", "method": "POST", "path": "/refuse", "headers": [], "query_string": b"", "state": {},
        "root_path": "", "client": None, "server": None, "scheme": "http",
    }  # fmt: skip
    answers: list[Any] = []

    async def receive() -> Any:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Any) -> None:
        answers.append(message)

    asyncio.run(body(scope, receive, send))
    assert answers[0]["status"] == 413
    assert [reference() for reference in seen] == [None]
    assert "state" not in scope, "which an idle connection would keep"
