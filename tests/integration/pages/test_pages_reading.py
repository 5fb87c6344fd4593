"""Anybody reads: home, a module, a task, a person, and what a page says that is not there."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import AsyncIterator
from typing import Any

from node.authoring.parse import parse_module
from node.authoring.value import to_value
from node.services.writing.publishing import publish
from schemas.datamodel import from_json

PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c489"
    "0000000d49444154789c6360f8cfc0000000030001005bd4f2d40000000049454e44ae426082"
)
DRAWN = """---
name: drawn
title: A module with a picture and a sheet
description: Shows one and carries the other.
language: en
license: CC-BY-4.0
layer: concept
attachments: [sheets/sums.csv]
---
![A dot](pictures/dot.png)
"""


def path_of(stage: Any, name: str, module: str, folder: str = "modules") -> str:
    return f"/{folder}/{stage.people[name]}/{module}"


def test_home_says_that_nothing_is_ranked_while_nobody_is_trusted(stage: Any, read: Any) -> None:
    answer = stage.browser().get("/")
    assert answer.status_code == 200, answer.text
    shown = read(answer)
    assert "trusts no organisation yet, so nothing is ranked" in shown
    assert "Check an invoice that software has read for you" in shown
    assert "Reconcile the bank account" in shown
    assert "Bookkeeping, Accounting, and Auditing Clerks" in shown
    assert re.search(r"\b[5-9] modules", shown)  # other tests of this stage publish too


def test_a_module_shows_text_facts_position_and_record(stage: Any, read: Any) -> None:
    answer = stage.browser().get(path_of(stage, "wei", "check-an-extracted-invoice"))
    assert answer.status_code == 200, answer.text
    shown = read(answer)
    for expected in (
        "Check an invoice that software has read for you", "You check by risk", "Wei , Harbour Services",
        "Reconcile the bank account", "invoice checking", "CC-BY-4.0", "did:key:z", "Not ranked yet",
    ):  # fmt: skip
        assert expected in shown, expected
    assert ":::" not in answer.text


def test_a_module_carries_linked_data(stage: Any) -> None:
    answer = stage.browser().get(path_of(stage, "wei", "check-an-extracted-invoice"))
    found = re.search(r'<script type="application/ld\+json">(.*?)</script>', answer.text, re.DOTALL)
    assert found
    facts = json.loads(found[1])
    assert facts["@type"] == "LearningResource"
    assert facts["timeRequired"] == "PT14M"
    assert facts["author"]["affiliation"] == "Harbour Services"
    assert "invoice checking" in facts["teaches"]


def test_a_right_to_left_module_says_so(stage: Any) -> None:
    answer = stage.browser().get(path_of(stage, "ines", "notice-a-change-early-ar"))
    assert answer.status_code == 200
    assert 'lang="ar" dir="rtl"' in answer.text


def test_translations_lead_to_one_another(stage: Any, read: Any) -> None:
    there = stage.browser().get(path_of(stage, "ruth", "check-a-drafted-reply"))
    back = stage.browser().get(path_of(stage, "ruth", "check-a-drafted-reply-es"))
    assert "/check-a-drafted-reply-es" in there.text
    assert "Spanish" in read(there)
    assert "English" in read(back)


def test_a_task_shows_its_steps_and_what_helps(stage: Any, read: Any) -> None:
    answer = stage.browser().get(path_of(stage, "wei", "reconcile-the-bank-account", "tasks"))
    assert answer.status_code == 200, answer.text
    shown = read(answer)
    for expected in (
        "Agree the opening balance", "both equal to the cent", "accepting the best suggestion because it is there",
        "Tick one full month", "Balanced", "a signed reconciliation",
    ):  # fmt: skip
        assert expected in shown, expected


def test_a_person_shows_where_they_practise_and_what_they_published(stage: Any, read: Any) -> None:
    answer = stage.browser().get(f"/people/{stage.people['wei']}")
    shown = read(answer)
    assert answer.status_code == 200, answer.text
    assert "Bookkeeping, Accounting, and Auditing Clerks, Harbour Services" in shown
    assert "Check an invoice" in shown
    assert "Speaks for no organisation" in read(stage.browser().get(f"/people/{stage.people['ruth']}"))


def test_what_is_not_here_is_said_on_a_page(stage: Any, read: Any) -> None:
    for path in (
        path_of(stage, "wei", "nothing"), path_of(stage, "wei", "nothing", "tasks"), "/people/did:plc:nobody",
        "/organisations/did:web:nobody.example", "/pictures/did:plc:x/bafkqaaa", "/nowhere",
        path_of(stage, "wei", "check-an-extracted-invoice") + "?version=3kaaaaaaaaaaa",
    ):  # fmt: skip
        answer = stage.browser().get(path)
        assert answer.status_code == 404, path
        assert "404 Not Found" in read(answer), path
        assert "Not Found Not Found" not in read(answer), path


def test_an_unchanged_document_is_not_sent_twice(stage: Any) -> None:
    path = path_of(stage, "wei", "check-an-extracted-invoice")
    first = stage.browser().get(path)
    again = stage.browser().get(path, **{"If-None-Match": first.headers["etag"]})
    assert again.status_code == 304
    assert not again.content
    signed_in = stage.browser("peter").get(path)
    assert "etag" not in signed_in.headers
    assert signed_in.headers["cache-control"] == "private, no-store"


def test_the_signed_record_can_be_read_as_json(stage: Any) -> None:
    page = stage.browser().get(path_of(stage, "wei", "check-an-extracted-invoice")).text
    raw = re.search(r'href="(/xrpc/com.atproto.repo.getRecord[^"]+)"', page)
    assert raw
    answer = stage.client.get(raw[1].replace("&amp;", "&"))
    assert answer.json()["value"]["name"] == "check-an-extracted-invoice"
    uri = answer.json()["uri"]
    assert stage.client.get("/api/records", params={"uri": uri}).json()["cid"] == answer.json()["cid"]
    assert stage.client.get("/api/records", params={"uri": uri + "x"}).status_code == 404


def test_only_pictures_that_a_record_names_are_served(stage: Any) -> None:
    services, wei = stage.services, stage.people["wei"]
    picture = _upload(stage, PIXEL, "image/png")
    sheet = _upload(stage, b"a,b\n1,2\n", "text/csv")
    draft = _upload(stage, PIXEL + b"draft", "image/png")
    value = from_json(
        to_value(
            parse_module(DRAWN),
            pictures={"pictures/dot.png": picture},
            attachments={"sheets/sums.csv": sheet},
        )
    )
    publish(services.database, services.host, wei, value)
    stage.settle()
    page = stage.browser().get(path_of(stage, "wei", "drawn")).text
    address = f"/pictures/{wei}/{picture['ref']['$link']}"
    assert f'src="{address}"' in page
    shown = stage.browser().get(address)
    assert shown.content == PIXEL
    assert shown.headers["content-type"] == "image/png"
    assert "sandbox" in shown.headers["content-security-policy"]
    assert stage.browser().get(address, **{"If-None-Match": shown.headers["etag"]}).status_code == 304
    assert stage.browser().get(f"/pictures/{wei}/{draft['ref']['$link']}").status_code == 404
    assert stage.browser().get(f"/pictures/{wei}/{sheet['ref']['$link']}").status_code == 404
    carried = stage.browser().get(f"/files/{wei}/{sheet['ref']['$link']}")
    assert carried.headers["content-disposition"] == "attachment"
    assert "sheets/sums.csv" in page


def _upload(stage: Any, body: bytes, claimed: str) -> dict[str, Any]:
    async def sent() -> AsyncIterator[bytes]:
        yield body

    stored = asyncio.run(stage.services.accounts.store_blob(stage.people["wei"], sent(), claimed))
    return {"$type": "blob", "ref": {"$link": stored.cid}, "mimeType": stored.mime, "size": stored.size}


def test_a_worker_opens_lessons_and_asks_for_help_from_public_pages(stage: Any) -> None:
    peter = stage.browser("peter")
    page = peter.get(path_of(stage, "wei", "check-an-extracted-invoice")).text
    lesson = re.search(r'action="(/me/lessons\?module=[^"]+)"', page)
    assert lesson
    opened = peter.post(lesson[1])
    assert opened.headers["location"].startswith("/me/lessons/")
    task = peter.get(path_of(stage, "wei", "reconcile-the-bank-account", "tasks")).text
    assert 'action="/me/help"' in task
    assert 'name="task" value="Reconcile the bank account"' in task
    assert peter.post("/me/help", task="Reconcile the bank account").headers["location"] == "/me/help"
    assert "/me/" not in stage.browser().get(path_of(stage, "wei", "check-an-extracted-invoice")).text
