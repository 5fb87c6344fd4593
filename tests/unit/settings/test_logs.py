"""Logs carry no secret: neither ours nor those that libraries write."""

from __future__ import annotations

import io
import json
import logging
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
import structlog

from node.logs import REDACTED, configure_logs, get_logger, redact

SECRET = "Zm9vYmFyYmF6cXV4LXBsYW50ZWQ"
LINES = [
    f"GET /feeds/{SECRET}.atom 200",
    f"GET http://localhost:8000/feeds/{SECRET}.json",
    f"see http://localhost:8000/link/{SECRET}",
    f"Authorization: Bearer {SECRET}",
    f"/xrpc/x?token={SECRET}&limit=3",
    f"password={SECRET}",
    f"api_key={SECRET}",
    f"postgresql://skillnet:{SECRET}@localhost/skillnet",
    f"duplicate key value violates unique constraint\nDETAIL:  Key (name)=({SECRET}) already exists.",
    f"invalid input syntax\nCONTEXT:  unnamed portal parameter $1 = '{SECRET}'",
    f"https://host.example/xrpc/com.atproto.sync.getRepo?did=did:web:{SECRET}.example",
    f"550 <{SECRET}@mail.example>: no such mailbox",
]


@contextmanager
def _configured(level: str, *, as_json: bool) -> Iterator[io.StringIO]:
    """Logs as they are configured for a node; what they write."""
    root, uvicorn = logging.getLogger(), logging.getLogger("uvicorn")
    before = root.handlers[:], root.level, uvicorn.level
    root.handlers[:] = []  # what is configured closes those it finds
    written = io.StringIO()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "stderr", written)
        configure_logs(level, as_json=as_json)
        yield written
    root.handlers[:] = before[0]
    root.setLevel(before[1])
    uvicorn.setLevel(before[2])
    structlog.reset_defaults()


@pytest.fixture(params=[False, True], ids=["text", "json"])
def logs(request: pytest.FixtureRequest) -> Iterator[Any]:
    """What was written to stderr so far, with logs as they are configured for a node."""
    with _configured("debug", as_json=request.param) as written:
        yield written.getvalue


@pytest.mark.parametrize("line", LINES)
def test_what_is_secret_in_a_line_is_cut_out(line: str) -> None:
    assert SECRET not in redact(line)
    assert REDACTED in redact(line)


def test_who_it_is_about_is_cut_out() -> None:
    assert (
        redact("at://did:plc:ewvi7nxzyoun6zhxrhs64oiz/com.example.note") == f"at://did:plc:{REDACTED}/com.example.note"
    )


def test_a_long_line_of_somebody_elses_is_looked_through_once_and_cut() -> None:
    cut = redact("a" * 200_000 + "@example.org")
    assert len(cut) < 21_000
    assert cut.endswith("[…]")


@pytest.mark.parametrize(
    "line", ["https://node.example followed", "GET /feeds/", "limit=3 of 8", "http://[::1]:80/a@b"]
)
def test_what_is_public_stays(line: str) -> None:
    assert redact(line) == line


@pytest.mark.parametrize("line", LINES)
def test_our_own_events_are_redacted_in_every_value(logs: Any, line: str) -> None:
    get_logger("test").info("asked", path=line, token=SECRET, cookie=SECRET, password=SECRET)
    get_logger("test").warning(line)
    written = logs()
    assert SECRET not in written
    assert "asked" in written


@pytest.mark.parametrize("line", LINES)
def test_an_error_that_names_a_secret_is_redacted(logs: Any, line: str) -> None:
    try:
        raise RuntimeError(line)  # noqa: TRY301 - what is caught is logged
    except RuntimeError as error:
        get_logger("test").error("request failed", exc_info=error)
        get_logger("test").exception("again")
    written = logs()
    assert SECRET not in written
    assert "RuntimeError" in written


@pytest.mark.parametrize("name", ["uvicorn.error", "litestar", "websockets.server", "httpx", "some.library"])
@pytest.mark.parametrize("line", LINES)
def test_what_libraries_log_is_redacted(logs: Any, name: str, line: str) -> None:
    log = logging.getLogger(name)
    log.warning("%s came", line)
    log.error(line)
    try:
        raise ValueError(line)  # noqa: TRY301 - what is caught is logged
    except ValueError:
        log.exception("failed: %s", line)
    written = logs()
    assert SECRET not in written
    assert "ValueError" in written


def test_local_variables_are_not_printed(logs: Any) -> None:
    def fail() -> None:
        planted = SECRET
        assert planted
        raise RuntimeError("nothing secret here")

    try:
        fail()
    except RuntimeError as error:
        get_logger("test").error("request failed", exc_info=error)
    assert SECRET not in logs()


def test_quiet_levels_stay_quiet() -> None:
    with _configured("warning", as_json=False) as written:
        get_logger("test").info("not said")
        get_logger("test").warning("said")
    assert "not said" not in written.getvalue()
    assert "said" in written.getvalue()


def test_each_line_is_json_where_that_is_wanted_whoever_wrote_it() -> None:
    with _configured("info", as_json=True) as written:
        get_logger("node").info("begun", port=8000)
        logging.getLogger("uvicorn.error").warning("Invalid HTTP request received.")
        try:
            int("two\nlines")
        except ValueError:
            logging.getLogger("a.library").exception("It failed:\nthere")
    lines = [json.loads(line) for line in written.getvalue().splitlines()]
    assert [(line["event"].partition("\n")[0], line["level"]) for line in lines] == [
        ("begun", "info"), ("Invalid HTTP request received.", "warning"), ("It failed:", "error"),
    ]  # fmt: skip
    assert {line["timestamp"][-1] for line in lines} == {"Z"}
    assert "ValueError: invalid literal" in lines[2]["event"]
