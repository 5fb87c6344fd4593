"""An author's desk as tests use it: what its form hides, the text on it, and a module that is published there."""

from __future__ import annotations

import html
import re
from typing import Any

from tests.integration.pages.conftest import Browser

TEXT = """---
name: {name}
title: Check {name} first
description: Check it before you use it.
language: en
license: CC-BY-4.0
layer: capability
level: novice
minutes: 5
tasks: ["onet:43-3031.00/1"]
---
First paragraph.

Second paragraph.

Third paragraph.
"""
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010806000000"
    "1f15c4890000000a49444154789c6360000000020001e221bc330000000049454e44ae426082"
)


def hidden(answer: Any) -> dict[str, str]:
    """The hidden fields of the desk's form."""
    form = answer.text.partition('id="desk"')[2].partition("</form>")[0]
    found = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', form)
    return {name: html.unescape(value) for name, value in found if name != "_csrf_token"}


def text_in(answer: Any) -> str:
    return html.unescape(answer.text.partition("<textarea")[2].partition(">")[2].partition("</textarea>")[0])


def publish(browser: Browser, name: str, **more: str) -> str:
    fields = {**hidden(browser.get("/write")), "kind": "module", "text": TEXT.format(name=name), "do": "publish"}
    answer = browser.post("/write", **{**fields, **more})
    assert answer.status_code == 303, answer.text[-3000:]
    return str(answer.headers["location"])
