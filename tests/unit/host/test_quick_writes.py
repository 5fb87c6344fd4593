"""A record is created by either door, before the framework's machinery or behind it, with the same answers."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from litestar.testing import TestClient

from federation.codec import decode
from node.services.assembly import Services
from node.store.repositories import records
from tests.integration.fixtures.nodes import app_of

CREATE = "/xrpc/com.atproto.repo.createRecord"
NOTE = "com.example.note"
WRONG = {
    b"{": "not JSON",
    b"[1]": "Input must be a JSON object.",
    b'{"repo": 1}': "collection",
    b'{"repo": "%s", "collection": "com.example.note", "record": {"a": 1.5}}': "a fraction",
    b'{"repo": "%s", "collection": "com.example.note", "record": {"$type": "com.example.other"}}': "$type",
}


class Door:
    """Asks with or without a length said beforehand: what has none is the handler's."""

    def __init__(self, services: Services, anna: str, name: str) -> None:
        self._client = TestClient(app_of(services))  # not entered: the services are open already
        self._is_quick = name == "quick"
        self.token = services.registry.tokens.sign_jwt(anna, "anna", "access")

    def ask(self, body: bytes) -> Any:
        def pieces() -> Iterator[bytes]:
            yield body

        headers = {"authorization": f"Bearer {self.token}", "content-type": "application/json"}
        return self._client.post(CREATE, content=body if self._is_quick else pieces(), headers=headers)


@pytest.fixture
def doors(services: Services, anna: str) -> list[Door]:
    return [Door(services, anna, name) for name in ("quick", "handler")]


def test_a_record_is_created_and_what_is_left_is_told(services: Services, anna: str, doors: list[Door]) -> None:
    value = {"text": "a note", "bytes": {"$bytes": "AQI="}}
    for door in doors:
        body = {"repo": anna, "collection": NOTE, "record": value}
        answer = door.ask(json.dumps(body).encode())
        assert answer.status_code == 200, answer.text
        said = answer.json()
        with services.database.read() as session:
            row = records.find_record_by_uri(session, said["uri"])
            head = records.find_head(session, anna)
        assert row is not None
        assert head is not None
        commit = {"cid": head.commit_cid, "rev": head.rev}
        assert said == {"uri": row.uri, "cid": row.cid, "validationStatus": "unknown", "commit": commit}
        assert decode(row.block) == {"$type": NOTE, "text": "a note", "bytes": b"\1\2"}
        assert int(answer.headers["ratelimit-remaining"]) < int(answer.headers["ratelimit-limit"])
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["content-type"] == "application/json"


def test_what_is_wrong_with_the_input_is_said(anna: str, doors: list[Door]) -> None:
    for door in doors:
        for body, words in WRONG.items():
            answer = door.ask(body.replace(b"%s", anna.encode()))
            assert answer.status_code == 400, body
            assert words in answer.json()["message"]


def test_a_token_that_does_not_hold_opens_neither(services: Services, anna: str, doors: list[Door]) -> None:
    services.registry.set_password("anna", "another long sentence")
    for door in doors:
        answer = door.ask(json.dumps({"repo": anna, "collection": NOTE, "record": {}}).encode())
        assert (answer.status_code, answer.json()["error"]) == (401, "InvalidToken")
