"""Searches that a worker keeps: their page, their feeds, what is new, and that nobody else learns of them."""

from __future__ import annotations

import json
import re
import xml.etree.ElementTree as ET
from typing import Any

from node.services.people.tokens import viewer_of
from node.services.policy import Role, Viewer
from node.store.administration.people import get_person

PAID_TWICE = """---
name: paid-twice
title: An invoice paid twice
description: Find it.
language: en
license: CC-BY-4.0
layer: concept
level: novice
minutes: 5
---

Look for the invoice number.
"""
ATOM = "{http://www.w3.org/2005/Atom}"


def kept_feed(page: Any, form: str) -> str:
    found = re.search(rf'href="[^"]*(/feeds/[^"]+\.{form})"', page.text)
    assert found
    return found[1]


def test_a_kept_search_has_a_feed_and_says_what_is_new(stage: Any, read: Any) -> None:
    stage.add("kim", Role.WORKER)
    worker = stage.browser("kim")
    results = worker.get("/search?q=invoice&kind=module")
    query = re.search(r'form="keep" name="query" value="([^"]+)"', results.text)
    assert query
    page = worker.submit("/me/searches", query=query[1].replace("&amp;", "&"))
    assert "invoice, What: Modules" in read(page)
    assert "new" not in read(page).split("kept since")[0].rsplit("Modules", 1)[-1]
    again = worker.submit("/me/searches", query=query[1].replace("&amp;", "&"))
    assert again.text.count("JSON Feed</a>") == 1
    anybody = stage.browser()
    atom = ET.fromstring(anybody.get(kept_feed(page, "atom")).content)
    assert "Check an invoice that software has read for you" in [e.findtext(f"{ATOM}title") for e in atom.iter()]
    feed = json.loads(anybody.get(kept_feed(page, "json")).content)
    assert feed["title"] == "invoice, What: Modules"
    assert all(item["tags"] == ["module"] for item in feed["items"])
    assert anybody.get(kept_feed(page, "json")).headers["cache-control"] == "private, no-store"
    stage.publish("wei", PAID_TWICE)
    stage.settle()
    news = worker.get("/me/searches")
    assert "1 new" in read(news)
    assert "1 new for “invoice, What: Modules”" in read(worker.get("/me"))
    shown = worker.submit(_form(news, "/me/searches/[^/]+/show"))
    assert "An invoice paid twice" in read(shown)
    assert "1 new" not in read(worker.get("/me/searches"))
    address = kept_feed(news, "atom")
    worker.submit(_form(news, "/me/searches/[^/]+/end"))
    assert anybody.get(address).status_code == 404


def test_latest_searches_are_remembered_for_their_worker_alone_and_forgotten(stage: Any, read: Any) -> None:
    stage.add("lea", Role.WORKER)
    worker = stage.browser("lea")
    for text in ("inv", "invoi", "invoice", "bank account", "bank"):
        worker.get(f"/search?q={text}", **{"HX-Request": "true"})
    worker.get("/search?q=reply")
    assert re.findall(r'href="/search\?q=([^"]+)"', worker.get("/me/searches").text) == ["reply", "bank", "invoice"]
    assert "Lately" in read(worker.get("/search"))
    assert "Lately" not in read(stage.browser("peter").get("/search"))
    assert "Lately" not in read(stage.browser().get("/search"))
    assert any("invoice" in line for line in stage.services.learning.export(_viewer(stage, "lea")))
    worker.submit("/me/searches/recent/clear")
    assert "None are remembered" in read(worker.get("/me/searches"))
    assert "Lately" not in read(worker.get("/search"))


def test_another_workers_search_cannot_be_named(stage: Any) -> None:
    stage.add("mo", Role.WORKER)
    stage.add("nia", Role.WORKER)
    mine = stage.browser("mo").submit("/me/searches", query="q=bank")
    other = stage.browser("nia")
    assert other.post(_form(mine, "/me/searches/[^/]+/end")).status_code == 404
    assert other.post(_form(mine, "/me/searches/[^/]+/show")).status_code == 404
    address = kept_feed(mine, "json")
    assert address.split("/")[-1].removesuffix(".json") not in "".join(
        stage.services.learning.export(_viewer(stage, "mo"))
    )
    stage.services.learning.forget(_viewer(stage, "mo"))
    assert stage.browser().get(address).status_code == 404


def _form(page: Any, pattern: str) -> str:
    found = re.search(rf'action="({pattern})"', page.text)
    assert found
    return found[1]


def _viewer(stage: Any, name: str) -> Viewer:
    with stage.services.database.read() as session:
        return viewer_of(get_person(session, name))
