"""What an organisation keeps inside is found by its members, and by nobody else: not as a hit, a count, a spelling, a
completion, a label of a filter, nor in the feed of a search that a member keeps."""

from __future__ import annotations

import html
import json
import re
from typing import Any

from node.services.policy import Role
from node.store.content.catalogue import MEMBERS

WORD = "zyxomatic"
LANGUAGE = 'name="language" value="is"'
TEXT = f"""---
name: {WORD}
title: The {WORD} invoice
description: How we set the {WORD}.
language: is
license: CC-BY-4.0
layer: concept
level: novice
minutes: 5
---

Set the {WORD} before the invoice.
"""


def keep_inside(stage: Any) -> None:
    desk = stage.browser("wei")
    form = desk.get("/write").text.partition('id="desk"')[2].partition("</form>")[0]
    found = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', form)
    hidden = {name: html.unescape(value) for name, value in found if name != "_csrf_token"}
    answer = desk.post("/write", **hidden, kind="module", text=TEXT, do="publish", audience="organisation")
    assert answer.status_code == 303, answer.text[-2000:]
    stage.settle()


def test_search_crosses_no_audience(stage: Any) -> None:
    keep_inside(stage)
    stage.add("una", Role.WORKER)
    member, stranger = stage.browser("una"), stage.browser()
    assert f"The <mark>{WORD}</mark> invoice" in member.get(f"/search?q={WORD}").text
    assert stage.services.finder.suggest("zyx", MEMBERS)
    assert f"q={WORD}" in member.get("/search?q=zyxomatik").text
    assert LANGUAGE in member.get("/search?q=invoice").text
    doors = (
        *("/search?q=the", "/search?q=invoice", "/search?language=is", "/search?q=zyxomatik", "/search?q=set"),
        *("/api/suggest?q=zyx", "/api/search?q=zyxomatik", "/api/search?q=", "/search?q=kind:module"),
        *(f"/xrpc/org.skillnet.catalogue.{asked}" for asked in ("suggest?q=zyx", "search?q=zyxomatik&facets=true")),
    )
    for door in doors:
        answer = stranger.get(door)
        assert answer.status_code == 200, door
        assert WORD not in answer.text, door
        assert LANGUAGE not in answer.text or "language=is" in door, door
    kept = member.submit("/me/searches", query="q=invoice&language=is")
    address = re.search(r'href="[^"]*(/feeds/[^"]+\.json)"', kept.text)
    assert address
    assert json.loads(stranger.get(address[1]).content)["items"] == []
