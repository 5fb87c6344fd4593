"""Pages answer in time while a whole second catalogue arrives on the same node."""

from __future__ import annotations

import statistics
import sys
import threading
import time
from pathlib import Path

import httpx
import pytest

from node.cli.publishing.collect import collect
from node.cli.publishing.plan import make_plan
from node.cli.publishing.repository import Repository
from node.cli.publishing.write import carry_out
from node.cli.reaching.client import connect
from tests.browser.fixtures.demonstration import PASSWORD, Demonstration

pytestmark = [pytest.mark.real]
WANTED = 0.2  # seconds at the 95th percentile, on a machine that does nothing else
UNDER_LOAD = 5  # times that, where other tests run beside this one
PATHS = ("/", "/search?q=check", "/trust", "/me")
MODULE = """---
name: second-catalogue-{n}
title: Read gauge {n} twice
description: Two readings a minute apart tell whether gauge {n} sticks.
language: en
license: CC-BY-4.0
layer: tool
level: novice
minutes: 3
reviewBy: 2030-01-01
tasks: ["onet:51-4041.00/3110"]
occupations: ["onet:51-4041.00"]
skills: [precision-measurement]
---
Read it, wait a minute, read it again. A gauge that sticks shows the same number twice.

::: practice
Do it on gauge {n} today.
:::
"""


def test_p95_of_pages_while_two_hundred_modules_are_published(
    demonstration: Demonstration, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    url, took = demonstration.works.url, []
    for number in range(200):
        (tmp_path / f"second-catalogue-{number}.md").write_text(MODULE.format(n=number), "utf-8")
    body = {"name": "ravi", "password": PASSWORD, "label": "second catalogue"}
    signed = connect(url, connect(url).post("/api/session", body)["token"])
    repository = Repository(signed, signed.get("/api/session")["did"])
    publishing = threading.Thread(target=lambda: carry_out(make_plan(collect(tmp_path), repository), repository))
    with httpx.Client(base_url=url, headers={"accept": "text/html"}, timeout=60.0) as browser:
        token = browser.get("/sign-in").text.split('name="_csrf_token" value="')[1].split('"')[0]
        browser.post("/sign-in", data={"name": "deniz", "password": PASSWORD, "next": "/me", "_csrf_token": token})
        for path in PATHS:
            assert browser.get(path).status_code == 200
        publishing.start()
        while publishing.is_alive() or len(took) < 100:
            begun = time.perf_counter()
            assert browser.get(PATHS[len(took) % len(PATHS)]).status_code == 200
            took.append(time.perf_counter() - begun)
        publishing.join()
    p95 = statistics.quantiles(took, n=20)[-1]
    with capsys.disabled():
        sys.stdout.write(f"\n{len(took)} pages while 200 modules were published: p95 {p95 * 1000:.0f} ms\n")
    assert p95 < WANTED * UNDER_LOAD
