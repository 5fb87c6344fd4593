"""A worker's day over HTTP: profile, feed, lesson, outcome, feedback, beliefs, export, erasure."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from node.app.compose import compose
from node.personalizer.adaptation.replaying import replay
from node.services.learning.reading import outline_of

BOOKKEEPER = {
    "role": "bookkeeper",
    "occupations": ["onet:43-3031.00"],
    "goals": ["close the books for the month"],
    "minutesPerDay": 20,
    "tools": ["Excel"],
}


PETTY_CASH = """---
name: petty-cash
title: Reconcile petty cash by hand
description: Count, add, compare, before the software does.
language: en
license: CC-BY-4.0
layer: capability
level: competent
minutes: 3
tasks: [onet:43-3031.00/1]
occupations: [onet:43-3031.00]
skills: [cash-counting]
---
Count the coins first.
"""


@pytest.fixture
def rosa(worker_node: Any) -> Any:
    worker_node.client.headers.update(worker_node.token("rosa"))
    answer = worker_node.client.put("/api/me/profile", json=BOOKKEEPER)
    assert answer.status_code == 200, answer.text
    return worker_node


def test_a_goal_in_words_is_mapped_to_the_task_it_means(rosa: Any) -> None:
    goal = rosa.client.get("/api/me/profile").json()["goals"][0]
    assert f"at://{rosa.author}/org.skillnet.task/close-the-books" in goal["tasks"]
    assert "total-checking" in goal["skills"]
    assert goal["confirmed"] is False


def test_the_feed_is_stable_until_an_outcome_changes_it(rosa: Any) -> None:
    first = rosa.client.get("/api/me/feed")
    assert first.headers["cache-control"] == "private, no-store"
    items = first.json()["items"]
    assert items
    assert items[0]["subject"].endswith("/check-totals")
    assert all(item["reasons"] for item in items)
    assert rosa.client.get("/api/me/feed").json() == first.json()

    answer = rosa.client.post("/api/me/outcomes", json={"receipt": items[0]["id"], "outcome": "alone"})
    assert answer.status_code == 201, answer.text
    after = rosa.client.get("/api/me/feed").json()
    assert items[0]["subject"] not in [item["subject"] for item in after["items"]]


def test_a_lesson_opens_adapted_and_replays_byte_for_byte(rosa: Any) -> None:
    item = rosa.client.get("/api/me/feed").json()["items"][0]
    lesson = rosa.client.post("/api/me/lessons", json={"receipt": item["id"]}).json()
    assert lesson["changes"]
    assert all(change["line"] > 0 and change["why"] for change in lesson["changes"])
    assert "<section" in lesson["html"]
    assert ":::" not in lesson["text"]
    rosa.client.post("/api/me/outcomes", json={"receipt": item["id"], "outcome": "alone"})
    again = rosa.client.get(f"/api/me/lessons/{item['id']}").json()
    assert (again["html"], again["proof"]) == (lesson["html"], lesson["proof"])
    assert again["outcome"] == "alone"


def test_an_opened_lesson_stays_what_it_was_when_its_module_and_the_theme_change(rosa: Any) -> None:
    uri = rosa.publish(PETTY_CASH)
    path = "/api/me/lessons"
    lesson = rosa.client.post(path, json={"uri": uri}).json()
    rosa.publish(PETTY_CASH.replace("Count the coins first.", "Count the notes first.\n\n::: hint\nTwice.\n:::"))
    renewed = rosa.client.post(path, json={"uri": uri}).json()
    rosa.retract(uri)
    assert "notes" in renewed["html"]
    assert rosa.client.get(f"{path}/{lesson['receipt']}").json() == lesson
    chosen = rosa.client.post(f"{path}/{lesson['receipt']}", json={"overrides": {}}).json()
    assert (chosen["version"], chosen["cid"], chosen["text"]) == (lesson["version"], lesson["cid"], lesson["text"])
    again = compose(replace(rosa.services.settings, theme="plain"))
    try:
        viewer = rosa.viewer("rosa")
        shown = again.learning.lesson(viewer, lesson["receipt"])
        assert (shown.html, shown.proof) == (lesson["html"], lesson["proof"])
        version = again.learning._shelf.find_version(lesson["version"])
        outline = outline_of(again.learning._shelf.document(version), version.cid)
        assert replay(lesson["proof"].encode(), outline).receipt == lesson["proof"].encode()
    finally:
        again.database.close()


def test_every_change_can_be_taken_back_and_slots_filled(rosa: Any) -> None:
    uri = f"at://{rosa.author}/org.skillnet.module/check-totals"
    lesson = rosa.client.post("/api/me/lessons", json={"uri": uri}).json()
    path = f"/api/me/lessons/{lesson['receipt']}"
    undone = rosa.client.post(path, json={"overrides": {c["block"]: c["undo"] for c in lesson["changes"]}}).json()
    assert undone["changes"] == []
    filled = rosa.client.post(path, json={"slots": {"paper": "an invoice"}}).json()
    assert "an invoice" in filled["text"]
    refused = rosa.client.post(path, json={"slots": {"paper": "my secret report"}})
    assert refused.status_code == 400
    assert "an invoice" in refused.json()["hint"]


def test_feedback_is_felt_and_undone(rosa: Any) -> None:
    before = rosa.client.get("/api/me/feed").json()["items"]
    said = rosa.client.post("/api/me/feedback", json={"item": before[0]["id"], "feedback": "known"}).json()
    after = rosa.client.get("/api/me/feed").json()["items"]
    assert before[0]["subject"] not in [item["subject"] for item in after]
    assert rosa.client.delete(f"/api/me/feedback/{said['id']}").status_code == 200
    assert [i["id"] for i in rosa.client.get("/api/me/feed").json()["items"]] == [i["id"] for i in before]


def test_beliefs_are_seen_corrected_and_restored(rosa: Any) -> None:
    item = rosa.client.get("/api/me/feed").json()["items"][0]
    rosa.client.post("/api/me/outcomes", json={"receipt": item["id"], "outcome": "not"})

    def belief() -> dict[str, Any]:
        beliefs = rosa.client.get("/api/me/beliefs").json()["beliefs"]
        return next(b for b in beliefs if b["skill"] == "total-checking")

    low = belief()
    assert low["low"] < low["middle"] < low["high"]
    assert any("did not manage" in reason for reason in low["because"])
    made = rosa.client.post("/api/me/beliefs/total-checking", json={"belief": "alone"})
    assert made.status_code == 201, made.text
    assert belief()["middle"] > low["middle"] + 0.1
    rosa.client.delete(f"/api/me/corrections/{made.json()['id']}")
    assert belief()["middle"] == pytest.approx(low["middle"], abs=1e-6)


def test_a_goal_needs_fewer_words_in_the_own_trade(rosa: Any) -> None:
    def meant(occupation: str) -> list[str]:
        told = {"goals": ["sign without a stomach ache because a total may be wrong"], "occupations": [occupation]}
        skills: list[str] = rosa.client.put("/api/me/profile", json=told).json()["goals"][0]["skills"]
        return skills

    assert meant("onet:43-3031.00") == ["total-checking"]
    assert meant("onet:53-7065.00") == []


def test_help_finds_what_only_the_text_says_and_nothing_for_no_words(rosa: Any) -> None:
    def titles(task: str) -> list[str]:
        items = rosa.client.post("/api/me/help", json={"task": task}).json()["items"]
        return [item["title"] for item in items if item["kind"] != "connection"]

    assert titles("somebody typed into the third column, where is the pencil") == [
        "Check the totals of a drafted statement"
    ]
    assert titles("the") == titles("x " * 900) == []


def test_help_answers_for_the_task_at_hand(rosa: Any) -> None:
    helped = rosa.client.post("/api/me/help", json={"task": "I must close the books for this month"}).json()
    assert helped["task"]["title"] == "Close the books for the month"
    assert helped["items"][0]["subject"].endswith("/check-totals")


def test_a_new_module_enters_todays_feed(rosa: Any) -> None:
    before = rosa.client.get("/api/me/feed").json()
    uri = rosa.publish(PETTY_CASH)
    after = rosa.client.get("/api/me/feed").json()
    assert uri not in [item["subject"] for item in before["items"]]
    assert uri in [item["subject"] for item in after["items"]]
    rosa.retract(uri)
    assert uri not in [item["subject"] for item in rosa.client.get("/api/me/feed").json()["items"]]


def test_nobody_but_a_worker_has_these_pages(worker_node: Any) -> None:
    for path in ("/api/me/feed", "/api/me/beliefs", "/api/me/profile", "/api/me/export"):
        assert worker_node.client.get(path).status_code == 401
        refused = worker_node.client.get(path, headers=worker_node.token("omar"))
        assert refused.status_code == 403, path


def test_export_holds_everything_and_forget_ends_it(rosa: Any) -> None:
    item = rosa.client.get("/api/me/feed").json()["items"][0]
    rosa.client.post("/api/me/lessons", json={"receipt": item["id"]})
    rosa.client.post("/api/me/outcomes", json={"receipt": item["id"], "outcome": "with-help"})
    token = rosa.client.post("/api/me/feed-address").json()["atom"]
    lines = [json.loads(line) for line in rosa.client.get("/api/me/export").text.splitlines()]
    kinds = {line["type"] for line in lines}
    assert {"worker", "profile", "day", "offer", "receipt", "lesson", "outcome", "feed-address"} <= kinds
    assert token not in json.dumps(lines)

    assert rosa.client.post("/api/me/forget", json={"confirm": "omar"}).status_code == 400
    assert rosa.client.post("/api/me/forget", json={"confirm": "rosa"}).status_code == 200
    assert rosa.client.get("/api/me/export").text.count("\n") == 1
    assert rosa.client.get(token).status_code == 404
    assert rosa.client.get("/api/me/profile").json()["role"] == ""


def test_who_wants_more_help_gets_more_of_it(rosa: Any) -> None:
    def hidden(needs: list[str]) -> set[str]:
        rosa.services.learning.forget(rosa.viewer("rosa"))
        rosa.client.put("/api/me/profile", json={**BOOKKEEPER, "accessibility": needs})
        rosa.client.post("/api/me/beliefs/total-checking", json={"belief": "proficient"})
        uri = f"at://{rosa.author}/org.skillnet.module/check-totals"
        return {change["block"] for change in rosa.client.post("/api/me/lessons", json={"uri": uri}).json()["changes"]}

    assert len(hidden(["more-help"])) < len(hidden([]))


def test_a_worker_keeps_what_shows_how_it_went(rosa: Any) -> None:
    item = rosa.client.get("/api/me/feed").json()["items"][0]
    address = f"/api/me/outcomes/{item['id']}/evidence"
    assert rosa.client.put(address, json={"words": "Nobody sent it back."}).status_code == 404
    rosa.client.post("/api/me/outcomes", json={"receipt": item["id"], "outcome": "with-help"})
    assert rosa.client.put(address, json={"words": "Nobody sent it back."}).status_code == 200
    rosa.client.post("/api/me/outcomes", json={"receipt": item["id"], "outcome": "alone"})  # the note stays
    assert rosa.client.get("/api/me/outcomes").json()["outcomes"][0]["evidence"] == "Nobody sent it back."
    assert rosa.client.put(address, json={"words": "x" * 2001}).status_code == 400
    assert rosa.client.put(address, json={"words": ""}).json()["evidence"] == ""


def test_a_worker_sees_what_let_an_operator_in(rosa: Any) -> None:
    before = rosa.client.get("/api/me/holdings").json()["accesses"]
    made = rosa.client.post("/api/people/rosa/link", headers=rosa.token("omar"))
    assert made.status_code == 201, made.text
    newest, *older = rosa.client.get("/api/me/holdings").json()["accesses"]
    assert (newest["by"], newest["what"]) == ("omar", "one-time link made")
    assert older == before
