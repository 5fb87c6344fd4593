"""The private address: valid Atom and JSON Feed, never cached, ended by a new one."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from node.services.learning.sealed.ledger import OFFER
from node.services.policy import Scope
from node.store.clock import micros_of

ATOM = "{http://www.w3.org/2005/Atom}"
NIGHTLY = """---
name: count-nightly
title: Count what the night left
description: Before the first order.
language: en
license: CC-BY-4.0
---
Count what nightly deliveries left.
"""


def _with_feed(worker_node: Any) -> dict[str, str]:
    worker_node.client.put(
        "/api/me/profile",
        json={"role": "bookkeeper", "occupations": ["onet:43-3031.00"]},
        headers=worker_node.token("rosa"),
    )
    made = worker_node.client.post("/api/me/feed-address", headers=worker_node.token("rosa"))
    assert made.status_code == 201, made.text
    return {kind: url.removeprefix("http://localhost:18123") for kind, url in made.json().items()}


def test_a_key_for_learning_alone_gets_nothing_that_outlives_it(worker_node: Any) -> None:
    _with_feed(worker_node)
    key = worker_node.services.registry.tokens.issue("rosa", "api", "a program", Scope.LEARN)
    headers = {"Authorization": f"Bearer {key}"}
    assert worker_node.client.get("/api/me/feed", headers=headers).status_code == 200
    answers = [worker_node.client.request(verb, "/api/me/feed-address", headers=headers) for verb in ("GET", "POST")]
    answers.append(worker_node.client.get("/me/feeds", headers=headers))
    assert [answer.status_code for answer in answers] == [403] * 3


def test_atom_has_what_rfc_4287_requires(worker_node: Any) -> None:
    answer = worker_node.client.get(_with_feed(worker_node)["atom"])
    assert answer.headers["content-type"].startswith("application/atom+xml")
    assert answer.headers["cache-control"] == "private, no-store"
    feed = ET.fromstring(answer.content)
    assert feed.tag == f"{ATOM}feed"
    for scope in (feed, *feed.findall(f"{ATOM}entry")):
        for name in ("id", "title", "updated"):
            assert len(scope.findall(f"{ATOM}{name}")) == 1, name
            assert scope.findtext(f"{ATOM}{name}")
    assert feed.find(f"{ATOM}author/{ATOM}name") is not None
    entries = feed.findall(f"{ATOM}entry")
    assert entries
    ids = [entry.findtext(f"{ATOM}id") or "" for entry in entries]
    assert len(set(ids)) == len(ids)
    assert all(entry_id.startswith("tag:localhost,") for entry_id in ids)
    first = entries[0]
    link = first.find(f"{ATOM}link")
    assert link is not None
    assert link.get("href", "").startswith("http://localhost:18123/me/lessons/")
    content = first.findtext(f"{ATOM}content") or ""
    assert "Why:" in content
    assert "How it would go:" in content


def test_json_feed_has_what_version_1_1_requires(worker_node: Any) -> None:
    addresses = _with_feed(worker_node)
    answer = worker_node.client.get(addresses["json"])
    assert answer.headers["content-type"].startswith("application/feed+json")
    feed = answer.json()
    assert feed["version"] == "https://jsonfeed.org/version/1.1"
    assert feed["title"]
    assert feed["feed_url"].endswith(addresses["json"])
    assert feed["items"]
    for item in feed["items"]:
        assert isinstance(item["id"], str)
        assert item["content_html"]
        assert item["url"].startswith("http://localhost:18123/me/lessons/")


def test_ids_stay_and_a_new_address_ends_the_old_one(worker_node: Any) -> None:
    old = _with_feed(worker_node)
    ids = [item["id"] for item in worker_node.client.get(old["json"]).json()["items"]]
    new = _with_feed(worker_node)
    assert worker_node.client.get(old["json"]).status_code == 404
    assert worker_node.client.get(old["atom"]).status_code == 404
    assert [item["id"] for item in worker_node.client.get(new["json"]).json()["items"]] == ids


def test_other_addresses_lead_nowhere(worker_node: Any) -> None:
    for path in ("/feeds/nobody.atom", "/feeds/.json", "/feeds/x.rss", "/feeds/plain"):
        assert worker_node.client.get(path).status_code == 404


def test_in_quiet_hours_a_reader_is_told_nothing_new(worker_node: Any) -> None:
    addresses, learning, rosa = _with_feed(worker_node), worker_node.services.learning, worker_node.viewer("rosa")
    learning.change_profile(rosa, {"quietHours": {"from": "20:00", "to": "07:00"}, "timeZone": "Asia/Tokyo"})
    tokyo = ZoneInfo("Asia/Tokyo")
    doors = learning._desk.doors
    evening = doors.feed(rosa, datetime(2026, 11, 2, 19, tzinfo=tokyo))
    night, morning = (datetime(2026, 11, 3, hour, tzinfo=tokyo) for hour in (3, 8))
    doors.feed(rosa, night)  # made in the night, as every night
    assert doors.feed_for_reader(rosa, night) == evening
    learning.change_profile(rosa, {"quietHours": {"from": "00:00", "to": "07:00"}})  # with the day, before its list
    assert [offer.id for offer in doors.feed_for_reader(rosa, night).offers] == [offer.id for offer in evening.offers]
    assert doors.feed_for_reader(rosa, morning).day == morning.date()
    assert worker_node.client.get(addresses["json"]).status_code == 200


def test_a_list_that_is_made_anew_in_quiet_hours_waits_until_they_are_over(worker_node: Any) -> None:
    _, learning, rosa = _with_feed(worker_node), worker_node.services.learning, worker_node.viewer("rosa")
    learning.change_profile(rosa, {"quietHours": {"from": "20:00", "to": "07:00"}, "timeZone": "Asia/Tokyo"})
    tokyo = ZoneInfo("Asia/Tokyo")
    doors = learning._desk.doors
    doors.feed(rosa, datetime(2026, 11, 4, 19, tzinfo=tokyo))
    evening = doors.feed(rosa, datetime(2026, 11, 5, 19, tzinfo=tokyo))
    made = set()
    for minutes, hour in ((5, 21), (40, 22)):
        learning.change_profile(rosa, {"minutesPerDay": minutes})
        late = datetime(2026, 11, 5, hour, tzinfo=tokyo)
        made.add(tuple(offer.id for offer in doors.feed(rosa, late).offers))
        told = doors.feed_for_reader(rosa, late)
        assert (told.day, [o.id for o in told.offers]) == (evening.day, [o.id for o in evening.offers])
    assert len(made) == 2


def test_who_only_asks_for_help_is_rid_of_what_was_offered_long_ago(worker_node: Any) -> None:
    rosa, doors, now = worker_node.viewer("rosa"), worker_node.services.learning._desk.doors, datetime.now(UTC)
    doors.vault.change("rosa", lambda drawer: drawer.put(OFFER, "long-ago", {}, micros_of(now - timedelta(days=40))))
    doors.help(rosa, "count what nightly deliveries left", now)
    with doors.vault.read("rosa") as drawer:
        assert "long-ago" not in drawer.slots(OFFER)


def test_what_came_in_quiet_hours_is_told_when_they_are_over(worker_node: Any) -> None:
    addresses, learning, rosa = _with_feed(worker_node), worker_node.services.learning, worker_node.viewer("rosa")
    kept = f"/feeds/{learning.kept_searches.save(rosa, 'q=nightly', 'nightly').token}.json"
    began, end = (datetime.now(UTC) + timedelta(minutes=minutes) for minutes in (-5, 5))
    learning.change_profile(rosa, {"quietHours": {"from": f"{began:%H:%M}", "to": f"{end:%H:%M}"}})
    uri = worker_node.publish(NIGHTLY)
    for address in (addresses["json"], kept):
        assert worker_node.client.get(address).json()["items"] == []
    learning.change_profile(rosa, {"quietHours": None})
    for address in (addresses["json"], kept):
        assert worker_node.client.get(address).json()["items"]
    worker_node.retract(uri)


def test_a_key_for_an_assistant_opens_no_other_door(worker_node: Any) -> None:
    key = {"Authorization": f"Bearer {worker_node.services.registry.tokens.issue('rosa', 'api', '', Scope.ASSIST)}"}
    call = {"jsonrpc": "2.0", "id": 1, "method": "tools/list", "params": {}}
    kinds = {"Accept": "application/json, text/event-stream"}
    assert worker_node.client.post("/mcp", json=call, headers={**key, **kinds}).status_code == 200
    for path in ("profile", "feed", "beliefs", "outcomes", "export", "history", "feed-address"):
        assert worker_node.client.get(f"/api/me/{path}", headers=key).status_code == 403, path
