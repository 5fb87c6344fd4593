"""A path is published, catalogued, endorsed, ranked and shown like a module; a changed order is another thing."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from litestar.testing import TestClient

from node.authoring.parse import parse_path
from node.authoring.paths import path_value
from node.services.assembly import Services
from node.services.policy import Role
from node.services.writing.publishing import publish as publish_version
from node.store.content import catalogue
from node.store.content.catalogue import PUBLIC
from tests.integration.fixtures.contributions import endorsement_write, vouch_write
from tests.integration.fixtures.nodes import app_of, composed, practitioner, publish

TEXT = """---
kind: path
name: first-month
title: First month on the ward
description: From none to some.
language: en
---
Why this order.

1. [First](first) Everything rests on it.
2. [Absent](at://did:plc:7iza6de2dwap2sbkpav7c6c6/org.skillnet.module/absent) (optional)
"""


@pytest.fixture
def services(tmp_path: Path) -> Iterator[Services]:
    with composed(tmp_path / "node") as made:
        yield made


def _item(services: Services, uri: str) -> Any:
    with services.database.read() as session:
        return catalogue.find_item(session, uri, PUBLIC)


def test_a_path_is_ranked_and_another_order_is_another_path(services: Services) -> None:
    anna, boris = practitioner(services, "anna"), practitioner(services, "boris")
    publish(services, anna, "first", "Text. " * 20)
    value = path_value(parse_path(TEXT), anna)
    made = publish_version(services.database, services.host, anna, value)
    item = _item(services, made.uri)
    assert (item.kind, item.title, item.major) == ("path", "First month on the ward", 1)
    services.host.write(services.identity.did, [vouch_write(boris)])
    version = {"uri": item.version_uri, "cid": item.version_cid}
    services.host.write(boris, [endorsement_write(made.uri, version)])
    services.rankings.rebuild()
    before = services.rankings.scores([made.uri])[0]
    assert before.evidence > 1
    publish_version(services.database, services.host, anna, {**value, "title": "First month"}, "shorter")
    assert _item(services, made.uri).major == 1
    publish_version(services.database, services.host, anna, {**value, "modules": value["modules"][:1]}, "fewer")
    services.rankings.rebuild()
    assert _item(services, made.uri).major == 2
    assert services.rankings.scores([made.uri])[0].evidence < before.evidence


def test_a_path_has_a_page_and_can_be_followed(services: Services) -> None:
    anna = practitioner(services, "anna")
    services.registry.add("wim", (Role.WORKER,))
    publish(services, anna, "first", "Text. " * 20, skills=["source-checking"])
    token = services.registry.tokens.issue("anna", "api")
    with TestClient(app_of(services)) as client:
        headers = {"authorization": f"Bearer {token}"}
        value = path_value(parse_path(TEXT), anna)
        made = client.post("/api/paths", json={"value": value}, headers=headers).json()
        page = client.get(f"/paths/{anna}/first-month").text
        for words in (
            "First month on the ward",
            "How to first",
            "Everything rests on it.",
            "does not have this module",
        ):
            assert words in page
        from node.web.access.viewing import cookie_name

        session = services.registry.tokens.issue("wim", "session")
        client.cookies.set(cookie_name(services.settings), session)
        client.get("/search")
        csrf = next(value for name, value in client.cookies.items() if name.endswith("_csrf"))
        answer = client.post(
            "/me/paths", params={"uri": made["uri"]}, headers={"x-csrftoken": csrf}, follow_redirects=False
        )
        assert answer.status_code == 303
        viewer = services.registry.viewer_of("wim") if hasattr(services.registry, "viewer_of") else None
        assert viewer is None or services.learning.profile(viewer).goals[0].skills == ("source-checking",)
