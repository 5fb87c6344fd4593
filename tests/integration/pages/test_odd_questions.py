"""Questions that nobody asks in earnest, at every door: answered or refused in words, never a failure of the node."""

from __future__ import annotations

import json
import re
import xml.etree.ElementTree as ET
from typing import Any
from urllib.parse import quote, urlencode

import pytest

from node.services.policy import Role

ODD = {
    "10 kB": "invoice " * 1250,
    "a word without end": "x" * 9000,
    "1,000 words": " ".join(f"word{n}" for n in range(1000)),
    "control characters": "in\x00voice\x01\x0b\x1b[31m\x7f\u2028\ufffe\uffff",
    "unbalanced quotes": '"bank "account" "',
    "fields": 'kind:module audience:organisation layer:"x" OR 1=1 -- audience:"organisation',
    "pattern": "(a+)+$ .* [a-z]{1,9999} title:( /re/ ~9 ^^ AND OR NOT",
    "markup": "</title><script>alert(1)</script>&amp;{{7*7}}${7*7}",
    "directions": "\u202einvoice\u2066\u200f فاتورة 請求書 😀\U000e0041",
    "halves of letters": "%ff%fe%c3%28 invoice",
}
RAW = "q=%ff%fe%c3%28+invoice&page=" + "9" * 5000
PAGES = ("/search?q=", "/search?kind=", "/search?author=", "/search?task=", "/search?q=x&sort=", "/occupations?q=")
PROGRAMS = (
    *("/api/search?q=", "/api/suggest?q=", "/api/search?q=x&layer=", "/xrpc/org.skillnet.catalogue.search?q="),
    *("/xrpc/org.skillnet.catalogue.suggest?q=", "/xrpc/org.skillnet.catalogue.search?q=x&skill="),
    *("/xrpc/org.skillnet.catalogue.search?q=x&cursor=", "/xrpc/org.skillnet.task.findTasks?q="),
)


@pytest.mark.parametrize("what", ODD)
def test_pages_and_programs_are_answered(stage: Any, what: str) -> None:
    for door in (*PAGES, *PROGRAMS):
        answer = stage.browser().get(door + quote(ODD[what]))
        allowed = (200,) if door in PAGES else (200, 400)
        assert answer.status_code in allowed, (door, answer.status_code, answer.text[:300])
        assert door in PROGRAMS or "<script>alert" not in answer.text
        assert len(answer.content) < 400_000


def test_what_is_cut_off_is_said(stage: Any, read: Any) -> None:
    assert "Only the first 500 characters were used" in read(stage.browser().get(f"/search?q={'invoice+' * 100}"))
    assert "Only the first" not in read(stage.browser().get("/search?q=invoice"))


def test_bytes_that_are_no_text(stage: Any) -> None:
    for door in ("/search", "/occupations", "/api/search", "/xrpc/org.skillnet.catalogue.search"):
        assert stage.browser().get(f"{door}?{RAW}").status_code in (200, 400), door


@pytest.mark.parametrize("what", ODD)
def test_a_kept_search_is_a_sound_feed(stage: Any, what: str) -> None:
    name = "odd" + re.sub("[^a-z]", "", what)
    stage.add(name, Role.WORKER)
    worker = stage.browser(name)
    page = worker.submit("/me/searches", query=urlencode({"q": ODD[what], "layer": ODD[what]}))
    address = re.search(r'href="[^"]*(/feeds/[^"]+)\.atom"', page.text)
    assert address
    ET.fromstring(stage.browser().get(f"{address[1]}.atom").content)
    json.loads(stage.browser().get(f"{address[1]}.json").content)
    assert worker.get("/me/searches").status_code == 200
    assert worker.get("/search").status_code == 200
