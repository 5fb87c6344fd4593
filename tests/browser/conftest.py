"""One demonstration for all browser tests, one Chromium for each file, one profile for each test."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest

from tests.browser.fixtures.demonstration import PASSWORD, Demonstration, running_demonstration, shared_demonstration
from tests.browser.fixtures.visitor import FLAGS, Visitor

PHONE = {"width": 390, "height": 844}
DESKTOP = {"width": 1280, "height": 900}


@pytest.fixture(scope="session")
def demonstration(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demonstration]:
    """Processes of the same run share it."""
    if "PYTEST_XDIST_WORKER" in os.environ:
        running = shared_demonstration(tmp_path_factory.getbasetemp().parent / "demonstration")
    else:
        running = running_demonstration(tmp_path_factory.mktemp("demonstration"))
    with running as nodes:
        yield nodes


@pytest.fixture(scope="session")
def operator(demonstration: Demonstration) -> str:
    """Who runs the works' node in these tests: made by the node's own operator, at its socket."""
    name, folder = "olga", demonstration.works.data
    with httpx.Client(transport=httpx.HTTPTransport(uds=str(folder / "operator.sock")), timeout=60.0) as client:
        body = {"name": name, "displayName": "Olga Lind", "roles": ["operator"], "password": PASSWORD}
        answer = client.post("http://node/api/people", json=body)
    assert answer.is_success or "taken" in answer.text or answer.status_code == 409, answer.text
    return name


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    """Ended with the file: while the engine runs, no other event loop can be started in this thread."""
    from playwright.sync_api import sync_playwright

    program = shutil.which("chromium") or shutil.which("chromium-browser")
    with sync_playwright() as engine:
        browser = engine.chromium.launch(executable_path=program, args=FLAGS, timeout=120_000)
        yield browser
        browser.close()


@pytest.fixture
def visit(chromium: Any) -> Iterator[Callable[..., Visitor]]:
    """Make visitors; what they noticed is looked at when the test ends."""
    visitors: list[Visitor] = []

    def arrive(**options: Any) -> Visitor:
        options.setdefault("viewport", DESKTOP)
        visitors.append(Visitor(chromium.new_context(reduced_motion="reduce", **options)))
        return visitors[-1]

    yield arrive
    for visitor in visitors:
        visitor.leave()


@pytest.fixture
def visitor(visit: Callable[..., Visitor]) -> Visitor:
    return visit()
