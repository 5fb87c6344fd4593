"""A search server that is away: searches say so and are told to come back, all other pages are as always."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from node.search.errors import SearchServerAway
from node.services.finding import indexer as under_test
from tests.integration.fixtures.nodes import until

MODULE = """---
title: Found later
description: Written while nobody could be asked.
language: en
license: CC-BY-4.0
layer: concept
name: {}
---

# Found later

The word is {}.
"""


class Moody:
    """An engine that answers nobody while it is `away`."""

    def __init__(self, engine: Any) -> None:
        self._engine = engine
        self.away, self.asked = False, set[str]()

    def __getattr__(self, name: str) -> Any:
        if self.away:
            self.asked.add(name)
            raise SearchServerAway
        return getattr(self._engine, name)


@pytest.fixture
def away(stage: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Moody]:
    indexer = stage.services.finder._indexer
    monkeypatch.setattr(under_test, "LONGEST_REST", 0.05)
    engine = Moody(indexer.engine)
    with monkeypatch.context() as patch:
        patch.setattr(indexer, "engine", engine)
        yield engine
        engine.away = False
        until(lambda: indexer.progress.state == "ready")


def test_pages_do_without_it_and_the_index_catches_up(stage: Any, read: Any, away: Moody, name: str) -> None:
    browser, finder = stage.browser("peter"), stage.services.finder
    browser.submit("/me/searches", query="q=invoice")
    away.away = True
    refused = browser.client.get("/api/search?q=invoice")
    assert (refused.status_code, refused.headers["retry-after"]) == (503, "2")
    assert "search server" in read(browser.get("/search?q=invoice"))
    until(lambda: finder.progress.state == "unreachable", what="one search was enough")
    task = f"/tasks/{stage.people['wei']}/reconcile-the-bank-account"
    for path in ("/", task, "/me/searches", "/occupations", f"/people/{stage.people['wei']}"):
        assert browser.get(path).status_code == 200, path
    assert not finder.settle(60), "nobody waits for it"
    stage.publish("ruth", MODULE.format(name, name))
    assert "count" in until(lambda: away.asked)
    assert "stats" not in away.asked, "the catalogue is not compared with nobody"
    away.away = False
    until(lambda: "Found later" in read(browser.get(f"/search?q={name}")))
